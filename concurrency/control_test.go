package concurrency_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// sleeper returns a function that sleeps and then returns n.
func sleeper(d time.Duration, n int) func(context.Context) (int, error) {
	return func(context.Context) (int, error) {
		task.Sleep(d, 0)
		return n, nil
	}
}

// program uses everything of the package that waits, and writes down what happens when.
func program(t *testing.T) (log []string) {
	start := task.Now()
	say := func(what ...any) {
		log = append(log, fmt.Sprint(task.Since(start), " ", fmt.Sprint(what...)))
	}
	slow := concurrency.Start(background, sleeper(time.Hour, 1))
	ctx, cancel := task.ContextWithTimeout(background, time.Minute)
	defer cancel()
	if _, err := slow.Result(ctx); err != context.DeadlineExceeded {
		t.Errorf("result after a minute: %v", err)
	}
	say("timeout")
	v, err := slow.Result(background)
	say("slow ", v, " ", err)

	pool := concurrency.NewThreadPool().WithWorkers(2).WithQueue(1)
	var futures []*concurrency.Future[int]
	for i := range 5 { // three minutes in all: one of five, or two at a time
		futures = append(futures, concurrency.Submit(background, pool, sleeper(time.Minute, i)))
	}
	sum := 0
	for _, f := range futures {
		n, _ := f.Result(background)
		sum += n
	}
	if err := pool.Shutdown(background); err != nil {
		t.Error(err)
	}
	say("pool ", sum)

	sem := concurrency.NewSemaphore(2)
	group := concurrency.NewGroup(background)
	for range 4 {
		group.Go(func(ctx context.Context) error {
			if err := sem.Acquire(ctx, 1); err != nil {
				return err
			}
			defer sem.Release(1)
			task.Sleep(time.Second, 0)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
	say("group")
	failing := concurrency.NewGroup(background)
	failing.Go(func(context.Context) error { task.Sleep(time.Second, 0); return errTest })
	failing.Go(func(ctx context.Context) error { task.Recv(ctx.Done(), 0); return ctx.Err() })
	if err := failing.Wait(); err != errTest {
		t.Errorf("failing group: %v", err)
	}
	say("failed")
	executors(t, say)
	th := concurrency.NewThread(func() { task.Sleep(time.Hour, 0) }).Start()
	if err := th.Join(background); err != nil {
		t.Error(err)
	}
	say("joined")
	return log
}

// executors is the part of program that is about what runs functions and what becomes of them.
func executors(t *testing.T, say func(...any)) {
	pool := concurrency.NewThreadPool().WithWorkers(2).WithQueue(2)
	seq := concurrency.MapSeq(background, pool, slices.Values([]int{1, 2, 3, 4}), func(_ context.Context, n int) (int, error) {
		task.Sleep(time.Duration(n)*time.Second, 0)
		return n, nil
	})
	sum := 0
	for n := range seq { // at 1, 2, 1+3 and 2+4 seconds
		sum += n
	}
	say("sequence ", sum)
	promise := concurrency.NewPromise[int]()
	next := concurrency.Then(background, promise.Future(), func(_ context.Context, n int) (string, error) {
		task.Sleep(time.Second, 0)
		return fmt.Sprint(n), nil
	})
	slow := concurrency.Submit(background, pool, sleeper(3*time.Second, 3))
	task.Sleep(time.Second, 0)
	promise.SetResult(7)
	for f := range concurrency.AsCompleted(background, []concurrency.Awaitable{slow, next, promise.Future()}...) {
		say(fmt.Sprintf("%T", f))
	}
	ctx, cancel := task.ContextWithTimeout(background, time.Second)
	defer cancel()
	late := concurrency.Submit(background, pool, sleeper(4*time.Second, 3))
	done, left, err := concurrency.Wait(ctx, concurrency.AllCompleted, slow, late)
	say("wait ", len(done), len(left), " ", err)
	_ = pool.Go(background, func() { task.Sleep(time.Second, 0) })
	if err := pool.Shutdown(background); err != nil {
		t.Error(err)
	}
	say("shutdown")
	err = concurrency.Scope(background, func(g *concurrency.Group) error {
		g.WithPolicy(concurrency.FirstSuccess)
		for i := range 3 {
			g.Go(func(ctx context.Context) error {
				timer, stop := task.ContextWithTimeout(ctx, time.Duration(i+1)*time.Second)
				defer stop()
				task.Recv(timer.Done(), 0)
				if i == 0 {
					return errTest
				}
				return ctx.Err()
			})
		}
		return errTest
	})
	say("scope ", err)
}

func TestUnderControl(t *testing.T) {
	want := []string{
		"1m0s timeout", "1h0m0s slow 1 <nil>", "1h3m0s pool 10", "1h3m2s group", "1h3m3s failed",
		"1h3m9s sequence 10", "1h3m10s *concurrency.Future[int]", "1h3m11s *concurrency.Future[string]", "1h3m12s *concurrency.Future[int]",
		"1h3m13s wait 1 1 context deadline exceeded", "1h3m16s shutdown", "1h3m18s scope <nil>", "2h3m18s joined",
	}
	for seed := range uint64(20) {
		r, _ := newRun(t, 1)
		r.Virtual(seed)
		var got []string
		end := r.Do(func() { got = program(t) })
		if end.Killed || end.Panic != nil || !slices.Equal(got, want) {
			t.Errorf("seed %d: end %+v\n%q\nwant\n%q", seed, end, got, want)
		}
		until(t, "no task is left", func() bool { return r.Live() == 0 })
	}
}
