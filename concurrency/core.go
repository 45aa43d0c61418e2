package concurrency

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A core is a future but for its value. What most futures never need, a channel and a context, is made when it is first asked for.
type core struct {
	node
	state  atomic.Uint32   // pending, running, finished; it becomes finished under mu
	asked  bool            // Cancel was called in time
	parent context.Context // ends the function's

	mu   sync.Mutex
	err  error         // before finished is set
	done chan struct{} // or nil
	more *more         // or nil
}

// more is what few futures need.
type more struct {
	callbacks []func()
	inner     context.Context         // what the function's context is over, or nil
	cancel    context.CancelCauseFunc // set with inner
	worker    context.Context         // has values for the function, or is nil; set before it begins
	reports   *reports                // of the function, or nil
	held      bool                    // see core.hold
}

// rest returns c.more. c.mu is held.
func (c *core) rest() *more {
	if c.more == nil {
		c.more = &more{}
	}
	return c.more
}

const (
	pending uint32 = iota
	running
	finished
)

// init readies a core whose function's context ends with ctx.
func (c *core) init(ctx context.Context) {
	c.parent = ctx
	if !task.Live() {
		// Who makes a context is what is recorded, and the task that is under control has to make it.
		c.make()
	}
}

// context returns the context for the function.
func (c *core) context() context.Context { return (*callContext)(c) }

// begin moves the future from pending to running, and reports whether it has. When the context has ended it does not:
// then it returns the cause of that.
func (c *core) begin() (bool, error) {
	if c.parent.Err() != nil {
		return false, context.Cause(c.parent)
	}
	return c.state.CompareAndSwap(pending, running), nil
}

// settle finishes the future. c.mu is held, and is not when it returns.
func (c *core) settle(err error) {
	c.err = err
	if c.more != nil && c.more.reports != nil && c.hold() {
		c.mu.Unlock()
		return
	}
	c.end()
}

// end tells all that the future is done. c.mu is held, and is not when it returns.
func (c *core) end() {
	err, done := c.err, c.done
	var cancel context.CancelCauseFunc
	var callbacks []func()
	if m := c.more; m != nil {
		cancel, callbacks = m.cancel, m.callbacks
		m.callbacks = nil
	}
	c.state.Store(finished)
	c.mu.Unlock()
	if cancel != nil {
		cancel(err)
	}
	if done != nil {
		task.Close(done, 0)
	}
	for _, f := range callbacks {
		f()
	}
}

// error returns the error, nil while the future is not done.
func (c *core) error() error {
	if c.state.Load() != finished {
		return nil
	}
	return c.err
}

// channel returns the channel that is closed when the future is done.
func (c *core) channel() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done == nil {
		if c.state.Load() == finished {
			return closed
		}
		c.done = make(chan struct{})
	}
	return c.done
}

// closed is the channel of futures that were done before it was asked for.
var closed = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// wasCanceled is Future.Canceled.
func (c *core) wasCanceled() bool {
	if c.state.Load() != finished || !errors.Is(c.err, ErrCanceled) && !errors.Is(c.err, context.Canceled) {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked
}

// stop is Future.Cancel.
func (c *core) stop() bool {
	c.mu.Lock()
	switch {
	case c.state.Load() == finished:
		c.mu.Unlock()
		return false
	case c.state.CompareAndSwap(pending, running): // now nobody else runs it
		c.asked = true
		c.settle(ErrCanceled)
		return true
	}
	c.asked = true
	c.make()
	cancel := c.more.cancel
	c.mu.Unlock()
	cancel(ErrCanceled)
	return true
}

// whenDone has f called when the future is done: now, if it is that.
func (c *core) whenDone(f func()) {
	c.mu.Lock()
	if c.state.Load() != finished {
		m := c.rest()
		m.callbacks = append(m.callbacks, f)
		c.mu.Unlock()
		return
	}
	c.mu.Unlock()
	f()
}

// wait blocks until the future is done, or ctx ends. object is what is waited for.
func (c *core) wait(ctx context.Context, object any) error {
	if c.state.Load() == finished {
		return nil
	}
	return wait(ctx, c.channel(), object)
}

// wait blocks until done is closed, or ctx ends. object is what is waited for.
func wait(ctx context.Context, done <-chan struct{}, object any) error {
	select {
	case <-done:
		return nil
	default:
		return task.Await(ctx, done, object, task.Here())
	}
}
