// Package concurrency has the words in which people talk about concurrent programs: threads, locks, queues, futures, pools,
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
//   - several things, all needed: [Gather] for results, [Group] and [Scope] for effects
//   - several things of which one is enough, or whatever they come to: a [Group] with a [Policy]
//   - many things, a few at a time: [ThreadPool] with [Submit], [Map] and [MapSeq]
//   - a result that no function makes: [Promise]
//   - whichever is done first: [AsCompleted] and [Wait]
//   - a few at a time, in code of your own: [Semaphore]
//   - one at a time: [Lock], or [RWLock] if most only read; a number: [Counter]; the first time: [Once]
//   - wait until something is so: [Event] for a flag, [Condition] for anything, [Barrier] until all have come
//   - hand things on: [Queue], or a channel
//   - to show what Python's lock does: [GIL]
//
// # Who holds what
//
// What tasks hold knows its holder and the line at which it was taken: Holders says it, and in a cell %tasks, %locks, the picture
// of a deadlock and [MisuseError] do. A thread that is interrupted while it waits leaves the line; what it holds it keeps, unless a
// deferred function gives it back.
//
// What that costs, beside package sync in one run on a machine that others used too: to lock and unlock a Lock 4 times a sync.Mutex, an RWLock
// 1.4 times a sync.RWMutex for writing and 4 times for reading; a Counter 1.1 times an atomic.Int64; a Queue as much as a buffered channel. The benchmarks beside the
// tests say it for yours.
//
// # Python's threading and queue
//
//	Thread(target=f)            NewThread(f)                    f has no arguments: it is a closure
//	  name, daemon              WithName, WithDaemon            a daemon is one for which JoinThreads does not wait
//	start, is_alive             Start, Alive
//	join(timeout)               Join(ctx), JoinFor(d)           an error where Python returns None in any case; a panic is raised there
//	ident, native_id            ID, NativeID                    the latter of threads WithOSThread
//	current_thread()            Current()                       nil in the main function and in plain goroutines
//	enumerate(), active_count() Threads(), len(Threads())       without the main thread
//	excepthook                  none                            Join raises the panic
//	at exit                     JoinThreads(ctx)                called by you: see [Thread]
//	local()                     Local[T]                        of one type; a variable for each attribute
//	Timer(s, f)                 NewTimer(d, f)
//	Lock                        Lock                            released by the task that holds it; Python lets anybody
//	  acquire(timeout=s)        Acquire(ctx)
//	  acquire(blocking=False)   TryAcquire
//	  with lock:                l.Lock(); defer l.Unlock()
//	  locked()                  Locked
//	RLock                       RLock
//	none                        RWLock                          sync.RWMutex whose holders are known
//	Condition(lock)             NewCondition(lock)              nil makes a Lock, not an RLock
//	  wait_for(pred, timeout)   WaitFor(ctx, pred)
//	  notify(n), notify_all     Notify(n), NotifyAll
//	Semaphore(n)                NewCountingSemaphore(n)         Release adds; Acquire takes several units, first come, first served
//	BoundedSemaphore(n)         NewSemaphore(n)                 the usual one: a Release too many is misuse
//	Event                       Event                           Done is a channel, for select
//	Barrier(n, action, timeout) NewBarrier(n).WithAction(f)     Wait's context is the timeout, and breaks it
//	BrokenBarrierError          ErrBroken
//	n += 1 under a lock         Counter
//	none                        Once
//	the GIL                     NewGIL().Run, RunAll
//	RuntimeError, ValueError    a panic with *MisuseError       misuse is a bug
//
//	Queue(maxsize)              NewQueue[T](n)                  0 is no limit; Python takes negative numbers for that too
//	LifoQueue, PriorityQueue    NewStack, NewPriorityQueue      ordered by a function, not by comparing the things
//	SimpleQueue                 NewQueue[T](0)
//	put(x, timeout), get        Put(ctx, x), Get(ctx)
//	put_nowait, get_nowait      TryPut, TryGet                  report false where Python raises Full and Empty
//	qsize, empty, full          Len, Cap
//	task_done, join             TaskDone, Join(ctx)
//	shutdown()                  Shutdown                        of Python 3.13
//	shutdown(immediate=True)    ShutdownNow                     returns how many things were dropped
//	ShutDown                    ErrQueueShutdown
//	while True: q.get()         for x := range q.All(ctx)       ends with the queue
//
// # Python's concurrent.futures
//
//	ThreadPoolExecutor(n)       NewThreadPool().WithWorkers(n)  one worker a processor if not said, not five more; nothing is left
//	                                                            running by a pool that nobody shuts down
//	thread_name_prefix          WithName                        the name of the tasks
//	initializer                 WithInitializer                 gives the worker's functions values in their context
//	                            WithQueue                       how many may wait; Submit blocks then
//	executor.submit(f, a)       Submit(ctx, ex, f)              f is a closure and gets a context; with an argument SubmitWith
//	                            ThreadPool.Go                   no future, the least price
//	executor.map(f, items)      MapSeq(ctx, ex, items, f)       as the loop takes them; Map when all are wanted, in chunks
//	  chunksize, buffersize     ChunkSize, BufferSize
//	  timeout                   Timeout, or the context
//	shutdown(wait=True)         Shutdown(ctx)
//	shutdown(wait=False)        Close
//	  cancel_futures=True       CancelPending                   Cancel cancels what runs, too
//	BrokenThreadPool            *BrokenError
//	with executor:              defer p.Shutdown(ctx)
//	ProcessPoolExecutor         process.NewPool()               of concurrency/process; Submit, Map and the rest are the same
//	                            Waiting, Running                how many functions wait, and run
//	future.result(timeout)      Result(ctx)                     the function's error comes back, its panic is raised
//	future.exception()          Err                             does not block; nil while it is not done
//	future.done(), running()    Done, Running                   Done is a channel
//	future.cancel()             Cancel                          also ends the context of one that runs
//	future.cancelled()          Canceled
//	add_done_callback           OnDone; Then for a result
//	set_result, set_exception   Promise.SetResult, SetError     report whether it was the first; Python raises
//	as_completed(fs)            AsCompleted(ctx, fs...)
//	wait(fs, return_when)       Wait(ctx, when, fs...)          AllCompleted, FirstCompleted, FirstException; lists in order, not sets
//	set_running_or_notify_...   Promise.SetRunning
//	CancelledError              ErrCanceled
//	TimeoutError                context.DeadlineExceeded        the cause of the context that was the timeout
//	InvalidStateError           none
//
// # errgroup
//
//	var g errgroup.Group        var g Group
//	errgroup.WithContext(ctx)   NewGroup(ctx)                   functions get the context
//	g.Go, g.TryGo               Go, TryGo                       what is given to a cancelled group is not run
//	g.SetLimit(n)               WithLimit(n)                    before the first Go
//	g.Wait()                    Wait                            a panic is raised there and does not end the program
//	                            Cancel(cause)
//	                            WithPolicy                      FirstSuccess, CollectAll
//	                            Scope                           waits however the body ends
package concurrency
