package task_test

import (
	"errors"
	"runtime"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
)

func TestDoReturnsWhenMainHasEnded(t *testing.T) {
	r, out := newRun(t, 3)
	end := r.Do(func() { task.Println("hello") })
	if end.Panic != nil || end.Killed || end.Goexit || end.Abandoned != nil {
		t.Errorf("end = %+v", end)
	}
	if got := out.stdout(); got != "hello\n" {
		t.Errorf("stdout = %q", got)
	}
	if task.Stop.Load() != 0 {
		t.Errorf("Stop = %d", task.Stop.Load())
	}
}

func TestDoDoesNotWaitForTasks(t *testing.T) {
	r, out := newRun(t, 3)
	c := make(chan int)
	done := make(chan struct{})
	r.Do(func() {
		task.Go(task.At(3, 1, 1), func() {
			defer close(done)
			task.Println("late", task.Recv(c, 0))
		})
	})
	c <- 7
	await(t, done, "end of the late task")
	if got := out.stdout(); got != "late 7\n" {
		t.Errorf("stdout = %q", got)
	}
}

func TestDoAgain(t *testing.T) {
	r, out := newRun(t, 1)
	r.Do(func() { task.Print("a") })
	r.Do(func() { task.Print("b") })
	if got := out.stdout(); got != "ab" {
		t.Errorf("stdout = %q", got)
	}
}

func TestDoTwiceAtOncePanics(t *testing.T) {
	r, _ := newRun(t, 1)
	end := r.Do(func() { r.Do(func() {}) })
	if end.Panic == nil || end.Panic.Value != "task: Run.Do called while it runs" {
		t.Errorf("end = %+v", end)
	}
}

func TestGoexit(t *testing.T) {
	r, _ := newRun(t, 1)
	end := r.Do(runtime.Goexit)
	if !end.Goexit || end.Panic != nil || end.Killed {
		t.Errorf("end = %+v", end)
	}
}

func TestKillTellsItsCause(t *testing.T) {
	r, _ := newRun(t, 1)
	end := r.Do(func() {
		r.Kill(errStop)
		r.Kill(errors.New("a later cause"))
		task.Forever(0)
	})
	if !end.Killed || end.Cause != errStop {
		t.Errorf("end = %+v", end)
	}
}

func TestKillBeforeDo(t *testing.T) {
	r, _ := newRun(t, 1)
	r.Kill(nil)
	ran := false
	end := r.Do(func() { ran = true })
	if ran || !end.Killed || end.Cause != task.ErrKilled {
		t.Errorf("ran = %v, end = %+v", ran, end)
	}
}

func TestKillEndsWhatTheRunLeftBehind(t *testing.T) {
	r, _ := newRun(t, 1)
	r.Do(func() {
		for range 10 {
			task.Go(0, func() { task.Forever(0) })
		}
	})
	if n := r.Live(); n != 10 {
		t.Errorf("%d tasks live", n)
	}
	r.Kill(nil)
	until(t, "no task lives", func() bool { return r.Live() == 0 })
	if task.Stop.Load() != 0 {
		t.Errorf("Stop = %d", task.Stop.Load())
	}
}

func TestKillSparesOtherRuns(t *testing.T) {
	a, _ := newRun(t, 1)
	b, out := newRun(t, 2)
	c := make(chan string)
	b.Do(func() {
		task.Go(0, func() { task.Print(task.Recv(c, 0)) })
	})
	a.Do(func() {
		task.Go(0, func() { a.Kill(nil) })
		task.Forever(0)
	})
	c <- "alive"
	until(t, "the other run prints", func() bool { return out.stdout() == "alive" })
}

func TestKillOneTask(t *testing.T) {
	r, _ := newRun(t, 1)
	end := r.Do(func() {
		var wg sync.WaitGroup
		self := make(chan *task.Task)
		task.WaitGroupGo(&wg, 0, func() {
			task.To(self, 0).Send(task.Current())
			task.Forever(0)
		})
		victim := task.Recv(self, 0)
		victim.Kill()
		victim.Kill()
		task.WaitGroupWait(&wg, 0)
	})
	if end.Killed || end.Panic != nil {
		t.Errorf("end = %+v", end)
	}
	until(t, "Stop is 0", func() bool { return task.Stop.Load() == 0 })
}

func TestTenThousandTasks(t *testing.T) {
	r, _ := newRun(t, 1)
	const n = 10_000
	var wg sync.WaitGroup
	sum := 0
	r.Do(func() {
		var mu sync.Mutex
		for i := range n {
			task.WaitGroupGo(&wg, 0, func() {
				task.Lock(&mu, 0)
				sum += i
				task.Unlock(&mu)
			})
		}
		task.WaitGroupWait(&wg, 0)
	})
	if sum != n*(n-1)/2 {
		t.Errorf("sum = %d", sum)
	}
	until(t, "all are gone", func() bool { return r.Live() == 0 })
}

func TestTenThousandParkedTasksEnd(t *testing.T) {
	r, _ := newRun(t, 1)
	end := r.Do(func() {
		c := make(chan int)
		for range 10_000 {
			task.Go(0, func() { task.Recv(c, 0) })
		}
		r.Kill(nil)
		task.Recv(c, 0)
	})
	if !end.Killed {
		t.Errorf("end = %+v", end)
	}
	until(t, "all are gone", func() bool { return r.Live() == 0 && task.Stop.Load() == 0 })
}

func TestOutsideTasksItIsPlainGo(t *testing.T) {
	if task.Current() != nil {
		t.Fatal("a test is a task")
	}
	c := make(chan int)
	task.Go(0, func() { task.To(c, 0).Send(1) })
	if got := task.Recv(c, 0); got != 1 {
		t.Errorf("got %d", got)
	}
	var wg sync.WaitGroup
	var once sync.Once
	var mu sync.Mutex
	n := 0
	for range 8 {
		task.WaitGroupGo(&wg, 0, func() {
			task.Lock(&mu, 0)
			defer task.Unlock(&mu)
			task.OnceDo(&once, 0, func() { n++ })
		})
	}
	task.WaitGroupWait(&wg, 0)
	if n != 1 {
		t.Errorf("once ran %d times", n)
	}
}
