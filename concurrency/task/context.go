package task

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/after"
)

// A clockContext is a context of a controlled run. It is as those of package context are, but its deadline is on the clock of the
// run, and who waits for its end is woken by the scheduler.
type clockContext struct {
	parent   context.Context
	c        *control
	name     string
	deadline time.Time
	done     chan struct{}

	mu     sync.Mutex
	err    error
	cause  error
	holder context.Context // one of package context that has ended with the same cause
	after  after.List      // what follows the end, in order
	bell   *bell
	leave  func() bool // unties it from the parent
}

// clockKey is the key under which a context finds the clockContext that it is or is inside of.
var clockKey int

// causeKey is the key under which package context looks for what has the cause of a context's end.
var causeKey = func() any {
	var p probe
	p.Context = context.Background()
	context.Cause(&p)
	return p.key
}()

type probe struct {
	context.Context
	key any
}

func (p *probe) Err() error { return context.Canceled }

func (p *probe) Value(key any) any {
	p.key = key
	return nil
}

func (x *clockContext) Deadline() (time.Time, bool) {
	if x.deadline.IsZero() {
		return x.parent.Deadline()
	}
	return x.deadline, true
}

func (x *clockContext) Done() <-chan struct{} { return x.done }

func (x *clockContext) Err() error {
	x.mu.Lock()
	err := x.err
	x.mu.Unlock()
	if err == nil && x.parent.Err() != nil { // of a context that does not tell its children
		x.end(x.parent.Err(), context.Cause(x.parent))
		return x.Err()
	}
	return err
}

func (x *clockContext) Value(key any) any {
	switch key {
	case any(&clockKey):
		return x
	case causeKey:
		x.mu.Lock()
		defer x.mu.Unlock()
		if x.holder == nil {
			return nil
		}
		return x.holder.Value(key)
	}
	return x.parent.Value(key)
}

// String returns what a context of package context would.
func (x *clockContext) String() string {
	parent, ok := x.parent.(fmt.Stringer)
	if !ok {
		return reflect.TypeOf(x.parent).String() + x.name
	}
	return parent.String() + x.name
}

// AfterFunc has f called when the context has ended. Package context calls it for its own children.
func (x *clockContext) AfterFunc(f func()) (stop func() bool) {
	x.mu.Lock()
	if x.err != nil {
		x.mu.Unlock()
		f()
		return func() bool { return false }
	}
	defer x.mu.Unlock()
	return x.after.Add(&x.mu, f)
}

// end ends the context.
func (x *clockContext) end(err, cause error) {
	if cause == nil {
		cause = err
	}
	x.mu.Lock()
	if x.err != nil {
		x.mu.Unlock()
		return
	}
	x.err, x.cause = err, cause
	holder, cancel := context.WithCancelCause(context.Background())
	cancel(cause)
	x.holder = holder
	follow, leave, bell := x.after.Take(), x.leave, x.bell
	x.leave, x.bell = nil, nil
	x.mu.Unlock()
	close(x.done)
	x.c.closed(reflect.ValueOf(x.done).UnsafePointer(), ArrowCancel)
	if bell != nil {
		x.c.mu.Lock()
		x.c.unset(bell)
		if bell.timer != nil {
			bell.timer.Stop()
		}
		x.c.mu.Unlock()
	}
	if leave != nil {
		leave()
	}
	follow()
}

// newContext returns a context that ends with its parent.
func (c *control) newContext(parent context.Context, name string) *clockContext {
	x := &clockContext{parent: parent, c: c, name: name, done: make(chan struct{})}
	if err := parent.Err(); err != nil {
		x.end(err, context.Cause(parent))
		return x
	}
	if parent.Done() != nil {
		x.leave = c.whenDone(parent, func() { x.end(parent.Err(), context.Cause(parent)) })
	}
	return x
}

// whenDone has f called when ctx ends, at the latest when the next task is picked. stop undoes that.
func (c *control) whenDone(ctx context.Context, f func()) (stop func() bool) {
	if x, ok := ctx.Value(&clockKey).(*clockContext); ok && x.done == ctx.Done() {
		return x.AfterFunc(f)
	}
	if a, ok := ctx.(interface{ AfterFunc(func()) func() bool }); ok {
		return a.AfterFunc(f)
	}
	w := &watched{c: c, ctx: ctx, f: f}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.off.Load() {
		return context.AfterFunc(ctx, f)
	}
	c.watched = append(c.watched, w)
	return w.stop
}

// watched is a context of somebody else, looked at whenever a task is picked.
type watched struct {
	c    *control
	ctx  context.Context
	f    func()
	live func() bool // stops what takes its place when control has ended
}

// notice calls what follows the end of the contexts that have ended. c.mu is held, but not meanwhile.
func (c *control) notice() {
	for i := 0; i < len(c.watched); i++ {
		w := c.watched[i]
		select {
		case <-w.ctx.Done():
			c.watched = slices.Delete(c.watched, i, i+1)
			c.mu.Unlock()
			w.f()
			c.mu.Lock()
			i = -1
		default:
		}
	}
}

// follow leaves the context to package context.
func (w *watched) follow() { w.live = context.AfterFunc(w.ctx, w.f) }

func (w *watched) stop() bool {
	w.c.mu.Lock()
	defer w.c.mu.Unlock()
	if w.live != nil {
		return w.live()
	}
	i := slices.Index(w.c.watched, w)
	if i >= 0 {
		w.c.watched = slices.Delete(w.c.watched, i, i+1)
	}
	return i >= 0
}

// contextControl returns the control that the calling task is under, or nil.
func contextControl(parent context.Context) *control {
	if watch.Load() == 0 || parent == nil {
		return nil
	}
	if s := steering(); s != nil {
		return s.c
	}
	return nil
}

// ending is a point before a context ends.
func (c *control) ending() {
	if s := steering(); s != nil && s.c == c {
		c.point(s, Op{Kind: OpCancel})
	}
}

// ContextWithCancel is what context.WithCancel is lowered to.
func ContextWithCancel(parent context.Context) (context.Context, context.CancelFunc) {
	c := contextControl(parent)
	if c == nil {
		ctx, cancel := context.WithCancel(parent)
		return ctx, cancellable(parent, ctx, cancel)
	}
	x := c.newContext(parent, ".WithCancel")
	return x, func() { c.ending(); x.end(context.Canceled, nil) }
}

// ContextWithCancelCause is what context.WithCancelCause is lowered to.
func ContextWithCancelCause(parent context.Context) (context.Context, context.CancelCauseFunc) {
	c := contextControl(parent)
	if c == nil {
		ctx, cancel := context.WithCancelCause(parent)
		if recordings.Load() != 0 {
			adopted(parent, ctx)
		}
		return ctx, func(cause error) { cancelRecorded(ctx, func() { cancel(cause) }) }
	}
	x := c.newContext(parent, ".WithCancel")
	return x, func(cause error) { c.ending(); x.end(context.Canceled, cause) }
}

// ContextWithDeadline is what context.WithDeadline is lowered to.
func ContextWithDeadline(parent context.Context, d time.Time) (context.Context, context.CancelFunc) {
	return ContextWithDeadlineCause(parent, d, nil)
}

// ContextWithTimeout is what context.WithTimeout is lowered to.
func ContextWithTimeout(parent context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	return ContextWithTimeoutCause(parent, timeout, nil)
}

// ContextWithTimeoutCause is what context.WithTimeoutCause is lowered to.
func ContextWithTimeoutCause(parent context.Context, timeout time.Duration, cause error) (context.Context, context.CancelFunc) {
	if c := contextControl(parent); c != nil {
		return ContextWithDeadlineCause(parent, c.calendar().Add(timeout), cause)
	}
	ctx, cancel := context.WithTimeoutCause(parent, timeout, cause)
	return noted(parent, ctx, cancel)
}

// ContextWithDeadlineCause is what context.WithDeadlineCause is lowered to.
func ContextWithDeadlineCause(parent context.Context, d time.Time, cause error) (context.Context, context.CancelFunc) {
	c := contextControl(parent)
	if c == nil {
		ctx, cancel := context.WithDeadlineCause(parent, d, cause)
		return noted(parent, ctx, cancel)
	}
	if earlier, ok := parent.Deadline(); ok && earlier.Before(d) {
		return ContextWithCancel(parent)
	}
	left := d.Sub(c.calendar())
	x := c.newContext(parent, fmt.Sprintf(".WithDeadline(%s [%s])", d, left))
	x.deadline = d
	cancel := func() { c.ending(); x.end(context.Canceled, nil) }
	expire := func() { x.end(context.DeadlineExceeded, cause) }
	if left <= 0 {
		expire()
	}
	if x.Err() != nil {
		return x, cancel
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.off.Load() {
		a := &bell{c: c, index: -1, fire: expire}
		a.real = func(d time.Duration) {
			a.timer = time.AfterFunc(d, expire)
			noteTimer(a.timer)
		}
		x.mu.Lock()
		x.bell = a
		x.mu.Unlock()
		c.set(a, left)
	}
	return x, cancel
}

// ContextWithValue is what context.WithValue is lowered to.
func ContextWithValue(parent context.Context, key, value any) context.Context {
	ctx := context.WithValue(parent, key, value)
	if x, ok := parent.(interface{ AfterFunc(func()) func() bool }); ok && contextControl(parent) != nil {
		return &valueContext{ctx, x.AfterFunc}
	}
	return ctx
}

// A valueContext is one with a value in a controlled run. It has AfterFunc, so that package context need not start a
// goroutine to wait for its end.
type valueContext struct {
	context.Context
	after func(func()) func() bool
}

func (v *valueContext) AfterFunc(f func()) (stop func() bool) { return v.after(f) }

// String returns what the context of package context does.
func (v *valueContext) String() string { return fmt.Sprint(v.Context) }

// ContextCause is what context.Cause is lowered to.
func ContextCause(ctx context.Context) error {
	if watch.Load() != 0 && ctx != nil {
		ctx.Err() // a context of a controlled run looks at its parent
	}
	return context.Cause(ctx)
}

// steerContextAfterFunc is ContextAfterFunc under control. It returns false when the calling task is not.
func steerContextAfterFunc(site Site, ctx context.Context, f func()) (stop func() bool, ok bool) {
	c := contextControl(ctx)
	if c == nil {
		return nil, false
	}
	var once sync.Once
	spawn := current().later(site, f)
	leave := func() bool { return true }
	if ctx.Err() != nil {
		once.Do(spawn)
	} else if ctx.Done() != nil {
		leave = c.whenDone(ctx, func() { once.Do(spawn) })
	}
	return func() bool {
		stopped := false
		once.Do(func() { stopped = true; leave() })
		return stopped
	}, true
}
