package task

import (
	"time"
	"unsafe"
)

// A scheduler is what the operations of this package stand on. In live runs it is Go's own, and Run.ctl is nil: the operations
// then do what they do without asking, but for one load. In controlled runs it is a control. Each method has the
// meaning it has in a controlled run first, then what takes its place in a live one.
type scheduler interface {
	// spawn makes a task able to begin. Live: go.
	spawn(t *Task)
	// point lets another task go on before an operation that others can see. Live: nothing.
	point(s *seat, op Op) bool
	// park gives the turn away until somebody wakes the waiter; enter puts it into the line of an object before
	// that. Live: a wait of Go's own, between block and unblock.
	enter(w *waiter, object unsafe.Pointer, i int, front bool)
	park(w *waiter) bool
	// wake makes a waiter able to go on. Live: what Go does.
	wake(w *waiter, fired int)
	// choose decides whatever else is open. Live: package rand.
	choose(n int, why string) int
	// now returns the time, set and unset have something happen later or not. Live: package time.
	now() time.Duration
	set(b *bell, d time.Duration)
	unset(b *bell) bool
	// flow tells the recording what went from one task to another. Live: the books of exchange and handover.
	flow(kind ArrowKind, from source, to *seat, object any)
}

var _ scheduler = (*control)(nil)
