package concurrency

import (
	"context"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A waiter is somebody who waits for something of this package. What it belongs to guards it with its mutex.
type waiter struct {
	ready      chan struct{} // closed when the waiter is to go on
	n          int           // how much it wants
	read       bool          // it wants to read
	granted    bool          // what it wanted is its own
	hungry     bool          // it was woken before, in vain
	owner      task.Owner
	item       any // what it brings
	prev, next *waiter
	in         *line // nil when it is in none
}

func newWaiter() *waiter { return &waiter{ready: make(chan struct{})} }

// A line is a queue of waiters.
type line struct {
	first, last *waiter
	n           int
}

// push puts w at the end.
func (l *line) push(w *waiter) {
	w.in, w.prev, w.next = l, l.last, nil
	if l.last == nil {
		l.first = w
	} else {
		l.last.next = w
	}
	l.last = w
	l.n++
}

// pushFront puts w in front.
func (l *line) pushFront(w *waiter) {
	w.in, w.prev, w.next = l, nil, l.first
	if l.first == nil {
		l.last = w
	} else {
		l.first.prev = w
	}
	l.first = w
	l.n++
}

// remove takes w out of the line, and reports whether it was there.
func (l *line) remove(w *waiter) bool {
	if w.in != l {
		return false
	}
	if w.prev == nil {
		l.first = w.next
	} else {
		w.prev.next = w.next
	}
	if w.next == nil {
		l.last = w.prev
	} else {
		w.next.prev = w.prev
	}
	w.in, w.prev, w.next = nil, nil, nil
	l.n--
	return true
}

// wake takes w out of the line and has it go on.
func (l *line) wake(w *waiter) {
	l.remove(w)
	task.Close(w.ready, 0)
}

// wakeFirst wakes the first, and reports whether there is one.
func (l *line) wakeFirst() bool {
	if l.first == nil {
		return false
	}
	l.wake(l.first)
	return true
}

// await blocks until w is ready, and returns nil, or until ctx ends, and returns the cause of that. An interrupt of the cell
// ends it by runtime.Goexit. Unless it returns nil leave is called. object is what is waited for.
func (w *waiter) await(ctx context.Context, kind task.Kind, object any, leave func()) (err error) {
	got := false
	defer func() {
		if !got {
			leave()
		}
	}()
	err = task.AwaitLock(ctx, kind, w.ready, object, task.Here())
	got = err == nil
	return err
}
