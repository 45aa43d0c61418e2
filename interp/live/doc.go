// Package live is the live session: it takes cells, one at a time, through the stages of package
// interp and keeps what they leave behind: names, variables, running goroutines, the engines.
//
// A [Session] is an [interp.Runner]. User code runs in its process, so it belongs into a process of
// its own: see package session.
//
// # Which engine runs a cell
//
// With the engine "auto", a cell that declares functions or types or has a loop goes to the compiler,
// where calls and loops are fast; the rest to yaegi, which is done before a compiler would have
// started, if yaegi is known to run it right. What an engine refuses goes to the other. With a named
// engine it is that one or a refusal.
//
// # Numbers of cells
//
// Positions inside a session carry the number of the first cell with the same text, so that running a
// cell again finds what was built for it. Where a position is shown, it is the number of the cell's
// latest run.
package live
