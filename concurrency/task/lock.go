package task

import (
	"reflect"
	"runtime"
	"slices"
	"sync"
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
	if !m.TryLock() {
		lockSlow(m, WaitLock, site, m.TryLock, m.Lock, m.Unlock)
	}
}

// RWLock is what m.Lock() is lowered to for a sync.RWMutex.
func RWLock(m *sync.RWMutex, site Site) {
	if !m.TryLock() {
		lockSlow(m, WaitLock, site, m.TryLock, m.Lock, m.Unlock)
	}
}

// RWRLock is what m.RLock() is lowered to.
func RWRLock(m *sync.RWMutex, site Site) {
	if !m.TryRLock() {
		lockSlow(m, WaitRLock, site, m.TryRLock, m.RLock, m.RUnlock)
	}
}

func lockSlow(m any, kind Kind, site Site, try func() bool, lock, unlock func()) {
	if spin(try) {
		return
	}
	if t := current(); t != nil {
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
	m.Unlock()
}

// RWUnlock is what m.Unlock() is lowered to for a sync.RWMutex.
func RWUnlock(m *sync.RWMutex) {
	if Stop.Load() != 0 {
		released(m)
	}
	m.Unlock()
}

// RWRUnlock is what m.RUnlock() is lowered to.
func RWRUnlock(m *sync.RWMutex) {
	if Stop.Load() != 0 {
		released(readLocker{m})
	}
	m.RUnlock()
}

// LockerUnlock is what l.Unlock() is lowered to for a sync.Locker.
func LockerUnlock(l sync.Locker) {
	if Stop.Load() != 0 {
		released(known(l))
	}
	l.Unlock()
}

// hold notes that the dying task has locked l only so that its deferred functions find it locked.
func (t *Task) hold(l sync.Locker) {
	if t.end == nil {
		t.end = &ending{}
	}
	t.end.held = append(t.end.held, known(l))
}

// released notes that the calling task unlocks l itself.
func released(l sync.Locker) {
	t := current()
	if t == nil || t.end == nil {
		return
	}
	if i := slices.Index(t.end.held, l); i >= 0 {
		t.end.held = slices.Delete(t.end.held, i, i+1)
	}
}

// releaseHeld unlocks what no deferred function has unlocked. If a lock is free, something that was not lowered
// has unlocked it.
func (t *Task) releaseHeld() {
	if t.end == nil {
		return
	}
	for _, l := range t.end.held {
		m, ok := l.(interface{ TryLock() bool })
		if !ok {
			continue
		}
		m.TryLock()
		l.Unlock()
	}
	t.end.held = nil
}
