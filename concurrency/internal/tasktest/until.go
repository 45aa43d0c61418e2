package tasktest

import (
	"testing"
	"time"
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
