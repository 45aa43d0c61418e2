package rt

import (
	"context"
	"errors"
	"reflect"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// Calling notes where interpreted code calls package concurrency from.
func Calling(site uint64) { task.Calling(task.Site(site)) }

// A Future is the inside of a concurrency.Future of any type. Its value is a pointer to the value.
type Future struct{ fu *concurrency.Future[any] }

// FutureStart is concurrency.Start of a function that leaves its value in what value points to.
func FutureStart(ctx context.Context, value any, f func(context.Context) error) *Future {
	return &Future{concurrency.Start(ctx, giving(value, f))}
}

// FutureSubmit is concurrency.Submit of such a function.
func FutureSubmit(ctx context.Context, ex concurrency.Executor, value any, f func(context.Context) error) *Future {
	return &Future{concurrency.Submit(ctx, ex, giving(value, f))}
}

func giving(value any, f func(context.Context) error) func(context.Context) (any, error) {
	return func(ctx context.Context) (any, error) {
		err := guardedCall(ctx, f)
		return value, err
	}
}

// guardedCall calls f under Guard.
func guardedCall(ctx context.Context, f func(context.Context) error) (err error) {
	Guard(func() { err = f(ctx) })
	return err
}

// Result is the method Result, with the value stored in what to points to.
func (f *Future) Result(ctx context.Context, to any) error {
	value, err := f.fu.Result(ctx)
	if value != nil {
		reflect.ValueOf(to).Elem().Set(reflect.ValueOf(value).Elem())
	}
	return err
}

// Outcome waits for the function to return, and returns its error, which is a *PanicError if it panicked.
func (f *Future) Outcome(ctx context.Context, to any) (err error) {
	defer func() {
		if f.fu.Err() == nil {
			return
		}
		if p := (*concurrency.PanicError)(nil); errors.As(f.fu.Err(), &p) && p == f.fu.Err() {
			_ = recover()
			err = p
		}
	}()
	// The functions get ctx: this waits until they have heeded it.
	return f.Result(context.WithoutCancel(ctx), to)
}

// Err is the method Err.
func (f *Future) Err() error { return f.fu.Err() }

// Done is the method Done.
func (f *Future) Done() <-chan struct{} { return f.fu.Done() }

// Running is the method Running.
func (f *Future) Running() bool { return f.fu.Running() }

// Cancel is the method Cancel.
func (f *Future) Cancel() bool { return f.fu.Cancel() }

// OnDone is the method OnDone.
func (f *Future) OnDone(g func()) {
	f.fu.OnDone(func(*concurrency.Future[any]) { Guard(g) })
}

// Gather is concurrency.Gather of n functions.
func Gather(ctx context.Context, n int, f func(context.Context, int) error) error {
	fs := make([]func(context.Context) (struct{}, error), n)
	for i := range fs {
		fs[i] = func(ctx context.Context) (_ struct{}, err error) {
			Guard(func() { err = f(ctx, i) })
			return
		}
	}
	_, err := concurrency.Gather(ctx, fs...)
	return err
}

// MapItems is concurrency.Map over the numbers below n.
func MapItems(ctx context.Context, ex concurrency.Executor, n int, f func(context.Context, int) error, opts ...concurrency.MapOption) error {
	items := make([]int, n)
	for i := range items {
		items[i] = i
	}
	_, err := concurrency.Map(ctx, ex, items, counted(f), opts...)
	return err
}

// counted returns f, called under Guard.
func counted(f func(context.Context, int) error) func(context.Context, int) (struct{}, error) {
	return func(ctx context.Context, i int) (_ struct{}, err error) {
		Guard(func() { err = f(ctx, i) })
		return
	}
}

// GroupGo is g.Go(f).
func GroupGo(site uint64, g *concurrency.Group, f func(context.Context) error) {
	Calling(site)
	g.Go(func(ctx context.Context) error { return guardedCall(ctx, f) })
}

// NewThread is concurrency.NewThread(f).
func NewThread(site uint64, f func()) *concurrency.Thread {
	Calling(site)
	return concurrency.NewThread(guarded(f))
}
