// Package stdtypes holds the type data of the standard library, and of gobraid's own concurrency
// packages, so that a cell can be type-checked where there is no Go toolchain.
//
// [NewImporter] gives a [go/types.Importer] over the data. It reads a package when it is first
// imported (fmt 0.1 ms, os 1.5 ms, net/http 5 ms) and keeps it, so types are identical however a package is
// reached. The objects have no positions.
//
//	fset := token.NewFileSet()
//	conf := types.Config{Importer: stdtypes.NewImporter(fset)}
//
// [ByName] and [Exporting] answer which import a cell lacks.
//
// # Regenerating
//
// The data are two zip archives, one entry a package: std.zip for the standard library (0.7 MB) and
// gobraid.zip for the packages below github.com/gobraid/gobraid/concurrency. They are made from what
// "go list -export" says, and must be made again
//
//   - when the exported API of a concurrency package changes: go generate ./interp/check/stdtypes
//   - when gobraid moves to another Go release or another golang.org/x/tools: the same
//
// A test compares both with the source tree and the toolchain and says when they are out of date.
// An archive is rewritten only when its content changes. The data are those of the system they were
// generated on, linux/amd64; elsewhere package syscall differs from what the checker believes.
package stdtypes

//go:generate go run ./internal/generate
