package task

import (
	"sync"
	"sync/atomic"

	"github.com/petermattis/goid"
)

// The table of tasks finds the task of a goroutine by the goroutine's id. Ids are handed out in sequence, so the low bits
// spread tasks evenly. A goroutine that enters, or looks itself up, takes no lock; one that leaves takes its bucket's, which
// is where others look at tasks. The blocks of a bucket stay for good, as many as there have been tasks at a time.
//
// The garbage collector sees that the table leads to the tasks. It must: if Go's search for leaked goroutines took a task for
// one, nobody could wake it any more. leakprofile.go hides from it, for a while, what tasks wait for.

const buckets = 1 << 12

type bucket struct {
	mu    sync.Mutex // held while a task leaves, and while others look
	first block
}

// A block is a part of a bucket.
type block struct {
	slots [2]slot
	next  atomic.Pointer[block]
}

// A slot says that a goroutine belongs to a task. It is free when the id is 0, and being filled when it is negative.
type slot struct {
	id     atomic.Int64
	holder *Task // the task
}

var table [buckets]bucket

func bucketOf(id int64) *bucket { return &table[id&(buckets-1)] }

func (s *slot) task() *Task { return s.holder }

// current returns the task of the calling goroutine, nil when the runtime does not know it.
func current() *Task {
	id := goid.Get()
	for b := &bucketOf(id).first; b != nil; b = b.next.Load() {
		for i := range b.slots {
			if s := &b.slots[i]; s.id.Load() == id {
				return s.task()
			}
		}
	}
	return nil
}

// insert makes the calling goroutine known as t's, until remove. t must be kept alive that long.
func (t *Task) insert() *slot {
	id := goid.Get()
	s := bucketOf(id).claim()
	s.holder = t
	s.id.Store(id)
	return s
}

// claim returns a free slot, which it makes if there is none.
func (b *bucket) claim() *slot {
	for x := &b.first; ; {
		for i := range x.slots {
			if s := &x.slots[i]; s.id.Load() == 0 && s.id.CompareAndSwap(0, -1) {
				return s
			}
		}
		next := x.next.Load()
		if next == nil {
			made := &block{}
			if next = made; !x.next.CompareAndSwap(nil, made) {
				next = x.next.Load()
			}
		}
		x = next
	}
}

// remove undoes the insert that returned s. It may be called by any goroutine.
func (s *slot) remove() {
	b := bucketOf(s.id.Load())
	b.mu.Lock()
	s.holder = nil
	s.id.Store(0)
	b.mu.Unlock()
}

// Find returns the task with an id, or nil when there is none that has begun and not ended.
func Find(id int64) *Task {
	if id <= 0 {
		return nil
	}
	var found *Task
	bucketOf(id).look(func(t *Task) {
		if t.id == id {
			found = t
		}
	})
	return found
}

// each calls f for every task that has started and not ended. f runs without locks held.
func each(f func(*Task)) {
	eachWhile(func(t *Task) bool {
		f(t)
		return true
	})
}

// eachWhile is each as long as f returns true.
func eachWhile(f func(*Task) bool) {
	var few [8]*Task
	tasks := few[:0]
	for i := range table {
		tasks = tasks[:0]
		table[i].look(func(t *Task) { tasks = append(tasks, t) })
		for _, t := range tasks {
			if !f(t) {
				return
			}
		}
	}
}

// look calls f for the tasks of a bucket, each once. The bucket is locked meanwhile.
func (b *bucket) look(f func(*Task)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for x := &b.first; x != nil; x = x.next.Load() {
		for i := range x.slots {
			s := &x.slots[i]
			if id := s.id.Load(); id > 0 {
				if t := s.task(); t.id == id { // else it is a coroutine of t
					f(t)
				}
			}
		}
	}
}
