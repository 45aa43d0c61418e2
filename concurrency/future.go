package concurrency

import (
	"context"
	"errors"

	"github.com/gobraid/gobraid/concurrency/task"
)

// ErrCanceled is the error of a future whose Cancel was called before its function began, and the cause of
// the end of the function's context otherwise.
var ErrCanceled = errors.New("concurrency: canceled")

// ErrExited is the error of a function that ended without returning: it called runtime.Goexit, or its cell
// was interrupted.
var ErrExited = errors.New("concurrency: function exited without returning")

// A PanicError is a panic on its way from the task in which it happened to the one that waits.
type PanicError = task.PanicError

// A Future is the result of a function that may not have returned yet. Its methods may be called from several
// goroutines. A Future is made by [Start], [Submit], [Then] and [NewPromise], and must not be copied.
//
// It is Python's concurrent.futures.Future. There result() raises what the function raised: here Result returns its
// error, and panics only if the function did.
type Future[T any] struct {
	core  core
	value T // before finished is set
	f     func(context.Context) (T, error)
}

// Start runs f in a task of its own and returns its future. The context that f gets ends with ctx, with Cancel,
// and when f has returned.
//
// It costs about 1 µs, and 1 µs more in a cell. For many short functions use a [ThreadPool], which shares the
// price of a task among them.
func Start[T any](ctx context.Context, f func(context.Context) (T, error)) *Future[T] {
	fu := newFuture(ctx, f)
	task.ClientHere().Go(func() { (*call[T])(fu).Run() })
	return fu
}

func newFuture[T any](ctx context.Context, f func(context.Context) (T, error)) *Future[T] {
	fu := &Future[T]{f: f}
	fu.core.init(ctx)
	return fu
}

// finish settles the future, and reports whether that was not done before.
func (fu *Future[T]) finish(value T, err error) bool {
	c := &fu.core
	c.mu.Lock()
	if c.state.Load() == finished || c.held() {
		c.mu.Unlock()
		return false
	}
	fu.value = value
	fu.f = nil
	c.settle(err)
	return true
}

// Result blocks until the function has returned, and returns what it did, or until ctx ends, and returns the cause
// of that. If the function panicked Result panics, with a *[PanicError].
func (fu *Future[T]) Result(ctx context.Context) (T, error) {
	if err := fu.core.wait(ctx, fu); err != nil {
		return *new(T), err
	}
	if p, ok := fu.core.err.(*PanicError); ok {
		panic(p)
	}
	return fu.value, fu.core.err
}

// OnDone has f called when the future is done: by the task that finishes it, or at once by the caller if
// it is done already. Callbacks run in the order in which they were given. They should not block, and a panic of one
// is a panic of the task that calls it.
func (fu *Future[T]) OnDone(f func(*Future[T])) { fu.core.whenDone(func() { f(fu) }) }

// Err returns the error of the function, which is a *[PanicError] if it panicked. It returns nil while the future
// is not done. It does not block.
func (fu *Future[T]) Err() error { return fu.core.error() }

// Done returns a channel that is closed when the future is done.
func (fu *Future[T]) Done() <-chan struct{} { return fu.core.channel() }

// Running reports whether the function has begun and not returned.
func (fu *Future[T]) Running() bool { return fu.core.state.Load() == running }

// Canceled reports whether the future is done because of Cancel: its function never ran, or it heeded the end of its context
// and returned the cause of that, [ErrCanceled], or context.Canceled. A function that has returned something else has
// ended as if there had been no Cancel.
func (fu *Future[T]) Canceled() bool { return fu.core.wasCanceled() }

// Cancel asks for the end of the function, and reports whether the future was not done. A function that has not
// begun never runs: the future is done at once, with [ErrCanceled]. One that runs has its context cancelled, and
// the future is done when it returns; in Python it could not be cancelled any more. Cancel does not block.
func (fu *Future[T]) Cancel() bool { return fu.core.stop() }
