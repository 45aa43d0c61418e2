package loop

import (
	"context"

	"github.com/gobraid/gobraid/concurrency"
)

// startThread runs f beside the loop. c goes on when it has returned.
func startThread[T any](c *coroutine, ctx context.Context, f func(context.Context) (T, error)) *concurrency.Future[T] {
	l, seq := c.l, c.seq
	l.threads++
	fu := concurrency.Start(context.WithoutCancel(ctx), f)
	fu.OnDone(func(*concurrency.Future[T]) {
		l.post(func() {
			l.threads--
			c.settled(nil, seq)
		})
	})
	return fu
}

// RunInExecutor has an executor run f, and lets other coroutines run until it has; also while the executor's queue is full. It ends as
// [ToThread] does. An executor whose workers are processes takes no f that has captured variables.
func RunInExecutor[T any](ctx context.Context, pool concurrency.Executor, f func(context.Context) (T, error)) (T, error) {
	return ToThread(ctx, func(ctx context.Context) (T, error) {
		return concurrency.Submit(ctx, pool, f).Result(ctx)
	})
}
