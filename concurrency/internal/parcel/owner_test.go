package parcel_test

import (
	"errors"
	"testing"

	"github.com/gobraid/gobraid/concurrency/internal/parcel"
	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/task"
)

// TestOwner has a run's task find out whose work it does.
func TestOwner(t *testing.T) {
	run, out := tasktest.NewRun(t, 1)
	tasktest.Do(t, run, func() {
		o := parcel.Caller()
		if o.Run != run {
			t.Errorf("Caller is of run %v", o.Run)
		}
		o.Write("stdout", []byte("here"))
	})
	if got := out.String(); got != "here" {
		t.Errorf("printed %q", got)
	}
	if got := parcel.Caller(); got != (parcel.Owner{}) {
		t.Errorf("outside of a run: %v", got)
	}
}

// TestRuns has a run be watched as long as a pool has a call of it.
func TestRuns(t *testing.T) {
	runs := parcel.Runs{}
	run, _ := tasktest.NewRun(t, 1)
	killed := make(chan *task.Run, 1)
	runs.Enter(run, func(r *task.Run) { killed <- r })
	runs.Enter(run, func(r *task.Run) { killed <- r })
	runs.Enter(nil, func(*task.Run) { t.Error("no run was killed") })
	runs.Leave(run)
	runs.Leave(nil)
	if len(runs) != 1 {
		t.Errorf("%d runs are watched, want 1", len(runs))
	}
	run.Kill(errors.New("enough"))
	if got := <-killed; got != run {
		t.Errorf("killed was called with %v", got)
	}
	runs.Leave(run)
	if len(runs) != 0 {
		t.Errorf("%d runs are watched, want none", len(runs))
	}
}
