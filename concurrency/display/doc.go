// Package display shows things while code runs: text, HTML, pictures, whatever a front end can draw. In a cell of
// gobraid it is there without an import.
//
//	display.Show(display.HTML("<b>half</b> done"))
//	bar := display.Show(display.Text("0 %"))
//	for i := range 100 {
//		work(i)
//		bar.Update(display.Text(fmt.Sprintf("%d %%", i+1)))
//	}
//
// # What is shown
//
// [Show] takes any value and shows it as the last value of a cell is shown: as text that reads like Go, and richer
// where the value has one of the methods
//
//	HTML() string        SVG() string         Markdown() string    LaTeX() string
//	PNG() []byte         JPEG() []byte        MIMEBundle() map[string]any
//
// or is an image.Image. MIMEMetadata() map[string]any may go with them. The types of this package have these methods,
// so each of them may also be the last value of a cell.
//
// # Where
//
// What a task shows goes to the cell that started the task, in order with what the task prints, also after the cell
// has ended. Of two tasks there is no order but what they make themselves. All functions may be called from any
// goroutine. They block while the front end is slower than the program, and end with their task when that is
// killed.
//
// In a program outside gobraid there is no front end: Show and [Handle.Update] print the text of a value and a line
// end to os.Stdout, and [Clear] does nothing.
package display
