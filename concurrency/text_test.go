package concurrency_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
)

// What people see of a value says its state.
func TestStrings(t *testing.T) {
	ctx := context.Background()
	check := func(v fmt.Stringer, want string) {
		t.Helper()
		if got := v.String(); got != want {
			t.Errorf("%T is %q, want %q", v, got, want)
		}
	}

	hold := make(chan struct{})
	thread := concurrency.NewThread(func() { <-hold }).WithName("loader")
	check(thread, "loader, not started")
	thread.Start()
	check(thread, "loader, alive")
	close(hold)
	if err := thread.Join(ctx); err != nil {
		t.Fatal(err)
	}
	check(thread, "loader, ended")

	p := concurrency.NewPromise[int]()
	check(p.Future(), "future, pending")
	p.SetRunning()
	check(p.Future(), "future, running")
	p.SetResult(1)
	check(p.Future(), "future, done")
	check(p, "promise of a future, done")
	failed := concurrency.NewPromise[int]()
	failed.SetError(errors.New("no disk"))
	check(failed.Future(), "future, failed: no disk")
	canceled := concurrency.NewPromise[int]()
	canceled.Future().Cancel()
	check(canceled.Future(), "future, canceled")

	q := concurrency.NewQueue[string](2)
	q.TryPut("x")
	check(q, "queue of 1")

	lock, again, shared := new(concurrency.Lock), new(concurrency.RLock), new(concurrency.RWLock)
	check(lock, "lock, free")
	lock.Lock()
	check(lock, "lock, held")
	lock.Unlock()
	check(again, "re-entrant lock, free")
	again.Lock()
	check(again, "re-entrant lock, held")
	again.Unlock()
	check(shared, "read-write lock, free")
	shared.RLock()
	check(shared, "read-write lock, 1 read")
	shared.RUnlock()
	shared.Lock()
	check(shared, "read-write lock, held")
	shared.Unlock()

	s := concurrency.NewSemaphore(3)
	s.TryAcquire(1)
	check(s, "semaphore, 2 of 3 free")
	s.Release(1)

	e := new(concurrency.Event)
	check(e, "event, not set")
	e.Set()
	check(e, "event, set")

	b := concurrency.NewBarrier(2)
	check(b, "barrier, 0 of 2 wait")
	b.Abort()
	check(b, "barrier, broken")

	c := new(concurrency.Counter)
	c.Add(5)
	check(c, "5")

	check(concurrency.NewThreadPool().WithWorkers(3).WithName("io"), "io with 3 workers")
}
