// Package loop is an event loop as Python's asyncio has one: coroutines that run one step at a time, on one task, in an order that is always
// the same, and that give others a turn only where they await.
//
//	loop.Run(ctx, func(ctx context.Context) (int, error) {
//		page := loop.CreateTask(ctx, fetch)
//		if err := loop.Sleep(ctx, time.Second); err != nil {
//			return 0, err
//		}
//		return loop.Await(ctx, page)
//	})
//
// A coroutine is an ordinary function that takes a context and returns a value and an error. The context says which coroutine it is, so every
// call that awaits takes it, and so does every function that is to await: in Go nothing else tells which functions may.
// A coroutine that another is to wait for at once is just called.
//
// # Why, when there are goroutines
//
// Goroutines are the better tool for most things: they use all processors and may block. A loop is for where the order of steps is to be certain,
// where much is shared and locks would be many, since between two awaits nobody else runs, and for who comes from Python. Where it fits the two
// mix: [ToThread] and [RunInExecutor] run functions beside the loop, [Await] takes a [concurrency.Future], and [CreateTask], [Task.Cancel],
// [Task.Result] and [Loop.CallSoon] may be called from any goroutine.
//
// # Python
//
//	asyncio                        here                              what differs
//	async def, await f(x)          func(ctx, x), f(ctx, x)           a call is a call
//	run, Runner                    Run, RunOn                        ctx's end cancels main, as Ctrl-C does in Python
//	create_task                    CreateTask                        also from other goroutines
//	run_coroutine_threadsafe       CreateTask, Task.Result           the same task
//	await task                     Await                             a panic of it is raised, with its origin
//	gather                         Gather                            the same: others go on when one fails
//	gather(return_exceptions)      GatherAll                         values and errors apart
//	TaskGroup                      Group, TaskGroup.Go, CreateIn     a function, not a with statement; errors are joined
//	sleep                          Sleep
//	timeout, wait_for              Timeout, WaitFor                  the error is ErrTimeout, a context.DeadlineExceeded
//	shield                         Shield                            it awaits
//	wait, as_completed             Wait, First, AsCompleted          time limits by Timeout
//	Task.cancel, uncancel, …       Cancel, Uncancel, Cancels         delivered as an error, not as an exception
//	CancelledError                 CanceledError                     errors.Is(err, concurrency.ErrCanceled)
//	to_thread                      ToThread                          its context is cancelled; no limit of threads
//	loop.run_in_executor           RunInExecutor                     waits for room in the pool's queue
//	call_soon, call_later, call_at Loop.CallSoon, CallLater, CallAt  from any goroutine: call_soon_threadsafe
//	current_task, all_tasks        CurrentTask, AllTasks             in order of creation
//	get_running_loop               Of
//	Future                         NewFuture
//	Lock, Semaphore, Event, …      Lock, Semaphore, Event, …         zero values work
//	Queue, LifoQueue, …            NewQueue, NewLIFOQueue, …         typed; the least value by a function
//	async for                      for v, err := range …             Queue.All, Stream.Lines, AsCompleted, any iterator
//	open_connection, start_server  Dial, Listen, Listener.Serve      reader and writer are one Stream; Write drains
//	create_subprocess_exec         Exec
//	add_signal_handler             Loop.OnSignal
//	set_exception_handler          Loop.WithReports
//	debug mode, slow callbacks     always; Loop.WithSlow             100 ms too; names the line that blocked
//
// # Order
//
// What is ready runs first in, first out. A turn of the loop does one step of all that was ready when it began; then comes what other goroutines
// have asked for, then timers, in order of their time and then of their creation. So the order of steps depends on nothing but
// what the coroutines do, and on how long things outside take.
//
// # Cancellation
//
// A coroutine that is cancelled gets a [CanceledError] from the await where it is, or from the next, once. What it awaits then, to clean up, is awaited as
// ever. Its context does not end: a context cannot be cancelled once and be good again afterwards. A coroutine that awaits another task cancels
// that, and goes on by its end; [Shield] keeps it. A context that was derived, by context.WithTimeout say, ends the awaits that it is given
// to, with its cause; what they wait for goes on.
//
// When main returns, all tasks that are left are cancelled, and Run waits for them. So a coroutine that is cancelled and goes on for ever keeps Run
// from returning. The interrupt of a cell does not ask: it ends the loop and all coroutines; their deferred functions run.
//
// # What goes wrong
//
// A coroutine that computes, or calls something that blocks, keeps all others waiting. A step that takes 100 ms or longer is reported at its end, with
// its line: that of the longest wait if it was one of those that a cell is known to make, otherwise where a look at its stack found it. Code of
// libraries and of interpreted cells that only computes is found by the task's name alone.
//
// A task that fails and whose result nobody has asked for is reported when it is lost, or when the loop ends. Both go to the standard
// error, or to the function of [Loop.WithReports].
//
// To await elsewhere than on a coroutine, such as on another goroutine, in a callback, or in the function of an iter.Pull, panics with a
// [concurrency.MisuseError].
//
// # In cells
//
// Each coroutine is a task: %tasks lists it below the one that created it, with what it awaits; it has a lane in the timeline and a place in the
// explanation of a deadlock. With virtual time, %%virtual, the clock of the loop is the virtual one; connections and processes are refused there.
//
// # Costs
//
// The benchmarks beside the tests measure tasks that do not await, switches, sleeps and ToThread, in an ordinary program and in a cell, beside a
// value of iter.Pull, which is the floor: a switch takes about twice that.
package loop
