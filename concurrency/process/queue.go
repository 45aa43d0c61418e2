package process

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
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

// A queue's memory is a ring. Its words count bytes that were ever put in and taken out, as they are below 4 GiB: their difference is what is in.
const (
	wordIn     = wordUser
	wordOut    = wordUser + 4
	wordItems  = wordUser + 8
	wordClosed = wordUser + 12
	wordOpen   = wordUser + 16 // values whose TaskDone is to come
	wordOrder  = wordUser + 20 // an order
	wordMoving = wordUser + 24 // not 0 while what is in is not whole
)

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
	if bytes < 64 || bytes > 1<<30 {
		panic(fmt.Sprintf("process: NewQueue: %d bytes", bytes))
	}
	if err := Sendable(reflect.TypeFor[T]()); err != nil {
		return nil, err
	}
	size := 64
	for size < bytes {
		size *= 2 // so that a position in the ring is a count cut off
	}
	s, err := newSegment("queue", size)
	if err != nil {
		return nil, err
	}
	s.word(wordOrder).Store(uint32(o))
	return &Queue[T]{s}, nil
}

// Put puts a value in. It blocks while there is no room for it, and returns nil, or the cause of ctx, if that ends before. It returns
// [ErrClosed] if the queue is closed, and an error at once for a value that never has room in it, or cannot be encoded.
func (q *Queue[T]) Put(ctx context.Context, v T) error { return q.PutPriority(ctx, v, 0) }

// PutPriority is Put with a priority, which only queues of [NewPriorityQueue] heed.
func (q *Queue[T]) PutPriority(ctx context.Context, v T, priority int64) error {
	b, err := encodeAlone(&v)
	if err != nil {
		return err
	}
	extra := 4
	if q.order() != inOrder {
		b = binary.LittleEndian.AppendUint64(b, uint64(priority))
	}
	if len(b)+extra > len(q.s.data()) {
		return fmt.Errorf("process: Queue: a value of %d bytes does not fit into %d", len(b), len(q.s.data())-extra)
	}
	return q.when(ctx, func() (bool, error) {
		if q.s.word(wordClosed).Load() != 0 {
			return false, ErrClosed
		}
		in, out := q.s.word(wordIn).Load(), q.s.word(wordOut).Load()
		if int(in-out)+extra+len(b) > len(q.s.data()) {
			return false, nil
		}
		size := binary.LittleEndian.AppendUint32(nil, uint32(len(b)))
		if q.order() == inOrder {
			in = q.write(q.write(in, size), b)
		} else {
			in = q.write(q.write(in, b), size)
		}
		q.s.word(wordIn).Store(in) // at last: who dies before has put nothing in
		q.s.word(wordItems).Add(1)
		q.s.word(wordOpen).Add(1)
		return true, nil
	})
}

// Get takes a value out. It blocks while there is none, and returns it, or the cause of ctx, if that ends before. It returns [ErrClosed] if the
// queue is closed and empty. What a process has taken out is gone when it dies.
func (q *Queue[T]) Get(ctx context.Context) (v T, err error) {
	var b []byte
	err = q.when(ctx, func() (bool, error) {
		in, out := q.s.word(wordIn).Load(), q.s.word(wordOut).Load()
		if in == out {
			if q.s.word(wordClosed).Load() != 0 {
				return false, ErrClosed
			}
			return false, nil
		}
		if q.order() != inOrder {
			b = q.s.takeRecord(q.order())
		} else {
			head, at := q.read(out, 4)
			b, at = q.read(at, int(binary.LittleEndian.Uint32(head)))
			q.s.word(wordOut).Store(at)
		}
		q.s.word(wordItems).Add(^uint32(0))
		return true, nil
	})
	if err == nil {
		err = decodeAlone(b, &v)
	}
	return v, err
}

// TaskDone says that what a value stands for, which Get has returned, is done: [Queue.Join] waits for that. It does not block. It panics if it is
// called more often than values were put in. A process that dies says it for none.
func (q *Queue[T]) TaskDone() {
	for {
		n := q.s.word(wordOpen).Load()
		if n == 0 {
			panic("process: Queue: TaskDone called more often than values were put in")
		}
		if q.s.word(wordOpen).CompareAndSwap(n, n-1) {
			if n == 1 {
				q.s.changed()
			}
			return
		}
	}
}

// Join blocks until TaskDone was called for every value that was put in, and returns nil, or until ctx ends, and returns the cause of that. A
// queue that has never had a value is joined at once.
func (q *Queue[T]) Join(ctx context.Context) error {
	for {
		seen := q.s.word(wordChanged).Load()
		if q.s.word(wordOpen).Load() == 0 {
			return nil
		}
		if err := q.s.wait(ctx, wordChanged, seen, q); err != nil {
			return err
		}
	}
}

func (q *Queue[T]) order() order { return order(q.s.word(wordOrder).Load()) }

// Len returns how many values are in the queue. Others may change it meanwhile.
func (q *Queue[T]) Len() int { return int(q.s.word(wordItems).Load()) }

// Close has Put fail, and Get when the queue is empty, in all processes. It may be called more than once. The memory stays as long as a
// process has it.
func (q *Queue[T]) Close() {
	q.s.word(wordClosed).Store(1)
	q.s.changed()
}

// GobEncode encodes where the queue is found.
func (q *Queue[T]) GobEncode() ([]byte, error) { return q.s.encode() }

// GobDecode finds it.
func (q *Queue[T]) GobDecode(b []byte) (err error) {
	q.s, err = decodeSegment(b)
	return err
}

// when tries something under the lock until it can be done.
func (q *Queue[T]) when(ctx context.Context, try func() (bool, error)) error {
	for {
		seen := q.s.word(wordChanged).Load()
		err := q.s.lock(ctx, q)
		if err != nil && err != ErrHolderDied {
			return err
		}
		if q.s.word(wordMoving).Load() != 0 {
			q.s.word(wordClosed).Store(1)
			q.s.unlock()
			return ErrDamaged
		}
		done, err := try()
		q.s.unlock()
		if done {
			q.s.changed()
		}
		if done || err != nil {
			return err
		}
		if err := q.s.wait(ctx, wordChanged, seen, q); err != nil {
			return err
		}
	}
}

// write and read copy from and to the ring, from a count on, and return the count after.
func (q *Queue[T]) write(at uint32, b []byte) uint32 {
	ring := q.s.data()
	for len(b) > 0 {
		n := copy(ring[int(at)&(len(ring)-1):], b)
		b, at = b[n:], at+uint32(n)
	}
	return at
}

func (q *Queue[T]) read(at uint32, n int) ([]byte, uint32) {
	ring, out := q.s.data(), make([]byte, 0, n)
	for len(out) < n {
		i := int(at) & (len(ring) - 1)
		k := min(n-len(out), len(ring)-i)
		out, at = append(out, ring[i:i+k]...), at+uint32(k)
	}
	return out, at
}

// encodeAlone encodes a value so that it can be decoded without what came before it: with the prefix, after its length.
func encodeAlone(p any) ([]byte, error) {
	c, err := codecOf(p)
	if err != nil {
		return nil, err
	}
	head := c.prefix()
	b := append(binary.LittleEndian.AppendUint32(nil, uint32(len(head))), head...)
	b, tail, err := c.append(b, p)
	return append(b, tail...), err
}

func decodeAlone(b []byte, p any) error {
	c, err := codecOf(p)
	if err != nil {
		return err
	}
	n := binary.LittleEndian.Uint32(b)
	d, err := c.decoder(b[4 : 4+n])
	if err != nil {
		return err
	}
	return d.decode(b[4+n:], true, p)
}
