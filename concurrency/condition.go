package concurrency

import (
	"context"
	"sync"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A Condition lets tasks that hold a lock wait until another one has changed something, as Python's threading.Condition. It is a
// sync.Cond whose Wait ends with a context. A Condition is made by [NewCondition] and must not be copied. Its
// methods may be called from several goroutines.
type Condition struct {
	lock sync.Locker

	mu   sync.Mutex
	line line
}

// owned is a lock of this package, as a Condition needs it.
type owned interface {
	sync.Locker
	mine() bool
	// leave unlocks it entirely and returns a function that locks it again as it was.
	leave(pc uintptr) (back func())
	acquireAt(pc uintptr)
}

func (l *Lock) mine() bool  { return l.m.mine() }
func (l *RLock) mine() bool { return l.m.mine() }
func (l *RWLock) mine() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.writer.Goroutine() == task.Goroutine()
}

func (l *Lock) acquireAt(pc uintptr)   { _ = l.m.acquire(context.Background(), l.m.in(l, "Lock"), pc) }
func (l *RLock) acquireAt(pc uintptr)  { _ = l.acquire(context.Background(), pc) }
func (l *RWLock) acquireAt(pc uintptr) { _ = l.acquire(context.Background(), false, pc) }

func (l *Lock) leave(pc uintptr) (back func()) {
	l.m.release()
	return func() { l.acquireAt(pc) }
}

func (l *RLock) leave(pc uintptr) (back func()) {
	depth := l.depth
	l.depth = 0
	l.m.release()
	return func() {
		l.acquireAt(pc)
		l.depth = depth
	}
}

func (l *RWLock) leave(pc uintptr) (back func()) {
	l.Unlock()
	return func() { l.acquireAt(pc) }
}

// NewCondition returns a condition of a lock: a [Lock], [RLock] or [RWLock], or any other sync.Locker. If lock is nil it
// makes a Lock; Python makes an RLock.
func NewCondition(lock sync.Locker) *Condition {
	if lock == nil {
		lock = new(Lock)
	}
	return &Condition{lock: lock}
}

// Lock locks the condition's lock. It blocks until that is free.
//
//go:noinline
func (c *Condition) Lock() {
	if l, ok := c.lock.(owned); ok {
		l.acquireAt(task.CallerPC())
		return
	}
	task.LockerLock(c.lock, task.Here())
}

// Unlock unlocks the condition's lock.
func (c *Condition) Unlock() { task.LockerUnlock(c.lock) }

// Wait unlocks the condition's lock, blocks until it is notified, locks the lock again and returns nil. If ctx ends before it
// locks the lock again and returns the cause of that. An RLock it unlocks entirely, however often it is locked. It panics with a
// *[MisuseError] if the caller does not hold the lock and that is one of this package.
//
// What was waited for need not be so any more when Wait returns: look again, or use [Condition.WaitFor].
//
//go:noinline
func (c *Condition) Wait(ctx context.Context) error { return c.wait(ctx, task.CallerPC()) }

// WaitFor waits, as Wait does, until pred returns true, which it calls with the lock locked. It returns nil then, and the
// cause of the end of ctx if that comes first.
//
//go:noinline
func (c *Condition) WaitFor(ctx context.Context, pred func() bool) error {
	pc := task.CallerPC()
	c.check("WaitFor")
	for !pred() {
		if err := c.wait(ctx, pc); err != nil {
			return err
		}
	}
	return nil
}

func (c *Condition) wait(ctx context.Context, pc uintptr) error {
	c.check("Wait")
	task.Point(c, 0)
	w := newWaiter()
	c.mu.Lock()
	c.line.push(w)
	c.mu.Unlock()
	site := task.Here()
	defer c.leave(pc, site)()
	return w.await(ctx, task.WaitCond, c, func() { c.forget(w) })
}

// leave unlocks the lock, and returns a function that locks it again.
func (c *Condition) leave(pc uintptr, site task.Site) (back func()) {
	if l, ok := c.lock.(owned); ok {
		return l.leave(pc)
	}
	task.LockerUnlock(c.lock)
	return func() { task.LockerLock(c.lock, site) }
}

// forget removes a waiter that does not wait any more. What it was told it tells another.
func (c *Condition) forget(w *waiter) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.line.remove(w) {
		c.line.wakeFirst()
	}
}

// Notify has n of those go on that wait, those that have waited longest, or all if they are fewer. It does not block. It panics
// with a *[MisuseError] if n is negative, or as Wait does: Python, too, wants the lock to be held.
func (c *Condition) Notify(n int) {
	if n < 0 {
		misused("Condition", "Notify of a negative number")
	}
	c.check("Notify")
	c.notify(n)
}

// NotifyAll has all go on that wait. It does not block. It panics as Notify does.
func (c *Condition) NotifyAll() {
	c.check("NotifyAll")
	c.notify(-1)
}

func (c *Condition) notify(n int) {
	task.Point(c, 0)
	c.mu.Lock()
	defer c.mu.Unlock()
	for ; n != 0 && c.line.wakeFirst(); n-- {
	}
}

// check panics if the caller does not hold the lock, if that can be known.
func (c *Condition) check(op string) {
	l, ok := c.lock.(owned)
	if !ok || l.mine() {
		return
	}
	var owners []task.Owner
	switch l := l.(type) {
	case *Lock:
		owners = append(owners, l.m.holder())
	case *RLock:
		owners = append(owners, l.m.holder())
	case *RWLock:
		l.mu.Lock()
		owners = l.owners()
		l.mu.Unlock()
	}
	misused("Condition", op+" by one who does not hold its lock", owners...)
}
