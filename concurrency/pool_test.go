package concurrency_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

func shutdown(t testing.TB, p *concurrency.ThreadPool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(background, patience)
	defer cancel()
	if err := p.Shutdown(ctx); err != nil {
		t.Error(err)
	}
}

func TestSubmit(t *testing.T) {
	both(t, func(t *testing.T) {
		p := concurrency.NewThreadPool().WithWorkers(3)
		defer shutdown(t, p)
		var inside, over atomic.Int32
		var futures []*concurrency.Future[int]
		for i := range 100 {
			futures = append(futures, concurrency.Submit(background, p, func(context.Context) (int, error) {
				if inside.Add(1) > 3 {
					over.Add(1)
				}
				defer inside.Add(-1)
				return i, nil
			}))
		}
		for i, fu := range futures {
			if v, err := fu.Result(background); v != i || err != nil {
				t.Errorf("%d: %d, %v", i, v, err)
			}
		}
		if over.Load() != 0 {
			t.Errorf("%d times more than 3 at a time", over.Load())
		}
	})
}

func TestPoolRunsInOrder(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(1)
	var mu sync.Mutex
	var order []int
	for i := range 100 {
		concurrency.Submit(background, p, func(context.Context) (int, error) {
			mu.Lock()
			defer mu.Unlock()
			order = append(order, i)
			return 0, nil
		})
	}
	shutdown(t, p)
	if len(order) != 100 || !slices.IsSorted(order) {
		t.Errorf("order = %v", order)
	}
}

// blocked is a pool of one worker, which is busy until gate is closed.
func blocked(p *concurrency.ThreadPool) (first *concurrency.Future[int], gate chan int) {
	gate = make(chan int)
	first = concurrency.Submit(background, p, func(ctx context.Context) (int, error) {
		select {
		case <-gate:
			return 1, nil
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
	})
	return first, gate
}

func TestPoolQueueIsBounded(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(1).WithQueue(1)
	_, gate := blocked(p)
	second := concurrency.Submit(background, p, constant(2))
	ctx, cancel := context.WithCancelCause(background)
	cancel(errTest)
	third := concurrency.Submit(ctx, p, constant(3))
	if _, err := third.Result(background); err != errTest {
		t.Errorf("a full pool took it: %v", err)
	}
	close(gate)
	if v, err := second.Result(background); v != 2 || err != nil {
		t.Errorf("%d, %v", v, err)
	}
	if v, err := concurrency.Submit(background, p, constant(4)).Result(background); v != 4 || err != nil {
		t.Errorf("%d, %v", v, err)
	}
	shutdown(t, p)
}

func TestCancelPending(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(1)
	_, gate := blocked(p)
	fu := concurrency.Submit(background, p, func(context.Context) (int, error) {
		t.Error("it ran")
		return 0, nil
	})
	if fu.Running() || !fu.Cancel() {
		t.Error("it could not be cancelled")
	}
	if _, err := fu.Result(background); err != concurrency.ErrCanceled { // though the worker is busy
		t.Error(err)
	}
	close(gate)
	shutdown(t, p)
}

func TestPoolSurvivesPanics(t *testing.T) {
	both(t, func(t *testing.T) {
		p := concurrency.NewThreadPool().WithWorkers(1)
		bad := concurrency.Submit(background, p, func(context.Context) (int, error) { panic("boom") })
		good := concurrency.Submit(background, p, constant(1))
		carried(t, "boom", func() { _, _ = bad.Result(background) })
		if v, err := good.Result(background); v != 1 || err != nil {
			t.Errorf("%d, %v", v, err)
		}
		shutdown(t, p)
	})
}

func TestShutdown(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(1)
	first, gate := blocked(p)
	second := concurrency.Submit(background, p, constant(2))
	ctx, cancel := context.WithCancelCause(background)
	cancel(errTest)
	if err := p.Shutdown(ctx); err != errTest {
		t.Errorf("it did not wait: %v", err)
	}
	if _, err := concurrency.Submit(background, p, constant(3)).Result(background); err != concurrency.ErrShutdown {
		t.Error(err)
	}
	if _, err := concurrency.Map(background, p, []int{1}, double); err != concurrency.ErrShutdown {
		t.Error(err)
	}
	close(gate)
	shutdown(t, p)
	if first.Err() != nil || second.Err() != nil {
		t.Errorf("%v, %v", first.Err(), second.Err())
	}
	shutdown(t, p)
	shutdown(t, concurrency.NewThreadPool())
}

func TestPoolCancel(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(1)
	first, _ := blocked(p)
	until(t, "it runs", first.Running)
	second := concurrency.Submit(background, p, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil })
	if err := p.Cancel(background); err != nil {
		t.Error(err)
	}
	for _, fu := range []*concurrency.Future[int]{first, second} {
		if _, err := fu.Result(background); err != concurrency.ErrCanceled {
			t.Error(err)
		}
	}
}

func TestPoolMisuse(t *testing.T) {
	p := concurrency.NewThreadPool()
	misuse(t, "concurrency: ThreadPool: 0 workers", func() { p.WithWorkers(0) })
	misuse(t, "concurrency: ThreadPool: queue of -1", func() { p.WithQueue(-1) })
	_, _ = concurrency.Submit(background, p, constant(1)).Result(background)
	misuse(t, "concurrency: ThreadPool: WithWorkers after Submit", func() { p.WithWorkers(1) })
	misuse(t, "concurrency: ThreadPool: WithQueue after Submit", func() { p.WithQueue(1) })
	misuse(t, "concurrency: ThreadPool: WithName after Submit", func() { p.WithName("") })
	shutdown(t, p)
}

// Work belongs to the cell that submitted it, whichever cell made the pool.
func TestPoolWorksForTheSubmitter(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(2).WithName("worker")
	a, outA := newRun(t, 1)
	b, outB := newRun(t, 2)
	work := func(s string) func(context.Context) (string, error) {
		return func(context.Context) (string, error) {
			task.Print(s)
			return task.Current().Info().Name, nil
		}
	}
	a.Do(func() {
		_, _ = concurrency.Submit(background, p, work("a")).Result(background)
		b.Do(func() {
			name, err := concurrency.Submit(background, p, work("b")).Result(background)
			if err != nil || !strings.HasPrefix(name, "worker-") {
				t.Errorf("%q, %v", name, err)
			}
		})
	})
	if outA.String() != "a" || outB.String() != "b" {
		t.Errorf("%q, %q", outA, outB)
	}
	shutdown(t, p)
}

// An interrupt ends the work of one cell, also what waits; the pool goes on for others.
func TestKillFreesWorkers(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(2)
	r, _ := newRun(t, 1)
	var futures []*concurrency.Future[int]
	go func() {
		until(t, "it waits", func() bool { return r.Live() == 3 })
		r.Kill(nil)
	}()
	end := r.Do(func() {
		for range 5 {
			futures = append(futures, concurrency.Submit(background, p, func(context.Context) (int, error) {
				task.Forever(0)
				return 1, nil
			}))
		}
		_, _ = futures[4].Result(background)
	})
	if !end.Killed {
		t.Errorf("end = %+v", end)
	}
	for i, fu := range futures {
		if _, err := fu.Result(background); err != concurrency.ErrExited {
			t.Errorf("%d: %v", i, err)
		}
	}
	if v, err := concurrency.Submit(background, p, constant(6)).Result(background); v != 6 || err != nil {
		t.Errorf("%d, %v", v, err)
	}
	shutdown(t, p)
}

func double(_ context.Context, n int) (int, error) { return 2 * n, nil }

func TestMap(t *testing.T) {
	both(t, func(t *testing.T) {
		p := concurrency.NewThreadPool().WithWorkers(3)
		defer shutdown(t, p)
		for _, n := range []int{0, 1, 2, 7, 100, 1001} {
			items := make([]int, n)
			for i := range items {
				items[i] = i
			}
			got, err := concurrency.Map(background, p, items, double)
			if err != nil || len(got) != n {
				t.Fatalf("%d items: %d, %v", n, len(got), err)
			}
			for i, v := range got {
				if v != 2*i {
					t.Fatalf("%d items: item %d is %d", n, i, v)
				}
			}
		}
	})
}

func TestMapFails(t *testing.T) {
	both(t, func(t *testing.T) {
		p := concurrency.NewThreadPool().WithWorkers(2)
		defer shutdown(t, p)
		var calls atomic.Int32
		got, err := concurrency.Map(background, p, make([]int, 10_000), func(ctx context.Context, _ int) (int, error) {
			if calls.Add(1) == 100 {
				return 0, errTest
			}
			if calls.Load() > 100 {
				return 0, untilCancelled(ctx)
			}
			return 0, nil
		})
		if got != nil || !errors.Is(err, errTest) || calls.Load() > 1000 {
			t.Errorf("%d results, %v, %d calls", len(got), err, calls.Load())
		}
		carried(t, "boom 3", func() {
			_, _ = concurrency.Map(background, p, []int{1, 2, 3}, func(_ context.Context, n int) (int, error) {
				if n == 3 {
					panic(fmt.Sprint("boom ", n))
				}
				return n, nil
			})
		})
	})
}

func TestMapHeedsContext(t *testing.T) {
	p := concurrency.NewThreadPool()
	defer shutdown(t, p)
	ctx, cancel := context.WithCancelCause(background)
	_, err := concurrency.Map(ctx, p, make([]int, 100), func(ctx context.Context, _ int) (int, error) {
		cancel(errTest)
		return 0, untilCancelled(ctx)
	})
	if err != errTest {
		t.Error(err)
	}
}
