// The generic part of package concurrency, over one compiled Future whose value is a pointer. A
// program that is compiled has the package itself; the documentation is there.
package concurrency

import (
	"context"
	"iter"
	"rt"
)

type Future[T any] struct{ f *rt.Future }

func Start[T any](ctx context.Context, f func(context.Context) (T, error)) *Future[T] {
	value := new(T)
	return &Future[T]{rt.FutureStart(ctx, value, into(value, f))}
}

func Submit[T any](ctx context.Context, ex Executor, f func(context.Context) (T, error)) *Future[T] {
	value := new(T)
	return &Future[T]{rt.FutureSubmit(ctx, ex, nil, value, into(value, f))}
}

func SubmitWith[A, B any](ctx context.Context, ex Executor, f func(context.Context, A) (B, error), a A) *Future[B] {
	value, arg := new(B), new(A)
	*arg = a
	return &Future[B]{rt.FutureSubmit(ctx, ex, arg, value, func(ctx context.Context) error {
		v, err := f(ctx, *arg)
		*value = v
		return err
	})}
}

// into returns a function that leaves the value of f in a variable.
func into[T any](value *T, f func(context.Context) (T, error)) func(context.Context) error {
	return func(ctx context.Context) error {
		v, err := f(ctx)
		*value = v
		return err
	}
}

func (fu *Future[T]) Result(ctx context.Context) (T, error) {
	value := new(T)
	err := fu.f.Result(ctx, value)
	return *value, err
}

func (fu *Future[T]) Err() error { return fu.f.Err() }

func (fu *Future[T]) Done() <-chan struct{} { return fu.f.Done() }

func (fu *Future[T]) Running() bool { return fu.f.Running() }

func (fu *Future[T]) Cancel() bool { return fu.f.Cancel() }

func (fu *Future[T]) Canceled() bool { return fu.f.Canceled() }

func (fu *Future[T]) OnDone(f func(*Future[T])) { fu.f.OnDone(func() { f(fu) }) }

func Gather[T any](ctx context.Context, fs ...func(context.Context) (T, error)) ([]T, error) {
	results := make([]T, len(fs))
	err := rt.Gather(ctx, len(fs), func(ctx context.Context, i int) error {
		v, err := fs[i](ctx)
		results[i] = v
		return err
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

type Outcome[T any] struct {
	Value T
	Err   error
}

func GatherAll[T any](ctx context.Context, fs ...func(context.Context) (T, error)) []Outcome[T] {
	futures := make([]*Future[T], len(fs))
	for i, f := range fs {
		futures[i] = Start(ctx, f)
	}
	outcomes := make([]Outcome[T], len(fs))
	for i, fu := range futures {
		value := new(T)
		err := fu.f.Outcome(ctx, value)
		outcomes[i] = Outcome[T]{*value, err}
	}
	return outcomes
}

func Map[A, B any](ctx context.Context, ex Executor, items []A, f func(context.Context, A) (B, error), opts ...MapOption) ([]B, error) {
	results := make([]B, len(items))
	err := rt.MapItems(ctx, ex, len(items), items, results, func(ctx context.Context, i int) error {
		v, err := f(ctx, items[i])
		if err == nil {
			results[i] = v
		}
		return err
	}, opts...)
	if err != nil {
		return nil, err
	}
	return results, nil
}

func MapSeq[A, B any](ctx context.Context, ex Executor, items iter.Seq[A], f func(context.Context, A) (B, error), opts ...MapOption) iter.Seq2[B, error] {
	handed := rt.Handed()
	return func(yield func(B, error) bool) {
		from, to := new(A), new(B)
		give := func(take func(any) bool) {
			items(func(a A) bool {
				item := new(A)
				*item, *from = a, a
				return take(item)
			})
		}
		apply := func(ctx context.Context, a any) (any, error) {
			result := new(B)
			v, err := f(ctx, *a.(*A))
			*result = v
			return result, err
		}
		take := func(b any, err error) bool {
			if err != nil {
				return yield(*new(B), err)
			}
			if b == nil { // it comes from another process
				return yield(*to, nil)
			}
			return yield(*b.(*B), nil)
		}
		rt.MapSeq(ctx, ex, handed, from, to, give, apply, take, opts...)
	}
}

func Then[A, B any](ctx context.Context, fu *Future[A], f func(context.Context, A) (B, error)) *Future[B] {
	value := new(B)
	g := func(ctx context.Context) (B, error) {
		a := new(A)
		fu.f.Result(context.Background(), a)
		return f(ctx, *a)
	}
	return &Future[B]{rt.FutureThen(ctx, fu.f, value, into(value, g))}
}

type Promise[T any] struct {
	p  *rt.Promise
	fu *Future[T]
}

func NewPromise[T any]() *Promise[T] {
	p := rt.NewPromise()
	return &Promise[T]{p, &Future[T]{p.Future()}}
}

func (p *Promise[T]) Future() *Future[T] { return p.fu }

func (p *Promise[T]) SetResult(v T) bool {
	value := new(T)
	*value = v
	return p.p.SetResult(value)
}

func (p *Promise[T]) SetError(err error) bool { return p.p.SetError(err) }

func (p *Promise[T]) SetRunning() bool { return p.p.SetRunning() }

func (p *Promise[T]) Context() context.Context { return p.p.Context() }

func AsCompleted[F Awaitable](ctx context.Context, futures ...F) iter.Seq[F] {
	return func(yield func(F) bool) {
		rt.AsCompleted(ctx, dones(futures), func(i int) bool { return yield(futures[i]) })
	}
}

func Wait[F Awaitable](ctx context.Context, when ReturnWhen, futures ...F) (done, notDone []F, err error) {
	are, err := rt.Wait(ctx, when, dones(futures), func(i int) error { return futures[i].Err() })
	for i, f := range futures {
		if are[i] {
			done = append(done, f)
		} else {
			notDone = append(notDone, f)
		}
	}
	return done, notDone, err
}

func dones[F Awaitable](futures []F) []<-chan struct{} {
	list := make([]<-chan struct{}, len(futures))
	for i, f := range futures {
		list[i] = f.Done()
	}
	return list
}

func (fu *Future[T]) String() string {
	select {
	case <-fu.f.Done():
		switch {
		case fu.f.Canceled():
			return "future, canceled"
		case fu.f.Err() != nil:
			return "future, failed: " + fu.f.Err().Error()
		}
		return "future, done"
	default:
		if fu.f.Running() {
			return "future, running"
		}
		return "future, pending"
	}
}

func (p *Promise[T]) String() string { return "promise of a " + p.Future().String() }

func Copy[T any](v T) T { return v }
