package tasktest

import (
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// Until waits until cond holds, for what no channel tells of: that a task, a goroutine or a process that has done its work is also
// gone. It fails the test when that takes longer than Patience.
func Until(t testing.TB, what string, cond func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(Patience); !cond(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", Patience, what)
		}
	}
}

// Do is r.Do for a run that ends whole: it also waits for tasks that r.Do has given up. A task is given up when it has not ended a while
// after it was killed, which on a busy machine says nothing of the task.
func Do(t testing.TB, r *task.Run, f func()) task.End {
	t.Helper()
	end := r.Do(f)
	Until(t, "all tasks end", func() bool { return r.Live() == 0 })
	return end
}
