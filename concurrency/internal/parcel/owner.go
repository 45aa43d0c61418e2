package parcel

import (
	"context"
	"os"

	"github.com/gobraid/gobraid/concurrency/task"
)

// An Owner is whose work something is: a run of a cell, or a task of it whose output goes elsewhere. Its zero value is a program without
// cells.
type Owner struct {
	Run *task.Run
	Out task.Output
}

// Caller returns the owner of what the calling task does.
func Caller() Owner {
	if t := task.Current(); t != nil {
		return Owner{t.Run(), t.Output()}
	}
	return Owner{}
}

// Write writes what a worker has printed.
func (o Owner) Write(stream string, p []byte) {
	switch {
	case o.Out != nil:
		o.Out.Write(stream, p)
	case stream == "stdout":
		os.Stdout.Write(p)
	default:
		os.Stderr.Write(p)
	}
}

// Runs counts what a pool has of each run of a cell, and watches the runs that it has something of. It is guarded by the pool's mutex.
type Runs map[*task.Run]*watched

type watched struct {
	calls int
	stop  func() bool
}

// Enter notes that the pool has taken a call. killed is called, without the mutex, if the run is interrupted while the pool has any of it.
func (r Runs) Enter(run *task.Run, killed func(*task.Run)) {
	task.Outside(1)
	if run == nil {
		return
	}
	w := r[run]
	if w == nil {
		w = &watched{stop: context.AfterFunc(run.Context(), func() { killed(run) })}
		r[run] = w
	}
	w.calls++
}

// Leave notes that a call is over.
func (r Runs) Leave(run *task.Run) {
	task.Outside(-1)
	w := r[run]
	if w == nil {
		return
	}
	if w.calls--; w.calls == 0 {
		w.stop()
		delete(r, run)
	}
}
