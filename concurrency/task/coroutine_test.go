package task_test

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/task"
)

type bodyOf func()

func (f bodyOf) Coroutine() { f() }

// coroutine returns one of h that does f.
func coroutine(h *task.Host, name string, f func(c *task.Coroutine)) *task.Coroutine {
	c := &task.Coroutine{}
	h.Init(c, bodyOf(func() { f(c) }), 0, name)
	return c
}

func TestCoroutinesTakeTurns(t *testing.T) {
	both(t, func(t *testing.T) {
		h := task.NewHost(nil)
		defer h.Close()
		var got []int
		var all []*task.Coroutine
		for i := range 3 {
			all = append(all, coroutine(h, "", func(c *task.Coroutine) {
				for step := range 3 {
					if !c.Mine() {
						t.Error("it does not run what it is")
					}
					got = append(got, 10*i+step)
					c.Suspend(task.WaitResult, h)
				}
			}))
		}
		for !all[2].Ended() {
			for _, c := range all {
				c.Resume()
				if c.Mine() {
					t.Error("it runs after its step")
				}
			}
		}
		if want := []int{0, 10, 20, 1, 11, 21, 2, 12, 22}; !slices.Equal(got, want) {
			t.Errorf("got %v", got)
		}
	})
}

// What a coroutine prints, starts and waits for is its own, and it is listed as a child of who made it.
func TestCoroutineIsATask(t *testing.T) {
	r, out := newRun(t, 1)
	end := r.Do(func() {
		h := task.NewHost(nil)
		defer h.Close()
		inner := coroutine(h, "inner", func(c *task.Coroutine) {
			task.Print("hello")
			c.Suspend(task.WaitSleep, nil)
		})
		inner.Resume()
		main := task.Current()
		all := r.Tasks()
		i := slices.IndexFunc(all, func(i task.Info) bool { return i.Name == "inner" })
		if len(all) != 2 || i < 0 || all[i].Parent != main.ID() || all[i].Wait.Kind != task.WaitSleep || all[i].ID != inner.Task().ID() {
			t.Errorf("tasks: %+v", all)
		}
		inner.Resume()
		if n := r.Live(); n != 1 || !inner.Ended() {
			t.Errorf("%d tasks are left", n)
		}
	})
	if end.Killed || end.Panic != nil || out.stdout() != "hello" {
		t.Errorf("end = %+v, %q", end, out.stdout())
	}
}

// Coroutines that do not suspend themselves share a goroutine.
func TestFibersAreUsedAgain(t *testing.T) {
	both(t, func(t *testing.T) {
		var left []*task.Coroutine
		h := task.NewHost(func() (c *task.Coroutine) {
			if len(left) > 0 {
				c, left = left[0], left[1:]
			}
			return c
		})
		defer h.Close()
		n := 0
		before := runtime.NumGoroutine()
		for range 1000 {
			left = append(left, coroutine(h, "", func(*task.Coroutine) { n++ }))
		}
		first := coroutine(h, "", func(*task.Coroutine) { n++ })
		first.Resume()
		if more := runtime.NumGoroutine() - before; n != 1001 || more > 10 { // the test's and the runtime's own come and go
			t.Errorf("%d have run on %d goroutines", n, more)
		}
	})
}

func TestKillEndsCoroutines(t *testing.T) {
	for _, n := range []int{1, 3, 700} {
		r, _ := newRun(t, 1)
		var deferred atomic.Int64
		var after atomic.Bool
		end := tasktest.Do(t, r, func() {
			h := task.NewHost(nil)
			var all []*task.Coroutine
			defer h.Close()
			defer h.Kill(func() (c *task.Coroutine) {
				if len(all) > 0 {
					c, all = all[0], all[1:]
				}
				return c
			})
			for range n {
				c := coroutine(h, "", func(c *task.Coroutine) {
					defer deferred.Add(1)
					defer c.Suspend(task.WaitResult, h) // returns
					c.Suspend(task.WaitResult, h)
					after.Store(true)
				})
				all = append(all, c)
				c.Resume()
			}
			go r.Kill(nil)
			h.Idle(make(chan struct{}), -1, h)
			after.Store(true)
		})
		if !end.Killed || int(deferred.Load()) != n || after.Load() {
			t.Errorf("end = %+v, %d deferred functions ran, went on: %v", end, deferred.Load(), after.Load())
		}
	}
}

// A coroutine that is killed while it runs takes its host with it.
func TestKillOfARunningCoroutine(t *testing.T) {
	r, _ := newRun(t, 1)
	var deferred, after atomic.Bool
	started := make(chan struct{})
	go func() {
		<-started
		r.Kill(nil)
	}()
	end := tasktest.Do(t, r, func() {
		h := task.NewHost(nil)
		defer h.Close()
		coroutine(h, "", func(c *task.Coroutine) {
			defer deferred.Store(true)
			close(started)
			for {
				task.Safepoint()
			}
		}).Resume()
		after.Store(true)
	})
	if !end.Killed || !deferred.Load() || after.Load() {
		t.Errorf("end = %+v, deferred ran: %v, went on: %v", end, deferred.Load(), after.Load())
	}
}

// A coroutine that waits for what its host's others would do is a deadlock: they cannot go on.
func TestDeadlockInACoroutine(t *testing.T) {
	for _, control := range []bool{false, true} {
		r, _ := newRun(t, 1)
		if control {
			r.Virtual(1)
		}
		var mu sync.Mutex
		end := r.Do(func() {
			h := task.NewHost(nil)
			defer h.Close()
			holder := coroutine(h, "holder", func(c *task.Coroutine) {
				task.Lock(&mu, 0)
				defer task.Unlock(&mu)
				c.Suspend(task.WaitResult, h)
			})
			defer h.Kill(oneOf(holder))
			holder.Resume()
			coroutine(h, "blocker", func(c *task.Coroutine) { task.Lock(&mu, 0) }).Resume()
		})
		if end.Deadlock == nil || len(end.Deadlock.Tasks) != 3 {
			t.Errorf("control %v: end = %+v", control, end)
		}
	}
}

func oneOf(all ...*task.Coroutine) func() *task.Coroutine {
	return func() (c *task.Coroutine) {
		if len(all) > 0 {
			c, all = all[0], all[1:]
		}
		return c
	}
}

func TestIdle(t *testing.T) {
	both(t, func(t *testing.T) {
		h := task.NewHost(nil)
		defer h.Close()
		wake := make(chan struct{}, 1)
		if h.Idle(wake, time.Millisecond, h) {
			t.Error("nobody has woken it")
		}
		task.Go(0, func() { task.Poke(wake); task.Poke(wake) })
		if !h.Idle(wake, -1, h) {
			t.Error("it was woken")
		}
	})
}

// Under control a host that idles lets the clock go on.
func TestIdleUnderControl(t *testing.T) {
	r, _ := newRun(t, 1)
	r.Virtual(3)
	r.Do(func() {
		h := task.NewHost(nil)
		defer h.Close()
		wake := make(chan struct{}, 1)
		from := h.Now()
		if h.Idle(wake, time.Hour, h) || h.Now()-from != time.Hour {
			t.Errorf("%v have passed", h.Now()-from)
		}
		task.Go(0, func() { task.Sleep(time.Minute, 0); task.Poke(wake) })
		if !h.Idle(wake, time.Hour, h) || h.Now()-from != time.Hour+time.Minute {
			t.Errorf("%v have passed", h.Now()-from)
		}
	})
}

func TestSlowSteps(t *testing.T) {
	r, _ := newRun(t, 1)
	r.Virtual(0)
	var slow []task.Slow
	r.Do(func() {
		h := task.NewHost(nil)
		h.Watch(100*time.Millisecond, func(s task.Slow) { slow = append(slow, s) })
		c := coroutine(h, "", func(c *task.Coroutine) {
			task.Sleep(99*time.Millisecond, task.At(1, 7, 0))
			c.Suspend(task.WaitNone, nil)
			task.Sleep(100*time.Millisecond, task.At(1, 8, 0))
			c.Suspend(task.WaitNone, nil)
		})
		for !c.Ended() {
			c.Resume()
		}
		h.Close()
	})
	if len(slow) != 1 || slow[0].Took != 100*time.Millisecond || slow[0].Where != "cell 1 line 8" || slow[0].Kind != task.WaitSleep {
		t.Errorf("slow = %+v", slow)
	}
}

// The line is found of what does not wait, too.
func TestSlowStepIsLookedAt(t *testing.T) {
	h := task.NewHost(nil)
	var slow []task.Slow
	h.Watch(20*time.Millisecond, func(s task.Slow) { slow = append(slow, s) })
	c := coroutine(h, "", func(*task.Coroutine) { busy(200 * time.Millisecond) })
	c.Resume()
	h.Close()
	if len(slow) != 1 || slow[0].Coroutine != c || slow[0].Took < 200*time.Millisecond || !slices.Contains(busyLines, slow[0].Where) {
		t.Errorf("slow = %+v", slow)
	}
}

// What was seen of a slow step is not said of a later one.
func TestSlowStepsAreToldApart(t *testing.T) {
	h := task.NewHost(nil)
	slow := map[*task.Coroutine]task.Slow{}
	h.Watch(20*time.Millisecond, func(s task.Slow) { slow[s.Coroutine] = s })
	var all []*task.Coroutine
	for _, f := range []func(){
		func() { busy(100 * time.Millisecond) },
		func() { runtime.Gosched() },
		func() { busyElsewhere(100 * time.Millisecond) },
		func() { busy(100 * time.Millisecond) },
	} {
		for _, rest := range []bool{true, false} {
			c := coroutine(h, "", func(*task.Coroutine) { f() })
			all = append(all, c)
			c.Resume()
			if rest {
				h.Rest()
			}
		}
	}
	h.Close()
	for i, lines := range [][]string{busyLines, busyLines, nil, nil, elsewhereLines, elsewhereLines, busyLines, busyLines} {
		s, reported := slow[all[i]]
		if lines != nil && (!reported || s.Took < 100*time.Millisecond) {
			t.Errorf("step %d took %v", i, s.Took)
		}
		// On a busy machine it may end before anybody has looked.
		if other := slices.Contains(slices.Concat(busyLines, elsewhereLines), s.Where); other && !slices.Contains(lines, s.Where) {
			t.Errorf("step %d: %+v", i, s)
		}
	}
}

var elsewhereLines = []string{"coroutine_busy_test.go:14", "coroutine_busy_test.go:15"}

var busyLines = []string{"coroutine_busy_test.go:8", "coroutine_busy_test.go:9"}

func BenchmarkCoroutineSwitch(b *testing.B) {
	benchBoth(b, func(b *testing.B) {
		h := task.NewHost(nil)
		defer h.Close()
		c := coroutine(h, "", func(c *task.Coroutine) {
			for !b.Failed() {
				if c.Suspend(task.WaitNone, nil); h.Dying() || stopBench {
					return
				}
			}
		})
		stopBench = false
		for b.Loop() {
			c.Resume()
		}
		stopBench = true
		c.Resume()
	})
}

var stopBench bool

func BenchmarkCoroutineNoOp(b *testing.B) {
	benchBoth(b, func(b *testing.B) {
		h := task.NewHost(nil)
		defer h.Close()
		for b.Loop() {
			coroutine(h, "", func(c *task.Coroutine) {}).Resume()
		}
	})
}

func benchBoth(b *testing.B, f func(b *testing.B)) {
	b.Run("program", f)
	b.Run("cell", func(b *testing.B) {
		r, _ := newRun(b, 1)
		r.Do(func() { f(b) })
	})
}
