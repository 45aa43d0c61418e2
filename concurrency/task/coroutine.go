package task

import (
	"iter"
	"sync/atomic"

	"github.com/petermattis/goid"
)

// A Coroutine is a function that runs until it suspends itself, and goes on when its [Host] resumes it. It must not be copied.
//
// It is a task of its own: it is listed with what it waits for, what it prints and starts is its own, and a kill ends it with its
// deferred functions.
type Coroutine struct {
	host  *Host
	body  Body
	t     *Task // nil outside any run
	fiber *fiber
	by    *source // who has let it go on, for recordings
	id    atomic.Int64
	state coroutineState
}

type coroutineState uint8

const (
	coUnborn coroutineState = iota
	coAlive
	coEnded
)

// A Body is what a coroutine does.
type Body interface {
	// Coroutine is called on the coroutine. It must not panic. It may call runtime.Goexit, which ends the host's task too.
	Coroutine()
}

// Init makes c a coroutine that will do what body does, and is listed as a child of the calling task, which is that of
// the host or one of its coroutines. The zero Coroutine is made one by it.
func (h *Host) Init(c *Coroutine, body Body, site Site, name string) {
	c.host, c.body = h, body
	if h.t == nil {
		return
	}
	up := h.t
	if now := h.running(); now != nil {
		up = now.t
	}
	c.t = &Task{run: h.t.run, site: site, up: up.ancestor(), host: h, seat: h.t.seat}
	if name != "" {
		c.t.rare = &rare{name: name}
	}
	c.t.inherit(up.to.Load())
}

// Task returns the task that the coroutine is, nil outside any run.
func (c *Coroutine) Task() *Task { return c.t }

// Body returns what Init was given.
func (c *Coroutine) Body() Body { return c.body }

// Ended reports whether the function has returned or exited.
func (c *Coroutine) Ended() bool { return c.state == coEnded }

// Begun reports whether the function has been called.
func (c *Coroutine) Begun() bool { return c.state != coUnborn }

// Mine reports whether c is what the calling goroutine runs. It costs 2 ns. Any goroutine may call it.
func (c *Coroutine) Mine() bool { return c.id.Load() == goid.Get() }

// inside returns the coroutine's task that runs on the time of a host's, or nil. The host's mutex is held.
func (r *rare) inside() *Task {
	if len(r.hosts) == 0 {
		return nil
	}
	if c := r.hosts[len(r.hosts)-1].running(); c != nil {
		return c.t
	}
	return nil
}

// A fiber is a goroutine on which coroutines run, one after the other.
type fiber struct {
	h     *Host
	id    int64
	c     *Coroutine // which it runs
	next  func() (struct{}, bool)
	stop  func()
	yield func(struct{}) bool
}

// fiber returns one that has nothing to do.
func (h *Host) fiber() *fiber {
	if n := len(h.idle); n > 0 {
		f := h.idle[n-1]
		h.idle = h.idle[:n-1]
		return f
	}
	f := &fiber{h: h}
	f.next, f.stop = iter.Pull(f.run)
	return f
}

// run is the body of a fiber's goroutine.
func (f *fiber) run(yield func(struct{}) bool) {
	h := f.h
	f.id, f.yield = goid.Get(), yield
	defer func() {
		if f.c != nil { // Goexit
			f.c.end()
		}
	}()
	// One that is recorded has a goroutine of its own, so that its number is its own.
	recorded := h.t != nil && h.t.log != nil
	for {
		for f.c != nil {
			f.c.start()
			f.c.body.Coroutine()
			f.c.end()
			f.c = nil
			if h.more != nil && !recorded {
				if c := h.more(); c != nil {
					h.turn(c)
					c.fiber, f.c = f, c
				}
			}
		}
		if recorded || len(h.idle) >= maxIdle {
			return
		}
		h.idle = append(h.idle, f)
		if !yield(struct{}{}) {
			return
		}
	}
}

// start is called on the coroutine's goroutine before its function.
func (c *Coroutine) start() {
	c.state = coAlive
	c.id.Store(c.fiber.id)
	if c.t != nil {
		c.t.log = c.host.t.log // so that it is recorded if the host is
		c.t.come(0)
		c.t.begin()
	}
}

// end is called on the coroutine's goroutine after its function, or when that has exited.
func (c *Coroutine) end() {
	c.state = coEnded
	if t := c.t; t != nil {
		if t.end != nil {
			t.unwound(nil)
		} else {
			t.returned = true
		}
		t.leave()
	}
	c.id.Store(0)
	c.fiber = nil
}

// Resume has the coroutine begin or go on, and returns when it has suspended itself or ended. If it calls
// runtime.Goexit, or is killed, the calling task exits too. A coroutine that is resumed when it has ended panics.
func (c *Coroutine) Resume() {
	c.Prepare()
	c.Enter()
}

// Prepare is the first half of Resume, and [Coroutine.Enter] the second. A host that is in a hurry calls them one after the other: a processor takes each function
// that returns after a switch to another stack for a surprise, some 5 ns, so the fewer there are the better.
func (c *Coroutine) Prepare() {
	switch c.state {
	case coEnded:
		panic("task: Coroutine: resumed after its end")
	case coUnborn:
		f := c.host.fiber()
		c.fiber, f.c = f, c
	}
	c.host.turn(c)
}

// Enter is the second half of Resume.
func (c *Coroutine) Enter() { c.fiber.next() }

// Suspend gives the time back to the host until that calls Resume. The task is listed as waiting meanwhile, as kind and object
// say. It must be called on the coroutine. It does not return when the task was told to end, unless that has begun: then it returns
// false at once, for there is no host any more that would resume it.
func (c *Coroutine) Suspend(kind Kind, object any) bool {
	if !c.Leave(kind, object) {
		return false
	}
	going := c.Yield()
	c.Back()
	return going
}

// Leave is the first part of Suspend, with [Coroutine.Yield], whose result is Suspend's, and [Coroutine.Back], for who is in a hurry as
// [Coroutine.Prepare] says. If it returns false so does Suspend, and the others are not to be called.
func (c *Coroutine) Leave(kind Kind, object any) bool {
	t := c.t
	if t == nil {
		return true
	}
	if t.end != nil {
		return false
	}
	if t.stopping.Load() {
		t.die()
	}
	t.suspend(kind, object)
	return true
}

// Yield is the second part of Suspend.
func (c *Coroutine) Yield() bool { return c.fiber.yield(struct{}{}) }

// Back is the third part of Suspend.
func (c *Coroutine) Back() {
	t := c.t
	if t == nil {
		return
	}
	t.resumed(c.by)
	c.by = nil
	if t.stopping.Load() {
		t.die()
	}
}

// suspend notes what t, a coroutine, waits for, at less cost than block.
func (t *Task) suspend(kind Kind, object any) {
	site := t.calling
	if t.log != nil {
		site = Here()
		t.log.waits(kind, object, site, t.host.clock())
	}
	since := t.host.real()
	if t.seat == nil {
		t.host.left = since // the next step begins then
	}
	t.mu.Lock()
	w := &t.more().wait
	w.kind, w.object, w.site, w.since = kind, object, site, since
	t.rare.last, t.rare.blocked = t.rare.blocked, blocked{}
	t.mu.Unlock()
}

// resumed notes that the wait is over, and who has ended it.
func (t *Task) resumed(by *source) {
	now := t.host.began - 1 // the step has just begun
	if t.seat != nil {      // that is on another clock
		now = t.host.real()
	}
	t.mu.Lock()
	kind, object, since := t.rare.wait.kind, t.rare.wait.object, t.rare.wait.since
	t.rare.wait = waitState{}
	t.rare.last, t.rare.blocked = blocked{}, blocked{}
	t.mu.Unlock()
	t.account(kind, now-since)
	if t.log != nil {
		t.log.waited(nil, t.host.clock())
		if by != nil {
			by.to(t.log, ArrowDone, object)
		}
	}
}

// WokenBy notes that the calling task lets c go on, for the picture of a recorded run.
func (c *Coroutine) WokenBy() {
	if c.t == nil || c.t.log == nil || recordings.Load() == 0 {
		return
	}
	if s := sourceAt(0); s.log != nil && s.log != c.t.log {
		c.by = &s
	}
}
