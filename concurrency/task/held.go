package task

import (
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Each task notes the locks it holds: the first in a slot of its own, more in a list. Nobody else looks there while locks
// come and go, so a Lock and Unlock pay a few ns for it, and no memory.
//
// The slot is written by the task's goroutine without synchronisation, and read by others, of which the race detector is
// not told. That is sound because each of its two words is written at once, and because of who may change the
// first from what to what: the task itself from nil to a lock it has locked, and back to nil before it unlocks it; anybody
// else, who unlocks the lock in the task's place, from that lock to nil, by compare and swap, before unlocking it. A
// lock is not locked again before that. A reader that finds a lock there and reads the second word when
// the lock has been exchanged may name another line at which the task has locked something; no more.

// A heldLock is a lock that is held, with the site of the call that has locked it and how.
type heldLock struct {
	lock unsafe.Pointer // *sync.Mutex, *sync.RWMutex or *Lockable
	how  Site           // the site, and a lockMode above modeShift
}

// A lockMode is a kind of lock, and how it is held.
type lockMode uint8

const (
	mutexMode lockMode = iota
	writeMode          // an RWMutex
	readMode
	libraryMode // *Lockable
)

// modeShift leaves a site 62 bits: cells have smaller numbers than a billion.
const modeShift = 62

func (m lockMode) at(site Site) Site { return site&(1<<modeShift-1) | Site(m)<<modeShift }

func (h heldLock) mode() lockMode { return lockMode(h.how >> modeShift) }
func (h heldLock) site() Site     { return h.how & (1<<modeShift - 1) }

// took notes that the caller has locked a lock.
func took(lock unsafe.Pointer, mode lockMode, site Site) {
	h := heldLock{lock, mode.at(site)}
	if t := current(); t == nil {
		outside.took(h)
	} else if !t.push(h) {
		t.pushMore(h)
	}
}

// gave notes that the caller is about to unlock a lock.
func gave(lock unsafe.Pointer, mode lockMode) {
	t := current()
	if t == nil || !t.pop(lock, mode) {
		t.gaveSlow(lock, mode)
	}
}

// push puts a lock into the slot, if that is empty.
//
//go:norace
func (t *Task) push(h heldLock) bool {
	if t.held.lock != nil {
		return false
	}
	t.held.how = h.how
	t.held.lock = h.lock
	return true
}

// pop takes a lock out of the slot, if it is there.
//
//go:norace
func (t *Task) pop(lock unsafe.Pointer, mode lockMode) bool {
	if t.held.lock != lock || t.held.mode() != mode {
		return false
	}
	t.held.lock = nil
	return true
}

// peek returns what is in the slot. Anybody may call it.
//
//go:norace
func (t *Task) peek() heldLock { return t.held }

// snatch takes a lock out of the slot of another task.
//
//go:norace
func (t *Task) snatch(lock unsafe.Pointer, mode lockMode) bool {
	return t.held.lock == lock && t.held.mode() == mode && atomic.CompareAndSwapPointer(&t.held.lock, lock, nil)
}

// maxHeld bounds the list of a task that locks one lock after another and unlocks none.
const maxHeld = 1000

// pushMore puts a lock into the list.
func (t *Task) pushMore(h heldLock) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := t.more()
	if len(r.held) == maxHeld {
		r.held = slices.Delete(r.held, 0, 1)
	}
	r.held = append(r.held, h)
}

// popMore takes a lock out of the list, if it is there.
func (t *Task) popMore(lock unsafe.Pointer, mode lockMode) (h heldLock, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.rare == nil {
		return h, false
	}
	for i := len(t.rare.held) - 1; i >= 0; i-- {
		if h = t.rare.held[i]; h.lock == lock && h.mode() == mode {
			t.rare.held = slices.Delete(t.rare.held, i, i+1)
			return h, true
		}
	}
	return h, false
}

// gaveSlow is gave for a lock that is not in the slot of the calling task: it is in its list, or somebody else has locked it. t
// may be nil.
func (t *Task) gaveSlow(lock unsafe.Pointer, mode lockMode) {
	if t != nil {
		if _, ok := t.popMore(lock, mode); ok {
			return
		}
	}
	if outside.gave(lock, mode) || leftLocked.gave(lock, mode) {
		return
	}
	found := false
	each(func(x *Task) {
		if !found && x != t {
			found = x.snatch(lock, mode)
		}
		if !found && x != t {
			_, found = x.popMore(lock, mode)
		}
	})
}

// holds reports whether t may hold a lock. t is the calling task: only it puts locks into its list, which makes others
// that read the rest of t.rare, or have made it, of no concern.
//
//go:norace
func (t *Task) holds() bool {
	return t.held.lock != nil || t.rare != nil && len(t.rare.held) > 0
}

// locks returns the locks that t holds.
func (t *Task) locks() []heldLock {
	var all []heldLock
	if h := t.peek(); h.lock != nil {
		all = append(all, h)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.rare != nil {
		all = append(all, t.rare.held...)
	}
	return all
}

// lend takes a lock from the list of the calling task, which somebody else is about to unlock in its place, and returns a
// function that puts it back.
func lend(l sync.Locker) (back func()) {
	lock, mode := lockOf(l)
	t := current()
	switch {
	case lock == nil:
		return func() {}
	case t == nil:
		if h, ok := outside.take(lock, mode); ok {
			return func() { outside.add(heldLock{lock, mode.at(0)}, h) }
		}
		return func() {}
	}
	if watch.Load() != 0 {
		unlockRecorded(lock, mode == readMode, func() {})
	}
	h := t.peek()
	if !t.pop(lock, mode) {
		var ok bool
		if h, ok = t.popMore(lock, mode); !ok {
			return func() {}
		}
	}
	return func() {
		if watch.Load() != 0 {
			lockRecorded(nil, lock, mode == readMode, func() {})
		}
		if !t.push(h) {
			t.pushMore(h)
		}
	}
}

// lockOf returns the lock that l locks and how, nil if it is none of package sync.
func lockOf(l sync.Locker) (unsafe.Pointer, lockMode) {
	switch m := known(l).(type) {
	case *sync.Mutex:
		return unsafe.Pointer(m), mutexMode
	case *sync.RWMutex:
		return unsafe.Pointer(m), writeMode
	case readLocker:
		return unsafe.Pointer(m.m), readMode
	}
	return nil, 0
}
