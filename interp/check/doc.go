// Package check is the second stage of a cell: the real Go type checker, go/types, run over what
// package split found, against everything earlier cells declared.
//
// Each cell is checked as a package of its own. All of them have the path "main", so to the checker
// unexported names are visible and identical types identical across cells, as if the notebook were
// one program; the objects of earlier cells a cell mentions are put into its package scope first. A
// cell may therefore declare anything again: it declares a new object, and what was made with the old
// one keeps it.
//
// A variable of a cell is made when its line is reached, but functions of the same cell see it
// wherever they stand. So its definition is checked as a package-level declaration, and a use that
// stands before it in the text means what the name meant before the cell, as in a Go function body.
//
// A [Checker] holds the names in scope. [Checker.Check] checks a cell and changes nothing;
// [Checker.Declare] makes what it declared visible to later cells. A Checker is not safe for use by
// several goroutines at once.
package check
