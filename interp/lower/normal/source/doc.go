// Package source holds the source text of the generic part of packages whose types the checker knows and
// whose compiled code the interpreter has: there is no compiled code of a generic function that is not
// instantiated, so package normal emits it from the text.
//
// The text of slices, maps, cmp and of the generic functions of sync is that of the Go release the
// program is built with. go generate, which make build calls, puts it into the folder _std to be embedded, because
// people have no Go tree; git does not keep it. A program that was built without it takes the tree of the installed Go if that is of the
// same release. Without either those functions are refused.
//
// What looks at memory, or needs the insides of a compiled package, is declared anew in the folder _own: a declaration
// there takes the place of the one of the same name, or of a whole package.
package source

//go:generate go run ./internal/generate
