package loop_test

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/loop"
	"github.com/gobraid/gobraid/concurrency/task"
)

// An interrupt ends the loop and all coroutines. Their deferred functions run.
func TestInterrupt(t *testing.T) {
	for _, virtual := range []bool{false, true} {
		r, _ := newRun(t, 1)
		if virtual {
			r.Virtual(1)
		}
		var deferred atomic.Int64
		var after atomic.Bool
		end := tasktest.Do(t, r, func() {
			loop.Run(background, func(ctx context.Context) (int, error) {
				fs := make([]func(context.Context) (int, error), 20)
				for i := range fs {
					fs[i] = func(ctx context.Context) (int, error) {
						defer deferred.Add(1)
						defer loop.Sleep(ctx, time.Hour) // comes back at once
						if i == 19 {
							loop.Of(ctx).CallSoon(func() { go r.Kill(nil) })
						}
						return 0, new(loop.Event).Wait(ctx)
					}
				}
				loop.CreateTask(ctx, func(ctx context.Context) (int, error) {
					for { // so that it is no deadlock
						loop.Sleep(ctx, ms)
					}
				})
				defer deferred.Add(1)
				loop.Gather(ctx, fs...)
				after.Store(true)
				return 0, nil
			})
			after.Store(true)
		})
		if !end.Killed || end.Deadlock != nil || deferred.Load() != 21 || after.Load() {
			t.Errorf("virtual %v: end = %+v, %d deferred functions, went on: %v", virtual, end, deferred.Load(), after.Load())
		}
	}
}

// Coroutines that wait for each other are a deadlock, told with who waits for what.
func TestDeadlock(t *testing.T) {
	for _, virtual := range []bool{false, true} {
		r, _ := newRun(t, 1)
		if virtual {
			r.Virtual(1)
		}
		var a, b loop.Lock
		end := r.Do(func() {
			loop.Run(background, func(ctx context.Context) (int, error) {
				both := func(x, y *loop.Lock) func(context.Context) (int, error) {
					return func(ctx context.Context) (int, error) {
						x.Acquire(ctx)
						loop.Sleep(ctx, 0)
						return 0, y.Acquire(ctx)
					}
				}
				_, err := loop.Gather(ctx, both(&a, &b), both(&b, &a))
				return 0, err
			})
		})
		if end.Deadlock == nil {
			t.Errorf("virtual %v: end = %+v", virtual, end)
			continue
		}
		var objects []any
		for _, i := range end.Deadlock.Tasks {
			objects = append(objects, i.Wait.Object)
		}
		if len(objects) != 4 || !slices.Contains(objects, any(&a)) || !slices.Contains(objects, any(&b)) {
			t.Errorf("virtual %v: they wait for %v", virtual, objects)
		}
	}
}

// Each coroutine is listed below the one that created it.
func TestCoroutinesAreListed(t *testing.T) {
	r, _ := newRun(t, 1)
	r.Do(func() {
		main := task.Current().ID()
		run(t, func(ctx context.Context) (int, error) {
			me := task.Current()
			x := loop.CreateTask(ctx, func(ctx context.Context) (int, error) { return 0, loop.Sleep(ctx, time.Hour) }).WithName("sleeper")
			loop.Sleep(ctx, 0)
			all := r.Tasks()
			i := slices.IndexFunc(all, func(i task.Info) bool { return i.Name == "sleeper" })
			if len(all) != 3 || i < 0 || all[i].Parent != me.ID() || all[i].Wait.Kind != task.WaitSleep || me.Info().Parent != main {
				t.Errorf("tasks: %+v", all)
			}
			x.Cancel()
			return 0, nil
		})
	})
}

// In a recorded run each coroutine has a lane, and who lets it go on an arrow.
func TestCoroutinesAreRecorded(t *testing.T) {
	r, _ := newRun(t, 1)
	rec := r.Record(0)
	r.Do(func() {
		run(t, func(ctx context.Context) (int, error) {
			x := loop.CreateTask(ctx, func(ctx context.Context) (int, error) { return 1, loop.Sleep(ctx, ms) }).WithName("worker")
			return loop.Await(ctx, x)
		})
	})
	tr := rec.Trace()
	i := slices.IndexFunc(tr.Tasks, func(t task.TraceTask) bool { return t.Name == "worker" })
	if i < 0 || len(tr.Tasks) != 3 || len(tr.Tasks[i].Spans) != 1 || tr.Tasks[i].Spans[0].Kind != task.WaitSleep || tr.Tasks[i].Outcome != task.Returned {
		t.Fatalf("trace: %+v", tr)
	}
	if !slices.ContainsFunc(tr.Arrows, func(a task.Arrow) bool { return a.From == tr.Tasks[i].ID && a.Kind == task.ArrowDone }) {
		t.Errorf("arrows: %+v", tr.Arrows)
	}
}

// A step that blocks the loop is reported with its line.
func TestSlowStepIsReported(t *testing.T) {
	r, out := newRun(t, 1)
	r.Virtual(0)
	r.Do(func() {
		run(t, func(ctx context.Context) (int, error) {
			x := loop.CreateTask(ctx, func(ctx context.Context) (int, error) {
				task.Sleep(150*ms, task.At(1, 12, 0))
				return 0, nil
			}).WithName("blocker")
			return loop.Await(ctx, x)
		})
	})
	if got := out.String(); got != "loop: blocker blocked the loop for 150ms (sleep) at cell 1 line 12\n" {
		t.Errorf("printed %q", got)
	}
}

func TestGoexitEndsTheLoop(t *testing.T) {
	var cleaned, after atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		loop.Run(background, func(ctx context.Context) (int, error) {
			loop.CreateTask(ctx, func(ctx context.Context) (int, error) {
				err := loop.Sleep(ctx, time.Hour)
				cleaned.Store(true)
				return 0, err
			})
			loop.Sleep(ctx, 0)
			runtime.Goexit()
			return 0, nil
		})
		after.Store(true)
	}()
	<-done
	if !cleaned.Load() || after.Load() {
		t.Errorf("cleaned up: %v, went on: %v", cleaned.Load(), after.Load())
	}
}

func TestReportNames(t *testing.T) {
	var reports []string
	l := loop.New().WithName("io").WithSlow(0).WithReports(func(r loop.Report) { reports = append(reports, r.String()) })
	loop.RunOn(background, l, func(ctx context.Context) (int, error) {
		l.CallSoon(func() { panic("ouch") })
		return 0, loop.Sleep(ctx, ms)
	})
	if len(reports) != 1 || !strings.Contains(reports[0], "ouch") || l.String() != "io" {
		t.Errorf("reports: %q", reports)
	}
}
