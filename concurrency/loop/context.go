package loop

import (
	"context"
	"sync"
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/after"
	"github.com/gobraid/gobraid/concurrency/task"
)

// A taskContext is the context of a coroutine. It has the values of the one that it was created with, and ends when the coroutine has: not
// when that is cancelled, for a context cannot be cancelled once and then be good for cleaning up.
type taskContext struct {
	c      *coroutine
	parent context.Context // for values

	mu    sync.Mutex
	done  chan struct{} // made when somebody asks
	ended bool
	after after.List
}

// key finds the taskContext that a context is derived from.
var key int

func (x *taskContext) init(c *coroutine, parent context.Context) {
	if p, ok := parent.(*taskContext); ok {
		parent = p.parent // so that a task that creates the next, for ever, does not keep all
	}
	x.c, x.parent = c, parent
}

func (x *taskContext) Deadline() (time.Time, bool) { return time.Time{}, false }

func (x *taskContext) Done() <-chan struct{} {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.done == nil {
		x.done = make(chan struct{})
		if x.ended {
			close(x.done)
		}
	}
	return x.done
}

func (x *taskContext) Err() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.ended {
		return context.Canceled
	}
	return nil
}

func (x *taskContext) Value(k any) any {
	if k == any(&key) {
		return x
	}
	return x.parent.Value(k)
}

// AfterFunc has f called when the coroutine has ended. Packages context and task call it for contexts that are derived.
func (x *taskContext) AfterFunc(f func()) (stop func() bool) {
	x.mu.Lock()
	if x.ended {
		x.mu.Unlock()
		f()
		return func() bool { return false }
	}
	defer x.mu.Unlock()
	return x.after.Add(&x.mu, f)
}

// whenEnded is AfterFunc for this package.
func (x *taskContext) whenEnded(f func()) { x.AfterFunc(f) }

// end ends the context.
func (x *taskContext) end() {
	x.mu.Lock()
	x.ended = true
	done, call := x.done, x.after.Take()
	x.mu.Unlock()
	if done != nil {
		task.Close(done, 0)
	}
	call()
}

// of returns the coroutine that ctx belongs to, or nil.
func of(ctx context.Context) *coroutine {
	if x, ok := ctx.(*taskContext); ok {
		return x.c
	}
	if ctx == nil {
		return nil
	}
	if x, ok := ctx.Value(&key).(*taskContext); ok {
		return x.c
	}
	return nil
}

// on returns the coroutine that calls op with ctx. That need not be the one that ctx belongs to: a function that runs in
// another may have it from outside.
func on(ctx context.Context, op string) *coroutine {
	c := of(ctx)
	if c == nil {
		misused(op, "the context is not a coroutine's: pass on the one that the coroutine got, and use loop.Run")
	}
	if c.co.Mine() {
		return c
	}
	if now := c.l.current; c.l.host.Here() && now != nil && now.co.Mine() {
		return now
	}
	misused(op, "not on the loop but on another goroutine, or in a callback or an iter.Pull: only a coroutine can await")
	return nil
}

// On reports whether the caller is a coroutine and ctx belongs to its loop: whether it may await with ctx. Functions that await on a loop and
// block elsewhere ask it.
func On(ctx context.Context) bool {
	c := of(ctx)
	if c == nil {
		return false
	}
	if c.co.Mine() {
		return true
	}
	h := c.l.shared.Load()
	if h == nil || !h.Here() {
		return false
	}
	now := c.l.current
	return now != nil && now.co.Mine()
}

// must returns the loop of ctx.
func must(ctx context.Context, op string) *Loop {
	c := of(ctx)
	if c == nil {
		misused(op, "the context is not a coroutine's: pass on the one that the coroutine got, and use loop.Run")
	}
	return c.l
}
