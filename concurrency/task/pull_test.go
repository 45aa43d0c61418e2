package task_test

import (
	"slices"
	"sync/atomic"
	"testing"

	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/task"
)

func TestPull(t *testing.T) {
	both(t, func(t *testing.T) {
		next, stop := task.Pull(slices.Values([]int{1, 2, 3}))
		defer stop()
		for want := 1; want <= 3; want++ {
			if v, ok := next(); v != want || !ok {
				t.Errorf("got %d, %v", v, ok)
			}
		}
		if v, ok := next(); ok {
			t.Errorf("got %d", v)
		}
		next2, stop2 := task.Pull2(slices.All([]string{"a", "b"}))
		if i, v, ok := next2(); i != 0 || v != "a" || !ok {
			t.Errorf("got %d, %q, %v", i, v, ok)
		}
		stop2()
		if _, _, ok := next2(); ok {
			t.Error("it goes on after stop")
		}
	})
}

func TestPullRunsAsTheTask(t *testing.T) {
	r, out := newRun(t, 1)
	go func() {
		waiting(t, r, task.WaitForever)
		r.Kill(nil)
	}()
	var deferred, after atomic.Bool
	end := tasktest.Do(t, r, func() {
		next, _ := task.Pull(func(yield func(int) bool) {
			defer deferred.Store(true)
			task.Print("inside")
			yield(1)
			task.Forever(0)
		})
		next()
		next()
		after.Store(true)
	})
	if !end.Killed || !deferred.Load() || after.Load() {
		t.Errorf("end = %+v, deferred ran: %v, went on: %v", end, deferred.Load(), after.Load())
	}
	if got := out.stdout(); got != "inside" {
		t.Errorf("stdout = %q", got)
	}
}

func TestPullCarriesPanics(t *testing.T) {
	p := panicOf(t, func() {
		next, _ := task.Pull(func(func(int) bool) { boom(8) })
		next()
	})
	if p.Text() != "panic: runtime error: index out of range [8] with length 1" {
		t.Error(p.Text())
	}
}
