package rt

import (
	"context"
	"errors"
	"reflect"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp/engine/yaegi/steps"
)

// Calling notes where interpreted code calls package concurrency from.
func Calling(site uint64) { task.Calling(task.Site(site)) }

// A Future is the inside of a concurrency.Future of any type. Its value is a pointer to the value.
type Future struct{ fu *concurrency.Future[any] }

// FutureStart is concurrency.Start of a function that leaves its value in what value points to.
func FutureStart(ctx context.Context, value any, f func(context.Context) error) *Future {
	task.Noted()
	return &Future{concurrency.Start(ctx, giving(value, f))}
}

// FutureSubmit is concurrency.Submit of such a function. arg points to its argument, and is nil if it has none: only for another process
// that counts.
func FutureSubmit(ctx context.Context, ex concurrency.Executor, arg, value any, f func(context.Context) error) *Future {
	text := taken()
	if p := processes(ex); p != nil {
		return &Future{concurrency.Submit(ctx, sender{p, text, arg, reflect.TypeOf(value).Elem()}, never)}
	}
	if _, ok := ex.(*concurrency.ThreadPool); ok {
		task.Noted()
	}
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
	Guard(func() { err = steps.Call1To1(f, ctx) })
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

// Canceled is the method Canceled.
func (f *Future) Canceled() bool { return f.fu.Canceled() }

// FutureThen is concurrency.Then with a function that leaves its value in what value points to.
func FutureThen(ctx context.Context, f *Future, value any, g func(context.Context) error) *Future {
	return &Future{concurrency.Then(ctx, f.fu, func(ctx context.Context, _ any) (any, error) {
		err := guardedCall(ctx, g)
		return value, err
	})}
}

// A Promise is the inside of a concurrency.Promise of any type.
type Promise struct{ p *concurrency.Promise[any] }

// NewPromise is concurrency.NewPromise.
func NewPromise() *Promise { return &Promise{concurrency.NewPromise[any]()} }

// Future is the method Future.
func (p *Promise) Future() *Future { return &Future{p.p.Future()} }

// SetResult is the method SetResult of what value points to.
func (p *Promise) SetResult(value any) bool { return p.p.SetResult(value) }

// SetError is the method SetError.
func (p *Promise) SetError(err error) bool { return p.p.SetError(err) }

// SetRunning is the method SetRunning.
func (p *Promise) SetRunning() bool { return p.p.SetRunning() }

// Context is the method Context.
func (p *Promise) Context() context.Context { return p.p.Context() }

// An awaited is a concurrency.Awaitable as interpreted code hands it over, where its type does not count.
type awaited struct {
	done  <-chan struct{}
	err   func(int) error
	index int
}

func (a *awaited) Done() <-chan struct{} { return a.done }

func (a *awaited) Err() (err error) {
	Guard(func() { err = a.err(a.index) })
	return err
}

func (a *awaited) Running() bool { return false }

func (a *awaited) Cancel() bool { return false }

func (a *awaited) Canceled() bool { return false }

func awaitables(dones []<-chan struct{}, err func(int) error) []*awaited {
	list := make([]*awaited, len(dones))
	for i, done := range dones {
		list[i] = &awaited{done, err, i}
	}
	return list
}

// AsCompleted is concurrency.AsCompleted of what closes these channels.
func AsCompleted(ctx context.Context, dones []<-chan struct{}, yield func(int) bool) {
	for a := range concurrency.AsCompleted(ctx, awaitables(dones, nil)...) {
		more := false
		Guard(func() { more = yield(a.index) })
		if !more {
			return
		}
	}
}

// Wait is concurrency.Wait of what closes these channels and then has the errors that err tells; it tells which are done.
func Wait(ctx context.Context, when concurrency.ReturnWhen, dones []<-chan struct{}, err func(int) error) (done []bool, cause error) {
	yes, _, cause := concurrency.Wait(ctx, when, awaitables(dones, err)...)
	done = make([]bool, len(dones))
	for _, a := range yes {
		done[a.index] = true
	}
	return done, cause
}

// MapSeq is concurrency.MapSeq. Each item and each result is a pointer to one; next gives the items until it returns nil, and f returns the
// result. handed is what Handed returned when the sequence was made. If it counts then items leaves an
// item in what from points to before it gives it, and yield finds a result in what into points to.
func MapSeq(ctx context.Context, ex concurrency.Executor, handed, from, into any, items func(yield func(any) bool), f func(context.Context, any) (any, error), yield func(any, error) bool, opts ...concurrency.MapOption) {
	if p := processes(ex); p != nil {
		text, _ := handed.(*process.Text)
		ex = streamer{p, text, reflect.TypeOf(from).Elem(), reflect.TypeOf(into).Elem()}
		items, yield = through(reflect.ValueOf(from).Elem(), reflect.ValueOf(into).Elem(), items, yield)
	}
	guarded := func(ctx context.Context, a any) (b any, err error) {
		Guard(func() { b, err = f(ctx, a) })
		return
	}
	for b, err := range concurrency.MapSeq(ctx, ex, items, guarded, opts...) {
		more := false
		Guard(func() { more = yield(b, err) })
		if !more {
			return
		}
	}
}

// Gather is concurrency.Gather of n functions.
func Gather(ctx context.Context, n int, f func(context.Context, int) error) error {
	fs := make([]func(context.Context) (struct{}, error), n)
	for i := range fs {
		fs[i] = func(ctx context.Context) (_ struct{}, err error) {
			Guard(func() { err = steps.Call2To1(f, ctx, i) })
			return
		}
	}
	_, err := concurrency.Gather(ctx, fs...)
	return err
}

// Handed returns what the call that is made hands over.
func Handed() any { return taken() }

// MapItems is concurrency.Map over the numbers below n. from and into are the slices: only for another process they count.
func MapItems(ctx context.Context, ex concurrency.Executor, n int, from, into any, f func(context.Context, int) error, opts ...concurrency.MapOption) error {
	text := taken()
	if p := processes(ex); p != nil {
		ex = mapper{p, text, reflect.ValueOf(from), reflect.ValueOf(into)}
	}
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
		Guard(func() { err = steps.Call2To1(f, ctx, i) })
		return
	}
}

// GroupGo is g.Go(f).
func GroupGo(site uint64, g *concurrency.Group, f func(context.Context) error) {
	task.CallingNoted(task.Site(site))
	g.Go(func(ctx context.Context) error { return guardedCall(ctx, f) })
}

// NewThread is concurrency.NewThread(f).
func NewThread(site uint64, f func()) *concurrency.Thread {
	Calling(site)
	return concurrency.NewThread(guarded(f))
}
