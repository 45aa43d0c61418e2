package task_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A shape is a way to block for ever. body blocks the calling task; kind is what it then waits for. What body
// makes others wait for in its place, it releases at the end of the test.
type shape struct {
	name string
	kind task.Kind
	body func()
}

var site = task.At(1, 7, 3)

func shapes(tb testing.TB) []shape {
	locked := func() *sync.Mutex {
		m := new(sync.Mutex)
		m.Lock()
		tb.Cleanup(m.Unlock)
		return m
	}
	rwlocked := func() *sync.RWMutex {
		m := new(sync.RWMutex)
		m.Lock()
		tb.Cleanup(m.Unlock)
		return m
	}
	rlocked := func() *sync.RWMutex {
		m := new(sync.RWMutex)
		m.RLock()
		tb.Cleanup(m.RUnlock)
		return m
	}
	return []shape{
		{"endless loop", task.WaitNone, func() {
			for {
				if task.Stop.Load() != 0 {
					task.Safepoint()
				}
			}
		}},
		{"select with no cases", task.WaitForever, func() { task.Forever(site) }},
		{"send", task.WaitSend, func() { task.To(make(chan int), site).Send(1) }},
		{"send on nil", task.WaitSend, func() { task.To[int](nil, site).Send(1) }},
		{"send to a full buffer", task.WaitSend, func() {
			c := make(chan int, 1)
			c <- 1
			task.To(c, site).Send(1)
		}},
		{"receive", task.WaitReceive, func() { task.Recv(make(chan int), site) }},
		{"receive two", task.WaitReceive, func() { task.Recv2(make(chan int), site) }},
		{"receive from nil", task.WaitReceive, func() { task.Recv[int](nil, site) }},
		{"select", task.WaitSelect, func() {
			task.Select(site, false, task.SelRecv(make(chan int)), task.SelSend(make(chan string)).Val(""))
		}},
		{"select of one", task.WaitSelect, func() { task.Select(site, false, task.SelRecv(make(chan int))) }},
		{"select of nils", task.WaitSelect, func() {
			task.Select(site, false, task.SelRecv[int](nil), task.SelSend[int](nil).Val(1))
		}},
		{"select of none", task.WaitSelect, func() { task.Select(site, false) }},
		{"dynamic send", task.WaitSend, func() { task.ChanSend(site, make(chan int), task.Ptr(1)) }},
		{"dynamic receive", task.WaitReceive, func() { task.ChanRecv(site, make(chan int), nil) }},
		{"sleep", task.WaitSleep, func() { task.Sleep(time.Hour, site) }},
		{"mutex", task.WaitLock, func() { task.Lock(locked(), site) }},
		{"mutex as locker", task.WaitLock, func() { task.LockerLock(locked(), site) }},
		{"rwmutex write", task.WaitLock, func() { task.RWLock(rlocked(), site) }},
		{"rwmutex read", task.WaitRLock, func() { task.RWRLock(rwlocked(), site) }},
		{"read locker", task.WaitRLock, func() { task.LockerLock(rwlocked().RLocker(), site) }},
		{"wait group", task.WaitGroup, func() {
			var wg sync.WaitGroup
			wg.Add(1)
			tb.Cleanup(wg.Done)
			task.WaitGroupWait(&wg, site)
		}},
		{"condition", task.WaitCond, func() {
			c := sync.NewCond(new(sync.Mutex))
			c.L.Lock()
			tb.Cleanup(c.Broadcast)
			defer task.LockerUnlock(c.L)
			task.CondWait(c, site)
		}},
		{"once", task.WaitOnce, func() {
			var o sync.Once
			task.Go(site, func() { task.OnceDo(&o, site, func() { task.Sleep(time.Hour, site) }) })
			for {
				task.Sleep(time.Millisecond, site)
				task.OnceDo(&o, site, func() { task.Forever(site) })
			}
		}},
		{"once in itself", task.WaitOnce, func() {
			var o sync.Once
			task.OnceDo(&o, site, func() { task.OnceDo(&o, site, func() {}) })
		}},
		{"result", task.WaitResult, func() { _ = task.Await(context.Background(), nil, nil, site) }},
		{"scan", task.WaitInput, func() {
			var s string
			_, _ = task.Scan(&s)
			task.Forever(site)
		}},
		{"reading standard input", task.WaitNone, func() {
			_, _ = bufio.NewReader(task.Stdin()).ReadString('\n')
			task.Forever(site)
		}},
		{"child process", task.WaitNone, func() {
			_ = task.Command("sleep", "3600").Run()
			task.Safepoint()
		}},
		{"child process with descendants that hold its output", task.WaitNone, func() {
			_, _ = task.Command("sh", "-c", "sleep 3600 & sleep 3600").Output()
			task.Safepoint()
		}},
		{"child process with a context", task.WaitNone, func() {
			_ = task.CommandContext(context.Background(), "sleep", "3600").Run()
			task.Safepoint()
		}},
	}
}

func TestKillEndsEveryShape(t *testing.T) {
	for _, s := range shapes(t) {
		t.Run(s.name, func(t *testing.T) {
			r, _ := newRun(t, 1)
			var deferred, passed atomic.Bool
			begun := make(chan struct{})
			go func() {
				<-begun
				if s.kind != task.WaitNone {
					waiting(t, r, s.kind)
				}
				r.Kill(errStop)
			}()
			end := r.Do(func() {
				defer deferred.Store(true)
				close(begun)
				s.body()
				passed.Store(true)
			})
			if !end.Killed || end.Cause != errStop || end.Panic != nil {
				t.Errorf("end = %+v", end)
			}
			until(t, "all tasks are gone", func() bool { return r.Live() == 0 && task.Stop.Load() == 0 })
			if !deferred.Load() || passed.Load() {
				t.Errorf("deferred ran: %v, went on after the wait: %v", deferred.Load(), passed.Load())
			}
		})
	}
}

func TestWaitsAreNamed(t *testing.T) {
	for _, s := range shapes(t) {
		switch s.kind {
		case task.WaitNone, task.WaitInput:
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			r, _ := newRun(t, 1)
			start := time.Now()
			r.Do(func() { task.Go(task.At(1, 2, 3), s.body) })
			waiting(t, r, s.kind)
			for _, i := range r.Tasks() {
				if i.Wait.Kind != s.kind {
					continue
				}
				if i.Wait.Site != site || i.Wait.Since.After(time.Now()) || i.Wait.Since.Before(start) {
					t.Errorf("%+v", i)
				}
			}
		})
	}
}

func TestKillGivesUpLibraryCode(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	client := server.Client()
	defer client.CloseIdleConnections()

	r, out := newRun(t, 1)
	var passed atomic.Bool
	go func() {
		waiting(t, r, task.WaitLibrary)
		r.Kill(errStop)
	}()
	end := r.Do(func() {
		task.Print("before ")
		defer task.Print("deferred")
		task.Blocking(site, func() {
			resp, err := client.Get(server.URL)
			if err == nil {
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
			}
		})
		passed.Store(true)
	})
	if len(end.Abandoned) != 1 || end.Abandoned[0].Wait.Kind != task.WaitLibrary || end.Abandoned[0].Wait.Site != site {
		t.Errorf("end = %+v", end)
	}
	if task.Stop.Load() == 0 {
		t.Error("Stop is 0 while a task is to be stopped")
	}
	close(release)
	until(t, "the task is gone", func() bool { return r.Live() == 0 && task.Stop.Load() == 0 })
	if passed.Load() {
		t.Error("the task went on")
	}
	if got := out.stdout(); got != "before " {
		t.Errorf("stdout = %q", got)
	}
}

// A library that copies to standard output for ever has no safepoint. It ends because its file is closed.
func TestKillEndsEndlessCopy(t *testing.T) {
	r, out := newRun(t, 1)
	go func() {
		until(t, "output", func() bool { return out.stdout() != "" })
		r.Kill(errStop)
	}()
	end := r.Do(func() {
		_, err := io.Copy(task.Stdout(), endless{})
		task.Safepoint()
		t.Errorf("went on after %v", err)
	})
	if len(end.Abandoned) != 1 {
		t.Errorf("end = %+v", end)
	}
	until(t, "the task is gone", func() bool { return r.Live() == 0 && task.Stop.Load() == 0 })
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '.'
	}
	return len(p), nil
}

func TestKillEndsUnnamedLibraryCall(t *testing.T) {
	r, _ := newRun(t, 1)
	block := make(chan int)
	started := make(chan int)
	go func() {
		<-started
		r.Kill(errStop)
	}()
	end := r.Do(func() {
		close(started)
		inCell(block)
	})
	if len(end.Abandoned) != 1 || end.Abandoned[0].Wait.Site != task.At(9, 4, 0) {
		t.Errorf("end = %+v", end)
	}
	close(block)
	until(t, "the task is gone", func() bool { return r.Live() == 0 })
}

// A deferred function may lock, send and sleep for a while.
func TestDeferredFunctionsWorkWhileDying(t *testing.T) {
	r, _ := newRun(t, 1)
	var mu sync.Mutex
	c := make(chan int, 1)
	var trace []string
	go func() {
		waiting(t, r, task.WaitForever)
		r.Kill(errStop)
	}()
	r.Do(func() {
		task.Lock(&mu, 0)
		defer func() {
			task.Safepoint()
			task.Unlock(&mu)
			trace = append(trace, "unlocked")
		}()
		defer func() {
			task.Safepoint()
			task.To(c, 0).Send(1)
			if task.Recv(c, 0) == 1 {
				trace = append(trace, "sent")
			}
			task.Sleep(time.Microsecond, 0)
			trace = append(trace, "slept")
		}()
		task.Forever(0)
	})
	if want := []string{"sent", "slept", "unlocked"}; len(trace) != 3 || trace[0] != want[0] || trace[2] != want[2] {
		t.Errorf("trace = %q, want %q", trace, want)
	}
	if !mu.TryLock() {
		t.Error("the mutex is locked")
	}
}

// Deferred functions that do not end are ended, and those after them run.
func TestDeferredFunctionsAreBounded(t *testing.T) {
	r, _ := newRun(t, 1)
	var outer atomic.Bool
	go func() {
		waiting(t, r, task.WaitSleep)
		r.Kill(errStop)
	}()
	r.Do(func() {
		defer func() {
			task.Safepoint()
			outer.Store(true)
		}()
		defer task.Forever(0)
		defer func() {
			for {
				task.Safepoint()
			}
		}()
		task.Sleep(time.Hour, 0)
	})
	until(t, "the task is gone", func() bool { return r.Live() == 0 && task.Stop.Load() == 0 })
	if !outer.Load() {
		t.Error("the outer deferred function did not run")
	}
}

func TestKillCannotBeRecovered(t *testing.T) {
	r, _ := newRun(t, 1)
	var recovered any
	end := r.Do(func() {
		defer func() { recovered = recover() }()
		r.Kill(errStop)
		task.Forever(0)
	})
	if recovered != nil || !end.Killed {
		t.Errorf("recovered %v, end = %+v", recovered, end)
	}
}

func TestPanicOfDyingTaskIsDropped(t *testing.T) {
	r, _ := newRun(t, 1)
	end := r.Do(func() {
		defer func() { panic("in a deferred function") }()
		r.Kill(errStop)
		task.Forever(0)
	})
	if !end.Killed || end.Panic != nil {
		t.Errorf("end = %+v", end)
	}
}

func TestTasksStartedWhileDyingDoNotRun(t *testing.T) {
	r, _ := newRun(t, 1)
	var ran atomic.Bool
	var wg sync.WaitGroup
	r.Do(func() {
		defer func() {
			task.Go(0, func() { ran.Store(true) })
			task.WaitGroupGo(&wg, 0, func() { ran.Store(true) })
			task.AfterFunc(0, 0, func() { ran.Store(true) })
		}()
		r.Kill(errStop)
		task.Forever(0)
	})
	wg.Wait() // the group is told all the same
	until(t, "all tasks are gone", func() bool { return r.Live() == 0 })
	if ran.Load() {
		t.Error("a task ran after the kill")
	}
}

// BenchmarkKill measures from Kill to the return of Do with 100 tasks blocked in each shape.
func BenchmarkKill(b *testing.B) {
	for _, s := range shapes(b) {
		b.Run(s.name, func(b *testing.B) {
			if s.kind == task.WaitNone || s.kind == task.WaitInput {
				b.Skip("one at a time only")
			}
			var total time.Duration
			for range b.N {
				r := task.NewRun(1, newRecord())
				kill := make(chan time.Time, 1)
				go func() {
					until(b, "tasks wait", func() bool { return r.Live() >= 101 })
					waiting(b, r, s.kind)
					kill <- time.Now()
					r.Kill(nil)
				}()
				r.Do(func() {
					for range 100 {
						task.Go(0, s.body)
					}
					task.Forever(0)
				})
				total += time.Since(<-kill)
				closeRun(b, r)
			}
			b.ReportMetric(float64(total.Microseconds())/float64(b.N), "µs-to-end")
		})
	}
}
