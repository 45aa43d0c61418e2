package concurrency

import (
	"context"

	"github.com/gobraid/gobraid/concurrency/task"
)

// An RLock is a [Lock] that its holder may lock again, as Python's threading.RLock: it is free when it has been released as
// often as it was locked. It is for a method that needs the lock and calls another that needs it too. Its zero value
// is free. Its methods may be called from several goroutines. It must not be copied once used.
type RLock struct {
	m     mutex
	depth int // how often the holder has locked it; only the holder looks
}

// Acquire locks l, once more if the caller holds it: then it does not block. Otherwise it blocks until l is free and returns nil, or
// until ctx ends, and returns the cause of that.
//
//go:noinline
func (l *RLock) Acquire(ctx context.Context) error { return l.acquire(ctx, task.CallerPC()) }

func (l *RLock) acquire(ctx context.Context, pc uintptr) error {
	if !l.m.mine() {
		if err := l.m.acquire(ctx, l.m.in(l, "RLock"), pc); err != nil {
			return err
		}
	}
	l.depth++
	return nil
}

// TryAcquire locks l if it is free or the caller's, and reports whether it has. It does not block.
//
//go:noinline
func (l *RLock) TryAcquire() bool {
	if !l.m.mine() && !l.m.try(l.m.in(l, "RLock"), task.CallerPC()) {
		return false
	}
	l.depth++
	return true
}

// Release takes back one Acquire or Lock. It does not block. It panics with a *[MisuseError] if the caller does not
// hold l.
func (l *RLock) Release() { l.release("Release") }

func (l *RLock) release(op string) {
	l.m.check("RLock", op)
	if l.depth--; l.depth == 0 {
		l.m.release()
	}
}

// Lock is Acquire without an end. It makes l a sync.Locker.
//
//go:noinline
func (l *RLock) Lock() { _ = l.acquire(context.Background(), task.CallerPC()) }

// Unlock is Release.
func (l *RLock) Unlock() { l.release("Unlock") }

// Locked reports whether somebody holds l. It does not block.
func (l *RLock) Locked() bool { return l.m.locked() }

// Holders returns who holds l: one or nobody. It does not block.
func (l *RLock) Holders() []Holder { return l.m.holders() }
