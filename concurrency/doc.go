// Package concurrency has the words in which people talk about concurrent programs: threads, futures, pools,
// groups, semaphores, gathering. Who knows Python's threading, asyncio and concurrent.futures finds them
// under the same names; who knows Go finds goroutines, contexts and errors, and nothing odd.
//
// It works in any Go program. In a cell of gobraid it stands on the task runtime: what it starts belongs to the
// cell, can be interrupted, prints under the cell, and is seen while it waits.
//
// # Rules
//
// Whatever blocks takes a context, and returns the context's cause when that ends first. Whatever is started
// is waited for by somebody: [Thread.Join], [Future.Result], [ThreadPool.Shutdown], [Group.Wait].
//
// A function that is cancelled is told through its context. It is not ended by force: it goes on until it
// returns.
//
// A panic does not end the program. It travels as a [PanicError], with the stack it came from, to whoever waits,
// and is raised again there: it stands for a bug, and a bug must not be lost with an error value that
// nobody looks at. Where the panic is wanted as a value, Err gives it.
//
// # Which one
//
//   - one thing in the background: [NewThread], or [Start] if it has a result
//   - several things, all needed: [Gather] for results, [Group] for effects
//   - many things, a few at a time: [ThreadPool] with [Submit] and [Map]
//   - a few at a time, in code of your own: [Semaphore]
package concurrency
