package task

import (
	"reflect"
	"runtime"
	"slices"
	"sync"
	"unsafe"
)

// spins is how often a contended lock is tried before the task waits for it. Handing a lock over to
// a task that waits costs about 1 µs; most locks are free again sooner.
const spins = 20

// spin tries a lock a few times.
func spin(try func() bool) bool {
	for range spins {
		if try() {
			return true
		}
		runtime.Gosched()
	}
	return false
}

// Lock is what m.Lock() is lowered to. A killed task ends while it waits.
func Lock(m *sync.Mutex, site Site) {
	if watch.Load() != 0 {
		lockWatched(m, unsafe.Pointer(m), WaitLock, site, m.TryLock, m.Lock, m.Unlock)
	} else if !m.TryLock() {
		lockSlow(m, WaitLock, site, m.TryLock, m.Lock, m.Unlock)
	}
	took(unsafe.Pointer(m), mutexMode, site)
}

// RWLock is what m.Lock() is lowered to for a sync.RWMutex.
func RWLock(m *sync.RWMutex, site Site) {
	if watch.Load() != 0 {
		lockWatched(m, unsafe.Pointer(m), WaitLock, site, m.TryLock, m.Lock, m.Unlock)
	} else if !m.TryLock() {
		lockSlow(m, WaitLock, site, m.TryLock, m.Lock, m.Unlock)
	}
	took(unsafe.Pointer(m), writeMode, site)
}

// RWRLock is what m.RLock() is lowered to.
func RWRLock(m *sync.RWMutex, site Site) {
	if watch.Load() != 0 {
		lockWatched(m, unsafe.Pointer(m), WaitRLock, site, m.TryRLock, m.RLock, m.RUnlock)
	} else if !m.TryRLock() {
		lockSlow(m, WaitRLock, site, m.TryRLock, m.RLock, m.RUnlock)
	}
	took(unsafe.Pointer(m), readMode, site)
}

// lockWatched locks m, which p points to, while some run is controlled or recorded.
func lockWatched(m any, p unsafe.Pointer, kind Kind, site Site, try func() bool, lock, unlock func()) {
	lockRecorded(m, p, kind == WaitRLock, func() {
		if !steerLock(kind, m, p, site, try) && !try() {
			lockSlow(m, kind, site, try, lock, func() { undoRecorded(p, unlock) })
		}
	})
}

func lockSlow(m any, kind Kind, site Site, try func() bool, lock, unlock func()) {
	if spin(try) {
		return
	}
	if t := here(); t != nil {
		t.delegate(wish{kind, m}, site, lock, unlock)
		return
	}
	lock()
}

// LockerLock is what l.Lock() is lowered to for a sync.Locker. A locker of package sync is locked as Lock
// and its like do; any other has its Lock method called.
func LockerLock(l sync.Locker, site Site) {
	switch m := known(l).(type) {
	case *sync.Mutex:
		Lock(m, site)
	case *sync.RWMutex:
		RWLock(m, site)
	case readLocker:
		RWRLock(m.m, site)
	default:
		l.Lock()
	}
}

// A readLocker is what RWMutex.RLocker returns, opened.
type readLocker struct{ m *sync.RWMutex }

func (r readLocker) Lock()         { r.m.RLock() }
func (r readLocker) Unlock()       { r.m.RUnlock() }
func (r readLocker) TryLock() bool { return r.m.TryRLock() }

var readLockerType = reflect.TypeOf(new(sync.RWMutex).RLocker())

// known returns l, or what it is inside: RLocker's result converts to the RWMutex it belongs to.
func known(l sync.Locker) sync.Locker {
	if reflect.TypeOf(l) != readLockerType {
		return l
	}
	return readLocker{(*sync.RWMutex)(reflect.ValueOf(l).UnsafePointer())}
}

// Unlock is what m.Unlock() is lowered to.
func Unlock(m *sync.Mutex) {
	if Stop.Load() != 0 {
		released(m)
	}
	gave(unsafe.Pointer(m), mutexMode)
	if watch.Load() != 0 {
		unlockWatched(unsafe.Pointer(m), false, m.Unlock)
		return
	}
	m.Unlock()
}

// RWUnlock is what m.Unlock() is lowered to for a sync.RWMutex.
func RWUnlock(m *sync.RWMutex) {
	if Stop.Load() != 0 {
		released(m)
	}
	gave(unsafe.Pointer(m), writeMode)
	if watch.Load() != 0 {
		unlockWatched(unsafe.Pointer(m), false, m.Unlock)
		return
	}
	m.Unlock()
}

// RWRUnlock is what m.RUnlock() is lowered to.
func RWRUnlock(m *sync.RWMutex) {
	if Stop.Load() != 0 {
		released(readLocker{m})
	}
	gave(unsafe.Pointer(m), readMode)
	if watch.Load() != 0 {
		unlockWatched(unsafe.Pointer(m), true, m.RUnlock)
		return
	}
	m.RUnlock()
}

// LockerUnlock is what l.Unlock() is lowered to for a sync.Locker.
func LockerUnlock(l sync.Locker) {
	switch m := known(l).(type) {
	case *sync.Mutex:
		Unlock(m)
	case *sync.RWMutex:
		RWUnlock(m)
	case readLocker:
		RWRUnlock(m.m)
	default:
		if Stop.Load() != 0 {
			released(l)
		}
		l.Unlock()
	}
}

// unlockWatched unlocks a lock while some run is controlled or recorded.
func unlockWatched(lock unsafe.Pointer, read bool, unlock func()) {
	done := steerUnlock(lock, read)
	unlockRecorded(lock, read, unlock)
	done()
}

// isHeld reports whether somebody is known to hold a lock.
func isHeld(lock unsafe.Pointer) bool {
	found := outside.has(lock)
	each(func(t *Task) {
		found = found || slices.ContainsFunc(t.locks(), func(h heldLock) bool { return h.lock == lock })
	})
	return found
}
