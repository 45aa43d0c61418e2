package concurrency_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/task"
)

func TestThread(t *testing.T) {
	both(t, func(t *testing.T) {
		gate := make(chan int)
		n := 0
		th := concurrency.NewThread(func() { n = <-gate })
		if th.Alive() || th.Err() != nil || th.Name() != fmt.Sprintf("Thread-%d", th.ID()) {
			t.Errorf("before Start: %v, %v, %s", th.Alive(), th.Err(), th.Name())
		}
		if th.Start(); !th.Alive() {
			t.Error("not alive after Start")
		}
		gate <- 4
		if err := th.Join(background); err != nil || n != 4 {
			t.Errorf("%v, n = %d", err, n)
		}
		if th.Alive() || th.Err() != nil || th.Join(background) != nil {
			t.Errorf("after Join: %v, %v", th.Alive(), th.Err())
		}
	})
}

func TestThreadNames(t *testing.T) {
	a, b := concurrency.NewThread(func() {}), concurrency.NewThread(func() {}).WithName("worker")
	if a.ID() >= b.ID() || b.Name() != "worker" {
		t.Errorf("%d, %d, %s", a.ID(), b.ID(), b.Name())
	}
	r, _ := newRun(t, 1)
	var seen string
	r.Do(func() {
		th := concurrency.NewThread(func() { seen = task.Current().Info().Name }).WithName("named").Start()
		_ = th.Join(background)
	})
	if seen != "named" {
		t.Errorf("its task is called %q", seen)
	}
}

func TestThreadPanic(t *testing.T) {
	both(t, func(t *testing.T) {
		th := concurrency.NewThread(func() { panic(errTest) }).Start()
		for range 2 {
			carried(t, errTest, func() { _ = th.Join(background) })
		}
		if p, ok := th.Err().(*concurrency.PanicError); !ok || p.Value != errTest {
			t.Error(th.Err())
		}
	})
}

func TestThreadGoexit(t *testing.T) {
	th := concurrency.NewThread(runtime.Goexit).Start()
	if err := th.Join(background); err != concurrency.ErrExited {
		t.Error(err)
	}
}

func TestJoinStopsWaiting(t *testing.T) {
	gate := make(chan int)
	th := concurrency.NewThread(func() { <-gate }).Start()
	ctx, cancel := context.WithCancelCause(background)
	cancel(errTest)
	if err := th.Join(ctx); err != errTest || !th.Alive() {
		t.Errorf("%v, alive %v", err, th.Alive())
	}
	close(gate)
	if err := th.Join(background); err != nil {
		t.Error(err)
	}
}

func TestThreadMisuse(t *testing.T) {
	th := concurrency.NewThread(func() {})
	misuse(t, "concurrency: Thread: Join before Start", func() { _ = th.Join(background) })
	th.Start()
	misuse(t, "concurrency: Thread: started twice", func() { th.Start() })
	misuse(t, "concurrency: Thread: WithName after Start", func() { th.WithName("") })
	_ = th.Join(background)
}

// An interrupt of a cell ends its threads, and who waits for them elsewhere is told.
func TestKillEndsThreads(t *testing.T) {
	r, _ := newRun(t, 1)
	var th *concurrency.Thread
	r.Do(func() { th = concurrency.NewThread(func() { task.Forever(0) }).Start() })
	r.Kill(nil)
	if err := th.Join(background); err != concurrency.ErrExited {
		t.Error(err)
	}
}

// An interrupt of a cell ends a Join.
func TestKillEndsJoin(t *testing.T) {
	gate := make(chan int)
	th := concurrency.NewThread(func() { <-gate }).Start()
	r, _ := newRun(t, 1)
	go func() {
		until(t, "it joins", func() bool {
			tasks := r.Tasks()
			return len(tasks) == 1 && tasks[0].Wait.Kind == task.WaitResult
		})
		r.Kill(nil)
	}()
	if end := tasktest.Do(t, r, func() { _ = th.Join(background) }); !end.Killed {
		t.Errorf("end = %+v", end)
	}
	close(gate)
	_ = th.Join(background)
}
