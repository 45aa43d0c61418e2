// Package magic finds and runs the lines of a cell that are not Go.
//
//	%engine yaegi       a line magic
//	!ls -l              a shell command; a backslash at the end continues it on the next line
//	%%name arguments    a cell magic: the first line of its cell, all lines after it are its body
//
// [Parse] takes such lines out of a cell and leaves blanks in their place, so the Go text keeps its
// positions. A line is taken only where Go expects a statement and nothing is open: not in a block, a
// call, a raw string or a comment, and not after a line that ends in an operator. A % there is never
// Go. A ! there could be one thing, a cell's result such as !done; it is taken for a command all the
// same, and (!done) is the way to write it.
//
// A [Registry] knows the magics: help, lsmagic and the shell command, and what is added with
// [Registry.Register]. It reports an unknown one with the nearest name it knows.
package magic
