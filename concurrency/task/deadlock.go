package task

import (
	"errors"
	"fmt"
)

// A Deadlock is the cause with which a run is killed whose tasks wait for each other so that none can ever go on. It is an
// error.
type Deadlock struct {
	// Tasks are all tasks of the process as they were, those of other cells too: every one of them waits, and nothing
	// else can wake them.
	Tasks []Info
	// Locks are the locks that were held or waited for then.
	Locks []LockInfo
	// Note says what else there was that might have been waited for, in a run under control: "" when there was nothing.
	Note string

	count int // of the cell's own tasks
}

// newDeadlock describes the deadlock that all tasks of the process are in, for a run of which they are part.
func newDeadlock(r *Run) *Deadlock {
	all := Tasks()
	LookInside(all) // where coroutines wait
	return &Deadlock{Tasks: all, Locks: Locks(), count: len(r.tasks())}
}

// Error says how many tasks of the cell wait for each other.
func (d *Deadlock) Error() string {
	text := "deadlock: the only task of the cell waits for what can never happen"
	if n := d.own(); n != 1 {
		text = fmt.Sprintf("deadlock: %d tasks of the cell wait for each other", n)
	}
	if d.Note != "" {
		text += "; " + d.Note
	}
	return text
}

// own returns how many of the tasks are the cell's.
func (d *Deadlock) own() int {
	if d.count == 0 { // made by hand
		return len(d.Tasks)
	}
	return d.count
}

// deadlockOf returns the deadlock a run was killed for, or nil.
func deadlockOf(cause error) *Deadlock {
	var d *Deadlock
	errors.As(cause, &d)
	return d
}
