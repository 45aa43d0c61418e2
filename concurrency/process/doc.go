// Package process runs functions in other processes: pools of workers, as Python's multiprocessing and ProcessPoolExecutor have them. Goroutines
// use all processors as it is; what another process gives beyond that is a border: a function that calls os.Exit, corrupts memory,
// leaks, or does not stop can be killed and takes nothing with it.
//
//	func main() {
//		process.Main() // first of all
//		…
//		pool := process.NewPool().WithWorkers(4)
//		defer pool.Shutdown(ctx)
//		fu := concurrency.SubmitWith(ctx, pool, digest, "some/file")
//		sum, err := fu.Result(ctx)
//
// # Rules
//
// A worker is the same program, started again: the first line of main is [Main], which makes a worker of a process that is to be one.
// In a cell of gobraid that is done.
//
// A function that runs in a worker is a declared one, or a literal that captures nothing: it gets all it needs as its argument. Variables of the
// package exist in the worker, with the values that its initialisation has given them; in a cell they do not, and a function that mentions
// one is refused before the cell runs. The function is found by its place in the executable, or in a cell's plugin: it needs no
// name and no registration. A function of an interpreted cell is sent as its text, with what it needs, and interpreted.
//
// What a function needs of its surroundings it gets with [Copying], and asks for with [Copied]; in a cell concurrency.Copy does both. What every worker
// needs once is the matter of [Pool.WithInitializer].
//
// The argument and the result are copied. Types that cannot be are refused by name: see [Sendable]. A []byte or string of more than
// 32 KiB, or a slice of so many numbers, is not copied before it is sent: it must not change before the function has returned.
//
// # Which one
//
//   - many functions, results wanted: [Pool]
//   - one that runs for long and is talked to: [New], with a [Pipe] or a [Queue] as its argument;
//     [NewStack] and [NewPriorityQueue] give values in another order, and [Queue.Join] waits until they are worked off
//   - much data that several read and write: [NewShared]
//   - other programs: [Shell]
//
// # Ends
//
// A panic comes back as a [concurrency.PanicError] and does not end the worker; an error as a [RemoteError]; a death as a [DeathError], for exactly the
// function that ran. A function is run again only if it was submitted to [Pool.Idempotent]. The end of a future's context ends
// the context that the function gets. In a cell, an interrupt kills the workers that run functions of that cell, and no others.
//
// When the program ends, however it does, its workers do too, with the processes that they have started, unless these have left the worker's
// process group: a worker notices the end of its connection, and Linux tells it of the death of its parent.
//
// # Costs
//
// The benchmarks beside the tests measure them next to their yardsticks in the same run; the machine has two processors. A worker starts
// in a few milliseconds, more in a large program: what package variables are initialised with happens in each. Such a program can keep one ahead
// with [KeepSpare], as a session of gobraid does. Submitting to a
// worker and waiting for the result takes two to three times as long as a byte there and back through two pipes: it is the waking of
// processes, and of the goroutine that reads. A worker that is behind gets many functions at a time, then one costs about a microsecond. Large values are sent
// through the socket as they lie in memory, at more than a gigabyte a second. Memory that both map would save a copy; but Go cannot tell when nobody
// has a part of an argument any more, so that only [Shared] is such memory.
//
// Workers need Linux. Elsewhere a pool refuses all work, with an error that says so.
package process
