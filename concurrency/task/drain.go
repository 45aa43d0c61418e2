package task

import "time"

// drainSteps is how many operations of all tasks together a drain takes.
const drainSteps = 10_000

// drainTime is the real time a drain takes, for tasks that compute. Tests have more.
var drainTime = 50 * time.Millisecond

// drain lets the tasks that the main task leaves behind go on until all of them wait, so that what they do before that is the same
// on every run. The clock stands still. Those that go on for ever, or compute for long, go on as live ones. s is the
// main task's, which has ended.
func (c *control) drain(s *seat) {
	c.mu.Lock()
	if c.off.Load() || c.current != s {
		c.mu.Unlock()
		return
	}
	drained := make(chan struct{})
	c.drained, c.until, c.current = drained, c.steps+drainSteps, nil
	c.next()
	c.mu.Unlock()
	timer := time.NewTimer(drainTime)
	defer timer.Stop()
	select {
	case <-drained:
	case <-c.over:
	case <-timer.C:
	}
}

// endDrain says that nothing more is to come. c.mu is held.
func (c *control) endDrain() {
	if c.until > 0 {
		c.until = 0
		close(c.drained)
	}
}

// draining notes a step, and reports whether the main task has ended. c.mu is held.
func (c *control) draining() bool {
	if c.drained == nil {
		return false
	}
	if c.steps > c.until {
		c.endDrain()
	}
	return true
}
