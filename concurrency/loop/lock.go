package loop

import "context"

// A Lock is held by one coroutine of a loop at a time: asyncio's Lock. Waiters get it in the order in which they came. The zero
// Lock is free. Its methods must be called on the loop. It must not be copied, nor be used by two loops.
//
// Between two awaits nobody else of the loop runs, so a lock is only needed where something is to stay as it is across an await.
type Lock struct {
	holder *coroutine
	line   line
}

// Acquire takes the lock. It lets others run until the lock is the caller's, and returns nil, or until the caller is cancelled or
// ctx ends, and returns that, without the lock. A lock that is held by the caller is a deadlock, as in asyncio.
func (l *Lock) Acquire(ctx context.Context) error {
	c := on(ctx, "Lock.Acquire")
	if l.holder == nil && l.line.empty() {
		if err := c.deliver(); err != nil {
			return err
		}
		l.holder = c
		return nil
	}
	woken, err := l.line.wait(ctx, c, l)
	if err != nil && woken {
		l.pass()
	}
	return err
}

// TryAcquire takes the lock if it is free, and reports whether it has. It does not await.
func (l *Lock) TryAcquire(ctx context.Context) bool {
	if l.holder != nil {
		return false
	}
	l.holder = on(ctx, "Lock.TryAcquire")
	return true
}

// Release gives the lock to who waits the longest, or frees it. As in asyncio, any coroutine may do so. It does not await. It panics
// with a *[concurrency.MisuseError] if nobody holds the lock.
func (l *Lock) Release() {
	if l.holder == nil {
		misused("Lock", "release of what nobody holds")
	}
	onLoop(l.holder, "Lock", "Release")
	l.pass()
}

// pass gives the lock on.
func (l *Lock) pass() { l.holder = l.line.wake() }

// Locked reports whether somebody holds the lock.
func (l *Lock) Locked() bool { return l.holder != nil }

// A Semaphore lets at most so many coroutines of a loop hold it at a time: asyncio's. Waiters are served in the order in
// which they came. It is made by [NewSemaphore]. Its methods must be called on the loop.
type Semaphore struct {
	free, size int // size is 0 if it has no bound
	line       line
}

// NewSemaphore returns a semaphore of n units. It panics with a *[concurrency.MisuseError] if n is negative.
func NewSemaphore(n int) *Semaphore {
	if n < 0 {
		misused("Semaphore", "a negative count")
	}
	return &Semaphore{free: n}
}

// NewBoundedSemaphore returns a semaphore whose Release panics when more is given back than was taken.
func NewBoundedSemaphore(n int) *Semaphore {
	if n < 1 {
		misused("BoundedSemaphore", "a count below 1")
	}
	return &Semaphore{free: n, size: n}
}

// Acquire takes a unit. It lets others run until there is one, and returns nil, or until the caller is cancelled or ctx ends, and
// returns that, with nothing taken.
func (s *Semaphore) Acquire(ctx context.Context) error {
	c := on(ctx, "Semaphore.Acquire")
	if s.free > 0 && s.line.empty() {
		if err := c.deliver(); err != nil {
			return err
		}
		s.free--
		return nil
	}
	woken, err := s.line.wait(ctx, c, s)
	if err != nil && woken {
		s.give()
	}
	return err
}

// TryAcquire takes a unit if there is one and nobody waits, and reports whether it has. It does not await.
func (s *Semaphore) TryAcquire() bool {
	if s.free == 0 || !s.line.empty() {
		return false
	}
	s.free--
	return true
}

// Release gives a unit back. It does not await, and need not be called by who has taken it. A bounded semaphore panics
// with a *[concurrency.MisuseError] when more is given back than was taken.
func (s *Semaphore) Release() {
	if s.size > 0 && s.free == s.size {
		misused("BoundedSemaphore", "release of more than was taken")
	}
	s.give()
}

func (s *Semaphore) give() {
	if !s.line.empty() {
		onLoop(s.line.places[0].c, "Semaphore", "Release")
		s.line.wake()
		return
	}
	s.free++
}

// Locked reports whether Acquire would wait.
func (s *Semaphore) Locked() bool { return s.free == 0 || !s.line.empty() }
