package concurrency

import "context"

// A Promise is the other side of a future that no function makes: whoever holds it says what the result is, once. Its methods may be
// called from several goroutines and do not block. A Promise is made by [NewPromise] and must not be copied.
//
// In Python both sides are one Future, and to set a result twice raises InvalidStateError: here the second does nothing, and says so. A
// promise that nobody keeps lets those wait for ever who wait for its future.
type Promise[T any] struct {
	fu Future[T]
}

// NewPromise returns a promise.
func NewPromise[T any]() *Promise[T] {
	p := &Promise[T]{}
	p.fu.core.init(context.Background())
	return p
}

// Future returns the future, always the same.
func (p *Promise[T]) Future() *Future[T] { return &p.fu }

// SetResult makes v the result, and reports whether it has: false says that there was a result or an error, or that the future was
// cancelled.
func (p *Promise[T]) SetResult(v T) bool { return p.fu.finish(v, nil) }

// SetError makes err the error, as SetResult makes a value the result. A *[PanicError] panics where the result is asked for. It panics if err
// is nil.
func (p *Promise[T]) SetError(err error) bool {
	if err == nil {
		misused("Promise", "SetError(nil)")
	}
	return p.fu.finish(*new(T), err)
}

// SetRunning makes the future one that runs: Cancel ends the promise's context from then on, and the future is done when the promise is
// kept. Before, Cancel makes it done at once. It reports whether that has not happened. Python calls it
// set_running_or_notify_cancel.
func (p *Promise[T]) SetRunning() bool {
	begun, _ := p.fu.core.begin()
	return begun || p.fu.Running()
}

// Context returns a context that ends when the future is cancelled or done, for whatever makes the result.
func (p *Promise[T]) Context() context.Context { return p.fu.core.context() }
