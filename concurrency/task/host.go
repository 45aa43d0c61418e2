package task

import (
	"sync/atomic"
	"time"

	"github.com/petermattis/goid"
)

// A Host runs coroutines, one at a time, on the time of the task that made it: what an event loop is built of. Its methods must be
// called by that task, or by the coroutine that runs; the task must not end before [Host.Close]. A program without
// runs has hosts too.
//
// Between two calls of [Coroutine.Suspend] nobody else of the host runs. A call that blocks in any other way blocks the
// host. See [Host.Watch].
type Host struct {
	t     *Task // nil outside any run
	id    int64 // of its goroutine
	more  func() *Coroutine
	idle  []*fiber
	depth int // of unwinding
	timer *time.Timer

	current atomic.Pointer[Coroutine] // whose step it is; nil if it is the host's own, or at rest
	began   time.Duration             // when the step began on the host's clock, and 1; 0 at rest. Only who runs on the host's time reads it
	inside  time.Duration             // sum of all steps
	slow    *slowness                 // nil when nobody wants to know

	// Reading the clock takes half as long as to switch. So the counter of the processor is read, and this is from when it
	// was last compared with the clock.
	rate   tickRate
	ticked ticks
	at     time.Duration
	left   time.Duration // when the step before ended, if nothing has read the clock since; 0 if not
}

// maxIdle is how many coroutines that have nothing to do a host keeps for the next.
const maxIdle = 512

// NewHost returns a host on the calling task. more, which may be nil, is asked for a coroutine to begin when another has ended:
// that saves the way to the host and back.
func NewHost(more func() *Coroutine) *Host {
	t := current()
	if t != nil && t.visitor {
		t = nil
	}
	h := &Host{t: t, id: goid.Get(), more: more}
	if t != nil {
		t.mu.Lock()
		t.more().hosts = append(t.more().hosts, h)
		t.mu.Unlock()
	}
	h.setClock()
	return h
}

// Virtual reports whether the host's run is under control, or was.
func (h *Host) Virtual() bool { return h.t != nil && h.t.seat != nil }

// Dying reports whether the task of the host was told to end.
func (h *Host) Dying() bool { return h.t != nil && h.t.stopping.Load() }

// Here reports whether the calling goroutine is the host's own or that of the coroutine that runs. Any goroutine may call it. It
// costs 3 ns.
func (h *Host) Here() bool {
	id := goid.Get()
	if id == h.id {
		return true
	}
	c := h.current.Load()
	return c != nil && c.id.Load() == id
}

// running returns whose step it is, or nil.
func (h *Host) running() *Coroutine { return h.current.Load() }

// Now returns the time on the clock of the host's run, from an arbitrary beginning. It costs what reading the clock does, about 30 ns.
func (h *Host) Now() time.Duration {
	if h.t != nil && h.t.seat != nil {
		return h.t.seat.c.now()
	}
	h.setClock()
	return h.at
}

// setClock compares the host's clock with the real one.
func (h *Host) setClock() { h.rate, h.ticked, h.at = rate(), tick(), now() }

// clock returns what Now does, but for some µs, in less time.
func (h *Host) clock() time.Duration {
	if h.t != nil && h.t.seat != nil {
		return h.t.seat.c.now()
	}
	return h.real()
}

// real is clock in real time, as now.
func (h *Host) real() time.Duration { return h.at + h.rate.duration(tick()-h.ticked) }

// turn notes that a step of c begins, or of the host itself if c is nil, and that the one before is over.
func (h *Host) turn(c *Coroutine) {
	now := h.left
	if h.left = 0; now == 0 {
		now = h.clock()
	}
	h.over(now)
	h.current.Store(c)
	h.began = now + 1
	if h.slow != nil && !h.slow.begun.Load() {
		h.slow.begin(h)
	}
	if h.t != nil && h.t.seat != nil {
		h.sit(c)
	}
}

// over notes that the step has ended, if there is one.
func (h *Host) over(now time.Duration) {
	if h.began == 0 {
		return
	}
	d := now - (h.began - 1)
	h.inside += d
	if h.slow != nil && d >= h.slow.limit {
		h.slow.took(h, d)
	}
}

// Step calls f, a step of the host itself.
func (h *Host) Step(f func()) {
	h.turn(nil)
	if t := h.t; t != nil {
		t.mu.Lock()
		t.rare.last, t.rare.blocked = blocked{}, blocked{}
		t.mu.Unlock()
	}
	f()
}

// Rest ends the step that was the last. It is called when there is nothing to resume, before others look at what the steps have
// brought about.
func (h *Host) Rest() {
	h.left = 0
	h.over(h.clock())
	h.began = 0
	h.current.Store(nil)
	if h.slow != nil {
		h.slow.rest()
	}
	h.setClock()
	if h.t != nil && h.t.seat != nil {
		h.sit(nil)
	}
}

// sit makes the seat of the host, in a controlled run, that of who runs on its time.
func (h *Host) sit(c *Coroutine) {
	who := h.t
	if c != nil {
		who = c.t
	}
	s := h.t.seat
	s.c.mu.Lock()
	s.t = who
	s.c.mu.Unlock()
}

// Kill ends coroutines that are suspended, each with its deferred functions, as a kill does. It is for a host whose task was told to
// end. next returns one after the other, and then nil.
func (h *Host) Kill(next func() *Coroutine) {
	for c := next(); c != nil; c = next() {
		if c.state != coAlive {
			continue
		}
		if c.t != nil {
			c.t.requestStop()
		}
		if h.depth < maxUnwinding {
			// The Goexit of the coroutine becomes one of this goroutine, and this goes on in a deferred function.
			h.depth++
			defer h.Kill(next)
			c.Resume()
			return
		}
		// Too deep for that: some other goroutine takes the Goexit upon itself. It would not do for a task that is locked to
		// its thread, which is why it is not always done.
		done := make(chan struct{})
		go func() {
			defer close(done)
			c.Resume()
		}()
		<-done
	}
}

// maxUnwinding bounds how deep the deferred functions of a host are nested that ends its coroutines.
const maxUnwinding = 500

// Close ends what the host keeps for coroutines to come. All of its coroutines must have ended.
func (h *Host) Close() {
	h.Rest()
	for _, f := range h.idle {
		f.stop()
	}
	h.idle = nil
	if h.slow != nil {
		h.slow.close()
	}
	if h.timer != nil {
		StopTimer(h.timer, 0)
	}
	t := h.t
	if t == nil {
		return
	}
	if t.seat == nil { // the time was that of the coroutines
		t.run.census.ward(t.id).lived.Add(-int64(float64(h.inside) / float64(h.rate)))
	}
	t.mu.Lock()
	t.rare.hosts = t.rare.hosts[:len(t.rare.hosts)-1]
	t.mu.Unlock()
}

// Idle blocks the host's task until wake gives a value or d has passed, and reports whether wake did. A negative d is for ever. The
// task is listed as waiting for object. A killed task ends here.
func (h *Host) Idle(wake <-chan struct{}, d time.Duration, object any) bool {
	h.Rest()
	select {
	case <-wake:
		return true
	default:
	}
	var ring <-chan time.Time
	if d >= 0 {
		ring = h.ring(d)
	}
	t := h.t
	if t == nil {
		select {
		case <-wake:
			return true
		case <-ring:
			return false
		}
	}
	if s := t.controlled(); s != nil {
		cases := []Case{&awaited{RecvCase[struct{}]{c: wake}, object}}
		if ring != nil {
			cases = append(cases, SelRecv(ring))
		}
		if i, ok := s.c.communicate(s, WaitResult, t.site, false, cases); ok {
			return i == 0
		}
	}
	stop := t.block(WaitResult, object, t.calling)
	defer t.unblock()
	if ring != nil {
		t.outside()
	}
	select {
	case <-wake:
		return true
	case <-ring:
		return false
	case <-stop:
		t.die()
		return false
	}
}

// ring returns a channel that gets a value after d.
func (h *Host) ring(d time.Duration) <-chan time.Time {
	if h.timer == nil {
		h.timer = NewTimer(d, 0)
	} else {
		ResetTimer(h.timer, d, 0)
	}
	return h.timer.C
}

// Poke has a host that idles on c go on: it sends a value unless there is one already. It does not block. Any goroutine may call it,
// without a lock that another task may want.
func Poke(c chan struct{}) {
	if watch.Load() != 0 {
		if s := steering(); s != nil {
			Select(0, true, SelSend(c).Val(struct{}{}))
			return
		}
	}
	select {
	case c <- struct{}{}:
	default:
	}
}
