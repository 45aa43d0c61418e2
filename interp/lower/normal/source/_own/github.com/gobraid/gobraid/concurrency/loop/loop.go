// The generic part of package loop, over one compiled Task, Future and Queue, whose values are pointers. A program that
// is compiled has the package itself; the documentation is there.
package loop

import (
	"context"
	"iter"
	"rt"
	"time"

	"github.com/gobraid/gobraid/concurrency"
)

type Awaitable[T any] interface {
	Done() <-chan struct{}
	Result(ctx context.Context) (T, error)
}

// into returns a function that leaves the value of f in a variable.
func into[T any](value *T, f func(context.Context) (T, error)) func(context.Context) error {
	return func(ctx context.Context) error {
		v, err := f(ctx)
		*value = v
		return err
	}
}

func Run[T any](ctx context.Context, main func(context.Context) (T, error)) (T, error) {
	return RunOn(ctx, New(), main)
}

func RunOn[T any](ctx context.Context, l *Loop, main func(context.Context) (T, error)) (T, error) {
	value := new(T)
	err := rt.LoopRun(ctx, l, into(value, main))
	return *value, err
}

type Task[T any] struct {
	t     *rt.LoopTask
	value *T
}

func CreateTask[T any](ctx context.Context, f func(context.Context) (T, error)) *Task[T] {
	value := new(T)
	return &Task[T]{rt.LoopCreate(ctx, into(value, f)), value}
}

func CreateIn[T any](g *TaskGroup, f func(context.Context) (T, error)) *Task[T] {
	value := new(T)
	return &Task[T]{rt.LoopCreateIn(g, into(value, f)), value}
}

func (t *Task[T]) WithName(name string) *Task[T] {
	t.t.WithName(name)
	return t
}

func (t *Task[T]) Done() <-chan struct{} { return t.t.Done() }

func (t *Task[T]) Finished() bool { return t.t.Finished() }

func (t *Task[T]) Result(ctx context.Context) (T, error) {
	err := t.t.Result(ctx)
	return *t.value, err
}

func (t *Task[T]) Err() error { return t.t.Err() }

func (t *Task[T]) Canceled() bool { return t.t.Canceled() }

func (t *Task[T]) Cancel() bool { return t.t.Cancel() }

func (t *Task[T]) CancelWith(cause error) bool { return t.t.CancelWith(cause) }

func (t *Task[T]) Cancels() int { return t.t.Cancels() }

func (t *Task[T]) Uncancel() int { return t.t.Uncancel() }

func (t *Task[T]) Name() string { return t.t.Name() }

func (t *Task[T]) OnDone(f func(*Task[T])) { t.t.OnDone(func() { f(t) }) }

type Future[T any] struct {
	f     *rt.LoopFuture
	value *T
}

func NewFuture[T any](ctx context.Context) *Future[T] {
	return &Future[T]{rt.LoopNewFuture(ctx), new(T)}
}

func (f *Future[T]) SetResult(v T) {
	f.f.Open()
	*f.value = v
	f.f.SetResult()
}

func (f *Future[T]) SetError(err error) { f.f.SetError(err) }

func (f *Future[T]) Cancel() bool { return f.f.Cancel() }

func (f *Future[T]) Done() <-chan struct{} { return f.f.Done() }

func (f *Future[T]) Finished() bool { return f.f.Finished() }

func (f *Future[T]) Err() error { return f.f.Err() }

func (f *Future[T]) Canceled() bool { return f.f.Canceled() }

func (f *Future[T]) Result(ctx context.Context) (T, error) {
	err := f.f.Result(ctx)
	return *f.value, err
}

func (f *Future[T]) OnDone(g func(*Future[T])) { f.f.OnDone(func() { g(f) }) }

func Await[T any](ctx context.Context, x Awaitable[T]) (T, error) {
	switch x := x.(type) {
	case *Task[T]:
		err := rt.LoopAwait(ctx, x.t)
		return *x.value, err
	case *Future[T]:
		err := rt.LoopAwaitFuture(ctx, x.f)
		return *x.value, err
	}
	if err := rt.LoopAwaitOther(ctx, x.Done(), canceler(x)); err != nil {
		return *new(T), err
	}
	return x.Result(ctx)
}

func canceler(x any) func() bool {
	if x, ok := x.(interface{ Cancel() bool }); ok {
		return x.Cancel
	}
	return nil
}

func Shield[T any](ctx context.Context, x Awaitable[T]) (T, error) {
	switch x := x.(type) {
	case *Task[T]:
		err := rt.LoopShield(ctx, x.t)
		return *x.value, err
	case *Future[T]:
		err := rt.LoopShieldFuture(ctx, x.f)
		return *x.value, err
	}
	if err := rt.LoopAwaitOther(ctx, x.Done(), nil); err != nil {
		return *new(T), err
	}
	return x.Result(ctx)
}

func Timeout[T any](ctx context.Context, d time.Duration, f func(context.Context) (T, error)) (T, error) {
	value := new(T)
	if err := rt.LoopTimeout(ctx, d, into(value, f)); err != nil {
		return *value, err
	}
	return *value, nil
}

func WaitFor[T any](ctx context.Context, d time.Duration, x Awaitable[T]) (T, error) {
	return Timeout(ctx, d, func(ctx context.Context) (T, error) { return Await(ctx, x) })
}

func ToThread[T any](ctx context.Context, f func(context.Context) (T, error)) (T, error) {
	value := new(T)
	if err := rt.LoopToThread(ctx, into(value, f)); err != nil {
		return *new(T), err
	}
	return *value, nil
}

func RunInExecutor[T any](ctx context.Context, pool concurrency.Executor, f func(context.Context) (T, error)) (T, error) {
	return ToThread(ctx, func(ctx context.Context) (T, error) {
		return concurrency.Submit(ctx, pool, f).Result(ctx)
	})
}

func Gather[T any](ctx context.Context, fs ...func(context.Context) (T, error)) ([]T, error) {
	results := make([]T, len(fs))
	err := rt.LoopGather(ctx, len(fs), func(ctx context.Context, i int) error {
		v, err := fs[i](ctx)
		results[i] = v
		return err
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

func AwaitAll[T any](ctx context.Context, xs ...Awaitable[T]) ([]T, error) {
	fs := make([]func(context.Context) (T, error), len(xs))
	for i, x := range xs {
		fs[i] = awaiting(x)
	}
	return Gather(ctx, fs...)
}

func awaiting[T any](x Awaitable[T]) func(context.Context) (T, error) {
	return func(ctx context.Context) (T, error) { return Await(ctx, x) }
}

func GatherAll[T any](ctx context.Context, fs ...func(context.Context) (T, error)) ([]concurrency.Outcome[T], error) {
	outcomes := make([]concurrency.Outcome[T], len(fs))
	errs, err := rt.LoopGatherAll(ctx, len(fs), func(ctx context.Context, i int) error {
		v, err := fs[i](ctx)
		outcomes[i].Value = v
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, err := range errs {
		outcomes[i].Err = err
	}
	return outcomes, nil
}

// waitable is x for the compiled part.
func waitable[T any](x Awaitable[T]) *rt.LoopWaitable {
	switch x := x.(type) {
	case *Task[T]:
		return rt.LoopWaitTask(x.t)
	case *Future[T]:
		return rt.LoopWaitFuture(x.f)
	}
	var fails func() error
	if x, ok := x.(interface{ Err() error }); ok {
		fails = x.Err
	}
	return rt.LoopWaitOther(x.Done(), fails)
}

func Wait[T any](ctx context.Context, when concurrency.ReturnWhen, xs ...Awaitable[T]) (done, pending []Awaitable[T], err error) {
	all := make([]*rt.LoopWaitable, len(xs))
	for i, x := range xs {
		all[i] = waitable(x)
	}
	are, err := rt.LoopWait(ctx, int(when), all)
	for i, x := range xs {
		if are[i] {
			done = append(done, x)
		} else {
			pending = append(pending, x)
		}
	}
	return done, pending, err
}

func First[T any](ctx context.Context, xs ...Awaitable[T]) (int, error) {
	all := make([]*rt.LoopWaitable, len(xs))
	for i, x := range xs {
		all[i] = waitable(x)
	}
	return rt.LoopCompleted(ctx, all)()
}

func AsCompleted[T any](ctx context.Context, xs ...Awaitable[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		all := make([]*rt.LoopWaitable, len(xs))
		for i, x := range xs {
			all[i] = waitable(x)
		}
		order := rt.LoopCompleted(ctx, all)
		for range xs {
			i, err := order()
			if err != nil {
				yield(*new(T), err)
				return
			}
			v, err := xs[i].Result(ctx)
			if !yield(v, err) {
				return
			}
		}
	}
}

type Queue[T any] struct{ q *rt.LoopQueue }

func NewQueue[T any](size int) *Queue[T] { return &Queue[T]{rt.LoopNewQueue(size, 0, nil)} }

func NewLIFOQueue[T any](size int) *Queue[T] { return &Queue[T]{rt.LoopNewQueue(size, 1, nil)} }

func NewPriorityQueue[T any](size int, less func(a, b T) bool) *Queue[T] {
	return &Queue[T]{rt.LoopNewQueue(size, 2, func(a, b any) bool {
		var x, y T
		rt.LoopStore(a, &x)
		rt.LoopStore(b, &y)
		return less(x, y)
	})}
}

func (q *Queue[T]) Put(ctx context.Context, v T) error {
	value := new(T)
	*value = v
	return q.q.Put(ctx, value)
}

func (q *Queue[T]) TryPut(v T) bool {
	value := new(T)
	*value = v
	return q.q.TryPut(value)
}

func (q *Queue[T]) Get(ctx context.Context) (T, error) {
	value := new(T)
	err := q.q.Get(ctx, value)
	return *value, err
}

func (q *Queue[T]) TryGet() (T, bool) {
	value := new(T)
	ok := q.q.TryGet(value)
	return *value, ok
}

func (q *Queue[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for {
			v, err := q.Get(ctx)
			if rt.LoopIsShutdown(err) || !yield(v, err) || err != nil {
				return
			}
		}
	}
}

func (q *Queue[T]) TaskDone() { q.q.TaskDone() }

func (q *Queue[T]) Join(ctx context.Context) error { return q.q.Join(ctx) }

func (q *Queue[T]) Len() int { return q.q.Len() }

func (q *Queue[T]) Full() bool { return q.q.Full() }

func (q *Queue[T]) Shutdown(immediate bool) { q.q.Shutdown(immediate) }
