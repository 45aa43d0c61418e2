package concurrency

import (
	"container/list"
	"context"
	"sync"
	"sync/atomic"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A gate bounds how many are inside. It is a [Semaphore] of units of one, that has given out all at the beginning. Who comes takes all the room
// there is, and gives it out to those who come after; so he seldom meets those who leave. Who waits is let in in the order of coming.
type gate struct {
	room    atomic.Int64 // how many may still enter
	waiting atomic.Int64 // the length of waiters
	pool    *ThreadPool  // what is said to be waited for

	mu      sync.Mutex
	waiters list.List // of chan struct{}, closed when the waiter is inside
}

// all takes all the room there is, nothing if somebody waits. Calls of all and join exclude each other.
func (g *gate) all() int {
	if g.waiting.Load() > 0 {
		return 0
	}
	return int(g.room.Swap(0))
}

// join gets in line. It does not block.
func (g *gate) join() *list.Element {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting.Add(1)
	return g.waiters.PushBack(make(chan struct{}))
}

// wait blocks until it is the turn of one who has joined, and returns nil, or until ctx ends, and returns the cause of that.
func (g *gate) wait(ctx context.Context, e *list.Element) error {
	g.serve() // for who has left before it was seen that somebody waits
	got := false
	// An interrupt of the cell ends the wait by runtime.Goexit: then, too, the waiter must go.
	defer func() {
		if !got {
			g.forget(e)
		}
	}()
	err := task.Await(ctx, e.Value.(chan struct{}), g.pool, task.Here())
	got = err == nil
	return err
}

// take enters if there is room.
func (g *gate) take() bool {
	for {
		n := g.room.Load()
		if n <= 0 {
			return false
		}
		if g.room.CompareAndSwap(n, n-1) {
			return true
		}
	}
}

// leave makes room for one. It does not block.
func (g *gate) leave() {
	g.room.Add(1)
	if g.waiting.Load() > 0 {
		g.serve()
	}
}

// serve lets in who waits, as long as there is room.
func (g *gate) serve() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for e := g.waiters.Front(); e != nil && g.take(); e = g.waiters.Front() {
		g.waiters.Remove(e)
		g.waiting.Add(-1)
		task.Close(e.Value.(chan struct{}), 0)
	}
}

// forget takes a waiter out, or gives back what it was given meanwhile.
func (g *gate) forget(e *list.Element) {
	g.mu.Lock()
	in := false
	select {
	case <-e.Value.(chan struct{}):
		in = true
	default:
		g.waiters.Remove(e)
		g.waiting.Add(-1)
	}
	g.mu.Unlock()
	if in {
		g.room.Add(1)
	}
	g.serve()
}
