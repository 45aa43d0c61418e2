package task

import "sync/atomic"

// watch is not zero while there is a run whose operations must not take the fast paths: one that is controlled, or
// that is recorded. Every fast path tests it first, which is one load and one branch.
var watch atomic.Int32

// steering returns the seat of the calling task when its run is under control, and nil otherwise.
func steering() *seat {
	t := current()
	if t == nil || t.seat == nil || t.seat.c.off.Load() {
		return nil
	}
	return t.seat
}

// controlled returns the seat of t when its run is under control, and nil otherwise. t may be nil.
func (t *Task) controlled() *seat {
	if t == nil || t.seat == nil || t.seat.c.off.Load() {
		return nil
	}
	return t.seat
}

// Controlled reports whether the calling task is one of a run under control.
func Controlled() bool { return watch.Load() != 0 && steering() != nil }
