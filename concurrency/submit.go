package concurrency

import "context"

// Submit has f run by an executor and returns its future. It does not block, unless the executor's queue has a limit and is
// full: then until there is room, or ctx ends. The context that f gets ends with ctx, with the future's
// Cancel, and with the executor's. If the executor does not take f the future is done, with its reason: [ErrShutdown], or
// the cause of ctx.
//
// On a [ThreadPool] it costs about 0.25 µs with its Result, and up to 2 µs more in a cell, most of which is to find out the line
// that calls. [ThreadPool.Go] costs a third.
func Submit[T any](ctx context.Context, ex Executor, f func(context.Context) (T, error)) *Future[T] {
	fu := newFuture(ctx, f)
	if err := ex.Execute(ctx, (*call[T])(fu)); err != nil {
		fu.finish(*new(T), err)
	}
	return fu
}

// SubmitWith is [Submit] for a function with an argument. It is the form for executors that run functions in other processes: there
// an argument arrives, and variables that f has captured do not.
func SubmitWith[A, B any](ctx context.Context, ex Executor, f func(context.Context, A) (B, error), a A) *Future[B] {
	c := &callWith[A, B]{g: f, a: a}
	c.core.init(ctx)
	if err := ex.Execute(ctx, c); err != nil {
		c.future().finish(*new(B), err)
	}
	return c.future()
}
