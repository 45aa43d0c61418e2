package task

import (
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"
	"weak"

	"github.com/petermattis/goid"
)

// A lockTable holds locks that are locked by what is no task: goroutines of libraries, and tasks that have ended.
type lockTable struct {
	count atomic.Int64 // so that usually nobody needs the lock
	mu    sync.Mutex
	by    map[uintptr][]strayLock
	prune int // look for garbage when there are as many
}

// A strayLock is a lock in a table, and who has locked it. It does not keep the lock in memory.
type strayLock struct {
	alive func() any // returns the lock, or nil
	mode  lockMode
	Holder
}

var (
	outside    lockTable // locked by goroutines that are no tasks
	leftLocked lockTable // by tasks that have ended
)

// took notes that the calling goroutine, which is no task, has locked a lock.
func (lt *lockTable) took(h heldLock) {
	o := Holder{Task: goid.Get(), Site: h.site(), Read: h.mode() == readMode}
	if r := carried(); r != nil {
		o.Cell = r.cell
	}
	lt.add(h, o)
}

func (lt *lockTable) add(h heldLock, o Holder) {
	s := strayLock{mode: h.mode(), Holder: o}
	switch s.mode {
	case libraryMode:
		w := weak.Make((*Lockable)(h.lock))
		s.alive = func() any {
			if l := w.Value(); l != nil {
				return *l
			}
			return nil
		}
	case mutexMode:
		w := weak.Make((*sync.Mutex)(h.lock))
		s.alive = func() any { return orNil(w.Value()) }
	default:
		w := weak.Make((*sync.RWMutex)(h.lock))
		s.alive = func() any { return orNil(w.Value()) }
	}
	lt.mu.Lock()
	defer lt.mu.Unlock()
	if lt.by == nil {
		lt.by, lt.prune = map[uintptr][]strayLock{}, 1000
	}
	if len(lt.by) >= lt.prune {
		lt.clean()
		lt.prune = 2*len(lt.by) + 1000
	}
	lt.by[uintptr(h.lock)] = append(lt.by[uintptr(h.lock)], s)
	lt.count.Add(1)
}

func orNil[T any](p *T) any {
	if p == nil {
		return nil
	}
	return p
}

// gave takes a lock out of the table that is about to be unlocked, and reports whether it was there.
func (lt *lockTable) gave(lock unsafe.Pointer, mode lockMode) bool {
	_, ok := lt.take(lock, mode)
	return ok
}

// take takes a lock out of the table: the calling goroutine's, if it has locked it several times with others.
func (lt *lockTable) take(lock unsafe.Pointer, mode lockMode) (Holder, bool) {
	if lt.count.Load() == 0 {
		return Holder{}, false
	}
	me := goid.Get()
	lt.mu.Lock()
	defer lt.mu.Unlock()
	list, found := lt.by[uintptr(lock)], -1
	for i, s := range list {
		if s.mode == mode && s.alive() != nil && (found < 0 || s.Task == me) {
			found = i
		}
	}
	if found < 0 {
		return Holder{}, false
	}
	h := list[found].Holder
	lt.set(uintptr(lock), slices.Delete(list, found, found+1), 1)
	return h, true
}

// has reports whether a lock is in the table.
func (lt *lockTable) has(lock unsafe.Pointer) bool {
	if lt.count.Load() == 0 {
		return false
	}
	lt.mu.Lock()
	defer lt.mu.Unlock()
	return len(lt.by[uintptr(lock)]) > 0
}

// set replaces a list, which has become shorter by n. lt.mu is held.
func (lt *lockTable) set(key uintptr, list []strayLock, n int) {
	if lt.by[key] = list; len(list) == 0 {
		delete(lt.by, key)
	}
	lt.count.Add(-int64(n))
}

// clean forgets locks that are garbage. lt.mu is held.
func (lt *lockTable) clean() {
	for key, list := range lt.by {
		n := len(list)
		list = slices.DeleteFunc(list, func(s strayLock) bool { return s.alive() == nil })
		lt.set(key, list, n-len(list))
	}
}

// all calls f for all locks in the table.
func (lt *lockTable) all(f func(lock any, mode lockMode, h Holder)) {
	lt.mu.Lock()
	defer lt.mu.Unlock()
	lt.clean()
	for _, list := range lt.by {
		for _, s := range list {
			if l := s.alive(); l != nil {
				f(l, s.mode, s.Holder)
			}
		}
	}
}

// leaveLocks notes what t holds, which has come to its end.
func (t *Task) leaveLocks() {
	for _, h := range t.locks() {
		if o, ok := t.holder(h); ok {
			o.Ended = true
			leftLocked.add(h, o)
		}
	}
}
