package task_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// watchOften makes the runs of the test look for deadlocks often, and counts as bystanders the goroutines there are.
func watchOften(t testing.TB) {
	t.Helper()
	t.Cleanup(task.Watch(5 * time.Millisecond))
}

// A knot is a cell that ends in a deadlock.
type knot struct {
	name  string
	tasks int                      // of the cell that are stuck
	what  string                   // "kind: detail" of the main task's wait
	body  func(after func(func())) // after takes what lets go what the kill has left
}

var knots = []knot{
	{"lock order", 3, "wait group: counter is 2", func(func(func())) {
		var a, b sync.Mutex
		var wg sync.WaitGroup
		var both sync.WaitGroup
		both.Add(2)
		for _, order := range [][2]*sync.Mutex{{&a, &b}, {&b, &a}} {
			task.WaitGroupGo(&wg, 0, func() {
				task.Lock(order[0], 0)
				defer task.Unlock(order[0])
				both.Done()
				both.Wait()
				task.Lock(order[1], 0)
				task.Unlock(order[1])
			})
		}
		task.WaitGroupWait(&wg, 0)
	}},
	{"locked twice", 1, "lock: ", func(after func(func())) {
		var mu sync.Mutex
		task.Lock(&mu, 0)
		after(mu.Unlock)
		task.Lock(&mu, 0)
	}},
	{"wait group never done", 1, "wait group: counter is 1", func(after func(func())) {
		var wg sync.WaitGroup
		wg.Add(1)
		after(wg.Done)
		task.WaitGroupWait(&wg, 0)
	}},
	{"worker killed", 1, "wait group: counter is 1", func(after func(func())) {
		var wg sync.WaitGroup
		wg.Add(1)
		worker := make(chan *task.Task)
		task.Go(0, func() {
			task.To(worker, 0).Send(task.Current())
			task.Forever(0)
			wg.Done()
		})
		task.Recv(worker, 0).Kill()
		after(wg.Done)
		task.WaitGroupWait(&wg, 0)
	}},
	{"all receive", 4, "receive: unbuffered", func(func(func())) {
		c := make(chan int)
		for range 3 {
			task.Go(0, func() { task.Recv(c, 0) })
		}
		task.Recv(c, 0)
	}},
	{"all send", 3, "send: full, 2 of 2", func(func(func())) {
		c := make(chan int, 2)
		for range 2 {
			task.Go(0, func() {
				for {
					task.To(c, 0).Send(1)
				}
			})
		}
		for {
			task.To(c, 0).Send(1)
		}
	}},
	{"send to nobody", 1, "send: unbuffered", func(func(func())) { task.To(make(chan int), 0).Send(1) }},
	{"receive from nobody", 1, "receive: empty, 0 of 1", func(func(func())) { task.Recv(make(chan int, 1), 0) }},
	{"range not closed", 1, "receive: empty, 0 of 2", func(func(func())) {
		c := make(chan int, 2)
		task.Go(0, func() { task.To(c, 0).Send(1) })
		for {
			if _, ok := task.Recv2(c, 0); !ok {
				break
			}
		}
	}},
	{"nil channel", 1, "receive: nil channel", func(func(func())) { task.Recv[int](nil, 0) }},
	{"nil timer", 1, "receive: nil channel", func(func(func())) { task.Recv[time.Time](nil, 0) }},
	{"select without partner", 2, "select: unbuffered; nil channel; full, 1 of 1", func(func(func())) {
		a, full := make(chan int), make(chan int, 1)
		full <- 1
		task.Go(0, func() { task.Select(0, false, task.SelRecv(make(chan int)), task.SelRecv(make(chan bool))) })
		task.Select(0, false, task.SelRecv(a), task.SelSend[int](nil), task.SelSend(full).Val(1))
	}},
	{"select of nothing", 1, "select with no cases: ", func(func(func())) { task.Forever(0) }},
	{"condition without signal", 2, "condition: ", func(after func(func())) {
		var mu sync.Mutex
		c := sync.NewCond(&mu)
		after(c.Broadcast)
		task.Go(0, func() {
			task.Lock(&mu, 0)
			defer task.Unlock(&mu)
			task.CondWait(c, 0)
		})
		task.Lock(&mu, 0)
		defer task.Unlock(&mu)
		task.CondWait(c, 0)
	}},
	{"read lock upgraded", 1, "lock: ", func(after func(func())) {
		var mu sync.RWMutex
		task.RWRLock(&mu, 0)
		after(mu.RUnlock)
		task.RWLock(&mu, 0)
	}},
	{"read lock behind a writer", 2, "read lock: ", func(after func(func())) {
		var mu sync.RWMutex
		task.RWRLock(&mu, 0)
		after(mu.RUnlock)
		task.Go(0, func() { task.RWLock(&mu, 0) })
		for mu.TryRLock() {
			mu.RUnlock()
		}
		task.RWRLock(&mu, 0)
	}},
	{"once in itself", 1, "once: ", func(func(func())) {
		var o sync.Once
		task.OnceDo(&o, 0, func() { task.OnceDo(&o, 0, func() {}) })
	}},
	{"semaphore", 4, "receive: unbuffered", func(func(func())) {
		sem := make(chan bool, 2)
		nested := func(int) {}
		nested = func(depth int) {
			task.To(sem, 0).Send(true)
			defer task.Recv(sem, 0)
			if depth > 0 {
				done := make(chan bool)
				task.Go(0, func() { nested(depth - 1); close(done) })
				task.Recv(done, 0)
			}
		}
		done := make(chan bool)
		task.Go(0, func() { nested(3); close(done) })
		task.Recv(done, 0)
	}},
	{"future in itself", 2, "result: ", func(func(func())) {
		done := make(chan struct{})
		task.Go(0, func() {
			defer close(done)
			task.Await(context.Background(), done, &done, 0)
		})
		task.Await(context.Background(), done, &done, 0)
	}},
	{"context nobody ends", 1, "receive: unbuffered", func(func(func())) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		task.Recv(ctx.Done(), 0)
	}},
	{"stopped timers", 1, "receive: unbuffered", func(func(func())) {
		c := make(chan int)
		task.AfterFunc(0, time.Hour, func() { close(c) }).Stop()
		ctx, cancel := task.ContextWithTimeout(context.Background(), time.Hour)
		cancel()
		task.Recv(ctx.Done(), 0)
		task.Recv(c, 0)
	}},
	{"library goroutine in it", 2, "receive: unbuffered", func(func(func())) {
		c := make(chan int)
		go func() { task.Recv(c, 0) }()
		task.Recv(c, 0)
	}},
}

// The holders of the locks are told as they were before the kill.
func TestDeadlockTellsLocks(t *testing.T) {
	watchOften(t)
	run, _ := newRun(t, 7)
	var mu sync.Mutex
	end := run.Do(func() {
		task.Lock(&mu, task.At(7, 3, 1))
		defer task.Unlock(&mu)
		var wg sync.WaitGroup
		task.WaitGroupGo(&wg, 0, func() {
			task.Lock(&mu, task.At(7, 5, 1))
			task.Unlock(&mu)
		})
		task.WaitGroupWait(&wg, 0)
	})
	if end.Deadlock == nil {
		t.Fatalf("ended with %+v", end)
	}
	for _, l := range end.Deadlock.Locks {
		if l.Object != any(&mu) {
			continue
		}
		if len(l.Holders) != 1 || l.Holders[0].Name != "main" || l.Holders[0].Site.Line() != 3 ||
			len(l.Waiters) != 1 || l.Waiters[0].Wait.Site.Line() != 5 {
			t.Errorf("the lock has %+v", l)
		}
		return
	}
	t.Errorf("the lock is not in %+v", end.Deadlock.Locks)
}

func TestDeadlock(t *testing.T) {
	for _, s := range knots {
		t.Run(s.name, func(t *testing.T) {
			watchOften(t)
			run, _ := newRun(t, 7)
			var after []func()
			end := run.Do(func() { s.body(func(f func()) { after = append(after, f) }) })
			for _, f := range after {
				f()
			}
			if !end.Killed || end.Deadlock == nil {
				t.Fatalf("ended with %+v", end)
			}
			var cause *task.Deadlock
			if !errors.As(end.Cause, &cause) || cause != end.Deadlock || !strings.HasPrefix(cause.Error(), "deadlock: ") {
				t.Errorf("the cause is %v", end.Cause)
			}
			if n := len(end.Deadlock.Tasks); n != s.tasks {
				t.Errorf("%d tasks are stuck, want %d: %+v", n, s.tasks, end.Deadlock.Tasks)
			}
			for _, i := range end.Deadlock.Tasks {
				if i.Name == "main" && i.Wait.Kind.String()+": "+i.Wait.Detail != s.what {
					t.Errorf("main waits: %v: %s, want %s", i.Wait.Kind, i.Wait.Detail, s.what)
				}
				if i.Wait.Kind == task.WaitNone || i.Killed || i.Cell != 7 {
					t.Errorf("not as it was: %+v", i)
				}
			}
		})
	}
}
