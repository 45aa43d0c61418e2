package task_test

import (
	"context"
	"math/rand/v2"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"weak"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A leaver is a cell that leaves tasks behind.
type leaver struct {
	name    string
	left    int  // how many
	stuck   int  // of which so many are stuck for ever, as can be proved
	profile bool // with Go's goroutine-leak profile only
	body    func(after func(func()))
}

var kept struct {
	c  chan int
	wg sync.WaitGroup
	mu sync.Mutex
}

var leavers = []leaver{
	{"select of nothing", 1, 1, false, func(func(func())) { task.Go(0, func() { task.Forever(0) }) }},
	{"nil channels", 3, 3, false, func(func(func())) {
		task.Go(0, func() { task.Recv[int](nil, 0) })
		task.Go(0, func() { task.To[int](nil, 0).Send(1) })
		task.Go(0, func() { task.Select(0, false, task.SelRecv[int](nil), task.SelSend[bool](nil)) })
	}},
	{"lock order", 2, 2, false, func(func(func())) {
		var a, b sync.Mutex
		var both sync.WaitGroup
		both.Add(2)
		for _, order := range [][2]*sync.Mutex{{&a, &b}, {&b, &a}} {
			task.Go(0, func() {
				task.Lock(order[0], 0)
				defer task.Unlock(order[0])
				both.Done()
				both.Wait()
				task.Lock(order[1], 0)
				task.Unlock(order[1])
			})
		}
	}},
	{"lock of a task that ended", 2, 2, false, func(after func(func())) {
		var mu sync.Mutex
		done := make(chan bool)
		task.Go(0, func() { task.Lock(&mu, 0); close(done) })
		task.Recv(done, 0)
		after(mu.Unlock)
		for range 2 {
			task.Go(0, func() { task.Lock(&mu, 0); defer task.Unlock(&mu) })
		}
	}},
	{"lock of a task that sleeps", 2, 0, false, func(func(func())) {
		held := make(chan bool)
		task.Go(0, func() {
			task.Lock(&kept.mu, 0)
			defer task.Unlock(&kept.mu)
			close(held)
			task.Recv(kept.c, 0)
		})
		task.Recv(held, 0)
		task.Go(0, func() { task.Lock(&kept.mu, 0); defer task.Unlock(&kept.mu) })
	}},
	{"variables", 3, 0, false, func(after func(func())) {
		kept.wg.Add(1)
		after(kept.wg.Done)
		task.Go(0, func() { task.Recv(kept.c, 0) })
		task.Go(0, func() { task.Select(0, false, task.SelRecv(kept.c), task.SelRecv[int](nil)) })
		task.Go(0, func() { task.WaitGroupWait(&kept.wg, 0) })
	}},
	{"the first answer", 2, 2, true, func(func(func())) {
		c := make(chan int)
		for i := range 3 {
			task.Go(0, func() { task.To(c, 0).Send(i) })
		}
		task.Recv(c, 0)
	}},
	{"wait group", 3, 3, true, func(after func(func())) {
		var wg sync.WaitGroup
		c := make(chan int)
		task.WaitGroupGo(&wg, 0, func() { task.Recv(c, 0) })
		task.WaitGroupGo(&wg, 0, func() { task.Recv(c, 0) })
		task.Go(0, func() { task.WaitGroupWait(&wg, 0) })
	}},
	{"condition, await, select", 3, 3, true, func(after func(func())) {
		c := sync.NewCond(new(sync.Mutex))
		known := weak.Make(c)
		after(func() {
			if c := known.Value(); c != nil {
				c.Broadcast() // its helper is there still
			}
		})
		task.Go(0, func() {
			task.LockerLock(c.L, 0)
			defer task.LockerUnlock(c.L)
			task.CondWait(c, 0)
		})
		task.Go(0, func() { task.Await(context.Background(), make(chan struct{}), "x", 0) })
		task.Go(0, func() { task.Select(0, false, task.SelRecv(make(chan int)), task.SelSend(make(chan int))) })
	}},
	{"a context that nobody ends", 1, 1, true, func(func(func())) {
		ctx, cancel := context.WithCancel(context.Background())
		_ = cancel
		task.Go(0, func() { task.Recv(ctx.Done(), 0) })
	}},
	{"one that may wake another", 2, 0, true, func(func(func())) {
		c := make(chan int)
		task.Go(0, func() { task.Recv(c, 0) })
		task.Go(0, func() { task.To(c, 0).Send(task.Recv(kept.c, 0)) })
	}},
}

func TestStuck(t *testing.T) {
	kept.c = make(chan int)
	for _, l := range leavers {
		t.Run(l.name, func(t *testing.T) {
			if l.profile && pprof.Lookup("goroutineleak") == nil {
				t.Skip("built without GOEXPERIMENT=goroutineleakprofile")
			}
			run, _ := newRun(t, 1)
			var after []func()
			run.Do(func() {
				l.body(func(f func()) { after = append(after, f) })
				if stuck := run.Stuck(); stuck != nil {
					t.Errorf("within Do there is %+v", stuck)
				}
			})
			until(t, "all to wait", func() bool {
				n := 0
				for _, i := range run.Tasks() {
					if i.Wait.Kind != task.WaitNone {
						n++
					}
				}
				return n == l.left
			})
			// The collector may see a reference that is none any more, so it may take several times. It must not
			// find too many.
			until(t, "what is stuck to be found", func() bool { return len(run.Stuck()) == l.stuck })
			for range 3 {
				if stuck := run.Stuck(); len(stuck) > l.stuck {
					t.Errorf("%d of %d tasks are stuck, want %d: %+v", len(stuck), run.Live(), l.stuck, stuck)
				}
			}
			// They can still be ended, and others wake whom they know.
			run.Kill(nil)
			for _, f := range after {
				f()
			}
			until(t, "all to end", func() bool { return run.Live() == 0 })
		})
	}
}

// Tasks that go on, end and are killed while it is asked which are stuck come to no harm, and are never among them.
func TestStuckWhileOthersGoOn(t *testing.T) {
	run, _ := newRun(t, 1)
	const pairs = 20
	var stop atomic.Bool
	run.Do(func() {
		for range pairs {
			ping, pong := make(chan int), make(chan int)
			var mu sync.Mutex
			task.Go(0, func() {
				for n := 0; !stop.Load(); n++ {
					task.To(ping, 0).Send(n)
					task.Select(0, false, task.SelRecv(pong), task.SelRecv(make(chan int)))
					task.Lock(&mu, 0)
					task.Unlock(&mu)
				}
				close(ping)
			})
			task.Go(0, func() {
				for {
					if _, ok := task.Recv2(ping, 0); !ok {
						return
					}
					task.Sleep(time.Duration(rand.IntN(300))*time.Microsecond, 0)
					task.Lock(&mu, 0)
					task.To(pong, 0).Send(1)
					task.Sleep(time.Microsecond, 0)
					task.Unlock(&mu)
				}
			})
		}
		task.Go(0, func() { // is stuck, again and again, and killed
			for !stop.Load() {
				self := make(chan *task.Task)
				task.Go(0, func() {
					task.To(self, 0).Send(task.Current())
					task.Recv(make(chan int), 0)
				})
				child := task.Recv(self, 0)
				task.Sleep(time.Millisecond, 0)
				child.Kill()
			}
		})
	})
	for range 50 {
		if n := len(run.Stuck()); n > 1 {
			t.Errorf("%d tasks are stuck", n)
		}
	}
	stop.Store(true)
	until(t, "all to end", func() bool { return run.Live() == 0 })
}
