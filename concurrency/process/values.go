package process

import (
	"context"
	"reflect"
	"unsafe"
)

// A ValueQueue is a [Queue] whose values are of a type that is known by reflection only, as those of interpreted code are. Only hosts have to do with
// it. Its methods are those of Queue, with pointers to the values.
type ValueQueue struct{ s *segment }

// NewValueQueue is [NewQueue], or by kind, 1 and 2, [NewStack] and [NewPriorityQueue], for values of the type that zero points to.
func NewValueQueue(kind, bytes int, zero any) (*ValueQueue, error) {
	s, err := newRing(reflect.TypeOf(zero).Elem(), bytes, order(kind))
	if err != nil {
		return nil, err
	}
	return &ValueQueue{s}, nil
}

// PutPriority is [Queue.PutPriority] of what v points to.
func (q *ValueQueue) PutPriority(ctx context.Context, v any, priority int64) error {
	return q.s.put(ctx, q, v, priority)
}

// Get is [Queue.Get], with the value stored in what v points to.
func (q *ValueQueue) Get(ctx context.Context, v any) error { return q.s.get(ctx, q, v) }

// TaskDone is [Queue.TaskDone].
func (q *ValueQueue) TaskDone() { q.s.taskDone() }

// Join is [Queue.Join].
func (q *ValueQueue) Join(ctx context.Context) error { return q.s.join(ctx, q) }

// Len is [Queue.Len].
func (q *ValueQueue) Len() int { return q.s.items() }

// Close is [Queue.Close].
func (q *ValueQueue) Close() { q.s.closeRing() }

// GobEncode is [Queue.GobEncode].
func (q *ValueQueue) GobEncode() ([]byte, error) { return q.s.encode() }

// GobDecode is [Queue.GobDecode].
func (q *ValueQueue) GobDecode(b []byte) (err error) {
	q.s, err = decodeSegment(b)
	return err
}

// A ValueMemory is a [Shared] whose values are of a type that is known by reflection only. Only hosts have to do with it.
type ValueMemory struct{ s *segment }

// NewValueMemory is [NewShared] for n values of the type that zero points to.
func NewValueMemory(n int, zero any) (*ValueMemory, error) {
	s, err := newShared(reflect.TypeOf(zero).Elem(), n)
	if err != nil {
		return nil, err
	}
	return &ValueMemory{s}, nil
}

// Slice is [Shared.Slice], with the slice stored in what to points to.
func (m *ValueMemory) Slice(to any) {
	slice, data := reflect.ValueOf(to).Elem(), m.s.data()
	if len(data) == 0 {
		slice.SetZero()
		return
	}
	t := slice.Type()
	slice.Set(reflect.SliceAt(t.Elem(), unsafe.Pointer(&data[0]), len(data)/int(t.Elem().Size())).Convert(t))
}

// Lock is [Shared.Lock].
func (m *ValueMemory) Lock(ctx context.Context) error { return m.s.lock(ctx, m) }

// Unlock is [Shared.Unlock].
func (m *ValueMemory) Unlock() { m.s.giveBack() }

// Close is [Shared.Close].
func (m *ValueMemory) Close() error { return m.s.close() }

// GobEncode is [Shared.GobEncode].
func (m *ValueMemory) GobEncode() ([]byte, error) { return m.s.encode() }

// GobDecode is [Shared.GobDecode].
func (m *ValueMemory) GobDecode(b []byte) (err error) {
	m.s, err = decodeSegment(b)
	return err
}
