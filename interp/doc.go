// Package interp is the way of a cell: what happens to the text of a notebook cell between the moment
// it is sent and the moment its result is shown. This root package holds only the vocabulary that the
// stages and the outside share: [Request], [Outcome], [Sink], [Runner]. It never hears of Jupyter.
//
// The stages, each a package that imports only the ones before it:
//
//	split   the text into magics, imports, declarations, statements and a trailing expression
//	check   them with the real Go type checker against what earlier cells declared
//	lower   to plain Go over the task runtime, so that every goroutine, wait and line has an owner
//	engine  runs what comes out: compiled by the Go compiler, or interpreted by yaegi
//	display turns the value of the cell into something to look at
//
// Package live puts them together into a live session; package session runs one in a process of its
// own and supervises it.
package interp
