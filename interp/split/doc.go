// Package split is the first stage of a cell: it takes the text apart into imports, declarations and
// statements, in whatever order and mixture they stand, and parses each at its own place.
//
// Go's own parser reads files, in which statements stand only inside functions. [Split] therefore
// cuts the text at the semicolons of its top level (most of them the ones Go inserts at line ends)
// and sorts the pieces by their first token: import, type, const, func with a name, and method
// declarations are declarations; all else, var included, are statements, for a variable of a cell is
// made when its line is reached. The declarations are parsed as one file and the statements as the
// body of one function; in each, the pieces of the other kind are blanked, so that every position is
// the one in the cell.
//
// A text that begins with a package clause is a whole program and parsed as it is.
package split
