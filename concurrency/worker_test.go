package concurrency_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/task"
)

// A task of a run goes on with what the same run has submitted, and says of each function where it comes from.
func TestWorkerIsReused(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(1).WithName("w")
	defer shutdown(t, p)
	r, _ := newRun(t, 1)
	end := r.Do(func() {
		_, gate := blocked(p)
		where := func(context.Context) (task.Info, error) { return task.Current().Info(), nil }
		first := concurrency.Submit(background, p, where)
		second := concurrency.Submit(background, p, where)
		var inner *concurrency.Future[task.Info]
		var parent int64
		child := concurrency.Start(background, func(context.Context) (int, error) {
			parent = task.Current().ID()
			inner = concurrency.Submit(background, p, where)
			return 0, nil
		})
		_, _ = child.Result(background)
		gate <- 1
		a, _ := first.Result(background)
		b, _ := second.Result(background)
		c, _ := inner.Result(background)
		if a.ID != b.ID || a.ID != c.ID {
			t.Errorf("tasks %d, %d, %d, want one", a.ID, b.ID, c.ID)
		}
		if a.Name != "w-0" || c.Name != "w-0" || a.Parent != task.Current().ID() || c.Parent != parent {
			t.Errorf("%+v, %+v", a, c)
		}
	})
	if end.Panic != nil || end.Killed {
		t.Errorf("%+v", end)
	}
}

// What follows a function that redirected its output, in the same task, prints as its own submitter does.
func TestWorkerPrintsForSubmitter(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(1)
	defer shutdown(t, p)
	r, out := newRun(t, 1)
	elsewhere := &tasktest.Output{}
	r.Do(func() {
		_, gate := blocked(p)
		say := func(s string) func(context.Context) (int, error) {
			return func(context.Context) (int, error) { task.Print(s); return 0, nil }
		}
		concurrency.Submit(background, p, say("a"))
		task.Current().Redirect(elsewhere)
		concurrency.Submit(background, p, say("b"))
		task.Current().Redirect(nil)
		last := concurrency.Submit(background, p, say("c"))
		gate <- 1
		_, _ = last.Result(background)
	})
	if out.String() != "ac" || elsewhere.String() != "b" {
		t.Errorf("%q, %q", out, elsewhere)
	}
}

// The panic of a function says who submitted it, also in a task that others have used before.
func TestPanicKeepsOrigin(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(1)
	defer shutdown(t, p)
	r, _ := newRun(t, 1)
	r.Do(func() {
		_, gate := blocked(p)
		var bad *concurrency.Future[int]
		var id int64
		child := concurrency.Start(background, func(context.Context) (int, error) {
			id = task.Current().ID()
			bad = concurrency.Submit(background, p, func(context.Context) (int, error) { panic("boom") })
			return 0, nil
		})
		_, _ = child.Result(background)
		gate <- 1
		<-bad.Done()
		var e *concurrency.PanicError
		if !errors.As(bad.Err(), &e) || len(e.Started) == 0 || e.Started[0].Task != id {
			t.Errorf("%+v, want one started by %d", e, id)
		}
	})
}

// A function that ends its goroutine takes nothing with it but itself.
func TestWorkerSurvivesGoexit(t *testing.T) {
	both(t, func(t *testing.T) {
		p := concurrency.NewThreadPool().WithWorkers(1)
		_, gate := blocked(p)
		exits := concurrency.Submit(background, p, func(context.Context) (int, error) { runtime.Goexit(); return 0, nil })
		next := concurrency.Submit(background, p, constant(1))
		gate <- 1
		if _, err := exits.Result(background); err != concurrency.ErrExited {
			t.Error(err)
		}
		if v, err := next.Result(background); v != 1 || err != nil {
			t.Errorf("%d, %v", v, err)
		}
		shutdown(t, p)
	})
}

// While a cell is interrupted whose functions wait in the queue between those of another, the other's run.
func TestKillOfOneOfTwo(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(1)
	a, _ := newRun(t, 1)
	b, _ := newRun(t, 2)
	var mine, yours []*concurrency.Future[int]
	b.Do(func() {
		_, gate := blocked(p)
		for range 3 {
			a.Do(func() { mine = append(mine, concurrency.Submit(background, p, constant(1))) })
			yours = append(yours, concurrency.Submit(background, p, constant(2)))
		}
		a.Kill(nil)
		gate <- 1
		for i, fu := range yours {
			if v, err := fu.Result(background); v != 2 || err != nil {
				t.Errorf("%d: %d, %v", i, v, err)
			}
		}
	})
	for i, fu := range mine {
		if _, err := fu.Result(background); err != concurrency.ErrExited {
			t.Errorf("%d: %v", i, err)
		}
	}
	shutdown(t, p)
}

// What waits for room in the queue can be interrupted too, and leaves the room to others.
func TestKillWhileQueueIsFull(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(1).WithQueue(0)
	_, gate := blocked(p)
	r, _ := newRun(t, 1)
	go func() {
		untilWaits(t, r, task.WaitResult)
		r.Kill(nil)
	}()
	if end := r.Do(func() { concurrency.Submit(background, p, constant(1)) }); !end.Killed {
		t.Errorf("%+v", end)
	}
	gate <- 1
	if v, err := concurrency.Submit(background, p, constant(2)).Result(background); v != 2 || err != nil {
		t.Errorf("%d, %v", v, err)
	}
	shutdown(t, p)
}

// Many submit to a pool with little room, and everything runs once.
func TestQueueUnderPressure(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(2).WithQueue(3)
	var ran atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 500 {
				ctx, cancel := context.WithCancel(background)
				if i%7 == 0 {
					cancel()
				}
				if p.Go(ctx, func() { ran.Add(1) }) != nil {
					ran.Add(1) // it was not taken
				}
				cancel()
			}
		})
	}
	wg.Wait()
	shutdown(t, p)
	if ran.Load() != 4000 {
		t.Errorf("%d of 4000", ran.Load())
	}
}

func TestGo(t *testing.T) {
	both(t, func(t *testing.T) {
		p := concurrency.NewThreadPool().WithWorkers(2)
		var n atomic.Int64
		for range 1000 {
			if err := p.Go(background, func() { n.Add(1) }); err != nil {
				t.Error(err)
			}
		}
		shutdown(t, p)
		if n.Load() != 1000 || p.Go(background, func() {}) != concurrency.ErrShutdown {
			t.Errorf("%d ran", n.Load())
		}
	})
}

// Shutdown raises what a function given to Go has panicked with, and the others have run.
func TestGoPanics(t *testing.T) {
	both(t, func(t *testing.T) {
		p := concurrency.NewThreadPool().WithWorkers(1)
		ran := false
		_ = p.Go(background, func() { panic("boom") })
		_ = p.Go(background, func() { ran = true })
		carried(t, "boom", func() { _ = p.Shutdown(background) })
		if !ran {
			t.Error("the next did not run")
		}
	})
}

func TestCloseAndCancelPending(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(1)
	first, gate := blocked(p)
	second := concurrency.Submit(background, p, constant(2))
	_ = p.Go(background, func() { t.Error("it ran") })
	p.Close()
	if err := p.Go(background, func() {}); err != concurrency.ErrShutdown {
		t.Error(err)
	}
	if n := p.CancelPending(); n != 2 || p.CancelPending() != 0 {
		t.Errorf("%d were pending", n)
	}
	if !second.Canceled() || first.Canceled() {
		t.Error("not what was pending was cancelled")
	}
	gate <- 1
	shutdown(t, p)
	if v, err := first.Result(background); v != 1 || err != nil {
		t.Errorf("%d, %v", v, err)
	}
}

type connection struct{ n int64 }
type connectionKey struct{}

func TestInitializer(t *testing.T) {
	both(t, func(t *testing.T) {
		var made atomic.Int64
		p := concurrency.NewThreadPool().WithWorkers(2).WithInitializer(func(ctx context.Context) (context.Context, error) {
			return context.WithValue(ctx, connectionKey{}, &connection{made.Add(1)}), nil
		})
		var busy sync.Map
		use := func(ctx context.Context, _ int) (int, error) {
			c := ctx.Value(connectionKey{}).(*connection)
			if _, taken := busy.LoadOrStore(c, true); taken {
				t.Error("two have one")
			}
			busy.Delete(c)
			return 0, nil
		}
		if _, err := concurrency.Map(background, p, make([]int, 200), use, concurrency.ChunkSize(1)); err != nil {
			t.Error(err)
		}
		shutdown(t, p)
		if n := made.Load(); n < 1 || n > 2 {
			t.Errorf("called %d times for 2 workers", n)
		}
		misuse(t, "concurrency: ThreadPool: WithInitializer after Submit", func() { p.WithInitializer(nil) })
	})
}

func TestInitializerFails(t *testing.T) {
	for name, f := range map[string]func(context.Context) (context.Context, error){
		"error": func(context.Context) (context.Context, error) { return nil, errTest },
		"panic": func(context.Context) (context.Context, error) { panic(errTest) },
	} {
		p := concurrency.NewThreadPool().WithWorkers(1).WithName("db").WithInitializer(f)
		first := concurrency.Submit(background, p, never0(t))
		_, err := first.Result(background)
		var broken *concurrency.BrokenError
		if !errors.As(err, &broken) || broken.Pool != "db" || !errors.Is(err, errTest) {
			t.Errorf("%s: %v", name, err)
		}
		if err := p.Go(background, func() { t.Error("it ran") }); !errors.As(err, &broken) {
			t.Errorf("%s: %v", name, err)
		}
		shutdown(t, p)
	}
}

func never0(t *testing.T) func(context.Context) (int, error) {
	return func(context.Context) (int, error) { t.Error("it ran"); return 0, nil }
}
