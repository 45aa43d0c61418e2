package process

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/report"
)

// A taskContext is the context of a task in a worker. It is made when it is asked for: most short functions do not, and then it
// costs nothing.
type taskContext struct {
	mu     sync.Mutex
	ctx    context.Context
	cancel context.CancelCauseFunc
	copies *copies                      // or nil
	out    *sender                      // to the pool
	seq    uint32                       // of the task there
	pacer  atomic.Pointer[report.Pacer] // of what it reports, or nil
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
	if _, ok := key.(report.Key); ok {
		return c.sink()
	}
	if key == (copiesKey{}) && c.copies != nil {
		return c.copies
	}
	return c.real().Value(key)
}

// reportEvery is how often a task's progress is sent.
const reportEvery = 20 * time.Millisecond

// sink returns what sends to the pool how far the task has come.
func (c *taskContext) sink() report.Sink {
	if p := c.pacer.Load(); p != nil {
		return p
	}
	p := &report.Pacer{Every: reportEvery, Send: func(done, total int, text string) {
		c.out.send(header{kind: kindProgress, seq: c.seq}, report.Append(nil, done, total, text), nil)
	}}
	if !c.pacer.CompareAndSwap(nil, p) {
		p = c.pacer.Load()
	}
	return p
}

// reported sends what the task has reported last, and nothing after that.
func (c *taskContext) reported() {
	if p := c.pacer.Load(); p != nil {
		p.End()
	}
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
