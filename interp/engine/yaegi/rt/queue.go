package rt

import (
	"context"
	"reflect"
	"time"

	"github.com/gobraid/gobraid/concurrency"
)

// A Queue is the inside of a concurrency.Queue of any type. What is in it are pointers to the values.
type Queue struct {
	*concurrency.Queue[ranked]
}

// A ranked is a pointer to a value, with what it is ordered by: one of these, as the type of the priority is.
type ranked struct {
	value  any
	number int64
	count  uint64
	float  float64
	text   string
}

// NewQueue is concurrency.NewQueue.
func NewQueue(size int) *Queue { return &Queue{concurrency.NewQueue[ranked](size)} }

// NewStack is concurrency.NewStack.
func NewStack(size int) *Queue { return &Queue{concurrency.NewStack[ranked](size)} }

// NewPriorityQueue is concurrency.NewPriorityQueue for priorities of the type that p points to.
func NewPriorityQueue(size int, p any) *Queue {
	switch t := reflect.ValueOf(p).Elem(); {
	case t.CanInt():
		return &Queue{concurrency.NewPriorityQueue(size, func(x ranked) int64 { return x.number })}
	case t.CanUint():
		return &Queue{concurrency.NewPriorityQueue(size, func(x ranked) uint64 { return x.count })}
	case t.CanFloat():
		return &Queue{concurrency.NewPriorityQueue(size, func(x ranked) float64 { return x.float })}
	}
	return &Queue{concurrency.NewPriorityQueue(size, func(x ranked) string { return x.text })}
}

// Put is the method Put, or TryPut unless wait is set: any error then says that it was not put.
func (q *Queue) Put(ctx context.Context, value, priority any, wait bool) error {
	x := ranked{value: value}
	if priority != nil {
		switch p := reflect.ValueOf(priority).Elem(); {
		case p.CanInt():
			x.number = p.Int()
		case p.CanUint():
			x.count = p.Uint()
		case p.CanFloat():
			x.float = p.Float()
		default:
			x.text = p.String()
		}
	}
	if wait {
		return q.Queue.Put(ctx, x)
	}
	if !q.Queue.TryPut(x) {
		return concurrency.ErrQueueShutdown
	}
	return nil
}

// Get is the method Get, with the value stored in what to points to.
func (q *Queue) Get(ctx context.Context, to any) error {
	x, err := q.Queue.Get(ctx)
	if err == nil {
		store(x.value, to)
	}
	return err
}

// TryGet is the method TryGet.
func (q *Queue) TryGet(to any) bool {
	x, ok := q.Queue.TryGet()
	if ok {
		store(x.value, to)
	}
	return ok
}

// store stores what one pointer points to in what the other does.
func store(from, to any) { reflect.ValueOf(to).Elem().Set(reflect.ValueOf(from).Elem()) }

// A Local is the inside of a concurrency.Local of any type. Its values are pointers to the values.
type Local struct{ concurrency.Local[any] }

// Lookup is the method Lookup, with the value stored in what to points to.
func (l *Local) Lookup(to any) bool {
	v, ok := l.Local.Lookup()
	if ok {
		store(v, to)
	}
	return ok
}

// Set is the method Set of the value that value points to.
func (l *Local) Set(value any) { l.Local.Set(value) }

// Delete is the method Delete.
func (l *Local) Delete() { l.Local.Delete() }

// NewThreadTimer is concurrency.NewTimer(d, f).
func NewThreadTimer(site uint64, d time.Duration, f func()) *concurrency.Timer {
	Calling(site)
	return concurrency.NewTimer(d, guarded(f))
}

// GILRunAll is g.RunAll(ctx, fs...).
func GILRunAll(site uint64, g *concurrency.GIL, ctx context.Context, fs ...func(context.Context) error) error {
	Calling(site)
	guards := make([]func(context.Context) error, len(fs))
	for i, f := range fs {
		guards[i] = func(ctx context.Context) error { return guardedCall(ctx, f) }
	}
	return g.RunAll(ctx, guards...)
}

// queues adds the symbols of this file.
func queues(m map[string]reflect.Value) {
	m["Queue"] = reflect.ValueOf((*Queue)(nil))
	m["Local"] = reflect.ValueOf((*Local)(nil))
	for name, f := range map[string]any{
		"NewQueue": NewQueue, "NewStack": NewStack, "NewPriorityQueue": NewPriorityQueue,
		"NewThreadTimer": NewThreadTimer, "GILRunAll": GILRunAll,
	} {
		m[name] = reflect.ValueOf(f)
	}
}
