// Package task is the runtime that cells of gobraid run on. It knows every goroutine of a cell, what it
// waits for and where its output belongs; it can end them all, and nothing else.
//
// Code of a cell does not name this package: the lowering of gobraid puts calls of it in the place of go
// statements, channel operations and the blocking functions of sync, time, fmt and os. Types stay what they
// are: a lowered channel is a Go channel, a lowered mutex a sync.Mutex, and both can be handed to compiled
// packages. What an operation means stays what Go says, to the panics on misuse and the uniform
// choice of select.
//
// # Runs and tasks
//
// A [Run] is one execution of a cell, a [Task] a goroutine that belongs to one. [Run.Do] runs a main task;
// tasks that it starts with [Go] may outlive it. The host of a session makes runs, gives each an [Output],
// and may [Run.Kill] them:
//
//	run := task.NewRun(3, out)
//	end := run.Do(body)
//	switch {
//	case end.Panic != nil: // end.Panic.Text(), end.Panic.Stack
//	case end.Killed:       // end.Abandoned
//	}
//
// A goroutine is known by its id. One that the runtime has not started, such as that of an HTTP
// handler, is no task: everything works there as in plain Go, what it prints goes to the run that is in the
// foreground, and no kill reaches it. So code that calls this package also works in a program
// without any runs.
//
// # Ending
//
// A killed task ends with runtime.Goexit, at its next [Safepoint] or at once where it waits in this
// package. User code cannot recover from that, and deferred functions run. These may still lock, send and
// loop for about a tenth of a second; then they are ended in turn. So defer mu.Unlock() unlocks. A mutex that
// is unlocked by a plain statement stays locked when its holder is killed, as with any thread that is
// killed: defer is the remedy.
//
// What is inside a compiled library cannot be ended. Do waits a fifth of a second for it, and then returns
// with the tasks concerned listed in [End.Abandoned]. They end when they come back to code of the cell;
// their output is dropped, and their files for output are closed, so that a library that copies to
// one for ever gets an error.
//
// sync.Mutex, sync.WaitGroup and their like cannot be left while they block. A task that must wait there sends
// a helper goroutine to wait in its place. When the task is killed the helper stays until its wait ends, undoes it,
// and is taken over by the next task that waits for the same. That is what may be left of a killed
// run: parked goroutines that hold nothing.
//
// # Output
//
// [Print] and the like write to the run's Output. [Stdout] gives a file for libraries and child
// processes: a pipe, which Print uses too from then on, so that each stream keeps its order. Do does not return
// before all that was written has been delivered, however it was written.
//
// What goes to the process's own descriptors 1 and 2, past os.Stdout, is not caught here: the host of the
// session process holds the other ends of these and credits the cell in the foreground with what it reads.
// Fatal errors of the Go runtime, which no process survives, reach it that way. The price is that
// such text is not in order with the cell's streams. [BuiltinPrint] avoids it for the builtin println; only C
// code and direct system calls are left.
//
// # Costs
//
// Against plain Go in the same run, on the compiled engine: a safepoint adds less than 1 ns to a loop; a channel
// operation that need not wait takes 1.2 times as long, one that waits 2.1 times; a mutex 1.2 to 1.5 times, with and
// without contention; a select 1.3 times, but 6 to 10 times when it has several clauses and takes the default; starting a
// task 1.3 times. A parked task takes 3.2 kB, a goroutine 2.7 kB. A run with 100 parked tasks is gone
// half a millisecond after Kill. While a killed task lingers in library code, safepoints of all others take 3 ns more.
// The benchmarks beside the tests report these ratios.
package task
