package measure_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/loop"
	"github.com/gobraid/gobraid/concurrency/measure"
	"github.com/gobraid/gobraid/concurrency/task"
)

// handing is a task that sleeps for an hour and then hands a value to one that has waited for it for as long.
func handing(context.Context) error {
	c := make(chan int)
	var wg sync.WaitGroup
	task.WaitGroupGo(&wg, task.At(3, 5, 2), func() {
		task.Sleep(time.Hour, task.At(3, 6, 3))
		task.To(c, task.At(3, 7, 3)).Send(1)
		task.Sleep(time.Minute, task.At(3, 8, 3))
	})
	task.Recv(c, task.At(3, 10, 2))
	task.WaitGroupWait(&wg, task.At(3, 11, 2))
	return nil
}

// A recording is a value: with virtual time its numbers are known to the nanosecond.
func TestRecordingTasks(t *testing.T) {
	r := newRun(t, 3)
	r.Virtual(1)
	var rec *measure.Recording
	end := r.Do(func() {
		var err error
		if rec, err = measure.Timeline(background, "handing", handing); err != nil {
			t.Error(err)
		}
	})
	if end.Panic != nil || end.Killed || rec == nil {
		t.Fatalf("end %+v", end)
	}
	tasks := rec.Tasks()
	if len(tasks) != 2 || len(rec.Trace.Tasks) != 2 {
		t.Fatalf("%+v", tasks)
	}
	first, second := tasks[0], tasks[1]
	if first.Name != "handing" || first.Waiting != time.Hour+time.Minute || first.Sleeping != 0 || first.Running != 0 {
		t.Errorf("%+v", first)
	}
	if first.Longest != time.Hour || first.LongestAt != "cell 3 line 10" || !strings.Contains(first.LongestWaitedFor, "receive") {
		t.Errorf("%+v", first)
	}
	if second.Parent != first.Task || second.Place != "cell 3 line 5" || second.Sleeping != time.Hour+time.Minute || second.Waiting != 0 ||
		second.Longest != 0 || second.LongestAt != "" {
		t.Errorf("%+v", second)
	}
	for _, x := range tasks {
		if x.Running+x.Sleeping+x.Waiting != x.End-x.Start {
			t.Errorf("the times of %s are not all of it: %+v", x.Name, x)
		}
	}
	if !strings.Contains(rec.String(), "handing") || !strings.Contains(rec.HTML(), rec.SVG()) {
		t.Error("it is not drawn")
	}
}

// In a live run the parts of a task's time are its time too, whatever they are.
func TestRecordingIsComplete(t *testing.T) {
	in(t, func() {
		rec, err := measure.Timeline(background, "starting", starting(5))
		if err != nil {
			t.Fatal(err)
		}
		tasks := rec.Tasks()
		if len(tasks) != 6 {
			t.Errorf("%d tasks", len(tasks))
		}
		for _, x := range tasks {
			if x.Running < 0 || x.Running+x.Sleeping+x.Waiting != x.End-x.Start || x.End < x.Start {
				t.Errorf("%+v", x)
			}
		}
	})
}

// Coroutines of a loop that the function runs belong to it.
func TestRecordingCoroutines(t *testing.T) {
	r := newRun(t, 3)
	r.Virtual(1)
	var rec *measure.Recording
	end := r.Do(func() {
		var err error
		rec, err = measure.Timeline(background, "gathering", func(ctx context.Context) error {
			sleep := func(ctx context.Context) (int, error) { return 1, loop.Sleep(ctx, time.Hour) }
			_, err := loop.Run(ctx, func(ctx context.Context) ([]int, error) { return loop.Gather(ctx, sleep, sleep) })
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
	if end.Panic != nil || end.Killed || rec == nil {
		t.Fatalf("end %+v", end)
	}
	tasks := rec.Tasks() // the function's, the main coroutine, and two
	if len(tasks) != 4 {
		t.Fatalf("%+v", tasks)
	}
	for _, x := range tasks[2:] {
		if x.Parent != tasks[1].Task || x.Sleeping != time.Hour {
			t.Errorf("%+v", x)
		}
	}
}
