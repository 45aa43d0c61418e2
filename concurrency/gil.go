package concurrency

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A GIL is a model of the lock that lets one thread of CPython at a time run Python code, to show what it does to a program: functions that
// compute under one, in tasks of their own, take as long together as one after the other, while such as wait still wait at the same time. It
// follows CPython's source, Python/ceval_gil.h of 3.11, which is Python/ceval_gil.c from 3.12 on, function by function:
//
//   - take_gil: who finds the lock free takes it, whoever waits. Else it waits until it is free, for the switch interval at most, 5 ms. When that is
//     over and the lock has not changed hands in it (switch_number), it asks the holder to drop the lock (SET_GIL_DROP_REQUEST); when
//     it was woken, or the lock has changed hands, another whole interval begins. Whoever takes the lock takes the request back
//     (RESET_GIL_DROP_REQUEST), though others have made it.
//   - _Py_HandlePending, in 3.11 eval_frame_handle_pending: the holder looks for a request where the interpreter looks at its eval breaker, at the
//     head of a loop and where a function begins, drops the lock, and takes it again.
//   - drop_gil: one that waits is woken. If there is a request, the one that drops waits until another has had the lock (last_holder,
//     FORCE_SWITCHING): also when it drops it only to wait for something else, which it begins later for that. A thread that has
//     ended does not wait, as of 3.12.
//   - PyEval_SaveThread and PyEval_RestoreThread (Py_BEGIN_ALLOW_THREADS): around whatever may block the lock is given up, and taken again
//     afterwards. So a thread that waits beside one that computes gets the lock back an interval later each time, unless the wait is over
//     before the other is awake: the convoy effect.
//
// So in code of cells: its safepoints are the eval breaker, and whatever waits gives the lock up: channels, locks, sleeping, input, everything of
// this package. Calls into libraries, such as an HTTP request or reading a file, hold it, unless they are made within [GIL.Allow]; so does
// sorting a large slice, as C code does in Python. A plain Go program has no safepoints: there a function that computes for long calls
// [GIL.Check], and what waits stands in Allow.
//
// BenchmarkGILBesidePython measures both on one machine: switches and waits beside one that computes are equally often within a factor of three.
//
// It differs in what Go is: the 5 ms are those of Go's timers, and which of those that wait is woken is the one that came first, while
// CPython leaves it to the operating system. In a controlled run (%%virtual) one task at a time runs anyway, and computing takes no time: there
// Run only calls the function.
//
// A GIL's methods may be called from several goroutines. It must not be copied. While nobody asks for the lock, code under it runs
// at full speed; all safepoints take 4 ns more while somebody does.
type GIL struct {
	interval time.Duration
	request  atomic.Bool // the holder is to drop the lock

	mu       sync.Mutex
	used     bool
	holder   task.Owner // the zero Owner if it is free
	last     int64      // the goroutine that had it last
	line     line
	waiting  int           // how many want it
	switched chan struct{} // closed when another one has it than had; nil unless the one that had it waits for that
	stats    GILStats
}

// GILStats is what has happened under a [GIL].
type GILStats struct {
	Switches int64         // how often another goroutine got the lock than had it before
	Forced   int64         // how often a holder was asked to drop it, and did
	Waited   time.Duration // for how long goroutines have waited for it, taken together
}

// DefaultSwitchInterval is how long a GIL's holder keeps it while others want it: that of CPython, sys.getswitchinterval().
const DefaultSwitchInterval = 5 * time.Millisecond

// NewGIL returns a lock with the switch interval of CPython.
func NewGIL() *GIL { return &GIL{interval: DefaultSwitchInterval} }

// WithInterval sets the switch interval, as sys.setswitchinterval does, and returns the lock. It panics with a *[MisuseError] if d is not
// positive, or after the first Run.
func (g *GIL) WithInterval(d time.Duration) *GIL {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case d <= 0:
		misused("GIL", "switch interval "+d.String())
	case g.used:
		misused("GIL", "WithInterval after Run")
	}
	g.interval = d
	return g
}

// Run calls f under the lock, and returns its error. It blocks until it has the lock, or until ctx ends, and returns the cause of that. It
// panics with a *[MisuseError] within another Run.
//
//go:noinline
func (g *GIL) Run(ctx context.Context, f func(context.Context) error) error {
	pc := task.CallerPC()
	return g.run(ctx, pc, f)
}

func (g *GIL) run(ctx context.Context, pc uintptr, f func(context.Context) error) error {
	if task.Controlled() {
		return f(ctx)
	}
	if g.mine() {
		misused("GIL", "Run within Run", g.owner())
	}
	if err := g.take(ctx, pc); err != nil {
		return err
	}
	keeper := &gilKeeper{g, pc}
	end := task.Keep(keeper)
	if end == nil && task.Current() != nil {
		g.free()
		misused("GIL", "Run under another GIL")
	}
	defer func() {
		if end != nil {
			end()
		}
		if g.mine() {
			g.free()
		}
	}()
	return f(ctx)
}

// RunAll calls each function in a task of its own, under the lock, and blocks until all have returned: what Python does with as many
// threads. It returns the first error; when one fails the contexts of the others end. If one panics RunAll does, with a *[PanicError].
//
//go:noinline
func (g *GIL) RunAll(ctx context.Context, fs ...func(context.Context) error) error {
	pc := task.CallerPC()
	group := NewGroup(ctx)
	for _, f := range fs {
		group.Go(func(ctx context.Context) error { return g.run(ctx, pc, f) })
	}
	return group.Wait()
}

// Check gives the lock up if it was asked for, and takes it again when another one has had it. In a cell safepoints do that. It panics with a
// *[MisuseError] if the caller does not hold the lock.
//
//go:noinline
func (g *GIL) Check() {
	pc := task.CallerPC()
	if task.Controlled() {
		return
	}
	g.must("Check")
	if g.request.Load() {
		task.Unkept(func() { g.yield(pc) })
	}
}

// Allow calls f without the lock, and takes that again: what waits stands in it, and what computes without needing the lock, as C code does
// between Py_BEGIN_ALLOW_THREADS and Py_END_ALLOW_THREADS. It panics with a *[MisuseError] if the caller does not hold the lock.
//
//go:noinline
func (g *GIL) Allow(f func()) {
	pc := task.CallerPC()
	if task.Controlled() {
		f()
		return
	}
	g.must("Allow")
	task.Unkept(func() {
		g.drop()
		defer func() { _ = g.take(context.Background(), pc) }()
		f()
	})
}

func (g *GIL) must(op string) {
	if !g.mine() {
		misused("GIL", op+" by one who does not hold it", g.owner())
	}
}

// Stats returns what has happened so far.
func (g *GIL) Stats() GILStats {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.stats
}

// Holders returns who holds the lock: one or nobody. It does not block.
func (g *GIL) Holders() []Holder {
	if o := g.owner(); o.Goroutine() != 0 {
		return []Holder{o.Holder()}
	}
	return nil
}

func (g *GIL) owner() task.Owner {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.holder
}

func (g *GIL) mine() bool { return g.owner().Goroutine() == task.Goroutine() }

// take takes the lock: take_gil.
func (g *GIL) take(ctx context.Context, pc uintptr) error {
	o := task.Own(pc)
	g.mu.Lock()
	g.used = true
	if g.holder.Goroutine() == 0 {
		g.taken(o)
		g.mu.Unlock()
		return nil
	}
	g.waiting++
	g.mu.Unlock()
	return g.takeSlow(ctx, o)
}

func (g *GIL) takeSlow(ctx context.Context, o task.Owner) error {
	began, got := task.Now(), false
	defer func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.stats.Waited += task.Since(began)
		if g.waiting--; !got && g.waiting == 0 {
			g.ask(false)
			g.tell()
		}
	}()
	for {
		g.mu.Lock()
		if g.holder.Goroutine() == 0 {
			g.taken(o)
			got = true
			g.mu.Unlock()
			return nil
		}
		switches := g.stats.Switches
		w := newWaiter()
		g.line.push(w)
		g.mu.Unlock()
		patience, cancel := task.ContextWithTimeout(ctx, g.interval)
		err := w.await(patience, task.WaitLock, g, func() { g.forget(w) })
		cancel()
		if err == nil {
			continue
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		g.mu.Lock()
		if g.holder.Goroutine() != 0 && g.stats.Switches == switches {
			g.ask(true)
		}
		g.mu.Unlock()
	}
}

// taken notes that o has the lock. g.mu is held.
func (g *GIL) taken(o task.Owner) {
	g.holder = o
	g.ask(false)
	if g.last != o.Goroutine() {
		g.last = o.Goroutine()
		g.stats.Switches++
		g.tell()
	}
}

// tell lets the one go on that has dropped the lock for another. g.mu is held.
func (g *GIL) tell() {
	if g.switched != nil {
		task.Close(g.switched, 0)
		g.switched = nil
	}
}

// ask sets or takes back the request to drop the lock. g.mu is held.
func (g *GIL) ask(set bool) {
	if g.request.Load() == set {
		return
	}
	g.request.Store(set)
	if set {
		task.Raise() // has safepoints call the keeper
	} else {
		task.Lower()
	}
}

// forget removes a waiter that does not wait any more, and lets another one have what it was woken for.
func (g *GIL) forget(w *waiter) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.line.remove(w) && g.holder.Goroutine() == 0 {
		g.line.wakeFirst()
	}
}

// drop gives the lock up, and, if that was asked for, waits until another one has had it: drop_gil.
func (g *GIL) drop() {
	if switched := g.free(); switched != nil {
		_ = task.AwaitLock(context.Background(), task.WaitLock, switched, g, task.Here())
	}
}

// free gives the lock up. If that was asked for it returns a channel that is closed when another one has had it. Who wants the lock no more does
// not wait for that.
func (g *GIL) free() (switched chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	asked := g.request.Load()
	g.holder = task.Owner{}
	g.ask(false)
	g.line.wakeFirst()
	if asked && g.waiting > 0 {
		g.stats.Forced++
		switched = make(chan struct{})
		g.switched = switched
	}
	return switched
}

// yield drops the lock because somebody has asked for it, and takes it again.
func (g *GIL) yield(pc uintptr) {
	g.drop()
	_ = g.take(context.Background(), pc)
}

// A gilKeeper gives the lock up for a task where it waits, and at safepoints.
type gilKeeper struct {
	g  *GIL
	pc uintptr
}

// Safepoint is called by the task runtime.
func (k *gilKeeper) Safepoint() {
	if k.g.request.Load() && k.g.mine() {
		k.g.yield(k.pc)
	}
}

// Leave is called by the task runtime.
func (k *gilKeeper) Leave() {
	if k.g.mine() {
		k.g.drop()
	}
}

// Return is called by the task runtime.
func (k *gilKeeper) Return() { _ = k.g.take(context.Background(), k.pc) }
