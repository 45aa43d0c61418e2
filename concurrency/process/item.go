package process

import (
	"os"

	"github.com/gobraid/gobraid/concurrency/task"
)

// An item is a call on its way through a pool.
type item struct {
	call    Call
	routine *routine
	payload []byte // its argument,
	tail    []byte // and what of that is not copied
	owner   owner
	retries int
	copies  bool // payload begins with them
	// internal is set if nobody has submitted it.
	internal bool

	// Guarded by the pool's mutex.
	w     *worker // that has it, or nil
	seq   uint32  // there
	gone  bool    // finished
	begun bool    // its call has begun
	stop  func() bool
}

// An owner is whose work something is: a run of a cell, or a task of it whose output goes elsewhere. Its zero value is a program without
// cells.
type owner struct {
	run *task.Run
	out task.Output
}

// caller returns the owner of what the calling task does.
func caller() owner {
	if t := task.Current(); t != nil {
		return owner{t.Run(), t.Output()}
	}
	return owner{}
}

// write writes what a worker has printed.
func (o owner) write(stream string, p []byte) {
	switch {
	case o.out != nil:
		o.out.Write(stream, p)
	case stream == "stdout":
		os.Stdout.Write(p)
	default:
		os.Stderr.Write(p)
	}
}

func (it *item) size() int { return headerSize + len(it.payload) + len(it.tail) }

// finish gives the call its end.
func (it *item) finish(result any, err error) {
	if it.stop != nil {
		it.stop()
	}
	it.call.Finish(result, err)
}

// A queue holds items in order.
type queue struct {
	items []*item
	head  int
}

func (q *queue) len() int { return len(q.items) - q.head }

func (q *queue) push(it *item) { q.items = append(q.items, it) }

func (q *queue) peek() *item { return q.items[q.head] }

func (q *queue) pop() *item {
	it := q.items[q.head]
	q.items[q.head] = nil
	q.head++
	if q.head == len(q.items) {
		q.items, q.head = q.items[:0], 0
	}
	if q.head > 1024 && q.head > len(q.items)/2 {
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	return it
}

// cut removes all items from the i-th on, and returns them.
func (q *queue) cut(i int) []*item {
	out := append([]*item(nil), q.items[q.head+i:]...)
	clear(q.items[q.head+i:])
	q.items = q.items[:q.head+i]
	if q.head == len(q.items) {
		q.items, q.head = q.items[:0], 0
	}
	return out
}

// unshift puts items in front.
func (q *queue) unshift(items []*item) {
	q.items = append(append([]*item(nil), items...), q.items[q.head:]...)
	q.head = 0
}

// remove removes the items that f wants removed, and returns them.
func (q *queue) remove(f func(*item) bool) (out []*item) {
	kept := q.items[:q.head]
	for _, it := range q.items[q.head:] {
		if f(it) {
			out = append(out, it)
		} else {
			kept = append(kept, it)
		}
	}
	clear(q.items[len(kept):])
	q.items = kept
	return out
}
