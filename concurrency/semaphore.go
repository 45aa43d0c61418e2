package concurrency

import (
	"container/list"
	"context"
	"fmt"
	"sync"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A Semaphore lets at most so many hold it at a time. Each takes one unit of it, or several. Waiters are served in the
// order in which they came: one that wants many units is not overtaken by those that want few. Its methods
// may be called from several goroutines; unlike with a lock, Release need not be called by the holder. A
// Semaphore is made by [NewSemaphore] and must not be copied.
type Semaphore struct {
	size int

	mu      sync.Mutex
	held    int
	waiters list.List // of *semaphoreWaiter
}

type semaphoreWaiter struct {
	n     int
	ready chan struct{} // closed when the units are the waiter's
}

// NewSemaphore returns a semaphore of n units. It panics if n is less than 1.
func NewSemaphore(n int) *Semaphore {
	if n < 1 {
		panic(fmt.Sprintf("concurrency: NewSemaphore: size %d", n))
	}
	return &Semaphore{size: n}
}

// Acquire takes n units. It blocks until they are free and returns nil, or until ctx ends, and returns the cause of
// that, with nothing taken. It panics if n is less than 1 or more than the semaphore has. It costs
// about 20 ns when it need not wait.
func (s *Semaphore) Acquire(ctx context.Context, n int) error {
	s.check("Acquire", n)
	s.mu.Lock()
	if s.free(n) {
		s.held += n
		s.mu.Unlock()
		return nil
	}
	w := &semaphoreWaiter{n: n, ready: make(chan struct{})}
	e := s.waiters.PushBack(w)
	s.mu.Unlock()
	return s.await(ctx, e)
}

// await waits until the waiter e has got its units. An interrupt of the cell ends it by runtime.Goexit: then, too, the
// waiter must go.
func (s *Semaphore) await(ctx context.Context, e *list.Element) (err error) {
	w := e.Value.(*semaphoreWaiter)
	got := false
	defer func() {
		if !got {
			s.forget(e)
		}
	}()
	err = task.Await(ctx, w.ready, s, task.Here())
	got = err == nil
	return err
}

// forget removes a waiter, and gives back what it was given meanwhile.
func (s *Semaphore) forget(e *list.Element) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := e.Value.(*semaphoreWaiter)
	select {
	case <-w.ready:
		s.held -= w.n
	default:
		s.waiters.Remove(e)
	}
	s.serve()
}

// TryAcquire takes n units if they are free and nobody waits, and reports whether it has. It does not block. It panics as
// Acquire does.
func (s *Semaphore) TryAcquire(n int) bool {
	s.check("TryAcquire", n)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.free(n) {
		return false
	}
	s.held += n
	return true
}

// Release gives n units back. It does not block. It panics when more are given back than were taken.
func (s *Semaphore) Release(n int) {
	s.check("Release", n)
	s.mu.Lock()
	defer s.mu.Unlock()
	if n > s.held {
		panic(fmt.Sprintf("concurrency: Semaphore: release of %d when %d are held", n, s.held))
	}
	s.held -= n
	s.serve()
}

// Free returns how many units nobody holds. Others may take them meanwhile.
func (s *Semaphore) Free() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.size - s.held
}

// free reports whether a newcomer can have n units. s.mu is held.
func (s *Semaphore) free(n int) bool { return s.size-s.held >= n && s.waiters.Len() == 0 }

// serve gives units to the waiters at the head of the queue. s.mu is held.
func (s *Semaphore) serve() {
	for e := s.waiters.Front(); e != nil; e = s.waiters.Front() {
		w := e.Value.(*semaphoreWaiter)
		if s.size-s.held < w.n {
			return
		}
		s.held += w.n
		s.waiters.Remove(e)
		task.Close(w.ready, 0)
	}
}

func (s *Semaphore) check(op string, n int) {
	if n < 1 || n > s.size {
		panic(fmt.Sprintf("concurrency: Semaphore: %s of %d, size is %d", op, n, s.size))
	}
}
