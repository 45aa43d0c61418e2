// Package workers finds out what functions of cells may run in worker processes, those of concurrency/process: a worker has the functions
// and types of cells, but none of their variables. A function that mentions one, itself or by what it calls, would find a zero there.
//
// A [Book] is told of every cell that has run. [Book.Check] looks at the calls in a cell that hand a function to a process.Pool, before
// the cell runs. What it cannot see there, since a function comes out of a variable or the pool is behind an interface, [Book.Refuse]
// finds when it is handed over.
//
// # What counts
//
// A function needs what its text mentions: functions, and types with all their methods, since any may be called through an interface. If
// one of these mentions a variable of a cell, or a literal mentions a variable around it, the function is refused: with the variable, where it is
// mentioned, and by way of what.
package workers
