package task

import "sync"

// CondWait is what c.Wait() is lowered to. A killed task ends while it waits; it first locks c.L
// again, as its deferred functions expect, and unlocks it at its end if they do not.
func CondWait(c *sync.Cond, site Site) {
	if watch.Load() != 0 && steerCondWait(c, site) {
		return
	}
	t := here()
	if t == nil {
		c.Wait()
		return
	}
	t.obeyRun()
	// The delegate unlocks c.L, which this task has locked, and locks it again before this task goes on. One
	// that has become an orphan passes the signal it gets on to somebody who still waits.
	undo := func() {
		c.Signal()
		c.L.Unlock()
	}
	if watch.Load() != 0 {
		defer enterCond(c)()
	}
	back := lend(c.L)
	d := send(wish{}, c.Wait, undo)
	stop := t.block(WaitCond, c, site)
	defer t.unblock()
	select {
	case <-d.ready:
		back()
		if d.panicked != nil {
			panic(d.panicked)
		}
		return
	case <-stop:
	}
	t.hold(c.L, !d.orphan())
	back()
	t.die()
}
