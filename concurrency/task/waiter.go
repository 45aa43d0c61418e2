package task

import (
	"slices"
	"unsafe"
)

// A waiter is a task of a controlled run that waits, in the queues of all it waits for.
type waiter struct {
	s      *seat
	kind   Kind
	object any
	site   Site
	queues []unsafe.Pointer

	cases []Case      // what it wants to do, for channels
	try   func() bool // does what it wants to, if that can be done; nil for channels and for what only a wake helps
	pass  func()      // hands a wake that the task could not use to another; may be nil

	source   source // as the tail of an arrow
	recalled bool
	parked   bool
	awake    bool
	fired    int // the case that has communicated, or again
}

// again says of a waiter that it is to try for itself.
const again = -1

// A line is a queue of waiters, the one that came first in front.
type line []entrant

// An entrant is a waiter in a line, with the index of the case it is there for.
type entrant struct {
	w *waiter
	i int
}

// enter puts w at the end of the line of object, or in front of it. c.mu is held.
func (c *control) enter(w *waiter, object unsafe.Pointer, i int, front bool) {
	w.queues = append(w.queues, object)
	if front {
		c.lines[object] = slices.Insert(c.lines[object], 0, entrant{w, i})
		return
	}
	c.lines[object] = append(c.lines[object], entrant{w, i})
}

// withdraw takes w out of all lines. c.mu is held.
func (c *control) withdraw(w *waiter) {
	for _, object := range w.queues {
		l := slices.DeleteFunc(c.lines[object], func(e entrant) bool { return e.w == w })
		if len(l) == 0 {
			delete(c.lines, object)
		} else {
			c.lines[object] = l
		}
	}
	w.queues = nil
}

// wake makes the task of w able to go on. c.mu is held.
func (c *control) wake(w *waiter, fired int) {
	if w.awake {
		return
	}
	w.awake, w.fired = true, fired
	if fired >= 0 && fired < len(w.cases) {
		w.s.t.fired(w.cases[fired].channel())
	}
	c.withdraw(w)
	if w.parked { // or it is about to park, and will see
		c.unpark(w)
		c.able(w.s)
	}
}

// wakeFirst wakes the first waiter of a line, to try for itself. c.mu is held.
func (c *control) wakeFirst(object unsafe.Pointer) bool {
	l := c.lines[object]
	if len(l) == 0 {
		return false
	}
	c.wake(l[0].w, again)
	return true
}

// wakeAll wakes all of a line. c.mu is held.
func (c *control) wakeAll(object unsafe.Pointer) {
	for c.wakeFirst(object) {
	}
}

// firstFor returns the first waiter of a channel's line that wants to send or to receive. c.mu is held.
func (c *control) firstFor(object unsafe.Pointer, send bool) (entrant, bool) {
	for _, e := range c.lines[object] {
		if e.w.cases[e.i].sends() == send {
			return e, true
		}
	}
	return entrant{}, false
}
