package concurrency

import (
	"sync/atomic"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A node is a call that a pool runs. It is a part of the call, so that to point to it allocates nothing.
type node struct{ call Call }

func (n *node) entry() *node { return n }

// nodeOf returns the node of a call.
func nodeOf(c Call) *node {
	if e, ok := c.(interface{ entry() *node }); ok {
		return e.entry()
	}
	return &node{}
}

// A job is what a pool has been given: a call, or the function of [ThreadPool.Go], and who has submitted it.
type job struct {
	*node
	f    func()
	from *task.Client // nil for code that belongs to no run
}

// client returns who has submitted the job.
func (j *job) client() task.Client { return clientOf(j.from) }

func clientOf(c *task.Client) task.Client {
	if c == nil {
		return task.Client{}
	}
	return *c
}

// A chain is a queue of jobs, in blocks, so that to grow it copies nothing. Those who put jobs in exclude each other; to take one out costs one
// atomic operation, and does not meet those who put in. A block that is used up is left to the collector: that nobody is about to take from it
// is known to nobody else.
type chain struct {
	first atomic.Pointer[link] // nil before the first push
	last  *link                // of who pushes
}

// A link is a block of a chain. Of its jobs those from next to end are in the queue.
type link struct {
	next  atomic.Int32
	end   atomic.Int32
	after atomic.Pointer[link]
	jobs  [linkSize]job
}

const linkSize = 128

// push puts j at the end. One at a time may call it.
func (q *chain) push(j job) {
	l := q.last
	if l == nil || l.end.Load() == linkSize {
		l = q.extend()
	}
	n := l.end.Load()
	l.jobs[n] = j
	l.end.Store(n + 1)
}

func (q *chain) extend() *link {
	l := &link{}
	if q.last == nil {
		q.first.Store(l)
	} else {
		q.last.after.Store(l)
	}
	q.last = l
	return l
}

// pop takes the first job out, and reports whether there is one. It may be called by several at a time.
func (q *chain) pop(j *job) bool {
	for {
		l := q.first.Load()
		if l == nil {
			return false
		}
		n := l.next.Load()
		switch {
		case n < l.end.Load():
			if l.next.CompareAndSwap(n, n+1) {
				*j, l.jobs[n] = l.jobs[n], job{}
				return true
			}
		case n < linkSize:
			return false
		default:
			after := l.after.Load()
			if after == nil {
				return false
			}
			q.first.CompareAndSwap(l, after)
		}
	}
}

// len returns how many jobs are in the chain. Nobody pushes meanwhile.
func (q *chain) len() (n int) {
	for l := q.first.Load(); l != nil; l = l.after.Load() {
		n += int(l.end.Load() - l.next.Load())
	}
	return n
}
