package loop

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// A Loop runs coroutines, one step of one at a time, on the task that called [Loop.Run]. It is made by [New] and must not be copied.
// Its methods may be called from any goroutine, but for With….
type Loop struct {
	name   string
	slow   time.Duration
	report func(Report)
	used   atomic.Bool

	host    *task.Host
	shared  atomic.Pointer[task.Host] // the same, for who may call before Run
	wake    chan struct{}
	ready   queue
	budget  int // how many of the ready ones are of this turn
	timers  timers
	orders  uint64
	current *coroutine
	tasks   list
	names   int
	failed  []*failure
	open    map[closer]struct{} // streams and listeners
	threads int                 // what ToThread and the like have started

	posted atomic.Bool
	mu     sync.Mutex
	inbox  []func()
	closed bool
}

// DefaultSlow is how long a step may take before it is reported, unless [Loop.WithSlow] says otherwise. It is
// asyncio's.
const DefaultSlow = 100 * time.Millisecond

// New returns a loop that reports to the standard error what goes wrong.
func New() *Loop {
	l := &Loop{name: "loop", slow: DefaultSlow, wake: make(chan struct{}, 1)}
	l.report = l.print
	return l
}

// WithSlow sets how long a step may take before it is reported as slow, and returns the loop. 0 is never. It panics when the
// loop has run.
func (l *Loop) WithSlow(d time.Duration) *Loop {
	l.fresh("WithSlow")
	l.slow = d
	return l
}

// WithReports has f called with what goes wrong and no coroutine is told of, instead of printing it, and returns the loop: asyncio's
// set_exception_handler. f is called on the loop; it must not await. It panics when the loop has run.
func (l *Loop) WithReports(f func(Report)) *Loop {
	l.fresh("WithReports")
	l.report = f
	return l
}

// WithName names the loop in reports, and returns it. It panics when the loop has run.
func (l *Loop) WithName(name string) *Loop {
	l.fresh("WithName")
	l.name = name
	return l
}

func (l *Loop) fresh(option string) {
	if l.used.Load() {
		misused("Loop", option+" after Run")
	}
}

// String returns the name of the loop.
func (l *Loop) String() string { return l.name }

// Run runs main as the first coroutine of a new loop, and returns what it returns. It blocks until main has returned. Tasks that are left
// then are cancelled, and Run waits for their end; then for functions that [ToThread] has started. When ctx ends main is cancelled,
// as by [Task.Cancel], with the cause of ctx.
//
// A panic of main is raised again, as a [concurrency.PanicError]. runtime.Goexit in a coroutine ends the loop, with all
// of its tasks, and the task that called Run. It panics with a *[concurrency.MisuseError] on a coroutine of another loop, which it would block.
func Run[T any](ctx context.Context, main func(context.Context) (T, error)) (T, error) {
	return RunOn(ctx, New(), main)
}

// RunOn is [Run] on a loop that was made by [New]. A loop runs once.
func RunOn[T any](ctx context.Context, l *Loop, main func(context.Context) (T, error)) (T, error) {
	t := &Task[T]{f: main}
	l.run(ctx, &t.c, t)
	return t.take()
}

// run runs the loop until c has ended.
func (l *Loop) run(ctx context.Context, c *coroutine, body body) {
	l.begin()
	defer l.ended()
	if l.slow > 0 {
		l.host.Watch(l.slow, l.slowStep)
	}
	defer l.host.Close()
	defer l.wind()
	l.create(c, ctx, body, task.Here())
	c.main = true
	stop := l.cancelWith(ctx, c)
	defer stop()
	l.until(func() bool { return c.done() })
}

// loops are those that run.
var loops struct {
	sync.Mutex
	running map[*Loop]struct{}
}

// begin makes the loop one that runs.
func (l *Loop) begin() {
	loops.Lock()
	defer loops.Unlock()
	for other := range loops.running {
		if other.host.Here() {
			misused("Run", "on another loop, which it would block: await what it is to do")
		}
	}
	if l.used.Swap(true) {
		misused("Loop", "a second Run")
	}
	if loops.running == nil {
		loops.running = map[*Loop]struct{}{}
	}
	loops.running[l] = struct{}{}
	l.host = task.NewHost(l.next)
	l.shared.Store(l.host)
}

func (l *Loop) ended() {
	loops.Lock()
	defer loops.Unlock()
	delete(loops.running, l)
}

// until runs turns until over says so.
func (l *Loop) until(over func() bool) {
	for !over() {
		l.turn()
	}
}

// turn does one turn: takes what came from other goroutines, and what is due, and does a step of all that is ready then.
func (l *Loop) turn() {
	came := l.posted.Load()
	if came {
		l.collect()
	}
	if len(l.timers) > 0 {
		l.due()
	}
	if l.ready.len() == 0 {
		if !came { // else what has come may be what the loop runs for
			l.idle()
		}
		return
	}
	for l.budget = l.ready.len(); l.budget > 0; {
		l.budget--
		e := l.ready.pop()
		c := e.c
		if c == nil {
			l.call(e.h)
			continue
		}
		c.queued = false
		if c.must != nil && !c.co.Begun() { // it never begins
			c.drop()
			continue
		}
		l.current = c
		c.co.Prepare()
		c.co.Enter()
		l.current = nil
	}
}

// idle waits for a timer or another goroutine.
func (l *Loop) idle() {
	d := time.Duration(-1)
	if len(l.timers) > 0 {
		d = max(l.timers[0].at-l.host.Now(), 0)
	}
	l.host.Idle(l.wake, d, l)
}

// next returns the next coroutine that is to begin, if one is next.
func (l *Loop) next() *task.Coroutine {
	l.current = nil
	if l.budget == 0 {
		return nil
	}
	e := l.ready.peek()
	if e.c == nil || e.c.co.Begun() || e.c.must != nil {
		return nil
	}
	l.budget--
	l.ready.pop()
	e.c.queued = false
	l.current = e.c
	return &e.c.co
}

// post has f called on the loop, in a turn to come. Any goroutine may call it, without a lock that the loop may want. It
// reports false when the loop is over, and f will not be called.
func (l *Loop) post(f func()) bool {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return false
	}
	l.inbox = append(l.inbox, f)
	first := !l.posted.Swap(true)
	l.mu.Unlock()
	if first {
		task.Poke(l.wake)
	}
	return true
}

// collect calls what was posted.
func (l *Loop) collect() {
	l.mu.Lock()
	fs := l.inbox
	l.inbox = nil
	l.posted.Store(false)
	l.mu.Unlock()
	for _, f := range fs {
		f()
	}
}

// wind ends what is left when the main coroutine has ended, or the task that runs the loop exits.
func (l *Loop) wind() {
	over := false
	defer func() {
		if !over {
			l.wind() // something of this has exited
		}
	}()
	if l.host.Dying() {
		l.mu.Lock()
		l.closed, l.inbox = true, nil
		l.mu.Unlock()
		l.closeStreams() // so that what waits for them beside the loop ends
		l.host.Kill(l.nextToKill)
		over = true
		return
	}
	for c := l.tasks.first; c != nil; c = c.after {
		c.leftover = true
		c.cancel(nil)
	}
	l.until(func() bool { return l.tasks.first == nil })
	l.closeStreams()
	l.until(func() bool { return l.threads == 0 })
	l.lost()
	over = true
	l.close()
}

// nextToKill returns a coroutine that has not ended.
func (l *Loop) nextToKill() *task.Coroutine {
	for c := l.tasks.first; c != nil; c = l.tasks.first {
		l.tasks.remove(c)
		if c.co.Begun() {
			return &c.co
		}
		c.settle(concurrency.ErrExited)
	}
	return nil
}

// close refuses what comes from other goroutines from now on.
func (l *Loop) close() {
	l.mu.Lock()
	l.closed = true
	fs := l.inbox
	l.inbox = nil
	l.mu.Unlock()
	for _, f := range fs {
		f()
	}
}

// A Handle is a function that the loop is to call. Its methods must be called on the loop.
type Handle struct {
	l        *Loop
	f        func()
	timer    *timer
	canceled bool
}

// Cancel has the function not be called, if it was not yet.
func (h *Handle) Cancel() {
	h.canceled = true
	h.f = nil
	if h.timer != nil {
		h.l.timers.remove(h.timer)
	}
}

// Canceled reports whether Cancel was called.
func (h *Handle) Canceled() bool { return h.canceled }

// CallSoon has f called on the loop, after what is ready now. f must not await. It does not block, and may be called from any
// goroutine: from others than the loop's it is asyncio's call_soon_threadsafe. When the loop is over f is not called.
func (l *Loop) CallSoon(f func()) *Handle {
	h := &Handle{l: l, f: f}
	l.here(func() { l.ready.push(entry{h: h}) })
	return h
}

// CallLater has f called on the loop when d has passed. See [Loop.CallSoon].
func (l *Loop) CallLater(d time.Duration, f func()) *Handle {
	h := &Handle{l: l, f: f}
	l.here(func() {
		if !h.canceled {
			h.timer = &timer{h: h}
			l.set(h.timer, d)
		}
	})
	return h
}

// CallAt has f called on the loop at a time. See [Loop.CallSoon].
func (l *Loop) CallAt(at time.Time, f func()) *Handle { return l.CallLater(task.Until(at), f) }

// here calls f at once on the loop, or posts it.
func (l *Loop) here(f func()) {
	if h := l.shared.Load(); h != nil && h.Here() {
		f()
		return
	}
	l.post(f)
}

// call calls a function that is ready. Its panic is reported.
func (l *Loop) call(h *Handle) {
	if h.canceled {
		return
	}
	f := h.f
	h.f = nil
	l.host.Step(func() {
		if p := task.Catch(f); p != nil {
			l.report(Report{Kind: CallbackPanicked, Loop: l, Err: p, text: fmt.Sprintf("a callback panicked: %v", p)})
		}
	})
}
