package task_test

import (
	"context"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

func TestSleep(t *testing.T) {
	both(t, func(t *testing.T) {
		start := task.Now()
		task.Sleep(-time.Hour, 0)
		task.Sleep(0, 0)
		task.Sleep(3*time.Millisecond, 0)
		if d := task.Since(start); d < 3*time.Millisecond {
			t.Errorf("slept %v", d)
		}
	})
}

func TestAfterFunc(t *testing.T) {
	r, out := newRun(t, 4)
	var parent, self task.Info
	r.Do(func() {
		parent = task.Current().Info()
		done := make(chan int)
		task.AfterFunc(task.At(4, 5, 6), time.Millisecond, func() {
			self = task.Current().Info()
			task.Print("fired")
			close(done)
		})
		task.Recv(done, 0)
	})
	if self.Parent != parent.ID || self.Cell != 4 || self.Site != task.At(4, 5, 6) {
		t.Errorf("task = %+v", self)
	}
	if got := out.stdout(); got != "fired" {
		t.Errorf("stdout = %q", got)
	}
	until(t, "it is gone", func() bool { return r.Live() == 0 })
}

func TestAfterFuncStops(t *testing.T) {
	inTask(t, func() {
		timer := task.AfterFunc(0, time.Hour, func() { t.Error("fired") })
		if !timer.Stop() {
			t.Error("it had fired")
		}
	})
}

func TestAfterFuncThatPanics(t *testing.T) {
	r, _ := newRun(t, 9)
	end := r.Do(func() {
		task.AfterFunc(task.At(9, 2, 0), 0, func() { boom(6) })
		task.Forever(0)
	})
	if end.Panic == nil || end.Panic.Started[0].Site != task.At(9, 2, 0) {
		t.Errorf("end = %+v", end)
	}
}

func TestContextAfterFunc(t *testing.T) {
	both(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan *task.Task, 1)
		task.ContextAfterFunc(0, ctx, func() { done <- task.Current() })
		never := task.ContextAfterFunc(0, ctx, func() { t.Error("called") })
		if !never() {
			t.Error("it was called already")
		}
		cancel()
		if got := task.Recv(done, 0); (got == nil) != (task.Current() == nil) || got != nil && got == task.Current() {
			t.Errorf("it ran in task %v", got)
		}
	})
}

func TestAwait(t *testing.T) {
	both(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(context.Background())
		done := make(chan struct{})
		task.Go(0, func() { close(done) })
		if err := task.Await(ctx, done, nil, 0); err != nil {
			t.Error(err)
		}
		task.Go(0, func() { cancel(errStop) })
		if err := task.Await(ctx, nil, nil, 0); err != errStop {
			t.Error(err)
		}
		if err := task.Await(ctx, done, nil, 0); err != nil {
			t.Errorf("both have happened: %v", err)
		}
	})
}
