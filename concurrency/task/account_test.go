package task_test

import (
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// What waits and runs add up to is what the tasks have lived.
func TestStatsSums(t *testing.T) {
	r, _ := newRun(t, 1)
	const workers = 5
	c := make(chan int)
	r.Do(func() {
		var wg sync.WaitGroup
		for range workers {
			task.WaitGroupGo(&wg, 1, func() { task.Recv(c, 2) })
		}
		untilWaiting(t, r, task.WaitReceive, workers)
		task.Sleep(time.Millisecond, 3)
		for range workers {
			task.To(c, 4).Send(1)
		}
		task.WaitGroupWait(&wg, 5)
	})
	until(t, "all have ended", func() bool { return r.Live() == 0 })
	s := r.Stats()
	if s.Tasks != workers+1 || s.Peak != workers+1 || s.Live != 0 {
		t.Errorf("tasks %d, peak %d, live %d, want %d, %[4]d, 0", s.Tasks, s.Peak, s.Live, workers+1)
	}
	if s.Sleeping < time.Millisecond || s.Sleeping > s.Wall {
		t.Errorf("slept %v of %v", s.Sleeping, s.Wall)
	}
	// All workers waited while the main task slept.
	if w := s.Waiting[task.WaitReceive]; w < workers*time.Millisecond || w > workers*s.Wall {
		t.Errorf("%d tasks waited %v, Do took %v", workers, w, s.Wall)
	}
	if _, ok := s.Waiting[task.WaitSleep]; ok {
		t.Error("sleep is among the waits")
	}
	sum := s.Running + s.Sleeping
	for _, d := range s.Waiting {
		sum += d
	}
	if sum > (workers+1)*s.Wall || s.Running <= 0 {
		t.Errorf("%d tasks lived %v in %v, and ran %v", workers+1, sum, s.Wall, s.Running)
	}
	if s.CPU <= 0 || s.Allocs == 0 || s.AllocBytes < s.Allocs {
		t.Errorf("CPU %v, %d objects of %d bytes", s.CPU, s.Allocs, s.AllocBytes)
	}
}

// A wait that goes on counts up to now, and goes on counting.
func TestStatsWhileWaiting(t *testing.T) {
	r, _ := newRun(t, 1)
	r.Do(func() {
		task.Go(1, func() { task.Forever(2) })
		untilWaiting(t, r, task.WaitForever, 1)
	})
	first := r.Stats()
	if first.Live != 1 || first.Waiting[task.WaitForever] <= 0 {
		t.Errorf("live %d, waits %v", first.Live, first.Waiting)
	}
	until(t, "the wait counts", func() bool {
		return r.Stats().Waiting[task.WaitForever] > first.Waiting[task.WaitForever]
	})
	if s := r.Stats(); s.Wall != first.Wall || s.CPU != first.CPU || s.Allocs != first.Allocs {
		t.Errorf("what Do took has grown after it: %+v, then %+v", first, s)
	}
	r.Kill(nil)
	closeRun(t, r)
	if s := r.Stats(); s.Live != 0 || s.Tasks != 2 || s.Waiting[task.WaitForever] <= 0 {
		t.Errorf("in the end live %d, tasks %d, waits %v", s.Live, s.Tasks, s.Waiting)
	}
}

// Running is the time of tasks that do not wait: here one computes while the other waits for it.
func TestStatsRunning(t *testing.T) {
	r, _ := newRun(t, 1)
	var worked time.Duration
	r.Do(func() {
		done := make(chan int)
		task.Go(1, func() {
			for start := time.Now(); worked < 20*time.Millisecond; worked = time.Since(start) {
				runtime.Gosched()
			}
			task.To(done, 1).Send(1)
		})
		task.Recv(done, 1)
	})
	until(t, "both have ended", func() bool { return r.Live() == 0 })
	if s := r.Stats(); s.Running < worked || s.Waiting[task.WaitReceive] < worked/2 {
		t.Errorf("one task ran %v, and the other waited: ran %v, waits %v", worked, s.Running, s.Waiting)
	}
}

func TestStatsPeak(t *testing.T) {
	r, _ := newRun(t, 1)
	const n, rounds = 50, 4
	r.Do(func() {
		for range rounds {
			var wg sync.WaitGroup
			gate := make(chan int)
			for range n {
				task.WaitGroupGo(&wg, 1, func() { task.Recv(gate, 1) })
			}
			close(gate)
			task.WaitGroupWait(&wg, 1)
		}
	})
	if s := r.Stats(); s.Tasks != n*rounds+1 || s.Peak > n+1 || s.Peak < 2 {
		t.Errorf("tasks %d, peak %d, want %d, at most %d", s.Tasks, s.Peak, n*rounds+1, n+1)
	}
}

// A second Do adds to the first.
func TestStatsOfTwo(t *testing.T) {
	r, _ := newRun(t, 1)
	r.Do(func() {})
	first := r.Stats()
	r.Do(func() { task.Sleep(time.Millisecond, 1) })
	if s := r.Stats(); s.Wall < first.Wall+time.Millisecond || s.Tasks != 2 || s.Peak != 1 {
		t.Errorf("after one Do %+v, after two %+v", first, s)
	}
}

func TestStarted(t *testing.T) {
	r, _ := newRun(t, 1)
	before := time.Now()
	r.Do(func() { task.Go(1, func() { task.Forever(2) }) })
	untilWaiting(t, r, task.WaitForever, 1)
	const slack = 5 * time.Millisecond // two clocks
	for _, i := range r.Tasks() {
		if i.Started.Before(before.Add(-slack)) || i.Started.After(i.Wait.Since.Add(slack)) {
			t.Errorf("started %v after the beginning, waits since %v", i.Started.Sub(before), i.Wait.Since.Sub(before))
		}
	}
}

// untilWaiting waits until n tasks of the run wait with kind.
func untilWaiting(t testing.TB, r *task.Run, kind task.Kind, n int) {
	t.Helper()
	until(t, "tasks with wait "+kind.String(), func() bool { return count(r, kind) == n })
}

// In a burst of short tasks readings of the clock are shared: a task after it has its own again.
func TestStatsAfterBurst(t *testing.T) {
	r, _ := newRun(t, 1)
	var worked time.Duration
	r.Do(func() {
		for range 20 {
			var wg sync.WaitGroup
			for range 1000 {
				task.WaitGroupGo(&wg, 1, func() {})
			}
			task.WaitGroupWait(&wg, 1)
		}
	})
	before := r.Stats()
	r.Do(func() {
		done := make(chan int)
		task.Go(1, func() {
			for start := time.Now(); worked < 200*time.Millisecond; worked = time.Since(start) {
				runtime.Gosched()
			}
			task.To(done, 1).Send(1)
		})
		task.Recv(done, 1)
	})
	until(t, "all have ended", func() bool { return r.Live() == 0 })
	s := r.Stats()
	// A shared reading may be old when the processors are busy, but not as old as the burst.
	if ran := s.Running - before.Running; ran < worked/2 || s.Running > time.Duration(s.Peak)*s.Wall {
		t.Errorf("one task ran %v, counted are %v; of %v in all %v", worked, ran, s.Wall, s.Running)
	}
}
