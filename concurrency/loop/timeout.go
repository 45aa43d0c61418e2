package loop

import (
	"context"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// Timeout calls f with ctx, on the caller's coroutine, and returns what it does. When d has passed before that, the caller is cancelled: f
// gets a [CanceledError] at its next await, and when it returns with that Timeout returns [ErrTimeout]. A cancellation by somebody else goes
// through. It is asyncio's timeout; that of something that runs already is [WaitFor].
func Timeout[T any](ctx context.Context, d time.Duration, f func(context.Context) (T, error)) (T, error) {
	c := on(ctx, "Timeout")
	before, expired := c.cancels, false
	h := c.l.CallLater(d, func() {
		expired = true
		c.cancel(ErrTimeout)
	})
	defer h.Cancel()
	v, err := f(ctx)
	if expired && c.Uncancel() <= before && isCanceled(err) {
		return *new(T), ErrTimeout
	}
	return v, err
}

// WaitFor is Await that takes no longer than d: then it cancels x, waits for its end, and returns [ErrTimeout] if that was the cancellation. What
// x returns nevertheless is returned.
func WaitFor[T any](ctx context.Context, d time.Duration, x Awaitable[T]) (T, error) {
	return Timeout(ctx, d, func(ctx context.Context) (T, error) { return Await(ctx, x) })
}

// Shield is Await that does not cancel x when the caller is cancelled: it returns a [CanceledError] at once, and x goes on. Somebody must
// keep x, and ask for its result.
func Shield[T any](ctx context.Context, x Awaitable[T]) (T, error) {
	c := on(ctx, "Shield")
	t, ok := x.(taker[T])
	if !ok || t.inside().l != c.l {
		return awaitOther(ctx, c, x, nil)
	}
	if err := c.await(ctx, t.inside(), x, nil); err != nil {
		return *new(T), err
	}
	return t.take()
}

// ToThread runs f in a task of its own, beside the loop, where it may block, and lets other coroutines run until it has returned. If the
// caller is cancelled, or ctx ends, the context of f is, ToThread returns at once, and [Run] waits for f in the end. There is
// no limit to how many run at a time; for one, use [RunInExecutor].
//
// It costs about 3 µs.
func ToThread[T any](ctx context.Context, f func(context.Context) (T, error)) (T, error) {
	c := on(ctx, "ToThread")
	stop, err := c.begin(ctx)
	if err != nil {
		return *new(T), err
	}
	fu := startThread(c, ctx, f)
	if err := c.suspend(stop, task.WaitResult, fu, foreign{fu}); err != nil {
		fu.Cancel()
		return *new(T), err
	}
	return fu.Result(context.WithoutCancel(ctx))
}
