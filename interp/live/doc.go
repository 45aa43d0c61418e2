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
// # Cells that only declare
//
// A cell that only declares (check.Cell.OnlyDeclares) and goes to the compiler is answered when it has been checked and lowered. It
// is built and loaded beside what goes on; a later cell waits for it if it uses what it declares, directly or through other
// cells, and is compiled itself while the other is linked. Interrupting a cell that waits ends the waiting, not the
// build; closing the session ends the builds.
//
// What checked does compile, but for little: a stack frame larger than 1 GB, a type larger than the address space, what
// only the linker finds, and a machine that has no space left. Then the compiler's words appear on the standard error of
// the cell that declares, and are the error of one that waited for it; what the cell declared is taken back, so that names mean
// what they meant before; but the next cell that uses one of them fails once, since it was written for what is not there. Cells with directives to the compiler (//go:…), of which it may refuse some, are not answered before.
//
// A cell waits as ever if it imports a package that is not part of this program, whose loading could be noticed, under
// %%virtual or %%timeline, and where nobody is there to read what comes late: in "gobraid run" and "gobraid exec".
//
// What waits for a declaration is not interpreted meanwhile, though an interpreter that has the same declaration could
// answer sooner: nothing says how long the calls will take there, and fib(35) is 9 s instead of the 0.3 s of waiting and calling.
//
// # What is said of tasks
//
// Package task knows a task by the site of the statement it waits at. When a cell is checked, scan makes a table of the statements of
// its text at which tasks wait or start, with what they operate on and where that is declared; about a hundred bytes each. What
// a function knows as a parameter is looked for in the session's variables too. So %tasks, %locks, the lines under a
// cell, deadlocks and timelines speak of "jobs (line 3)" and of "worker".
//
// A run is kept as long as anything can come from it: see runs.start.
//
// # Numbers of cells
//
// Positions inside a session carry the number of the first cell with the same text, so that running a
// cell again finds what was built for it. Where a position is shown, it is the number of the cell's
// latest run.
package live
