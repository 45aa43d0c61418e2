package task

import (
	"container/heap"
	"reflect"
	"time"
	"unsafe"
)

// A bell is a time on the clock of a controlled run at which something happens.
type bell struct {
	c      *control
	at     time.Duration
	order  int
	index  int // in the heap, -1 when it is not there
	period time.Duration

	fire  func()              // what happens, on the goroutine of whoever gave the turn away last; or
	line  unsafe.Pointer      // the channel that gets the time
	send  chan time.Time      // the same
	real  func(time.Duration) // has it happen after a real time, for when control has ended
	timer *time.Timer         // which real has started, for a context
}

// bells is a heap, the next in front; what is due at one time in the order in which it was set.
type bells []*bell

func (a bells) Len() int { return len(a) }
func (a bells) Less(i, j int) bool {
	return a[i].at < a[j].at || a[i].at == a[j].at && a[i].order < a[j].order
}
func (a bells) Swap(i, j int) {
	a[i], a[j] = a[j], a[i]
	a[i].index, a[j].index = i, j
}
func (a *bells) Push(x any) {
	x.(*bell).index = len(*a)
	*a = append(*a, x.(*bell))
}
func (a *bells) Pop() any {
	n := len(*a) - 1
	x := (*a)[n]
	x.index = -1
	*a = (*a)[:n]
	return x
}

// set sets the bell to go off after d. c.mu is held.
func (c *control) set(a *bell, d time.Duration) {
	c.orders++
	a.at, a.order = c.now()+max(d, 0), c.orders
	if a.at < c.now() { // for ever
		a.at = 1<<63 - 1
	}
	if a.index >= 0 {
		heap.Fix(&c.bells, a.index)
		return
	}
	heap.Push(&c.bells, a)
}

// unset takes the bell back, and reports whether it was still to go off. c.mu is held.
func (c *control) unset(a *bell) bool {
	if a.index < 0 {
		return false
	}
	heap.Remove(&c.bells, a.index)
	return true
}

// advance moves the clock to the next bell, and has all go off that are due then. It does nothing, and returns false, when
// none of all bells can make a task go on. c.mu is held, but not all the time.
func (c *control) advance() bool {
	if !c.hopeful() {
		return false
	}
	c.ring()
	return true
}

// hopeful reports whether a bell can make a task go on: a ticker to whose channel nobody listens
// ticks on in vain. c.mu is held.
func (c *control) hopeful() bool {
	for _, a := range c.bells {
		if a.fire != nil {
			return true
		}
		if _, ok := c.firstFor(a.line, false); ok {
			return true
		}
	}
	return false
}

// ring moves the clock to the next bell and has all go off that are due then. c.mu is held, but not all the time.
func (c *control) ring() {
	c.time.Store(int64(max(c.now(), c.bells[0].at)))
	last := c.orders // what is set from now on is for the next time
	for len(c.bells) > 0 && c.bells[0].at <= c.now() && c.bells[0].order <= last {
		a := heap.Pop(&c.bells).(*bell)
		if a.fire != nil {
			c.mu.Unlock()
			a.fire()
			c.mu.Lock()
			continue
		}
		heard := c.tick(a)
		if a.period > 0 && !c.off.Load() {
			c.set(a, a.period)
			if !heard {
				c.skip(a)
			}
		}
	}
}

// skip moves a ticker that nobody listens to as far as nobody can tell: to its first tick at or after the next bell.
// c.mu is held.
func (c *control) skip(a *bell) {
	if len(c.bells) < 2 || c.bells[0] != a {
		return
	}
	next := c.bells[1].at
	if len(c.bells) > 2 {
		next = min(next, c.bells[2].at)
	}
	if next > a.at {
		a.at += (next - a.at + a.period - 1) / a.period * a.period
		heap.Fix(&c.bells, a.index)
	}
}

// tick sends the time to the bell's channel, and reports whether there was room. c.mu is held.
func (c *control) tick(a *bell) bool {
	t := c.calendar()
	if e, ok := c.firstFor(a.line, false); ok {
		e.w.cases[e.i].took(reflect.ValueOf(t), true)
		c.wake(e.w, e.i)
		return true
	}
	select {
	case a.send <- t:
		c.full[a.line] = true
		return true
	default:
		return false
	}
}

// beginning is the time at which controlled runs begin.
var beginning = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// calendar returns the date and time on the clock of the run.
func (c *control) calendar() time.Time { return beginning.Add(c.now()) }

// toRealTime has what is set go off after real times. c.mu is held.
func (c *control) toRealTime() {
	at := time.Duration(c.time.Load())
	for _, a := range c.bells {
		a.index = -1
		a.real(a.at - at)
	}
}
