package process

import (
	"context"
	"rt"
)

type Queue[T any] struct{ q *ValueQueue }

func NewQueue[T any](bytes int) (*Queue[T], error) { return newQueue[T](0, bytes) }

func NewStack[T any](bytes int) (*Queue[T], error) { return newQueue[T](1, bytes) }

func NewPriorityQueue[T any](bytes int) (*Queue[T], error) { return newQueue[T](2, bytes) }

func newQueue[T any](kind, bytes int) (*Queue[T], error) {
	q, err := rt.ProcessNewQueue(kind, bytes, new(T))
	if err != nil {
		return nil, err
	}
	return &Queue[T]{q}, nil
}

func (q *Queue[T]) Put(ctx context.Context, v T) error { return q.PutPriority(ctx, v, 0) }

func (q *Queue[T]) PutPriority(ctx context.Context, v T, priority int64) error {
	value := new(T)
	*value = v
	return rt.ProcessPut(ctx, q.q, value, priority)
}

func (q *Queue[T]) Get(ctx context.Context) (T, error) {
	value := new(T)
	err := rt.ProcessGet(ctx, q.q, value)
	return *value, err
}

func (q *Queue[T]) TaskDone() { q.q.TaskDone() }

func (q *Queue[T]) Join(ctx context.Context) error { return q.q.Join(ctx) }

func (q *Queue[T]) Len() int { return q.q.Len() }

func (q *Queue[T]) Close() { q.q.Close() }

func (q *Queue[T]) GobEncode() ([]byte, error) { return q.q.GobEncode() }

func (q *Queue[T]) GobDecode(b []byte) error {
	q.q = new(ValueQueue)
	return q.q.GobDecode(b)
}

type Pipe[T any] struct {
	In, Out *Queue[T]
}

func NewPipe[T any](bytes int) (a, b *Pipe[T], err error) {
	one, err := NewQueue[T](bytes)
	if err != nil {
		return nil, nil, err
	}
	two, err := NewQueue[T](bytes)
	if err != nil {
		return nil, nil, err
	}
	return &Pipe[T]{one, two}, &Pipe[T]{two, one}, nil
}

func (p *Pipe[T]) Send(ctx context.Context, v T) error { return p.Out.Put(ctx, v) }

func (p *Pipe[T]) Recv(ctx context.Context) (T, error) { return p.In.Get(ctx) }

func (p *Pipe[T]) Close() {
	p.In.Close()
	p.Out.Close()
}

type Shared[T any] struct{ m *ValueMemory }

func NewShared[T any](n int) (*Shared[T], error) {
	m, err := rt.ProcessNewMemory(n, new(T))
	if err != nil {
		return nil, err
	}
	return &Shared[T]{m}, nil
}

func (m *Shared[T]) Slice() []T {
	slice := new([]T)
	rt.ProcessSlice(m.m, slice)
	return *slice
}

func (m *Shared[T]) Lock(ctx context.Context) error { return m.m.Lock(ctx) }

func (m *Shared[T]) Unlock() { m.m.Unlock() }

func (m *Shared[T]) Close() error { return m.m.Close() }

func (m *Shared[T]) GobEncode() ([]byte, error) { return m.m.GobEncode() }

func (m *Shared[T]) GobDecode(b []byte) error {
	m.m = new(ValueMemory)
	return m.m.GobDecode(b)
}
