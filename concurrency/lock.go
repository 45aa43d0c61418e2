package concurrency

import (
	"context"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A Lock is held by one task at a time. It is Python's threading.Lock, and a sync.Mutex that knows its holder: while others wait for it
// %tasks, %locks and a deadlock name who holds it and since which line. Its zero value is free. Its methods may be
// called from several goroutines. It must not be copied once used: a copy panics.
//
// Unlike Python's, and unlike a sync.Mutex, it is released by the task that holds it, or that is misuse. Where one task is
// to let another go on take an [Event] or a [Semaphore]. A task that locks it twice waits for itself: [RLock] is for
// that.
//
// To lock and unlock it takes about 4 times as long as a sync.Mutex, 50 ns, and twice that if the task holds another; 2 to 5 times as long when
// 8 tasks want it all the time.
type Lock struct{ m mutex }

// Acquire locks l. It blocks until l is free and returns nil, or until ctx ends, and returns the cause of that. If l is free it
// does not look at ctx.
//
//go:noinline
func (l *Lock) Acquire(ctx context.Context) error {
	return l.m.acquire(ctx, l.m.in(l, "Lock"), task.CallerPC())
}

// TryAcquire locks l if it is free, and reports whether it has. It does not block.
//
//go:noinline
func (l *Lock) TryAcquire() bool { return l.m.try(l.m.in(l, "Lock"), task.CallerPC()) }

// Release unlocks l. It does not block. It panics with a *[MisuseError] if the caller does not hold l.
func (l *Lock) Release() {
	l.m.check("Lock", "Release")
	l.m.release()
}

// Lock is Acquire without an end: it blocks until l is free. It makes l a sync.Locker.
//
//go:noinline
func (l *Lock) Lock() {
	_ = l.m.acquire(context.Background(), l.m.in(l, "Lock"), task.CallerPC())
}

// Unlock is Release.
func (l *Lock) Unlock() {
	l.m.check("Lock", "Unlock")
	l.m.release()
}

// Locked reports whether somebody holds l. It does not block.
func (l *Lock) Locked() bool { return l.m.locked() }

// Holders returns who holds l: one or nobody. It does not block.
func (l *Lock) Holders() []Holder { return l.m.holders() }
