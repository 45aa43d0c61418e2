package concurrency_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// safepoint is what a loop of a cell has at its head.
func safepoint() {
	if task.Stop.Load() != 0 {
		task.Safepoint()
	}
}

// One function at a time runs under the lock, and it goes from one to the other though none of them waits.
func TestGILSwitches(t *testing.T) {
	both(t, func(t *testing.T) {
		g := concurrency.NewGIL().WithInterval(time.Millisecond)
		var inside, turns atomic.Int32
		var last *int
		compute := func(context.Context) error {
			me := new(int)
			for turns.Load() < 6 {
				if inside.Add(1) != 1 {
					t.Error("two run at a time")
				}
				if last != me {
					last = me
					turns.Add(1)
				}
				inside.Add(-1)
				if task.Current() != nil {
					safepoint()
				} else {
					g.Check()
				}
			}
			return nil
		}
		if err := g.RunAll(background, compute, compute, compute); err != nil {
			t.Error(err)
		}
		if s := g.Stats(); s.Switches < 5 || s.Forced < 3 || s.Waited <= 0 || g.Holders() != nil {
			t.Errorf("%+v, %v", s, g.Holders())
		}
		if task.Stop.Load() != 0 {
			t.Error("safepoints are still called")
		}
	})
}

// Who waits does not hold the lock: each of these waits for the other.
func TestGILIsGivenUpInWaits(t *testing.T) {
	r, _ := newRun(t, 1)
	end := r.Do(func() {
		g := concurrency.NewGIL()
		ping, pong := make(chan int), make(chan int)
		q := concurrency.NewQueue[int](0)
		var e concurrency.Event
		err := g.RunAll(background,
			func(ctx context.Context) error {
				for i := range 10 {
					task.To(ping, 0).Send(i)
					task.Recv(pong, 0)
				}
				task.Sleep(time.Millisecond, 0)
				e.Set()
				_, err := q.Get(ctx)
				return err
			},
			func(ctx context.Context) error {
				for range 10 {
					task.To(pong, 0).Send(task.Recv(ping, 0))
				}
				_ = e.Wait(ctx)
				return q.Put(ctx, 1)
			})
		if err != nil || g.Holders() != nil {
			t.Error(err)
		}
	})
	if end.Panic != nil || end.Killed {
		t.Errorf("%+v", end)
	}
}

func TestGILAllow(t *testing.T) {
	both(t, func(t *testing.T) {
		g := concurrency.NewGIL()
		gate := make(chan int)
		err := g.RunAll(background,
			func(context.Context) error { g.Allow(func() { <-gate }); g.Check(); return nil },
			func(context.Context) error { g.Allow(func() { gate <- 1 }); g.Check(); return errTest })
		if err != errTest {
			t.Error(err)
		}
	})
}

// Who gives the lock up to wait for something, while another has asked for it, waits until that one has had it.
func TestGILForcesTheSwitchBeforeAWait(t *testing.T) {
	g := concurrency.NewGIL().WithInterval(time.Millisecond)
	_ = g.Run(background, func(context.Context) error {
		other := concurrency.NewThread(func() {
			_ = g.Run(background, func(context.Context) error { return nil })
		}).Start()
		until(t, "the lock is asked for", func() bool { return task.Stop.Load() != 0 })
		g.Allow(func() {
			if s := g.Stats(); s.Switches != 2 || s.Forced != 1 {
				t.Errorf("%+v: the other has not had it", s)
			}
		})
		g.Allow(func() { _ = other.Join(background) })
		return nil
	})
	if s := g.Stats(); s.Switches != 3 || s.Forced != 1 {
		t.Errorf("%+v", s)
	}
}

// While nobody asks for the lock it is given up and taken again as often as one likes without changing hands.
func TestGILDoesNotSwitchUnasked(t *testing.T) {
	g := concurrency.NewGIL()
	_ = g.Run(background, func(context.Context) error {
		for range 100 {
			g.Allow(func() {
				if g.Holders() != nil {
					t.Error("it is held")
				}
			})
			g.Check()
		}
		return nil
	})
	if s := g.Stats(); s != (concurrency.GILStats{Switches: 1}) {
		t.Errorf("%+v", s)
	}
}

func TestGILStopsWaiting(t *testing.T) {
	g := concurrency.NewGIL()
	ctx, cancel := context.WithCancelCause(background)
	_ = g.Run(background, func(context.Context) error {
		var err error
		th := waiting(t, task.WaitLock, g, func() { err = g.Run(ctx, nil) })
		if len(g.Holders()) != 1 {
			t.Error("nobody holds it")
		}
		cancel(errTest)
		if _ = th.Join(background); err != errTest {
			t.Error(err)
		}
		return nil
	})
	until(t, "safepoints are not called any more", func() bool { return task.Stop.Load() == 0 })
}

// A killed task leaves the lock, whether it holds it or waits.
func TestKillEndsGIL(t *testing.T) {
	g := concurrency.NewGIL().WithInterval(time.Millisecond)
	r, _ := newRun(t, 1)
	var turns concurrency.Counter
	r.Do(func() {
		for range 3 {
			concurrency.NewThread(func() {
				_ = g.Run(background, func(context.Context) error {
					for {
						turns.Inc()
						safepoint()
					}
				})
			}).Start()
		}
	})
	until(t, "it has changed hands", func() bool { return g.Stats().Switches > 3 })
	r.Kill(nil)
	until(t, "they have ended", func() bool { return r.Live() == 0 })
	if err := g.Run(background, func(context.Context) error { return errTest }); err != errTest || task.Stop.Load() != 0 {
		t.Error(err, task.Stop.Load())
	}
}

func TestGILMisuse(t *testing.T) {
	misuse(t, "concurrency: GIL: switch interval 0s", func() { concurrency.NewGIL().WithInterval(0) })
	g := concurrency.NewGIL()
	misuse(t, "concurrency: GIL: Check by one who does not hold it", g.Check)
	misuse(t, "concurrency: GIL: Allow by one who does not hold it", func() { g.Allow(nil) })
	_ = g.Run(background, func(ctx context.Context) error {
		misuse(t, "concurrency: GIL: WithInterval after Run", func() { g.WithInterval(1) })
		misuse(t, "concurrency: GIL: Run within Run", func() { _ = g.Run(ctx, nil) })
		return nil
	})
	r, _ := newRun(t, 1)
	r.Do(func() {
		_ = g.Run(background, func(ctx context.Context) error {
			misuse(t, "concurrency: GIL: Run under another GIL", func() { _ = concurrency.NewGIL().Run(ctx, nil) })
			return nil
		})
	})
}

func TestGILUnderControl(t *testing.T) {
	for seed := range uint64(10) {
		r, _ := newRun(t, 1)
		r.Virtual(seed)
		var took time.Duration
		end := r.Do(func() {
			g := concurrency.NewGIL()
			began := task.Now()
			sleep := func(context.Context) error {
				task.Sleep(time.Hour, 0)
				g.Check()
				g.Allow(func() { task.Sleep(time.Hour, 0) })
				return nil
			}
			_ = g.RunAll(background, sleep, sleep, sleep)
			took = task.Since(began)
		})
		if end.Killed || end.Panic != nil || took != 2*time.Hour {
			t.Errorf("seed %d: %+v, %v", seed, end, took)
		}
	}
}

// count computes for a while.
func count(n int) (sum int) {
	for i := range n {
		if task.Stop.Load() != 0 {
			task.Safepoint()
		}
		sum += i & 3
	}
	return sum
}

// BenchmarkGIL shows what the lock does: two that compute under it take twice as long as two that do not.
func BenchmarkGIL(b *testing.B) {
	const n = 50_000_000
	run := func(name string, f func(g *concurrency.GIL)) {
		b.Run(name, func(b *testing.B) {
			r, _ := newRun(b, 1)
			r.Do(func() {
				for b.Loop() {
					f(concurrency.NewGIL())
				}
			})
		})
	}
	compute := func(context.Context) error { count(n); return nil }
	run("one", func(g *concurrency.GIL) { count(n) })
	run("two", func(g *concurrency.GIL) {
		group := concurrency.NewGroup(background)
		group.Go(compute)
		group.Go(compute)
		_ = group.Wait()
	})
	run("one under it", func(g *concurrency.GIL) { _ = g.Run(background, compute) })
	run("two under it", func(g *concurrency.GIL) { _ = g.RunAll(background, compute, compute) })
}
