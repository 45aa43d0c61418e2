// Package display turns the value of a cell into something to look at.
//
// The text is close to Go's own %#v, but made for reading: composite literals without addresses or
// package main, sorted maps, what String and Error say, and one line where 80 columns are enough.
//
//	[]string{"a", "b"}                  map[string]int{"a": 1}
//	Point{X: 1, Y: 2}                   &Point{X: 1, Y: 2}
//	42   3.14   2+3i   'x'   uint8(7)   1.5s   Monday
//	*fs.PathError: open x: no such file or directory
//	chan int (cap 3, len 1)             func(int) string
//	nil   (*Point)(nil)   []int(nil)    []byte("text")
//
// A type is written where a reader could not know it: at the top, in an interface, at a struct field
// that is a composite. The elements of a slice, an array or a map go without.
//
// # Types
//
// The static type, as go/types knows it, names what is shown: the interpreter's run-time types do not
// have the user's names. Inside an interface only the run-time type is known; [reflect] names it then, and a [Carrier],
// in which the interpreter keeps a value of a type that a cell declared, says what it carries and has the methods.
//
// # Safety
//
// Showing a value never panics, never changes the value and ends always. Methods String, Error, HTML and
// the like run on a goroutine that is given up after a time; a panic in one is shown. Depth, number of
// elements and length of strings are limited, and what was left out is counted. One thing cannot be
// helped: like fmt.Println, showing a map that a goroutine is changing ends the process.
//
// # Richer forms
//
// A value that has one of the methods
//
//	HTML() string        SVG() string         Markdown() string    LaTeX() string
//	PNG() []byte         JPEG() []byte        MIMEBundle() map[string]any
//
// is shown in that form too, and so is an image.Image, as PNG.
package display
