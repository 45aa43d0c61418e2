package task

import (
	"sync"
	"time"

	"github.com/petermattis/goid"
)

// A visitor is a goroutine that a library has started on behalf of a run, such as that of an HTTP handler, while it
// waits in this package. For that time it is a task as any other: it is in the table and can be
// ended. Before and after, nobody but the goroutine's label knows of it.

// here returns the task of the calling goroutine, or the visitor that a goroutine of a library is, or nil. A
// visitor enters the table with block and leaves it with unblock.
func here() *Task {
	if t := current(); t != nil {
		return t
	}
	if l := carriedLabel(); l != nil {
		return newVisitor(l.run, l.to)
	}
	return nil
}

func newVisitor(r *Run, to *redirection) *Task {
	t := &Task{run: r, visitor: true}
	t.id = goid.Get()
	t.inherit(to)
	t.gone.Store(true)
	if r.killed.Load() {
		t.stopping.Store(true)
		if e, ok := endings.Load(t.id); ok {
			t.end = e.(*ending)
		}
	}
	return t
}

// arrive puts a visitor into the table.
func (t *Task) arrive() {
	if !t.gone.Load() {
		return
	}
	t.run.census.enter()
	t.mu.Lock()
	t.began = tick()
	t.mu.Unlock()
	t.run.rec.logged(t)
	t.gone.Store(false)
	t.place = t.insert()
	if t.run.killed.Load() {
		t.requestStop()
	}
}

// depart takes a visitor out of the table again.
func (t *Task) depart() { t.leave() }

// endings holds, by goroutine, how far visitors that were told to end have come: the next visitor that the same goroutine
// is, in a deferred function, goes on from there.
var endings sync.Map // from int64 to *ending

// keepEnding keeps the ending of a visitor for as long as it may matter.
func (t *Task) keepEnding() {
	if _, known := endings.LoadOrStore(t.id, t.end); !known {
		time.AfterFunc(4*grace, func() { endings.Delete(t.id) })
	}
}

// abide ends the calling goroutine if it is one of a library whose run was killed.
func (t *Task) abide() {
	if t != nil && t.visitor && t.stopping.Load() {
		t.safepoint()
	}
}
