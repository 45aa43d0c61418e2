package task

import "sync"

// CondWait is what c.Wait() is lowered to. A killed task ends while it waits; it first locks c.L
// again, as its deferred functions expect, and unlocks it at its end if they do not.
func CondWait(c *sync.Cond, site Site) {
	t := current()
	if t == nil {
		c.Wait()
		return
	}
	// The delegate unlocks c.L, which this task has locked, and locks it again before this task goes on. One
	// that has become an orphan passes the signal it gets on to somebody who still waits.
	undo := func() {
		c.Signal()
		c.L.Unlock()
	}
	d := send(wish{}, c.Wait, undo)
	stop := t.block(WaitCond, c, site)
	defer t.unblock()
	select {
	case <-d.ready:
		if d.panicked != nil {
			panic(d.panicked)
		}
		return
	case <-stop:
	}
	if d.orphan() {
		// However long it takes: a task that ended without the lock would have its deferred Unlock kill
		// the process.
		c.L.Lock()
	}
	t.hold(c.L)
	t.die()
}
