package concurrency

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"rt"
)

type Queue[T any] struct {
	q   *rt.Queue
	put func(ctx context.Context, v T, wait bool) error // nil unless ordered
}

func NewQueue[T any](size int) *Queue[T] { return &Queue[T]{q: rt.NewQueue(size)} }

func NewStack[T any](size int) *Queue[T] { return &Queue[T]{q: rt.NewStack(size)} }

func NewPriorityQueue[T any, P cmp.Ordered](size int, priority func(T) P) *Queue[T] {
	q := rt.NewPriorityQueue(size, new(P))
	return &Queue[T]{q: q, put: func(ctx context.Context, v T, wait bool) error {
		value, p := new(T), new(P)
		*value, *p = v, priority(v)
		return q.Put(ctx, value, p, wait)
	}}
}

func (q *Queue[T]) Put(ctx context.Context, v T) error {
	if q.put != nil {
		return q.put(ctx, v, true)
	}
	value := new(T)
	*value = v
	return q.q.Put(ctx, value, nil, true)
}

func (q *Queue[T]) TryPut(v T) bool {
	if q.put != nil {
		return q.put(nil, v, false) == nil
	}
	value := new(T)
	*value = v
	return q.q.Put(nil, value, nil, false) == nil
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

func (q *Queue[T]) All(ctx context.Context) iter.Seq[T] {
	return func(yield func(T) bool) {
		for {
			value := new(T)
			if q.q.Get(ctx, value) != nil || !yield(*value) {
				return
			}
		}
	}
}

func (q *Queue[T]) TaskDone() { q.q.TaskDone() }

func (q *Queue[T]) Join(ctx context.Context) error { return q.q.Join(ctx) }

func (q *Queue[T]) Shutdown() { q.q.Shutdown() }

func (q *Queue[T]) ShutdownNow() int { return q.q.ShutdownNow() }

func (q *Queue[T]) Closed() bool { return q.q.Closed() }

func (q *Queue[T]) Len() int { return q.q.Len() }

func (q *Queue[T]) Cap() int { return q.q.Cap() }

type Local[T any] struct{ l rt.Local }

func (l *Local[T]) Get() T {
	value := new(T)
	l.l.Lookup(value)
	return *value
}

func (l *Local[T]) Lookup() (T, bool) {
	value := new(T)
	ok := l.l.Lookup(value)
	return *value, ok
}

func (l *Local[T]) Set(v T) {
	value := new(T)
	*value = v
	l.l.Set(value)
}

func (l *Local[T]) Delete() { l.l.Delete() }

func (q *Queue[T]) String() string { return fmt.Sprintf("queue of %d", q.Len()) }
