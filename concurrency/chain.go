package concurrency

import (
	"sync"
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
// atomic operation, and does not meet those who put in.
//
// A block that is used up is used again, though somebody may still be about to take from it. So a job is read before it is claimed: who reads
// what is not there any more, or is there again, finds that the block counts on and claims nothing.
type chain struct {
	first   atomic.Pointer[link] // nil before the first push
	last    *link                // of who pushes
	cleared int                  // of last: the jobs before have been forgotten

	mu     sync.Mutex // first changes under it, but for the first push
	spares []*link    // used up, at most maxSpares
}

// A link is a block of a chain. Of its jobs those from next to end are in the queue: both are a place, and above it how often
// the block was used.
type link struct {
	next  atomic.Uint64
	end   atomic.Uint64
	after atomic.Pointer[link]
	jobs  [linkSize]job
}

const (
	linkSize  = 128
	linkPlace = 1<<8 - 1 // the bits that are the place
	maxSpares = 16       // 50 KB
)

// push puts j at the end. One at a time may call it.
func (q *chain) push(j job) {
	l := q.last
	if l == nil || l.end.Load()&linkPlace == linkSize {
		l = q.extend()
	}
	n := l.end.Load()
	l.jobs[n&linkPlace] = j
	l.end.Store(n + 1)
}

func (q *chain) extend() *link {
	l := q.spare()
	if q.last == nil {
		q.first.Store(l)
	} else {
		q.last.after.Store(l)
	}
	q.last, q.cleared = l, 0
	return l
}

// spare returns an empty link.
func (q *chain) spare() *link {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := len(q.spares) - 1
	if i < 0 {
		return &link{}
	}
	l := q.spares[i]
	q.spares = q.spares[:i]
	l.after.Store(nil)
	n := l.end.Load()&^linkPlace + linkPlace + 1
	l.next.Store(n)
	l.end.Store(n)
	return l
}

// pop takes the first job out, and reports whether there is one. It may be called by several at a time. While somebody pushes it may overlook one.
func (q *chain) pop(j *job) bool {
	for {
		l := q.first.Load()
		if l == nil {
			return false
		}
		n, end := l.next.Load(), l.end.Load()
		switch at := n & linkPlace; {
		case at == linkSize:
			if !q.advance(l) {
				return false
			}
		case n >= end:
			return false
		default:
			l.read(at, j)
			if l.next.CompareAndSwap(n, n+1) {
				return true
			}
		}
	}
}

// read reads a job that may change meanwhile. Then it is not claimed: so the race detector is not told.
//
//go:norace
func (l *link) read(at uint64, j *job) { *j = l.jobs[at] }

// advance makes the link after l, which is used up, the first, and reports whether there is one.
func (q *chain) advance(l *link) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.first.Load() != l || l.next.Load()&linkPlace != linkSize {
		return true // it was done
	}
	after := l.after.Load()
	if after == nil {
		return false
	}
	q.first.Store(after)
	clear(l.jobs[:])
	if len(q.spares) < maxSpares {
		q.spares = append(q.spares, l)
	}
	return true
}

// forget lets go of the jobs that were taken out, of a chain that is empty. Nobody pushes meanwhile.
func (q *chain) forget() {
	if l := q.last; l != nil {
		at := int(l.end.Load() & linkPlace)
		clear(l.jobs[q.cleared:at])
		q.cleared = at
	}
}

// len returns how many jobs are in the chain. Nobody pushes meanwhile.
func (q *chain) len() (n int) {
	for l := q.first.Load(); l != nil; l = l.after.Load() {
		n += int(l.end.Load() - l.next.Load())
	}
	return n
}
