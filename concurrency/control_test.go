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
	th := concurrency.NewThread(func() { task.Sleep(time.Hour, 0) }).Start()
	if err := th.Join(background); err != nil {
		t.Error(err)
	}
	say("joined")
	return log
}

func TestUnderControl(t *testing.T) {
	want := []string{
		"1m0s timeout", "1h0m0s slow 1 <nil>", "1h3m0s pool 10", "1h3m2s group", "1h3m3s failed", "2h3m3s joined",
	}
	for seed := range uint64(20) {
		r, _ := newRun(t, 1)
		r.Virtual(seed)
		var got []string
		end := r.Do(func() { got = program(t) })
		if end.Killed || end.Panic != nil || !slices.Equal(got, want) {
			t.Errorf("seed %d: end %+v\n%q\nwant\n%q", seed, end, got, want)
		}
		if n := r.Live(); n != 0 {
			t.Errorf("seed %d: %d tasks are left", seed, n)
		}
	}
}
