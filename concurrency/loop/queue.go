package loop

import (
	"context"
	"errors"
	"iter"

	"github.com/gobraid/gobraid/concurrency/internal/store"
)

// ErrQueueShutdown is the error of a queue that was shut down: of Put, and of Get when it is empty.
var ErrQueueShutdown = errors.New("concurrency/loop: queue is shut down")

// A Queue hands values from coroutines of a loop to others: asyncio's Queue. It is made by [NewQueue], [NewLIFOQueue] or [NewPriorityQueue]. Its
// methods must be called on the loop.
type Queue[T any] struct {
	store   store.Store[T]
	bound   int // 0 if there is none
	getters line
	putters line
	pending int // put and not done
	joiners Event
	shut    bool
}

// NewQueue returns a queue, first in, first out, of at most size values, or without a limit if size is 0.
func NewQueue[T any](size int) *Queue[T] { return newQueue[T](size, &store.FIFO[T]{}) }

// NewLIFOQueue returns a queue that gives the value that was put last.
func NewLIFOQueue[T any](size int) *Queue[T] { return newQueue[T](size, &store.LIFO[T]{}) }

// NewPriorityQueue returns a queue that gives the least value, by less; of equal ones the one that was put first.
func NewPriorityQueue[T any](size int, less func(a, b T) bool) *Queue[T] {
	return newQueue[T](size, &store.Heap[T]{Less: less})
}

func newQueue[T any](size int, s store.Store[T]) *Queue[T] {
	if size < 0 {
		misused("Queue", "a negative size")
	}
	q := &Queue[T]{store: s, bound: size}
	q.joiners.set = true
	return q
}

func (q *Queue[T]) full() bool { return q.bound > 0 && q.store.Len() >= q.bound }

// Put puts a value into the queue. It lets others run until there is room, and returns nil, or [ErrQueueShutdown], or until the caller is
// cancelled or ctx ends, and returns that.
func (q *Queue[T]) Put(ctx context.Context, v T) error {
	c := on(ctx, "Queue.Put")
	for q.full() && !q.shut {
		if woken, err := q.putters.wait(ctx, c, q); err != nil {
			if woken && !q.full() {
				q.putters.wake()
			}
			return err
		}
	}
	if err := c.deliver(); err != nil {
		return err
	}
	if q.shut {
		return ErrQueueShutdown
	}
	q.put(v)
	return nil
}

func (q *Queue[T]) put(v T) {
	q.store.Push(v)
	q.pending++
	q.joiners.Clear()
	q.getters.wake()
}

// TryPut puts a value into the queue if there is room, and reports whether it has. It does not await.
func (q *Queue[T]) TryPut(v T) bool {
	if q.full() || q.shut {
		return false
	}
	if !q.getters.empty() {
		onLoop(q.getters.places[0].c, "Queue", "TryPut")
	}
	q.put(v)
	return true
}

// Get takes a value out of the queue. It lets others run until there is one, or returns [ErrQueueShutdown] when there will be none, or until
// the caller is cancelled or ctx ends, and returns that.
func (q *Queue[T]) Get(ctx context.Context) (T, error) {
	c := on(ctx, "Queue.Get")
	for q.store.Len() == 0 {
		if q.shut {
			return *new(T), ErrQueueShutdown
		}
		if woken, err := q.getters.wait(ctx, c, q); err != nil {
			if woken && q.store.Len() > 0 {
				q.getters.wake()
			}
			return *new(T), err
		}
	}
	if err := c.deliver(); err != nil {
		return *new(T), err
	}
	v, _ := q.TryGet()
	return v, nil
}

// TryGet takes a value out of the queue if there is one, and reports whether it has. It does not await.
func (q *Queue[T]) TryGet() (T, bool) {
	if q.store.Len() == 0 {
		return *new(T), false
	}
	v := q.store.Pop()
	q.putters.wake()
	return v, true
}

// All returns the values of the queue as they come, and takes them out, until it is shut down and empty. Between them it lets others
// run. If the caller is cancelled, or ctx ends, that is the error of the last round.
//
//	for v, err := range q.All(ctx) { … }
func (q *Queue[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for {
			v, err := q.Get(ctx)
			if errors.Is(err, ErrQueueShutdown) || !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// TaskDone says that a value that was taken out is done with. It panics with a *[concurrency.MisuseError] when there is none.
func (q *Queue[T]) TaskDone() {
	if q.pending == 0 {
		misused("Queue", "TaskDone more often than Put")
	}
	if q.pending--; q.pending == 0 {
		q.joiners.Set()
	}
}

// Join lets others run until all that was put is done with: see [Queue.TaskDone]. It ends as Put does.
func (q *Queue[T]) Join(ctx context.Context) error { return q.joiners.Wait(ctx) }

// Len returns how many values are in the queue.
func (q *Queue[T]) Len() int { return q.store.Len() }

// Full reports whether there is no room.
func (q *Queue[T]) Full() bool { return q.full() }

// Shutdown has Put fail from now on, and Get when the queue is empty. With immediate set it is emptied now, and what was in it is
// done with.
func (q *Queue[T]) Shutdown(immediate bool) {
	q.shut = true
	for immediate && q.store.Len() > 0 {
		q.store.Pop()
		q.TaskDone()
	}
	for q.getters.wake() != nil {
	}
	for q.putters.wake() != nil {
	}
}
