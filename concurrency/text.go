package concurrency

import "fmt"

// The texts below are what a cell that ends in such a value shows, and what printing it prints: its state at this moment, which may be another at the
// next. None of them blocks for longer than a moment.

// String says whether the thread was started, and whether it has ended.
func (t *Thread) String() string {
	switch {
	case t.future() == nil:
		return t.Name() + ", not started"
	case t.Alive():
		return t.Name() + ", alive"
	}
	return t.Name() + ", ended"
}

// String says how far the future is: pending, running, done, canceled, or failed and why. It does not show the result.
func (fu *Future[T]) String() string {
	switch state := fu.core.state.Load(); {
	case state == pending:
		return "future, pending"
	case state == running:
		return "future, running"
	case fu.Canceled():
		return "future, canceled"
	case fu.Err() != nil:
		return "future, failed: " + fu.Err().Error()
	}
	return "future, done"
}

// String says how far the promise's future is.
func (p *Promise[T]) String() string { return "promise of a " + p.Future().String() }

// String says how many things are in the queue.
func (q *Queue[T]) String() string { return fmt.Sprintf("queue of %d", q.Len()) }

// String says whether the lock is held.
func (l *Lock) String() string { return lockText("lock", l.Locked()) }

// String says whether the lock is held.
func (l *RLock) String() string { return lockText("re-entrant lock", l.Locked()) }

// String says whether somebody holds the lock for writing, and how many for reading.
func (l *RWLock) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.readers); n > 0 {
		return fmt.Sprintf("read-write lock, %d read", n)
	}
	return lockText("read-write lock", l.writer.Goroutine() != 0)
}

func lockText(what string, held bool) string {
	if held {
		return what + ", held"
	}
	return what + ", free"
}

// String says how many units are free.
func (s *Semaphore) String() string { return fmt.Sprintf("semaphore, %d of %d free", s.Free(), s.size) }

// String says whether the flag is set.
func (e *Event) String() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.set {
		return "event, set"
	}
	return "event, not set"
}

// String says how many of its tasks wait at the barrier.
func (b *Barrier) String() string {
	if b.Broken() {
		return "barrier, broken"
	}
	return fmt.Sprintf("barrier, %d of %d wait", b.Waiting(), b.Parties())
}

// String returns the value as text.
func (c *Counter) String() string { return fmt.Sprint(c.n.Load()) }

// String says how many workers the pool has.
func (p *ThreadPool) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Sprintf("%s with %d workers", p.name, p.workers)
}
