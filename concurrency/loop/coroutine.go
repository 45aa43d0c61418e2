package loop

import (
	"context"
	"fmt"
	"strconv"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// coroutine is the inside of a Task, whatever its type.
type coroutine struct {
	future
	co    task.Coroutine
	ctx   taskContext
	body  body
	timer timer
	waits canceler // what a cancellation goes to while it is suspended, nil for itself
	must  *CanceledError
	// abandoned is why an await ends though what it waits for is not there: its context has.
	abandoned error

	before, after *coroutine // in the list of the loop
	cancels       int
	number        int
	name          string
	seq           uint32 // of awaits, so that who wakes it late does not
	suspended     bool
	queued        bool
	main          bool
	leftover      bool // cancelled because the loop ends
}

// body is what a coroutine does.
type body interface {
	call(ctx context.Context) error
}

// A canceler is what a coroutine waits for that wants to be cancelled with it. It reports whether it has been, and will have the coroutine
// go on with that.
type canceler interface {
	cancelFor(c *coroutine, err *CanceledError) bool
}

// create makes c, a zero one, a coroutine that is ready to begin. It is called on the loop.
func (l *Loop) create(c *coroutine, ctx context.Context, b body, site task.Site) {
	c.l, c.body = l, b
	l.names++
	c.number = l.names
	c.ctx.init(c, ctx)
	l.host.Init(&c.co, c, site, c.name)
	l.tasks.add(c)
	c.queued = true
	l.ready.push(entry{c: c})
}

// Coroutine runs the body. Package task calls it.
func (c *coroutine) Coroutine() {
	err := concurrency.ErrExited
	defer func() { c.finish(err) }()
	if p := task.Catch(func() { err = c.body.call(&c.ctx) }); p != nil {
		err = p
	}
}

// finish makes the coroutine done.
func (c *coroutine) finish(err error) {
	c.l.tasks.remove(c)
	c.after = nil
	c.ctx.end()
	if err != nil {
		c.failing(err)
	}
	c.settle(err)
}

// drop makes a coroutine done that was cancelled before it began.
func (c *coroutine) drop() {
	err := c.must
	c.must = nil
	c.finish(err)
}

// wake makes c ready, if it is suspended and not yet ready.
func (c *coroutine) wake() {
	if !c.suspended || c.queued {
		return
	}
	c.queued = true
	c.co.WokenBy()
	c.l.ready.push(entry{c: c})
}

// settled wakes c because what it waits for is done.
func (c *coroutine) settled(_ *future, seq uint32) {
	if c.seq == seq {
		c.wake()
	}
}

// begin begins an await. It returns the error with which that ends at once, if it does: a cancellation that is due, or the
// cause of ctx. stop is for suspend.
func (c *coroutine) begin(ctx context.Context) (stop func() bool, err error) {
	if err := c.deliver(); err != nil {
		return nil, err
	}
	if ctx == context.Context(&c.ctx) {
		return nil, nil
	}
	return c.follow(ctx)
}

// suspend lets others run until somebody wakes c. It returns what is to be delivered: a cancellation, or why the wait was given up.
// Nothing but [coroutine.begin] and what leads to the waking has happened before.
func (c *coroutine) suspend(stop func() bool, kind task.Kind, object any, waits canceler) error {
	c.suspended, c.waits = true, waits
	going := c.co.Leave(kind, object)
	if going {
		going = c.co.Yield()
		c.co.Back()
	}
	return c.resumed(going, stop)
}

// resumed is what is to be done when c goes on.
func (c *coroutine) resumed(going bool, stop func() bool) error {
	c.suspended, c.waits = false, nil
	c.seq++
	if stop != nil {
		stop()
	}
	if !going {
		return concurrency.ErrExited
	}
	if err := c.abandoned; err != nil {
		c.abandoned = nil
		if c.must == nil {
			return err
		}
	}
	return c.deliver()
}

// deliver returns the cancellation that is due, once.
func (c *coroutine) deliver() error {
	if c.must == nil {
		return nil
	}
	err := c.must
	c.must = nil
	return err
}

// follow has c's next wait end with ctx, a context that is not its own. Its error is the cause of ctx if that has ended.
func (c *coroutine) follow(ctx context.Context) (stop func() bool, err error) {
	done := ctx.Done()
	if done == nil {
		return nil, nil
	}
	if x, ok := ctx.Value(&key).(*taskContext); ok && x.Done() == done {
		return nil, nil // of the same or of another coroutine, with values
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	seq := c.seq
	return task.ContextAfterFunc(0, ctx, func() {
		c.l.post(func() {
			if c.seq == seq && c.suspended && !c.queued {
				c.abandoned = context.Cause(ctx)
				c.wake()
			}
		})
	}), nil
}

// cancel has a CanceledError delivered to c, and reports whether c was not done. It is called on the loop.
func (c *coroutine) cancel(cause error) bool {
	if c.done() {
		return false
	}
	c.cancels++
	err := &CanceledError{Cause: cause}
	if c.suspended && !c.queued {
		if c.waits != nil && c.waits.cancelFor(c, err) {
			return true
		}
		c.must = err
		c.wake()
		return true
	}
	if c.must == nil {
		c.must = err
	}
	return true
}

// cancelFor cancels a coroutine for one that awaits it, and goes on when this has ended.
func (c *coroutine) cancelFor(_ *coroutine, err *CanceledError) bool { return c.cancel(err.Cause) }

// cancelWith cancels c when ctx ends, unless that is the context of a coroutine.
func (l *Loop) cancelWith(ctx context.Context, c *coroutine) (stop func() bool) {
	done := ctx.Done()
	none := func() bool { return false }
	if done == nil {
		return none
	}
	if x, ok := ctx.Value(&key).(*taskContext); ok && x.Done() == done {
		return none
	}
	return task.ContextAfterFunc(0, ctx, func() {
		l.post(func() { c.cancel(context.Cause(ctx)) })
	})
}

// title names the coroutine.
func (c *coroutine) title() string {
	if c.name != "" {
		return c.name
	}
	if c.main {
		return "main coroutine"
	}
	return "Task-" + strconv.Itoa(c.number)
}

// created says where the coroutine was created, "" if it is not known.
func (c *coroutine) created() string {
	if t := c.co.Task(); t != nil && t.Site() != 0 {
		return fmt.Sprintf(", created at %v", t.Site())
	}
	return ""
}

// Cancel has a [CanceledError] delivered to the coroutine, once, at the await where it is or at the next that it comes to, and reports whether
// it was not done. A coroutine that has not begun never runs. What it does then is its own affair: it may await again, to clean up; it should
// return the error. If it awaits another task, that is cancelled, and the error comes when that has ended: see [Shield].
//
// Cancel does not block and may be called from any goroutine.
func (c *coroutine) Cancel() bool { return c.CancelWith(nil) }

// CancelWith is Cancel with a cause, which the error wraps. It is asyncio's msg.
func (c *coroutine) CancelWith(cause error) bool {
	if c.l.host.Here() {
		return c.cancel(cause)
	}
	return !c.done() && c.l.post(func() { c.cancel(cause) })
}

// Cancels returns how many cancellations were asked for that [Task.Uncancel] has not taken back: asyncio's cancelling. It must be
// called on the loop.
func (c *coroutine) Cancels() int { return c.cancels }

// Uncancel takes one request for cancellation back, and returns how many there still are. Who has asked for it, and has caught
// the error, does so. It must be called on the loop.
func (c *coroutine) Uncancel() int {
	c.cancels = max(c.cancels-1, 0)
	if c.cancels == 0 {
		c.must = nil
	}
	return c.cancels
}

// Name returns the name of the task: what WithName has given it, or Task- and a number.
func (c *coroutine) Name() string { return c.title() }
