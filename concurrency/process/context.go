package process

import (
	"context"
	"sync"
	"time"
)

// A taskContext is the context of a task in a worker. It is made when it is asked for: most short functions do not, and then it
// costs nothing.
type taskContext struct {
	mu     sync.Mutex
	ctx    context.Context
	cancel context.CancelCauseFunc
	copies *copies // or nil
	ended  bool
	why    error
}

// real returns the context proper.
func (c *taskContext) real() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx == nil {
		c.ctx, c.cancel = context.WithCancelCause(context.Background())
		if c.ended {
			c.cancel(c.why)
		}
	}
	return c.ctx
}

func (c *taskContext) Deadline() (time.Time, bool) { return time.Time{}, false }

func (c *taskContext) Value(key any) any {
	if key == (copiesKey{}) && c.copies != nil {
		return c.copies
	}
	return c.real().Value(key)
}

func (c *taskContext) Done() <-chan struct{} { return c.real().Done() }
func (c *taskContext) Err() error            { return c.real().Err() }

// end ends the context, with a cause.
func (c *taskContext) end(why error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return
	}
	c.ended, c.why = true, why
	if c.cancel != nil {
		c.cancel(why)
	}
}
