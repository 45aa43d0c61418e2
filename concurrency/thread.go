package concurrency

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A Thread is a function that runs beside others, as in Python's threading: a goroutine with a name that can be
// joined. Its methods may be called from several goroutines. A Thread is made by [NewThread].
//
// A panic in a thread waits for who joins it. One that nobody joins is not heard of: join your threads.
//
// # The end of the program
//
// Python waits at its end for all threads that are no daemons. Go does not: a program ends with its function main. Who wants to wait
// calls [JoinThreads] there, which leaves daemons out. In a notebook threads outlive the cell that has started them. When the
// session ends, at a restart or shutdown of the kernel or the end of gobraid run, all of them are interrupted, daemons or not: their deferred
// functions have about a tenth of a second. Nothing waits for them, for whoever restarts a kernel wants to be rid of it, and a thread that
// waits for ever would keep it. So in a notebook, too, join what must be finished.
type Thread struct {
	id     int64
	f      func()
	native atomic.Int64
	mu     sync.Mutex
	name   string
	daemon bool
	locked bool
	fu     *Future[struct{}] // nil until Start
}

var threads atomic.Int64

// alive holds the threads that were started and have not ended.
var alive shards // from the id of a thread to the *Thread

// NewThread returns a thread that will run f. Its id is the next number, its name Thread- and that number.
func NewThread(f func()) *Thread {
	id := threads.Add(1)
	return &Thread{id: id, name: fmt.Sprintf("Thread-%d", id), f: f}
}

// WithName names the thread, and returns it. It panics with a *[MisuseError] when the thread has been started.
func (t *Thread) WithName(name string) *Thread {
	t.configure("WithName", func() { t.name = name })
	return t
}

// WithDaemon makes the thread one for which [JoinThreads] does not wait, and returns it. It panics as WithName does.
func (t *Thread) WithDaemon() *Thread {
	t.configure("WithDaemon", func() { t.daemon = true })
	return t
}

// WithOSThread has the thread run on a thread of the operating system that nothing else runs on, as all threads of Python do, and
// returns it: for libraries in C that keep state by thread. It then costs some 30 µs to start, 20 kB, and 2 to 5 µs more for each wait. It
// panics as WithName does.
func (t *Thread) WithOSThread() *Thread {
	t.configure("WithOSThread", func() { t.locked = true })
	return t
}

func (t *Thread) configure(option string, set func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.fu != nil {
		misused("Thread", option+" after Start")
	}
	set()
}

// Start starts the thread, and returns it. It does not block, and costs about 1 µs. A thread can be started once:
// a second call panics with a *[MisuseError].
func (t *Thread) Start() *Thread {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.fu != nil {
		misused("Thread", "started twice")
	}
	fu, name, locked := newFuture[struct{}](context.Background(), nil), t.name, t.locked
	t.fu = fu
	alive.Store(t.id, t)
	task.Spawner(task.Here())(func() {
		setName(name)
		if locked {
			runtime.LockOSThread() // until the goroutine ends, and its thread with it
			t.native.Store(nativeID())
		}
		id := task.Goroutine()
		bags.Store(id, &bag{thread: t})
		defer alive.Delete(t.id)
		defer bags.Delete(id)
		fu.f = func(context.Context) (struct{}, error) {
			t.f()
			return struct{}{}, nil
		}
		(*call[struct{}])(fu).Run()
	})
	return t
}

// setName names the calling task, if it is one.
func setName(name string) {
	if t := task.Current(); t != nil {
		t.SetName(name)
	}
}

// Join blocks until the thread has ended, and returns nil, or until ctx ends, and returns the cause of that. If
// the thread panicked Join panics, with a *[PanicError]; if it called runtime.Goexit, or was interrupted, Join
// returns [ErrExited]. Join may be called any number of times. It panics with a *[MisuseError] when the thread was not
// started, and when it is called by the thread itself.
func (t *Thread) Join(ctx context.Context) error {
	fu := t.future()
	if fu == nil {
		misused("Thread", "Join before Start")
	}
	if Current() == t {
		misused("Thread", "Join of the thread that calls it")
	}
	_, err := fu.Result(ctx)
	return err
}

// JoinFor is Join for at most d: it returns context.DeadlineExceeded when the thread has not ended by then.
func (t *Thread) JoinFor(d time.Duration) error {
	ctx, cancel := task.ContextWithTimeout(context.Background(), d)
	defer cancel()
	return t.Join(ctx)
}

func (t *Thread) future() *Future[struct{}] {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.fu
}

// Alive reports whether the thread was started and has not ended.
func (t *Thread) Alive() bool {
	fu := t.future()
	if fu == nil {
		return false
	}
	select {
	case <-fu.Done():
		return false
	default:
		return true
	}
}

// Err returns what Join would panic with or return once the thread has ended, and nil before. It does not block.
func (t *Thread) Err() error {
	if fu := t.future(); fu != nil {
		return fu.Err()
	}
	return nil
}

// ID returns the number of the thread. Numbers are not used again.
func (t *Thread) ID() int64 { return t.id }

// NativeID returns the number that the operating system gives the thread [Thread.WithOSThread] has asked for, once that has begun. It returns
// 0 for others, which go from one thread of the system to another, and where the system is not Linux.
func (t *Thread) NativeID() int64 { return t.native.Load() }

// Daemon reports whether WithDaemon was called.
func (t *Thread) Daemon() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.daemon
}

// Name returns the name of the thread.
func (t *Thread) Name() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.name
}

// Current returns the thread whose function calls it, nil where that is none: in the main function or a cell, in a goroutine or task that was started
// otherwise, be it by a thread.
func Current() *Thread {
	if b := bagHere(); b != nil {
		return b.thread
	}
	return nil
}

// Threads returns the threads that were started and have not ended, as Python's threading.enumerate, in the order in which they were made.
func Threads() []*Thread {
	var all []*Thread
	alive.All(func(t any) { all = append(all, t.(*Thread)) })
	slices.SortFunc(all, func(a, b *Thread) int { return cmp.Compare(a.id, b.id) })
	return all
}

// JoinThreads blocks until all threads have ended that are no daemons, those that they start meanwhile included, or until ctx ends, and
// returns the cause of that. The thread that calls it is left out. It returns the errors of [Thread.Join], joined, and panics as that does.
func JoinThreads(ctx context.Context) error {
	var errs []error
	for me := Current(); ; {
		var next *Thread
		for _, t := range Threads() {
			if t != me && !t.Daemon() && t.future() != nil {
				next = t
				break
			}
		}
		if next == nil {
			return errors.Join(errs...)
		}
		if err := next.Join(ctx); err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			errs = append(errs, err)
		}
		alive.Delete(next.id) // it may not have come to that
	}
}
