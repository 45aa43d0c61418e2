package concurrency

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A Semaphore lets at most so many hold it at a time. Each takes one unit of it, or several. Waiters are served in the
// order in which they came: one that wants many units is not overtaken by those that want few. Its methods
// may be called from several goroutines; unlike with a lock, Release need not be called by the holder. A
// Semaphore is made by [NewSemaphore] or [NewCountingSemaphore] and must not be copied.
//
// One made by NewSemaphore is Python's threading.BoundedSemaphore: it panics when more is given back than was taken, which is a bug in most
// programs. One made by [NewCountingSemaphore] is its plain Semaphore, to which Release adds.
type Semaphore struct {
	mu     sync.Mutex
	size   int  // how many units there are; of one that counts, how many are free
	counts bool // what is taken is gone, and Release adds
	held   int
	takers []taker // the last of those that hold units, as far as one can tell
	line   line
}

// A BoundedSemaphore is a [Semaphore] made by NewSemaphore.
type BoundedSemaphore = Semaphore

// A taker is a goroutine that has taken units.
type taker struct {
	task.Owner
	n int
}

// maxTakers bounds how many takers are known.
const maxTakers = 32

// NewSemaphore returns a semaphore of n units. It panics with a *[MisuseError] if n is less than 1.
func NewSemaphore(n int) *Semaphore {
	if n < 1 {
		misused("Semaphore", fmt.Sprintf("size %d", n))
	}
	return &Semaphore{size: n}
}

// NewCountingSemaphore returns a semaphore that has n units to begin with, and gets more: Release adds what was not taken. It is for counting
// up what has happened, from 0 say: who waits for three things to happen takes three units. What is taken is nobody's: it has no
// Holders. It panics with a *[MisuseError] if n is negative.
func NewCountingSemaphore(n int) *Semaphore {
	if n < 0 {
		misused("Semaphore", fmt.Sprintf("size %d", n))
	}
	return &Semaphore{size: n, counts: true}
}

// NewBoundedSemaphore is [NewSemaphore].
func NewBoundedSemaphore(n int) *BoundedSemaphore { return NewSemaphore(n) }

// Acquire takes n units. It blocks until they are free and returns nil, or until ctx ends, and returns the cause of
// that, with nothing taken. It panics with a *[MisuseError] if n is less than 1, or more than the semaphore has if it does not count. It costs
// about 30 ns when it need not wait, and Release as much.
//
//go:noinline
func (s *Semaphore) Acquire(ctx context.Context, n int) error {
	o := task.Own(task.CallerPC())
	s.check("Acquire", n)
	task.Point(s, 0)
	s.mu.Lock()
	if s.free(n) {
		s.take(o, n)
		s.mu.Unlock()
		return nil
	}
	w := newWaiter()
	w.n, w.owner = n, o
	s.line.push(w)
	s.mu.Unlock()
	return w.await(ctx, task.WaitResult, s, func() { s.forget(w) })
}

// take gives n units to o. s.mu is held.
func (s *Semaphore) take(o task.Owner, n int) {
	if s.counts {
		s.size -= n
		return
	}
	s.held += n
	if len(s.takers) == maxTakers {
		s.takers = slices.Delete(s.takers, 0, 1)
	}
	s.takers = append(s.takers, taker{o, n})
}

// give takes n units back: those of a goroutine, or, if it has not as many, those that were taken first. s.mu is held.
func (s *Semaphore) give(goroutine int64, n int) {
	if s.counts {
		s.size += n
		return
	}
	s.held -= n
	for i := len(s.takers) - 1; i >= 0 && n > 0; i-- {
		if s.takers[i].Goroutine() == goroutine {
			n = s.giveOf(i, n)
		}
	}
	for n > 0 && len(s.takers) > 0 {
		n = s.giveOf(0, n)
	}
	if s.held == 0 {
		s.takers = s.takers[:0]
	}
}

// giveOf takes up to n units from the taker at i, and returns how many are left to take. s.mu is held.
func (s *Semaphore) giveOf(i, n int) int {
	m := min(n, s.takers[i].n)
	if s.takers[i].n -= m; s.takers[i].n == 0 {
		s.takers = slices.Delete(s.takers, i, i+1)
	}
	return n - m
}

// forget removes a waiter, and gives back what it was given meanwhile.
func (s *Semaphore) forget(w *waiter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.line.remove(w) {
		s.give(w.owner.Goroutine(), w.n)
	}
	s.serve()
}

// TryAcquire takes n units if they are free and nobody waits, and reports whether it has. It does not block. It panics as
// Acquire does.
//
//go:noinline
func (s *Semaphore) TryAcquire(n int) bool {
	o := task.Own(task.CallerPC())
	s.check("TryAcquire", n)
	task.Point(s, 0)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.free(n) {
		return false
	}
	s.take(o, n)
	return true
}

// Release gives n units back. It does not block. It panics with a *[MisuseError] when more are given back than were taken, unless the
// semaphore is one that counts.
func (s *Semaphore) Release(n int) {
	s.check("Release", n)
	task.Point(s, 0)
	s.release(n)
}

// release is Release where no other task must come in between.
func (s *Semaphore) release(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.counts && n > s.held {
		misused("Semaphore", fmt.Sprintf("release of %d when %d are held", n, s.held))
	}
	s.give(task.Goroutine(), n)
	s.serve()
}

// Free returns how many units nobody holds. Others may take them meanwhile.
func (s *Semaphore) Free() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.size - s.held
}

// Holders returns who holds units, as far as one can tell: the last 32 who have taken some. Since any task may give units back, those of
// the caller of Release are taken to be given back, and if it has none, those taken first. It does not block.
func (s *Semaphore) Holders() []Holder {
	s.mu.Lock()
	takers := slices.Clone(s.takers)
	s.mu.Unlock()
	var all []Holder
	for _, t := range takers {
		all = append(all, t.Holder())
	}
	return all
}

// free reports whether a newcomer can have n units. s.mu is held.
func (s *Semaphore) free(n int) bool { return s.size-s.held >= n && s.line.n == 0 }

// serve gives units to the waiters at the head of the queue. s.mu is held.
func (s *Semaphore) serve() {
	for w := s.line.first; w != nil && s.size-s.held >= w.n; w = s.line.first {
		s.take(w.owner, w.n)
		s.line.wake(w)
	}
}

func (s *Semaphore) check(op string, n int) {
	switch {
	case s.counts && n < 1:
		misused("Semaphore", fmt.Sprintf("%s of %d", op, n))
	case !s.counts && (n < 1 || n > s.size):
		misused("Semaphore", fmt.Sprintf("%s of %d, size is %d", op, n, s.size))
	}
}
