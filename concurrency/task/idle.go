package task

import (
	"slices"
	"time"
)

// next gives the turn to the task that the strategy picks. When none can go on it polls for what others have done, and then
// moves the clock. It returns true when nothing can happen any more, once. c.mu is held, but not all the time.
func (c *control) next() (dead bool) {
	for tries := 0; !c.off.Load(); {
		c.notice()
		switch {
		case len(c.ready) > 0:
			c.give(c.pick(nil))
			return false
		case c.drained != nil:
			c.endDrain()
			return false
		case c.poll() || c.advance():
			tries = 0
		case tries < patience && c.others():
			c.wait()
			tries++
		case c.poll(): // for what the last of the others did before its end
		default:
			dead, c.dead = !c.dead, true
			return dead
		}
	}
	return false
}

// poll tries what the waiting tasks wait for, in the order in which they came, and reports whether one can go on. c.mu is
// held.
func (c *control) poll() bool {
	for _, w := range slices.Clone(c.parked) {
		switch {
		case w.awake:
		case w.cases != nil:
			if able, did := c.look(w.cases); did >= 0 {
				c.wake(w, did)
			} else if len(able) > 0 {
				c.wake(w, again)
			}
		case w.try != nil && w.try():
			c.wake(w, 0)
		}
	}
	return len(c.ready) > 0
}

const (
	patience = 100 // looks
	interval = time.Millisecond
)

// wait waits a moment for others, or for a task that arrives. c.mu is not held meanwhile.
func (c *control) wait() {
	c.mu.Unlock()
	defer c.mu.Lock()
	timer := time.NewTimer(interval)
	defer timer.Stop()
	select {
	case <-c.news:
	case <-c.over:
	case <-timer.C:
	}
}

// others reports whether somebody who is not under control may do something that tasks of this run wait for: live tasks of other
// runs, or goroutines of libraries.
func (c *control) others() bool {
	found := false
	each(func(t *Task) { found = found || c.beside(t) })
	return found || c.run.Untracked() > 0
}

// beside reports whether t goes by real time and can do something meanwhile.
func (c *control) beside(t *Task) bool { return (t.run != c.run || t.visitor) && t != c.caller }

// idleLimit is how many operations in a row may change nothing before the clock moves: a task that polls the clock, or a
// variable that a timer sets, would never get to see it otherwise.
const idleLimit = 1000

// spin notes an operation. When tasks do nothing but poll, the clock moves to the next bell. When one of them reads the
// clock, it moves more slowly, so that it is not seen to jump over what that one waits for: by a millisecond, or
// by a hundredth of what it has moved already. c.mu is held, but not all the time.
func (c *control) spin(k OpKind) {
	if k != OpYield && k != OpAtomic && k != OpTimer && k != OpTry {
		c.idle, c.reads, c.spun = 0, 0, 0
		return
	}
	c.idle++
	if k == OpTimer {
		c.reads++
	}
	if c.idle < idleLimit {
		return
	}
	step := max(time.Millisecond, c.spun/100)
	to := c.now() + step
	switch next := len(c.bells) > 0; {
	case next && (c.reads == 0 || c.bells[0].at <= to):
		c.ring()
	case c.reads > 0:
		c.time.Store(int64(to))
	}
	c.spun += step
	c.idle, c.reads = 0, 0
}
