package process

import (
	"context"
	"fmt"
)

// WithInitializer has f run in each worker before anything else, and returns the pool. It panics after the first function was submitted. The rules
// for functions of the pool hold for f. What it prints goes where the function prints that waits the longest.
//
// When f fails, panics or ends its process the pool is broken: all that waits, and what is submitted from then on, fails with an *[InitializerError].
// Python's ProcessPoolExecutor raises BrokenProcessPool then.
func (p *Pool) WithInitializer(f func(context.Context) error) *Pool {
	if f == nil {
		panic("process: Pool: WithInitializer(nil)")
	}
	p.configure("WithInitializer", func() { p.initialize = func() *routine { return newRoutine(f, initializerShape{}) } })
	return p
}

// WithInitializerText is [Pool.WithInitializer] of a function that is sent as its text. Only hosts have to do with it.
func (p *Pool) WithInitializerText(f *Text) *Pool {
	p.configure("WithInitializer", func() {
		p.initialize = func() *routine { return newTextRoutine(&TextCall{Of: f}) }
	})
	return p
}

// An InitializerError is the error of what was submitted to a pool whose initializer failed.
type InitializerError struct {
	Err error // a *[RemoteError], a *[concurrency.PanicError] or a *[DeathError]
}

// Error says what the initializer failed with.
func (e *InitializerError) Error() string {
	return fmt.Sprintf("process: the pool is broken, since its initializer failed: %v", e.Err)
}

// Unwrap returns the error of the initializer.
func (e *InitializerError) Unwrap() error { return e.Err }

type initializerShape struct{}

func (initializerShape) NewArgument() any { return nil }
func (initializerShape) NewResult() any   { return new(struct{}) }
func (initializerShape) NewFunc() any     { return (func(context.Context) error)(nil) }
func (initializerShape) Invoke(ctx context.Context, f, _, _ any) error {
	return f.(func(context.Context) error)(ctx)
}

// An initializerCall is the call of an initializer in one worker. Nobody waits for it: the pool looks at err.
type initializerCall struct{ err error }

func (c *initializerCall) Run()                     {}
func (c *initializerCall) Cancel() bool             { return false }
func (c *initializerCall) Context() context.Context { return context.Background() }
func (c *initializerCall) Begin() bool              { return true }
func (c *initializerCall) Function() any            { return nil }
func (c *initializerCall) Argument() any            { return nil }
func (c *initializerCall) Each() bool               { return false }
func (c *initializerCall) Shape() Shape             { return initializerShape{} }
func (c *initializerCall) Finish(_ any, err error)  { c.err = err }

// initializer makes the routine of the initializer, once, and returns why it cannot run in another process. c.mu is held.
func (c *core) initializer() error {
	if c.initialize == nil {
		return nil
	}
	if c.initRoutine == nil {
		r := c.initialize()
		if r.err != nil {
			return r.err
		}
		r.id = uint32(len(c.routines))
		c.routines = append(c.routines, r)
		c.initRoutine = r
	}
	return nil
}

// greet has a worker that has just become ready run the initializer, if there is one. c.mu is held.
func (c *core) greet(w *worker) {
	w.ready = true
	if c.initRoutine == nil {
		return
	}
	w.greeting = true
	it := &item{call: &initializerCall{}, routine: c.initRoutine, internal: true, begun: true}
	if c.queue.Len() > 0 {
		it.owner = c.queue.Peek().owner
	}
	w.append(it)
	w.flush()
}

// greeted looks at what has come of an initializer. c.mu is held.
func (c *core) greeted(w *worker, it *item) {
	w.greeting = false
	if err := it.call.(*initializerCall).err; err != nil {
		c.fail(&InitializerError{err})
		w.retire()
	}
}
