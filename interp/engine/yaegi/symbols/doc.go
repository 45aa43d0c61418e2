// Package symbols has the exported names of the standard library of the Go release that builds gobraid,
// as reflect values: the tables that come with yaegi, and what they lack.
//
// yaegi's tables were made from Go 1.22. The files of this package, made by go generate, add the
// packages and names that came later and that are neither generic nor constant: constants are folded
// before they get here. New methods of old types need no table.
package symbols

//go:generate go run ./internal/generate
