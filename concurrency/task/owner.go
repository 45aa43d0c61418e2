package task

import (
	"fmt"
	"path/filepath"
	"reflect"
	"runtime"
	"unsafe"

	"github.com/petermattis/goid"
)

// A Lockable is a lock of a library, or something else that tasks hold and others wait for. What a task holds of it is noted
// with [Owner.Note]; what a task waits for with [AwaitLock] need not be. [Locks] lists both.
type Lockable interface {
	// Holders returns who holds it. It is called at any time, from any goroutine, and must not wait for long.
	Holders() []Holder
}

// An Owner is who has taken a lock of a library, and where. It is small and made at little cost; what it says is
// found out when somebody asks. The zero Owner is nobody.
type Owner struct {
	task *Task   // nil outside tasks
	id   int64   // of the goroutine
	pc   uintptr // see CallerPC
	site Site    // see Calling
}

// Own returns the caller as the owner of a lock, taken at pc, which is what [CallerPC] has returned. It costs about 5 ns.
func Own(pc uintptr) Owner {
	o := Owner{id: goid.Get(), pc: pc}
	if t := current(); t != nil {
		o.task, o.site = t, t.calling
	}
	return o
}

// Note notes, if the owner is a task, that it holds what lock points to, until [Owner.Disown]. The owner is the caller.
func (o Owner) Note(lock *Lockable) {
	h := heldLock{unsafe.Pointer(lock), libraryMode.at(0)}
	if o.task != nil && !o.task.push(h) {
		o.task.pushMore(h)
	}
}

// Disown takes back what Note has noted: the owner is about to give the lock up, or somebody else does so in its place.
func (o Owner) Disown(lock *Lockable) {
	if t := o.task; t != nil && t.id == goid.Get() {
		if !t.pop(unsafe.Pointer(lock), libraryMode) {
			t.popMore(unsafe.Pointer(lock), libraryMode)
		}
	} else if t != nil {
		_ = t.snatch(unsafe.Pointer(lock), libraryMode) || t.drop(unsafe.Pointer(lock))
	}
}

func (t *Task) drop(lock unsafe.Pointer) bool {
	_, ok := t.popMore(lock, libraryMode)
	return ok
}

// Goroutine returns the id of the owner's goroutine, 0 if there is no owner.
func (o Owner) Goroutine() int64 { return o.id }

// Goroutine returns the id of the calling goroutine. It costs 1 ns.
func Goroutine() int64 { return goid.Get() }

// Holder returns what is known of the owner. It takes some µs.
func (o Owner) Holder() Holder {
	h := Holder{Task: o.id, Site: o.Site()}
	if t := o.task; t != nil {
		h.Cell, h.Ended = t.run.cell, t.gone.Load() && !t.visitor
		t.mu.Lock()
		if t.rare != nil {
			h.Name = t.rare.name
		}
		t.mu.Unlock()
	}
	return h
}

// Site returns where in a cell the owner has taken the lock, 0 if that was not in a cell.
func (o Owner) Site() Site {
	if site, _ := o.where(); site != 0 || o.task == nil {
		return site
	}
	return o.site
}

// Place returns where the owner has taken the lock: "cell 3 line 7", or "main.go:12" if that was not in a cell.
func (o Owner) Place() string {
	site, file := o.where()
	if site == 0 && o.task != nil {
		site = o.site
	}
	if site != 0 {
		return site.String()
	}
	return file
}

func (o Owner) where() (Site, string) {
	frames := runtime.CallersFrames([]uintptr{o.pc})
	for {
		f, more := frames.Next()
		if n, ok := ParseCellFile(f.File); ok {
			return At(n, f.Line, 0), ""
		}
		if !more {
			if f.File == "" {
				return 0, "an unknown place"
			}
			return 0, fmt.Sprintf("%s:%d", filepath.Base(f.File), f.Line)
		}
	}
}

// library notes a lock of a library, if somebody holds it.
func (l lockLister) library(lock Lockable) {
	if _, known := l[lock]; known {
		return
	}
	if holders := lock.Holders(); len(holders) > 0 {
		l[lock] = &LockInfo{Object: lock, Kind: reflect.TypeOf(lock).Elem().Name(), Holders: holders}
	}
}
