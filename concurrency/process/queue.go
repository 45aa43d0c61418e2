package process

import (
	"context"
	"errors"
	"reflect"
)

// ErrClosed is the error of a queue that was closed: of Put at once, of Get when it is empty.
var ErrClosed = errors.New("process: queue is closed")

// ErrDamaged is the error of a stack or a priority queue when a process has died just as it took a value out: what is in it is not whole.
var ErrDamaged = errors.New("process: a process has died while it took a value out of the queue, which is not whole any more")

// A Queue passes values between processes, in the order in which they are put in. Any number of processes and goroutines may use it. It is handed to a
// function in another process as its argument, or in it, as a *Queue. Values are encoded into shared memory: Put blocks while there is no
// room. A Queue is made by [NewQueue]. Python's multiprocessing.Queue has a thread that feeds a pipe, so that what a process has put
// there may be lost when it ends; here it is there when Put returns.
type Queue[T any] struct {
	s *segment
}

// NewQueue returns a queue with room for values of that many bytes together, encoded, each with 4 more. It panics if bytes is less than 64 or more
// than 1 GiB. The error is a *[TypeError], or that of the system, which must be Linux.
func NewQueue[T any](bytes int) (*Queue[T], error) { return newQueue[T](bytes, inOrder) }

// NewStack is [NewQueue] for a queue from which the value is taken that was put in last. A value takes 12 bytes besides its own. Python calls it
// LifoQueue, but has none between processes.
func NewStack[T any](bytes int) (*Queue[T], error) { return newQueue[T](bytes, lastFirst) }

// NewPriorityQueue is [NewQueue] for a queue from which the value is taken that has the lowest priority, and of several such the one that
// was put in first. [Queue.PutPriority] gives a value its priority; Put gives it 0. A value takes 12 bytes besides its own, and taking one out
// takes longer the more are in: it is for hundreds.
func NewPriorityQueue[T any](bytes int) (*Queue[T], error) { return newQueue[T](bytes, lowestFirst) }

func newQueue[T any](bytes int, o order) (*Queue[T], error) {
	s, err := newRing(reflect.TypeFor[T](), bytes, o)
	if err != nil {
		return nil, err
	}
	return &Queue[T]{s}, nil
}

// Put puts a value in. It blocks while there is no room for it, and returns nil, or the cause of ctx, if that ends before. It returns
// [ErrClosed] if the queue is closed, and an error at once for a value that never has room in it, or cannot be encoded.
func (q *Queue[T]) Put(ctx context.Context, v T) error { return q.PutPriority(ctx, v, 0) }

// PutPriority is Put with a priority, which only queues of [NewPriorityQueue] heed.
func (q *Queue[T]) PutPriority(ctx context.Context, v T, priority int64) error {
	return q.s.put(ctx, q, &v, priority)
}

// Get takes a value out. It blocks while there is none, and returns it, or the cause of ctx, if that ends before. It returns [ErrClosed] if the
// queue is closed and empty. What a process has taken out is gone when it dies.
func (q *Queue[T]) Get(ctx context.Context) (v T, err error) {
	err = q.s.get(ctx, q, &v)
	return v, err
}

// TaskDone says that what a value stands for, which Get has returned, is done: [Queue.Join] waits for that. It does not block. It panics if it is
// called more often than values were put in. A process that dies says it for none.
func (q *Queue[T]) TaskDone() { q.s.taskDone() }

// Join blocks until TaskDone was called for every value that was put in, and returns nil, or until ctx ends, and returns the cause of that. A
// queue that has never had a value is joined at once.
func (q *Queue[T]) Join(ctx context.Context) error { return q.s.join(ctx, q) }

// Len returns how many values are in the queue. Others may change it meanwhile.
func (q *Queue[T]) Len() int { return q.s.items() }

// Close has Put fail, and Get when the queue is empty, in all processes. It may be called more than once. The memory stays as long as a
// process has it.
func (q *Queue[T]) Close() { q.s.closeRing() }

// GobEncode encodes where the queue is found.
func (q *Queue[T]) GobEncode() ([]byte, error) { return q.s.encode() }

// GobDecode finds it.
func (q *Queue[T]) GobDecode(b []byte) (err error) {
	q.s, err = decodeSegment(b)
	return err
}
