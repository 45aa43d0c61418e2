package concurrency

import (
	"context"
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/report"
	"github.com/gobraid/gobraid/concurrency/task"
)

// A callContext is the context of a future's function. Most functions never ask whether it has ended, so what can
// tell is made when they do. Contexts that descend from it are then as near to it as to any of package context: it is
// found by their search for the one that cancels.
type callContext core

// make makes what is beneath the context, unless it is there, and returns it. c.mu is held.
func (c *core) make() context.Context {
	m := c.rest()
	if m.inner != nil {
		return m.inner
	}
	m.inner, m.cancel = task.ContextWithCancelCause(c.parent)
	if c.state.Load() == finished {
		m.cancel(c.err)
	}
	return m.inner
}

// made returns what make has made, or nil.
func (c *callContext) made() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.more == nil {
		return nil
	}
	return c.more.inner
}

// beneath makes what is beneath the context, unless it is there, and returns it.
func (c *callContext) beneath() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	return (*core)(c).make()
}

func (c *callContext) Done() <-chan struct{} { return c.beneath().Done() }

func (c *callContext) Err() error {
	if inner := c.made(); inner != nil {
		return inner.Err()
	}
	if c.state.Load() == finished {
		return context.Canceled
	}
	return c.parent.Err()
}

func (c *callContext) Deadline() (time.Time, bool) { return c.parent.Deadline() }

func (c *callContext) Value(key any) any {
	if _, ok := key.(report.Key); ok {
		return (*sink)(c)
	}
	c.mu.Lock()
	m := c.more
	if c.state.Load() == finished {
		(*core)(c).make() // its cause may be what is asked for
		m = c.more
	}
	c.mu.Unlock()
	if m == nil {
		return c.parent.Value(key)
	}
	if m.worker != nil {
		if v := m.worker.Value(key); v != nil {
			return v
		}
	}
	if m.inner != nil {
		return m.inner.Value(key)
	}
	return c.parent.Value(key)
}

// assign gives the function the values of a worker's context, before it begins.
func (c *core) assign(worker context.Context) {
	c.mu.Lock()
	c.rest().worker = worker
	c.mu.Unlock()
}
