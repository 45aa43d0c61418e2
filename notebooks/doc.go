// Package notebooks reads, writes and runs Jupyter notebooks without Jupyter.
//
// The folder also holds the walk-throughs themselves, the .ipynb files. Their outputs come from running
// them (make notebooks) and are never edited by hand.
//
// # Files
//
// [Read] and [Parse] take nbformat 4.0 to 4.5 and whatever later 4.x adds: fields the package does not
// know are kept and written back. [Notebook.Encode] writes nbformat 4.5 the way Jupyter itself does:
// sorted keys, one space of indent, text as arrays of lines, a newline at the end. A notebook that
// Jupyter wrote and nobody changed is written back byte for byte (U+2028 and U+2029, which encoding/json
// always escapes, apart), so a diff shows only what changed.
// Cells without an id, from before nbformat 4.5, get one that depends on nothing but their place and text.
//
// # Runs
//
// [Run] executes the code cells of a notebook in order on an [interp.Runner], shows what they give out
// as it comes, and stops at the first cell that fails. What a goroutine prints after its cell has ended
// is still that cell's output, and is recorded there after the line "[after the cell ended]", until the last cell has ended
// (nbclient and papermill drop it). What a cell takes back, by display.Clear, is not recorded. A cell tagged raises-exception may fail; one tagged skip-execution is
// left alone, with the outputs it has. Outputs of every other code cell are cleared before the run, so
// an executed notebook holds nothing that this run did not produce, also when it failed half-way.
//
// The metadata of a cell say when it ran, as in Jupyter, and under "gobraid", "run", what it cost, unless Options.NoMetadata is set.
//
//	sum, err := notebooks.Run(ctx, "00-start.ipynb", runner, notebooks.Options{
//		Out:     "executed.ipynb",
//		Timeout: time.Minute,
//		Stdout:  os.Stdout,
//		Stderr:  os.Stderr,
//	})
//	var failed *notebooks.CellError
//	if errors.As(err, &failed) {
//		os.Exit(1) // the cell's error has been shown
//	}
package notebooks
