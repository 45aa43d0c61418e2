package task_test

import (
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
)

// TestExpect takes no run to be in a deadlock that code from elsewhere may yet wake, until none can come any more.
func TestExpect(t *testing.T) {
	watchOften(t)
	task.Expect(1)
	defer task.Expect(0)
	looked, _ := task.Looks()
	r, _ := newRun(t, 1)
	c := make(chan int)
	done := make(chan task.End)
	go func() { done <- r.Do(func() { task.Recv(c, 0) }) }()
	until(t, "looks", func() bool {
		n, _ := task.Looks()
		return n > looked+20
	})
	c <- 1 // as a cell of another shell would
	if end := <-done; end.Killed {
		t.Errorf("end = %+v", end)
	}
	other, _ := newRun(t, 2)
	go func() { done <- other.Do(func() { task.Recv(c, 0) }) }()
	task.Expect(0)
	if end := <-done; end.Deadlock == nil {
		t.Errorf("end = %+v", end)
	}
}
