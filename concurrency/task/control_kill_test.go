package task_test

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/task"
)

// waits starts a task for each way to wait, each of which counts in ended that its deferred functions have run.
func waits(ended *atomic.Int32) (n int) {
	var never chan int
	mu, rw, wg := new(sync.Mutex), new(sync.RWMutex), new(sync.WaitGroup)
	cond, once := sync.NewCond(new(sync.Mutex)), new(sync.Once)
	mu.Lock()
	rw.Lock()
	wg.Add(1)
	ctx, cancel := task.ContextWithCancel(context.Background())
	_ = cancel
	for _, f := range []func(){
		func() { task.Recv(make(chan int), 0) },
		func() { task.To(make(chan int), 0).Send(1) },
		func() { task.Recv(never, 0) },
		func() { task.Select(0, false, task.SelRecv(never), task.SelSend(make(chan int)).Val(1)) },
		func() { task.Forever(0) },
		func() { task.Lock(mu, 0) },
		func() { task.RWLock(rw, 0) },
		func() { task.RWRLock(rw, 0) },
		func() { task.WaitGroupWait(wg, 0) },
		func() { task.Lock(cond.L.(*sync.Mutex), 0); defer task.LockerUnlock(cond.L); task.CondWait(cond, 0) },
		func() { task.OnceDo(once, 0, func() { task.Recv(never, 0) }) },
		func() { task.OnceDo(once, 0, func() {}) },
		func() { task.Sleep(time.Hour, 0) },
		func() { task.Recv(task.After(time.Hour, 0), 0) },
		func() { task.Await(ctx, nil, nil, 0) },
	} {
		n++
		task.Go(0, func() {
			defer ended.Add(1)
			f()
		})
	}
	return n
}

// A controlled run that is killed ends, whatever its tasks wait for, and while another computes.
func TestKillUnderControl(t *testing.T) {
	controlled(t, 5, func(t *testing.T, r *task.Run) {
		var ended atomic.Int32
		n := 0
		ready := make(chan bool)
		go func() {
			<-ready
			r.Kill(errStop)
		}()
		end := tasktest.Do(t, r, func() {
			n = waits(&ended)
			task.Sleep(time.Minute, 0)
			ready <- true
			for {
				if task.Stop.Load() != 0 {
					task.Safepoint()
				}
			}
		})
		if !end.Killed || end.Cause != errStop {
			t.Errorf("end = %+v", end)
		}
		if int(ended.Load()) != n || r.Live() != 0 {
			t.Errorf("%d of %d have ended, %d are alive", ended.Load(), n, r.Live())
		}
	})
}

// What is inside a library when the run is killed is given up; the others end.
func TestKillWhileLibraryBlocks(t *testing.T) {
	controlled(t, 2, func(t *testing.T, r *task.Run) {
		var ended atomic.Int32
		n, ready, release := 0, make(chan bool), make(chan bool)
		go func() {
			<-ready
			r.Kill(errStop)
		}()
		end := r.Do(func() {
			n = waits(&ended)
			task.Sleep(time.Minute, 0)
			ready <- true
			<-release // as in a library
			task.Safepoint()
		})
		if !end.Killed || len(end.Abandoned) != 1 || int(ended.Load()) != n {
			t.Errorf("end = %+v, %d of %d have ended", end, ended.Load(), n)
		}
		close(release)
		until(t, "the end of the last task", func() bool { return r.Live() == 0 })
	})
}

// Killing single tasks leaves the others under control.
func TestKillOneUnderControl(t *testing.T) {
	controlled(t, seeds, func(t *testing.T, r *task.Run) {
		doWell(t, r, func() {
			var mu sync.Mutex
			cond := sync.NewCond(&mu)
			var got, ended []int
			var victims []*task.Task
			c := make(chan int)
			for i := range 6 {
				task.Go(0, func() {
					defer func() { ended = append(ended, i) }()
					if i%2 == 0 {
						victims = append(victims, task.Current())
					}
					task.Lock(&mu, 0)
					defer task.Unlock(&mu)
					task.CondWait(cond, 0)
					got = append(got, i)
				})
			}
			task.Go(0, func() { task.Recv(c, 0) })
			task.Sleep(time.Second, 0)
			for range 3 {
				task.CondSignal(cond, 0)
			}
			for _, v := range victims {
				v.Kill()
			}
			task.Sleep(time.Second, 0)
			task.CondBroadcast(cond, 0)
			task.Sleep(time.Second, 0)
			for i := 1; i < 6; i += 2 {
				if !slices.Contains(got, i) {
					t.Errorf("%d was not woken", i)
				}
			}
			if len(ended) != 6 {
				t.Errorf("only %v have ended", ended)
			}
			if !task.TryLock(&mu, 0) {
				t.Error("the lock is held")
			}
			task.To(c, 0).Send(1)
		})
	})
}

// While one task runs no other does.
func TestOneAtATime(t *testing.T) {
	controlled(t, seeds, func(t *testing.T, r *task.Run) {
		var running atomic.Int32
		alone := func() {
			if n := running.Add(1); n != 1 {
				t.Errorf("%d tasks run", n)
			}
			for range 3 {
				runtime.Gosched()
			}
			running.Add(-1)
		}
		doWell(t, r, func() {
			var wg sync.WaitGroup
			var mu sync.Mutex
			c, b := make(chan int), make(chan int, 2)
			for range 4 {
				task.WaitGroupGo(&wg, 0, func() {
					for i := range 5 {
						alone()
						task.To(c, 0).Send(i)
						alone()
						task.Lock(&mu, 0)
						alone()
						task.Unlock(&mu)
						alone()
						task.Select(0, i%2 == 0, task.SelSend(b).Val(i))
						alone()
						task.Sleep(time.Duration(i)*time.Second, 0)
					}
				})
				task.WaitGroupGo(&wg, 0, func() {
					for range 5 {
						alone()
						task.Recv(c, 0)
						alone()
						task.Select(0, false, task.SelRecv(b), task.SelRecv(task.After(time.Second, 0)))
						alone()
						task.Gosched()
					}
				})
			}
			alone()
			task.WaitGroupWait(&wg, 0)
			alone()
		})
	})
}

// All goroutines of a controlled run but the one that runs stand in the scheduler, and in nothing of Go's own.
func TestOthersStandInScheduler(t *testing.T) {
	r, _ := newRun(t, 1)
	r.Virtual(0)
	var ended atomic.Int32
	n := 0
	var stacks string
	all := func() string {
		buf := make([]byte, 4<<20)
		return string(buf[:runtime.Stack(buf, true)])
	}
	delegates := strings.Count(all(), "task.(*delegate).run") // of other tests
	r.Do(func() {
		n = waits(&ended)
		task.Go(0, func() { task.Gosched(); task.Gosched() })
		task.Sleep(time.Minute, 0)
		task.Go(0, func() {}) // has not begun
		stacks = all()
		r.Kill(nil)
	})
	if n := strings.Count(stacks, "task.(*delegate).run"); n != delegates {
		t.Errorf("%d helpers wait in the place of tasks", n-delegates)
	}
	found := 0
	for _, s := range strings.Split(stacks, "\n\n")[1:] { // the first is the one that runs
		if !strings.Contains(s, "(*Task).main") {
			continue
		}
		found++
		if _, top, _ := strings.Cut(s, "\n"); strings.Contains(s, "[runnable]") && strings.Contains(strings.SplitN(top, "\n", 2)[0], "(*Task).main") {
			continue // its goroutine is on the way to where it will stand
		}
		if !strings.Contains(s, "(*control).park") && !strings.Contains(s, "(*seat).await") {
			t.Errorf("a task stands elsewhere:\n%s", s)
		}
	}
	if found < n {
		t.Errorf("%d tasks were found, there are more than %d", found, n)
	}
}
