package loop

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// An Awaitable is what [Await] waits for: a [Task] or [Future] of a loop, a [concurrency.Future], or anything of one's own that closes a
// channel when its result is there. One that has a method Notify(f func()) besides, which has f called when the result is there, from whatever goroutine,
// costs no task to await.
type Awaitable[T any] interface {
	// Done returns a channel that is closed when the result is there.
	Done() <-chan struct{}
	// Result returns the result. Await calls it when Done is closed: it does not block then.
	Result(ctx context.Context) (T, error)
}

// future is a result that is there or not yet, and who waits for it.
type future struct {
	l      *Loop
	is     atomic.Bool // done
	shut   atomic.Bool // ch is closed
	ch     atomic.Pointer[chan struct{}]
	err    error
	first  waiter
	others []waiter
	fail   *failure // that nobody has asked for, if it has failed
}

// A waiter is told when a future is done.
type waiter struct {
	w   settler
	seq uint32
}

type settler interface{ settled(f *future, seq uint32) }

func (f *future) done() bool { return f.is.Load() }

func (f *future) add(w settler, seq uint32) {
	if f.first.w == nil {
		f.first = waiter{w, seq}
		return
	}
	f.others = append(f.others, waiter{w, seq})
}

// settle makes f done, and has those go on who wait for it, in the order in which they came.
func (f *future) settle(err error) {
	f.err = err
	f.is.Store(true)
	if ch := f.ch.Load(); ch != nil {
		f.close(*ch)
	}
	first, others := f.first, f.others
	f.first, f.others = waiter{}, nil
	if first.w != nil {
		first.w.settled(f, first.seq)
		for _, w := range others {
			w.w.settled(f, w.seq)
		}
	}
}

// Done returns a channel that is closed when it is done. It does not block, and may be called from any goroutine.
func (f *future) Done() <-chan struct{} {
	if ch := f.ch.Load(); ch != nil {
		return *ch
	}
	ch := make(chan struct{})
	if !f.ch.CompareAndSwap(nil, &ch) {
		return *f.ch.Load()
	}
	if f.done() {
		f.close(ch)
	}
	return ch
}

func (f *future) close(ch chan struct{}) {
	if !f.shut.Swap(true) {
		task.Close(ch, 0)
	}
}

// seen notes that somebody has asked for the error.
func (f *future) seen() {
	if f.fail != nil {
		f.fail.seen.Store(true)
	}
}

// Finished reports whether it is done: whether there is a result, an error or a cancellation. It may be called from any goroutine.
func (f *future) Finished() bool { return f.done() }

// Err returns the error, nil if there is none or it is not done. It is a [concurrency.PanicError] if the function panicked, and
// a [CanceledError] if it was cancelled. It may be called from any goroutine.
func (f *future) Err() error {
	if !f.done() {
		return nil
	}
	f.seen()
	return f.err
}

// Canceled reports whether it was cancelled, and has ended so. It may be called from any goroutine.
func (f *future) Canceled() bool { return f.done() && errors.Is(f.err, concurrency.ErrCanceled) }

func (f *future) inside() *future { return f }

// insider is what of this package can be awaited.
type insider interface{ inside() *future }

// raise returns the error, or panics with it if it is a panic.
func (f *future) raise() error {
	f.seen()
	if p, ok := f.err.(*concurrency.PanicError); ok {
		panic(p)
	}
	return f.err
}

// cancelFor cancels a plain future for who waits for it: all who do see that.
func (f *future) cancelFor(_ *coroutine, err *CanceledError) bool {
	f.settle(err)
	return true
}

// A Future is a result that somebody will set: what other words are made of. It is made by [NewFuture]. All but Done, Finished, Err
// and Canceled must be called on its loop; from elsewhere use [Loop.CallSoon].
type Future[T any] struct {
	future
	value T
}

// NewFuture returns a future of the loop that ctx belongs to.
func NewFuture[T any](ctx context.Context) *Future[T] {
	f := &Future[T]{}
	f.l = must(ctx, "NewFuture")
	return f
}

// SetResult makes the future done, with a value. It panics with a *[concurrency.MisuseError] if it is done already.
func (f *Future[T]) SetResult(v T) {
	f.open("SetResult")
	f.value = v
	f.settle(nil)
}

// SetError makes the future done, with an error. It panics with a *[concurrency.MisuseError] if it is done already, or err is nil.
func (f *Future[T]) SetError(err error) {
	f.open("SetError")
	if err == nil {
		misused("Future", "SetError of nil")
	}
	f.settle(err)
}

func (f *Future[T]) open(op string) {
	switch {
	case !f.l.host.Here():
		misused("Future", op+" on another goroutine than the loop's: use Loop.CallSoon")
	case f.done():
		misused("Future", op+" when it is done")
	}
}

// Cancel makes the future done with a [CanceledError], and reports whether it was not done.
func (f *Future[T]) Cancel() bool {
	if f.done() {
		return false
	}
	f.open("Cancel")
	f.settle(&CanceledError{})
	return true
}

// Result awaits the future on its loop, as [Await] does; elsewhere it blocks until it is done or ctx ends.
func (f *Future[T]) Result(ctx context.Context) (T, error) { return resultOf(ctx, f) }

func (f *Future[T]) take() (T, error) {
	err := f.raise()
	return f.value, err
}

// OnDone has g called on the loop when the future is done. It must not await.
func (f *Future[T]) OnDone(g func(*Future[T])) { onDone(&f.future, func() { g(f) }) }

// called has a function called on the loop.
type called func()

func (f called) settled(x *future, _ uint32) { x.l.ready.push(entry{h: &Handle{l: x.l, f: f}}) }

func onDone(f *future, g func()) {
	f.l.here(func() {
		if f.done() {
			called(g).settled(f, 0)
			return
		}
		f.add(called(g), 0)
	})
}

// taker is an Awaitable of this package.
type taker[T any] interface {
	insider
	take() (T, error)
}

// resultOf waits for f on its loop or elsewhere.
func resultOf[T any](ctx context.Context, f taker[T]) (T, error) {
	x := f.inside()
	if x.done() {
		return f.take()
	}
	if c := of(ctx); c != nil && c.co.Mine() {
		return Await(ctx, f.(Awaitable[T]))
	}
	if x.l.host.Here() {
		misused("Result", "on the loop with a context that is not of a coroutine: it would block the loop")
	}
	if err := task.Await(ctx, x.Done(), f, task.Here()); err != nil {
		return *new(T), err
	}
	return f.take()
}
