package task

import (
	"sync"
	"sync/atomic"

	"github.com/petermattis/goid"
)

// The table of tasks finds the task of a goroutine by the goroutine's id. Ids are handed out in
// sequence, so the low bits spread tasks evenly. Looking up and inserting take no lock: a bucket is a
// list linked by atomic pointers. A goroutine looks up only itself,
// and an entry that was removed still leads to the rest of the list, so a reader that meets one
// finds its own entry all the same.

const buckets = 1 << 12

type bucket struct {
	head atomic.Pointer[entry]
	mu   sync.Mutex // held while an entry is removed
}

// An entry says that a goroutine belongs to a task.
type entry struct {
	id   int64
	task *Task
	next atomic.Pointer[entry]
}

var table [buckets]bucket

// current returns the task of the calling goroutine, nil when the runtime does not know it.
func current() *Task {
	id := goid.Get()
	for e := table[id&(buckets-1)].head.Load(); e != nil; e = e.next.Load() {
		if e.id == id {
			return e.task
		}
	}
	return nil
}

// insert makes the calling goroutine known as e.task's.
func (e *entry) insert() {
	e.id = goid.Get()
	head := &table[e.id&(buckets-1)].head
	for {
		first := head.Load()
		if first != e.next.Load() { // usually both are nil, and an atomic store is not free
			e.next.Store(first)
		}
		if head.CompareAndSwap(first, e) {
			return
		}
	}
}

// remove undoes insert. It may be called by any goroutine.
func (e *entry) remove() {
	b := &table[e.id&(buckets-1)]
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.head.CompareAndSwap(e, e.next.Load()) {
		return
	}
	// Whatever is inserted now comes before what the head is now.
	for x := b.head.Load(); x != nil; x = x.next.Load() {
		if x.next.Load() == e {
			x.next.Store(e.next.Load())
			return
		}
	}
}

// each calls f for every task that has started and not ended. f runs without locks held.
func each(f func(*Task)) {
	for i := range table {
		for e := table[i].head.Load(); e != nil; e = e.next.Load() {
			if e == &e.task.entry {
				f(e.task)
			}
		}
	}
}
