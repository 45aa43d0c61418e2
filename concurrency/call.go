package concurrency

import (
	"context"
	"fmt"

	"github.com/gobraid/gobraid/concurrency/task"
)

// An Executor runs functions: on threads as a [ThreadPool] does, in other processes, wherever. Work is given to it
// with [Submit], [SubmitWith], [Map] and [MapSeq].
type Executor interface {
	// Execute takes a call, to run it or have it run. It blocks while there is no room for more, until ctx ends. An
	// error says that the call was not taken: [ErrShutdown], the cause of ctx, or why it cannot be run here. It is called by
	// the task that submits.
	Execute(ctx context.Context, c Call) error
	// Workers returns how many functions it runs at a time.
	Workers() int
	// Shutdown has it refuse more work, and blocks until all that was submitted is done, and returns nil, or until ctx ends, and returns
	// the cause of that.
	Shutdown(ctx context.Context) error
}

// A Call is a function and its argument, on the way from [Submit] and the like to a worker: it is the inside of their future. Only who
// writes an [Executor] has to do with it. Its methods may be called from several goroutines.
//
// An executor in the same process calls Run. One that has the function run elsewhere calls Begin when that begins, and
// Finish when it knows what has come of it.
type Call interface {
	// Run runs the function on the calling goroutine and finishes the call with what it returns, or panics with. It does nothing if the
	// call has begun, or was cancelled.
	Run()
	// Cancel asks for the end of the call as [Future.Cancel] does.
	Cancel() bool
	// Context returns what the function gets, or has to be told of where it runs: it ends with the context that Submit got and with
	// Cancel.
	Context() context.Context
	// Begin notes that the function begins to run, and reports whether it is to. The call is done if it is not.
	Begin() bool
	// Function returns the function as Submit got it: a func(context.Context) (B, error), or a func(context.Context, A) (B, error).
	Function() any
	// Argument returns a pointer to the A, nil if the function takes none. With Each it is a pointer to an []A, and the function is to be
	// applied to one after another, until one fails; its result is a []B.
	Argument() any
	// Each tells the two apart.
	Each() bool
	// Shape returns what can be done with the function, its argument and its result.
	Shape() Shape
	// Finish settles the call: with what a pointer of the kind that Shape().NewResult returns points to, or the zero value if result is
	// nil, and with an error. Where the call is done already it does nothing. It panics if result is of another type.
	Finish(result any, err error)
}

// A call is a future as its executor sees it.
type call[T any] Future[T]

func (c *call[T]) future() *Future[T] { return (*Future[T])(c) }

func (c *call[T]) Run() {
	if c.Begin() {
		c.future().run(c.f)
	}
}

// run executes f on the calling goroutine.
func (fu *Future[T]) run(f func(context.Context) (T, error)) {
	var value T
	err := ErrExited
	defer func() { fu.finish(value, err) }()
	task.Safepoint()
	if p := task.Catch(func() { value, err = f(fu.core.context()) }); p != nil {
		err = p
	}
}

func (c *call[T]) Begin() bool {
	begun, err := c.core.begin()
	if err != nil {
		c.future().finish(*new(T), err)
	}
	return begun
}

func (c *call[T]) Context() context.Context { return c.core.context() }

func (c *call[T]) Function() any { return c.f }

func (c *call[T]) Argument() any { return nil }

func (c *call[T]) Each() bool { return false }

func (c *call[T]) Shape() Shape { return shape[T]{} }

func (c *call[T]) Finish(result any, err error) {
	var value T
	if result != nil {
		p, ok := result.(*T)
		if !ok {
			misused("Call", fmt.Sprintf("Finish with a %T, want a %T", result, p))
		}
		value = *p
	}
	c.future().finish(value, err)
}

func (c *call[T]) Cancel() bool { return c.core.stop() }

// A callWith is a call of a function that takes an argument.
type callWith[A, B any] struct {
	call[B]
	g func(context.Context, A) (B, error)
	a A
}

func (c *callWith[A, B]) Run() {
	if c.Begin() {
		c.future().run(func(ctx context.Context) (B, error) { return c.g(ctx, c.a) })
	}
}

func (c *callWith[A, B]) Function() any { return c.g }

func (c *callWith[A, B]) Argument() any { return &c.a }

func (c *callWith[A, B]) Shape() Shape { return shapeWith[A, B]{} }

// A callEach is a call of a function for some of the items of a map.
type callEach[A, B any] struct {
	call[[]B]
	g     func(context.Context, A) (B, error)
	items []A
	into  []B // where the results go if they are made in this process
}

func (c *callEach[A, B]) Run() {
	if c.Begin() {
		c.future().run(func(ctx context.Context) ([]B, error) { return c.into, apply(ctx, c.into, c.items, c.g) })
	}
}

func (c *callEach[A, B]) Function() any { return c.g }

func (c *callEach[A, B]) Argument() any { return &c.items }

func (c *callEach[A, B]) Shape() Shape { return shapeEach[A, B]{} }

func (c *callEach[A, B]) Each() bool { return true }

func (c *call[T]) entry() *node { return &c.core.node }

func (c *call[T]) assign(worker context.Context) { c.core.assign(worker) }
