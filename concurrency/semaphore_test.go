package concurrency_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/task"
)

func TestSemaphoreBounds(t *testing.T) {
	both(t, func(t *testing.T) {
		s := concurrency.NewSemaphore(3)
		var inside, most atomic.Int32
		g := concurrency.NewGroup(background)
		for range 50 {
			g.Go(func(ctx context.Context) error {
				if err := s.Acquire(ctx, 1); err != nil {
					return err
				}
				defer s.Release(1)
				n := inside.Add(1)
				defer inside.Add(-1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				return nil
			})
		}
		if err := g.Wait(); err != nil || most.Load() > 3 || s.Free() != 3 {
			t.Errorf("%v, at most %d at a time, %d free", err, most.Load(), s.Free())
		}
	})
}

func TestTryAcquire(t *testing.T) {
	s := concurrency.NewSemaphore(3)
	if !s.TryAcquire(2) || s.TryAcquire(2) || !s.TryAcquire(1) || s.Free() != 0 {
		t.Error("wrong count")
	}
	s.Release(3)
	if s.Free() != 3 {
		t.Error("wrong count after Release")
	}
}

// queued starts a thread that acquires n, and returns when it waits.
func queued(t *testing.T, ctx context.Context, s *concurrency.Semaphore, n int, got func(error)) *concurrency.Thread {
	t.Helper()
	r, _ := newRun(t, n)
	var th *concurrency.Thread
	r.Do(func() {
		th = concurrency.NewThread(func() { got(s.Acquire(ctx, n)) }).Start()
	})
	until(t, "it waits", func() bool {
		tasks := r.Tasks()
		return len(tasks) == 1 && tasks[0].Wait.Kind == task.WaitResult && tasks[0].Wait.Object == s
	})
	return th
}

func TestSemaphoreServesInOrder(t *testing.T) {
	s := concurrency.NewSemaphore(3)
	_ = s.Acquire(background, 3)
	order := make(chan int, 2)
	big := queued(t, background, s, 3, func(error) { order <- 3 })
	small := queued(t, background, s, 1, func(error) { order <- 1 })
	s.Release(2) // enough for the small one, but the big one came first
	if s.TryAcquire(1) {
		t.Error("a newcomer overtook those who wait")
	}
	s.Release(1)
	if got := <-order; got != 3 {
		t.Errorf("first was %d", got)
	}
	s.Release(3)
	if got := <-order; got != 1 {
		t.Errorf("second was %d", got)
	}
	_, _ = big.Join(background), small.Join(background)
}

func TestAcquireStopsWaiting(t *testing.T) {
	s := concurrency.NewSemaphore(3)
	_ = s.Acquire(background, 2)
	ctx, cancel := context.WithCancelCause(background)
	errs := make(chan error, 2)
	big := queued(t, ctx, s, 3, func(err error) { errs <- err })
	small := queued(t, background, s, 1, func(err error) { errs <- err })
	cancel(errTest) // which lets the small one pass
	a, b := <-errs, <-errs
	if a == nil {
		a, b = b, a
	}
	if a != errTest || b != nil || s.Free() != 0 {
		t.Errorf("%v, %v, %d free", a, b, s.Free())
	}
	_, _ = big.Join(background), small.Join(background)
}

// An interrupted waiter leaves the queue.
func TestKillEndsAcquire(t *testing.T) {
	s := concurrency.NewSemaphore(1)
	_ = s.Acquire(background, 1)
	r, _ := newRun(t, 1)
	go func() {
		until(t, "it waits", func() bool {
			tasks := r.Tasks()
			return len(tasks) == 1 && tasks[0].Wait.Kind == task.WaitResult
		})
		r.Kill(nil)
	}()
	if end := tasktest.Do(t, r, func() { _ = s.Acquire(background, 1) }); !end.Killed {
		t.Errorf("end = %+v", end)
	}
	s.Release(1)
	if !s.TryAcquire(1) {
		t.Error("the killed task still waits")
	}
}

func TestSemaphoreMisuse(t *testing.T) {
	misuse(t, "concurrency: Semaphore: size 0", func() { concurrency.NewSemaphore(0) })
	s := concurrency.NewSemaphore(2)
	misuse(t, "concurrency: Semaphore: Acquire of 3, size is 2", func() { _ = s.Acquire(background, 3) })
	misuse(t, "concurrency: Semaphore: TryAcquire of 0, size is 2", func() { s.TryAcquire(0) })
	misuse(t, "concurrency: Semaphore: release of 1 when 0 are held", func() { s.Release(1) })
}

// What is released counts up, also from nothing, and serves those who wait in their order.
func TestCountingSemaphore(t *testing.T) {
	both(t, func(t *testing.T) {
		s := concurrency.NewCountingSemaphore(0)
		if s.TryAcquire(1) || s.Free() != 0 {
			t.Error("there is something")
		}
		three := concurrency.Start(background, func(ctx context.Context) (int, error) { return 3, s.Acquire(ctx, 3) })
		for range 3 {
			s.Release(1)
		}
		if v, err := three.Result(background); v != 3 || err != nil {
			t.Error(v, err)
		}
		if s.Holders() != nil || s.Free() != 0 {
			t.Errorf("%d free, %v", s.Free(), s.Holders())
		}
		s.Release(5)
		if s.Free() != 5 || s.Holders() != nil || !s.TryAcquire(5) {
			t.Errorf("%d free, %v", s.Free(), s.Holders())
		}
	})
}

func TestCountingSemaphoreStopsWaiting(t *testing.T) {
	s := concurrency.NewCountingSemaphore(1)
	ctx, cancel := context.WithCancelCause(background)
	cancel(errTest)
	if err := s.Acquire(ctx, 1); err != nil { // it need not wait
		t.Error(err)
	}
	if err := s.Acquire(ctx, 100); err != errTest {
		t.Error(err)
	}
	s.Release(1)
	if s.Free() != 1 {
		t.Errorf("%d free", s.Free())
	}
	misuse(t, "concurrency: Semaphore: size -1", func() { concurrency.NewCountingSemaphore(-1) })
	misuse(t, "concurrency: Semaphore: Release of 0", func() { s.Release(0) })
	misuse(t, "concurrency: Semaphore: Acquire of -1", func() { _ = s.Acquire(background, -1) })
}

// Producers and consumers that meet in two counting semaphores, as in the textbook, under every order of things.
func TestCountingSemaphoreUnderControl(t *testing.T) {
	for seed := range uint64(30) {
		r, _ := newRun(t, 1)
		r.Virtual(seed)
		sum := 0
		end := r.Do(func() {
			free, full := concurrency.NewCountingSemaphore(2), concurrency.NewCountingSemaphore(0)
			var lock concurrency.Lock
			var buffer []int
			g := concurrency.NewGroup(background)
			for p := range 2 {
				g.Go(func(ctx context.Context) error {
					for i := range 5 {
						_ = free.Acquire(ctx, 1)
						lock.Lock()
						if buffer = append(buffer, 10*p+i); len(buffer) > 2 {
							t.Error("too many in the buffer")
						}
						lock.Unlock()
						full.Release(1)
					}
					return nil
				})
			}
			g.Go(func(ctx context.Context) error {
				for range 10 {
					_ = full.Acquire(ctx, 1)
					lock.Lock()
					sum += buffer[0]
					buffer = buffer[1:]
					lock.Unlock()
					free.Release(1)
				}
				return nil
			})
			_ = g.Wait()
		})
		if end.Panic != nil || end.Killed || sum != 70 {
			t.Fatalf("seed %d: %d, %+v", seed, sum, end)
		}
	}
}
