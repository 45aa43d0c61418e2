package task

import (
	"cmp"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"
)

// A LockInfo describes a lock at one moment.
type LockInfo struct {
	Object  any    // *sync.Mutex, *sync.RWMutex or a Lockable
	Kind    string // "Mutex", "RWMutex" or the name of the library's type
	Holders []Holder
	Waiters []Info // those that came first in front
}

// A Holder is who has locked a lock.
type Holder struct {
	Task  int64 // its id; of what is no task, that of its goroutine
	Name  string
	Cell  int  // 0 when it is not known
	Site  Site // of the call of Lock
	Read  bool // it holds an RWMutex for reading
	Ended bool // the task has ended, and has not unlocked it
}

// Locks returns the mutexes that code of cells has locked, or waits for, those with waiters first. A lock that only compiled
// library code uses is not known, nor is such code as a holder. Locks does not block; others lock and unlock while it
// looks.
func Locks() []LockInfo {
	l := lockLister{}
	each(func(t *Task) {
		for _, h := range t.locks() {
			if h.mode() == libraryMode {
				l.library(*(*Lockable)(h.lock))
			} else if o, ok := t.holder(h); ok {
				l.held(h.object(), h.mode(), o)
			}
		}
		i := t.Info()
		lock, ok := i.Wait.Object.(Lockable)
		if ok {
			l.library(lock)
			ok = l[lock] != nil
		}
		if ok || i.Wait.Kind == WaitLock || i.Wait.Kind == WaitRLock {
			l.waits(i)
		}
	})
	outside.all(l.held)
	leftLocked.all(l.held)
	return l.sorted()
}

// holder returns t as the holder of a lock, unless that is no longer locked: code that is not known has unlocked it.
func (t *Task) holder(h heldLock) (Holder, bool) {
	is := locked(h)
	t.mu.Lock()
	defer t.mu.Unlock()
	o := Holder{Task: t.id, Cell: t.run.cell, Site: h.site(), Read: h.mode() == readMode}
	if t.rare != nil {
		o.Name = t.rare.name
	}
	return o, is
}

// object returns the lock.
func (h heldLock) object() any {
	switch h.mode() {
	case mutexMode:
		return (*sync.Mutex)(h.lock)
	case libraryMode:
		return *(*Lockable)(h.lock)
	}
	return (*sync.RWMutex)(h.lock)
}

// locked reports whether a lock is locked, by whomever.
func locked(h heldLock) bool {
	if h.mode() == libraryMode {
		return len((*(*Lockable)(h.lock)).Holders()) > 0
	}
	offset, mask := mutexOffset, int32(1)
	if h.mode() != mutexMode {
		offset, mask = readersOffset, -1
	}
	return offset < 0 || atomic.LoadInt32((*int32)(unsafe.Add(h.lock, offset)))&mask != 0
}

// mutexOffset is where a Mutex has its state, and readersOffset where an RWMutex counts readers, which it does below zero while
// it is locked; -1 when this version of Go has them elsewhere. A test fails then.
var (
	mutexOffset   = offsetOf(reflect.TypeFor[sync.Mutex](), reflect.Int32, "mu", "state")
	readersOffset = offsetOf(reflect.TypeFor[sync.RWMutex](), reflect.Int32, "readerCount", "v")
)

// A lockLister collects locks by their identity.
type lockLister map[any]*LockInfo

func (l lockLister) info(object any) *LockInfo {
	i := l[object]
	if i == nil {
		i = &LockInfo{Object: object, Kind: reflect.TypeOf(object).Elem().Name()}
		l[object] = i
	}
	return i
}

func (l lockLister) held(object any, mode lockMode, h Holder) {
	if mode == libraryMode { // it knows its holders itself
		l.library(object.(Lockable))
		return
	}
	i := l.info(object)
	i.Holders = append(i.Holders, h)
}

func (l lockLister) waits(w Info) {
	i := l.info(w.Wait.Object)
	i.Waiters = append(i.Waiters, w)
}

func (l lockLister) sorted() []LockInfo {
	var all []LockInfo
	for _, i := range l {
		slices.SortFunc(i.Holders, func(a, b Holder) int { return cmp.Compare(a.Task, b.Task) })
		slices.SortFunc(i.Waiters, func(a, b Info) int { return a.Wait.Since.Compare(b.Wait.Since) })
		all = append(all, *i)
	}
	slices.SortFunc(all, func(a, b LockInfo) int {
		return cmp.Or(cmp.Compare(len(b.Waiters), len(a.Waiters)), cmp.Compare(a.site(), b.site()))
	})
	return all
}

// site returns the first place at which something is done with the lock.
func (l LockInfo) site() Site {
	if len(l.Holders) > 0 {
		return l.Holders[0].Site
	}
	return l.Waiters[0].Wait.Site
}
