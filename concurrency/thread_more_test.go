package concurrency_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

func TestCurrent(t *testing.T) {
	both(t, func(t *testing.T) {
		if concurrency.Current() != nil {
			t.Error("this is no thread")
		}
		var in, child *concurrency.Thread
		th := concurrency.NewThread(func() {
			in = concurrency.Current()
			g := concurrency.NewGroup(background)
			g.Go(func(context.Context) error { child = concurrency.Current(); return nil })
			_ = g.Wait()
		}).Start()
		if _ = th.Join(background); in != th || child != nil {
			t.Errorf("%v, %v, want %v", in, child, th)
		}
	})
}

func TestJoinThreads(t *testing.T) {
	end, go1, go2 := make(chan int), make(chan int), make(chan int)
	var late *concurrency.Thread
	daemon := concurrency.NewThread(func() { <-end }).WithDaemon().Start()
	first := concurrency.NewThread(func() {
		<-go1
		late = concurrency.NewThread(func() { <-go2 }).Start()
		runtime.Goexit()
	}).Start()
	if all := concurrency.Threads(); !slices.Contains(all, daemon) || !slices.Contains(all, first) || !daemon.Daemon() || first.Daemon() {
		t.Error(all)
	}
	ctx, cancel := context.WithCancelCause(background)
	cancel(errTest)
	if err := concurrency.JoinThreads(ctx); err != errTest {
		t.Error(err)
	}
	if err := first.JoinFor(time.Microsecond); err != context.DeadlineExceeded {
		t.Error(err)
	}
	// first lives until JoinThreads waits for it.
	waits := &asked{Context: background, asked: make(chan int)}
	go func() { <-waits.asked; go1 <- 1; go2 <- 1 }()
	// One ends without having returned; the other was not there when it was called.
	if err := concurrency.JoinThreads(waits); !errors.Is(err, concurrency.ErrExited) || late.Alive() || first.Alive() {
		t.Error(err)
	}
	close(end)
	_ = daemon.Join(background)
	until(t, "daemon is not listed", func() bool { return !slices.Contains(concurrency.Threads(), daemon) })
}

// asked is a context that tells when somebody waits under it.
type asked struct {
	context.Context
	asked chan int
	once  sync.Once
}

func (a *asked) Done() <-chan struct{} {
	a.once.Do(func() { close(a.asked) })
	return a.Context.Done()
}

func TestOSThread(t *testing.T) {
	ids := make(chan int64, 2)
	gate := make(chan int)
	var threads []*concurrency.Thread
	for range 2 {
		threads = append(threads, concurrency.NewThread(func() { ids <- concurrency.Current().NativeID(); <-gate }).WithOSThread().Start())
	}
	a, b := <-ids, <-ids
	if runtime.GOOS == "linux" && (a == 0 || a == b) {
		t.Errorf("%d, %d", a, b)
	}
	close(gate)
	for _, th := range threads {
		_ = th.Join(background)
	}
	if id := concurrency.NewThread(func() {}).NativeID(); id != 0 {
		t.Error(id)
	}
}

func TestThreadJoinsItself(t *testing.T) {
	var th *concurrency.Thread
	ready := make(chan int)
	th = concurrency.NewThread(func() {
		<-ready
		misuse(t, "concurrency: Thread: Join of the thread that calls it", func() { _ = th.Join(background) })
	}).Start()
	close(ready)
	_ = th.Join(background)
	misuse(t, "concurrency: Thread: WithDaemon after Start", func() { th.WithDaemon() })
	misuse(t, "concurrency: Thread: WithOSThread after Start", func() { th.WithOSThread() })
}

func TestLocal(t *testing.T) {
	both(t, func(t *testing.T) {
		var l concurrency.Local[int]
		var other concurrency.Local[error]
		if _, ok := l.Lookup(); ok || l.Get() != 0 {
			t.Error("it holds something")
		}
		l.Set(1)
		other.Set(nil)
		g := concurrency.NewGroup(background)
		for i := range 3 {
			g.Go(func(context.Context) error {
				if _, ok := l.Lookup(); ok {
					t.Error("another's value is seen")
				}
				l.Set(10 + i)
				runtime.Gosched()
				if l.Get() != 10+i {
					t.Error(l.Get())
				}
				l.Delete()
				return nil
			})
		}
		_ = g.Wait()
		if v, ok := l.Lookup(); v != 1 || !ok {
			t.Errorf("%d, %v", v, ok)
		}
		if err, ok := other.Lookup(); err != nil || !ok {
			t.Errorf("%v, %v", err, ok)
		}
		l.Delete()
		other.Delete()
		if _, ok := l.Lookup(); ok {
			t.Error("it is still there")
		}
		l.Delete()
	})
}

func TestTimer(t *testing.T) {
	both(t, func(t *testing.T) {
		n := 0
		x := concurrency.NewTimer(time.Millisecond, func() { n++ }).Start()
		if err := x.Join(background); err != nil || n != 1 || x.Cancel() {
			t.Errorf("%v, %d", err, n)
		}
		x = concurrency.NewTimer(time.Hour, func() { n++ }).WithName("later").WithDaemon().Start()
		if x.Thread().Name() != "later" || !x.Thread().Daemon() || !x.Cancel() || !x.Cancel() {
			t.Error("not cancelled")
		}
		if err := x.Join(background); err != nil || n != 1 {
			t.Errorf("%v, %d", err, n)
		}
	})
	misuse(t, "concurrency: Thread: started twice", func() {
		x := concurrency.NewTimer(0, func() {})
		defer func() { _ = x.Join(background) }()
		x.Start().Start()
	})
}

func TestTimerUnderControl(t *testing.T) {
	for seed := range uint64(10) {
		r, _ := newRun(t, 1)
		r.Virtual(seed)
		var at []time.Duration
		end := r.Do(func() {
			began := task.Now()
			var l concurrency.Local[int]
			l.Set(1)
			var all []*concurrency.Timer
			for i := range 3 {
				all = append(all, concurrency.NewTimer(time.Duration(i)*time.Hour, func() {
					at = append(at, task.Since(began)+time.Duration(l.Get()))
				}).Start())
			}
			all[1].Cancel()
			for _, x := range all {
				_ = x.Join(background)
			}
		})
		if end.Killed || end.Panic != nil || !slices.Equal(at, []time.Duration{0, 2 * time.Hour}) {
			t.Errorf("seed %d: %+v, %v", seed, end, at)
		}
	}
}

func BenchmarkLocal(b *testing.B) {
	var l concurrency.Local[int]
	l.Set(1)
	defer l.Delete()
	for b.Loop() {
		l.Set(l.Get() + 1)
	}
}
