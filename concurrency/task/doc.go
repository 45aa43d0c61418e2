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
// A goroutine is known by its id. One that a library starts, such as that of an HTTP handler or of an errgroup, is no task,
// but it carries the label of the run on whose behalf it was started: goroutines inherit the labels of package
// runtime/pprof. What it prints goes to that run, and what it starts is a task of it. While it waits in this package
// it is a visitor: a task that is listed with [Info].Visitor and that a kill ends; a kill also ends it at a [Safepoint] and
// when it prints. For the rest of its time it is counted by [Untracked] and nothing ends it. Code that sets labels of its
// own, with pprof.Do, takes its goroutines away from the run: like those of no run at all they print for the run in
// the foreground. In a program without any runs everything works as in plain Go.
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
// # Deadlocks
//
// While a run is within Do, it looks now and then whether all tasks of the process wait for each other. If so, and nothing
// else can wake them, the run is killed with a [Deadlock] as the cause. It takes a quarter of a second or so. Tasks of other
// runs that are stuck too are listed with it; one that runs or sleeps prevents it, for it might wake the others. Nothing is
// reported while there is
//
//   - a task that runs, sleeps, prints, reads, or is inside library code;
//   - a goroutine that is no task, unless it was there before the first run or is gobraid's own: a library's, a server's;
//   - a wait on a channel of time.Time or os.Signal, or through [Await] with a context that has a deadline;
//   - a function that time.AfterFunc is to call, or a context with a deadline, that code of a cell has made;
//   - a child process, unless it is gobraid that waits for it.
//
// So a task that waits for ever is not found in a process in which a server runs. What could wake tasks unseen are timers that
// compiled code makes itself, with neither a goroutine nor such a channel, and finalizers. The proof is in the stacks of all
// goroutines, taken twice while the world is stopped: that takes 0.2 ms with few goroutines and about 0.5 s with 100,000, but no
// more than one in a hundred of the time.
//
// [Run.Stuck] tells which tasks that a run has left behind will never go on.
//
// # Output
//
// [Print] and the like write to the run's Output. [Stdout] gives a file for libraries and child
// processes: a pipe, which Print uses too from then on, so that each stream keeps its order. Do does not return
// before all that was written has been delivered, however it was written.
//
// [Task.Redirect] sends the output of a task, and of what it starts meanwhile, elsewhere.
//
// What goes to the process's own descriptors 1 and 2, past os.Stdout, is not caught here: the host of the
// session process holds the other ends of these and credits the cell in the foreground with what it reads.
// Fatal errors of the Go runtime, which no process survives, reach it that way. The price is that
// such text is not in order with the cell's streams. [BuiltinPrint] avoids it for the builtin println; only C
// code and direct system calls are left.
//
// # Controlled runs
//
// [Run.Control] puts a run under control: one task at a time runs, and a [Strategy] says which, whenever there is something
// to decide: before each operation that others can see, where a task waits, and at its end. All else that is open,
// such as what a select chooses, it decides too. So the same strategy with the same answers gives the same
// run. [InOrder] and [Random] are strategies; [Run.Virtual] uses them.
//
// Time is virtual. The clock begins at midnight of 1 January 2000 UTC, stands still while a task can go on, and then jumps to
// what is next. All of package time and the deadlines of contexts go by it. When no task can go on and nothing is due the
// run ends with a [Deadlock]. Tasks that only poll, the clock or a variable, make it move too, after a while.
//
// Channels and locks stay Go's own, so what an earlier cell has put into a channel is there, and a lock it has left locked is
// locked. Tasks of other runs, and goroutines of libraries, go on beside, in real time. What they do is noticed only
// when no task can go on: the clock does not wait for them, but a deadlock is not one for a tenth of a second
// while there are any, and [Deadlock.Note] tells of them. A library that waits for another task, as io.Pipe
// does, keeps the turn and hangs until the run is killed. Child processes and input are [Refused].
//
// A controlled run ends with its main task. What that leaves behind first goes on until it waits, without the clock; then it
// is live, its clock moves as real time does, and timers go off after what is left.
//
// A run is killed as a live one is. An operation that does not wait in a live run never ends a task here.
//
// # What a run has cost, and what it has done
//
// [Run.Stats] says what the tasks of a run have done with their time. [Locks] says who holds which mutex and who waits for
// it. [Run.Record] records a run: its tasks, what they wait for, what they print, and arrows from one to another, of values,
// locks, completions and cancellations. An arrow is drawn where it is known; where the other end is library code, another
// cell or a timer it is not, and is counted.
//
// # Costs
//
// Against plain Go in the same run, on the compiled engine: a safepoint adds less than 0.1 ns to a loop; a channel
// operation that need not wait takes 1.2 times as long, one that waits 2.1 times; a mutex 1.5 times, with and
// without contention, and 3 times while the task holds another; a select 1.5 times, but 5 to 8 times when it has several
// clauses and takes the default; starting a task 1.3 to 1.5 times. What waits through a delegate takes longer: WaitGroup.Wait
// of one task 3 times, Cond.Wait 5 times. A parked task takes 3.3 kB, a goroutine 2.7 kB. A run with 100 parked tasks is gone
// half a millisecond after Kill. While a killed task lingers in library code, safepoints of all others take 3 ns more.
//
// In a recorded run a channel operation takes 0.5 µs that need not wait and 1 µs that must, to lock and unlock 3.5 µs, and
// starting a task 3 times as long as in Go. While one is recorded, a channel operation in other runs takes 0.1 µs more.
// Stats, Tasks and Locks take 0.3 to 0.7 µs for each task there is.
//
// The benchmarks beside the tests report these ratios; that of parked tasks wants -benchtime 1x.
package task
