package task_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

const seeds = 20

// stuck runs f, which must end in a deadlock.
func stuck(t *testing.T, r *task.Run, f func()) task.End {
	t.Helper()
	end := r.Do(f)
	if !end.Killed || end.Cause == nil || !strings.HasPrefix(end.Cause.Error(), "deadlock") {
		t.Fatalf("end = %+v, want a deadlock", end)
	}
	return end
}

func TestHourOfSleeps(t *testing.T) {
	controlled(t, seeds, func(t *testing.T, r *task.Run) {
		var order []int
		doWell(t, r, func() {
			start := task.Now()
			var wg sync.WaitGroup
			for i := range 6 {
				task.WaitGroupGo(&wg, 0, func() {
					task.Sleep(time.Duration(6-i)*10*time.Minute, 0)
					order = append(order, i)
				})
			}
			task.WaitGroupWait(&wg, 0)
			if d := task.Since(start); d != time.Hour {
				t.Errorf("slept %v", d)
			}
			if s := task.Now().String(); s != "2000-01-01 01:00:00 +0000 UTC" {
				t.Errorf("it is %s", s)
			}
		})
		if !slices.Equal(order, []int{5, 4, 3, 2, 1, 0}) {
			t.Errorf("order = %v", order)
		}
	})
}

func TestDeadlocks(t *testing.T) {
	var never chan int
	for name, f := range map[string]func(){
		"nil receive": func() { task.Recv(never, 0) },
		"nil send":    func() { task.To(never, 0).Send(1) },
		"unbuffered":  func() { task.To(make(chan int), 0).Send(1) },
		"full":        func() { c := make(chan int, 1); task.To(c, 0).Send(1); task.To(c, 0).Send(2) },
		"forever":     func() { task.Forever(0) },
		"select":      func() { task.Select(0, false, task.SelRecv(never), task.SelRecv(make(chan int))) },
		"mutex":       func() { var m sync.Mutex; task.Lock(&m, 0); task.Lock(&m, 0) },
		"rwmutex":     func() { var m sync.RWMutex; task.RWRLock(&m, 0); task.RWLock(&m, 0) },
		"group":       func() { var wg sync.WaitGroup; task.WaitGroupAdd(&wg, 1, 0); task.WaitGroupWait(&wg, 0) },
		"cond": func() {
			c := sync.NewCond(new(sync.Mutex))
			c.L.Lock()
			task.CondWait(c, 0)
		},
		"ticker nobody hears": func() {
			task.NewTicker(time.Second, 0)
			task.Forever(0)
		},
		"two locks": func() {
			var a, b sync.Mutex
			task.Go(0, func() { task.Lock(&a, 0); task.Sleep(time.Second, 0); task.Lock(&b, 0) })
			task.Lock(&b, 0)
			task.Sleep(time.Second, 0)
			task.Lock(&a, 0)
		},
	} {
		t.Run(name, func(t *testing.T) {
			controlled(t, 3, func(t *testing.T, r *task.Run) { stuck(t, r, f) })
		})
	}
}

func TestTimers(t *testing.T) {
	controlled(t, seeds, func(t *testing.T, r *task.Run) {
		doWell(t, r, func() {
			start := task.Now()
			at := func() time.Duration { return task.Since(start) }
			tick := task.NewTicker(time.Minute, 0)
			for i := range 3 {
				if v := task.Recv(tick.C, 0); v.Sub(start) != time.Duration(i+1)*time.Minute {
					t.Errorf("tick at %v", v)
				}
			}
			task.StopTicker(tick, 0)
			timer := task.NewTimer(time.Hour, 0)
			switch got, after := task.SelRecv(timer.C), task.SelRecv(task.After(time.Minute, 0)); task.Select(0, false, got, after) {
			case 0:
				t.Error("the hour passed first")
			case 1:
				if at() != 4*time.Minute {
					t.Errorf("it is %v", at())
				}
			}
			if !task.StopTimer(timer, 0) || task.StopTimer(timer, 0) {
				t.Error("stopped wrongly")
			}
			if task.ResetTimer(timer, time.Second, 0) {
				t.Error("it was stopped")
			}
			task.Sleep(time.Minute, 0)
			if task.StopTimer(timer, 0) == false { // nobody has received: as Go has it since 1.23
				t.Error("its time was received")
			}
			if task.Select(0, true, task.SelRecv(timer.C)) != -1 {
				t.Error("an old time is left")
			}
			fired := make(chan time.Duration, 3)
			f := task.AfterFunc(0, time.Minute, func() { task.To(fired, 0).Send(at()) })
			task.ResetTimer(f, time.Hour, 0)
			if d := task.Recv(fired, 0); d != 65*time.Minute {
				t.Errorf("fired at %v", d)
			}
			if task.StopTimer(f, 0) {
				t.Error("it had fired")
			}
		})
	})
}

func TestContexts(t *testing.T) {
	enough := errors.New("enough")
	controlled(t, seeds, func(t *testing.T, r *task.Run) {
		doWell(t, r, func() {
			root, stop := task.ContextWithCancelCause(context.Background())
			ctx, cancel := task.ContextWithTimeout(root, time.Hour)
			defer cancel()
			value := task.ContextWithValue(ctx, "k", "v")
			ours, cancelOurs := task.ContextWithCancel(value)
			defer cancelOurs()
			theirs, cancelTheirs := context.WithCancel(value) // in a library
			defer cancelTheirs()
			below, cancelBelow := task.ContextWithCancel(theirs)
			defer cancelBelow()
			if d, ok := ours.Deadline(); !ok || d.Sub(task.Now()) != time.Hour {
				t.Errorf("deadline %v", d)
			}
			after := make(chan error, 1)
			task.ContextAfterFunc(0, theirs, func() { task.To(after, 0).Send(theirs.Err()) })
			task.Recv(below.Done(), 0)
			for name, c := range map[string]context.Context{"it": ctx, "ours": ours, "theirs": theirs, "below": below} {
				if c.Err() != context.DeadlineExceeded || task.ContextCause(c) != context.DeadlineExceeded {
					t.Errorf("%s: %v, %v", name, c.Err(), task.ContextCause(c))
				}
			}
			if err := task.Recv(after, 0); err != context.DeadlineExceeded {
				t.Errorf("after: %v", err)
			}
			if root.Err() != nil || value.Value("k") != "v" || below.Value("k") != "v" {
				t.Error("the parent has ended, or a value is lost")
			}
			late, cancelLate := task.ContextWithTimeoutCause(root, time.Minute, enough)
			defer cancelLate()
			child, cancelChild := context.WithCancel(late)
			defer cancelChild()
			if err := task.Await(child, nil, nil, 0); err != enough {
				t.Errorf("cause %v", err)
			}
			last, cancelLast := task.ContextWithTimeout(root, time.Minute)
			defer cancelLast()
			task.Go(0, func() { task.Sleep(time.Second, 0); stop(enough) })
			task.Recv(last.Done(), 0)
			if last.Err() != context.Canceled || context.Cause(last) != enough {
				t.Errorf("%v, %v", last.Err(), context.Cause(last))
			}
			if s := fmt.Sprint(root); s != "context.Background.WithCancel" {
				t.Errorf("printed as %s", s)
			}
		})
	})
}

// A mixture of everything, whose order tells the choices that were made.
func mixture() string {
	var mu sync.Mutex
	var out strings.Builder
	var wg sync.WaitGroup
	c, done := make(chan int), make(chan bool)
	say := func(format string, args ...any) {
		task.Lock(&mu, 0)
		fmt.Fprintf(&out, format, args...)
		task.Unlock(&mu)
	}
	for i := range 4 {
		task.WaitGroupGo(&wg, 0, func() {
			for j := range 3 {
				task.To(c, 0).Send(10*i + j)
				say("s%d ", i)
				task.Gosched()
			}
		})
		task.Go(0, func() {
			for {
				switch v, d := task.SelRecv(c), task.SelRecv(done); task.Select(0, false, v, d) {
				case 0:
					say("r%d:%d ", i, v.V)
				case 1:
					return
				}
			}
		})
	}
	task.WaitGroupWait(&wg, 0)
	task.Close(done, 0)
	task.Sleep(time.Hour, 0)
	return out.String()
}

func TestSameSeedSameRun(t *testing.T) {
	all := map[string]bool{}
	for seed := range uint64(seeds) {
		var first string
		for range 5 {
			r, _ := newRun(t, 1)
			r.Virtual(seed)
			var got string
			r.Do(func() { got = mixture() })
			if first == "" {
				first = got
			}
			if got != first {
				t.Fatalf("seed %d gave\n%s\nand\n%s", seed, first, got)
			}
		}
		all[first] = true
	}
	if len(all) < seeds*3/4 {
		t.Errorf("%d seeds gave only %d different runs", seeds, len(all))
	}
}

// What polls gets to see what timers do, and the clock.
func TestPolling(t *testing.T) {
	controlled(t, 3, func(t *testing.T, r *task.Run) {
		doWell(t, r, func() {
			var flag atomic.Bool
			task.AfterFunc(0, time.Hour, func() { task.Point(&flag, 0).Store(true) })
			for !task.Point(&flag, 0).Load() {
			}
			for start := task.Now(); task.Since(start) < time.Hour; {
			}
			if d := r.Elapsed(); d < 2*time.Hour || d > 2*time.Hour+time.Hour/50 {
				t.Errorf("it is %v", d)
			}
		})
	})
}

// A value that a live task of another cell sends, after it was asked, comes in time; one that never comes is told of.
func TestLiveTasksHelp(t *testing.T) {
	other, _ := newRun(t, 7)
	asked, answers := make(chan int), make(chan int)
	var mu sync.Mutex
	mu.Lock()
	other.Do(func() {
		task.Go(0, func() {
			for v, ok := task.Recv2(asked, 0); ok; v, ok = task.Recv2(asked, 0) {
				task.To(answers, 0).Send(10 * v)
			}
			task.Unlock(&mu)
		})
	})
	waiting(t, other, task.WaitReceive)
	controlled(t, 3, func(t *testing.T, r *task.Run) {
		doWell(t, r, func() {
			for i := range 100 {
				task.To(asked, 0).Send(i)
				if v := task.Recv(answers, 0); v != 10*i {
					t.Errorf("%d was answered by %d", i, v)
				}
			}
		})
	})
	r, _ := newRun(t, 1)
	r.Virtual(0)
	end := stuck(t, r, func() { task.Recv(answers, 0) })
	if !strings.Contains(end.Cause.Error(), "a task that goes by real time is alive") {
		t.Errorf("cause = %v", end.Cause)
	}
	r, _ = newRun(t, 1)
	r.Virtual(0)
	doWell(t, r, func() {
		close(asked)
		task.Lock(&mu, 0)
	})
}

// What a controlled run leaves behind goes on as live tasks, timers and all.
func TestLeftBehind(t *testing.T) {
	r, _ := newRun(t, 1)
	r.Virtual(1)
	c, done := make(chan int), make(chan string, 10)
	say := func(s string) { task.To(done, 0).Send(s) }
	var mu sync.Mutex
	ctx, cancel := context.WithCancel(context.Background())
	doWell(t, r, func() {
		start := task.Now()
		task.Sleep(time.Hour, 0)
		mu.Lock()
		task.Go(0, func() { say(fmt.Sprint("received ", task.Recv(c, 0))) })
		task.Go(0, func() { task.Lock(&mu, 0); say("locked"); task.Unlock(&mu) })
		task.Go(0, func() {
			task.Sleep(20*time.Millisecond, 0)
			say(fmt.Sprint("slept ", task.Since(start).Truncate(time.Hour)))
		})
		task.Go(0, func() {
			task.Recv(task.After(10*time.Millisecond, 0), 0)
			say("time has passed")
		})
		short, stop := task.ContextWithTimeout(ctx, 10*time.Millisecond)
		task.Go(0, func() {
			defer stop()
			task.Recv(short.Done(), 0)
			say(short.Err().Error())
		})
		long, end := task.ContextWithTimeout(ctx, time.Hour)
		task.Go(0, func() {
			defer end()
			task.Recv(long.Done(), 0)
			say(long.Err().Error())
		})
	})
	c <- 5
	mu.Unlock()
	cancel()
	var got []string
	for range 6 {
		select {
		case s := <-done:
			got = append(got, s)
		case <-time.After(patience):
			t.Fatalf("only %q", got)
		}
	}
	slices.Sort(got)
	want := "[context canceled context deadline exceeded locked received 5 slept 1h0m0s time has passed]"
	if fmt.Sprint(got) != want && !strings.Contains(fmt.Sprint(got), "context canceled context canceled") {
		t.Errorf("got %v", got)
	}
	until(t, "the tasks to be gone", func() bool { return r.Live() == 0 })
}

func TestRecordedUnderControl(t *testing.T) {
	controlled(t, 5, func(t *testing.T, r *task.Run) {
		rec := r.Record(0)
		doWell(t, r, func() {
			c, full := make(chan int), make(chan int, 2)
			var mu sync.Mutex
			task.Lock(&mu, 0)
			task.Go(0, func() {
				task.Sleep(time.Hour, 0)
				task.To(c, task.At(1, 1, 1)).Send(1)
				for i := range 4 {
					task.To(full, task.At(1, 2, 1)).Send(i)
				}
				task.Close(full, task.At(1, 3, 1))
				task.Sleep(time.Hour, 0)
				task.Unlock(&mu)
			})
			task.Recv(c, 0)
			task.Sleep(time.Minute, 0)
			for _, ok := task.Recv2(full, 0); ok; _, ok = task.Recv2(full, 0) {
			}
			task.Lock(&mu, 0)
		})
		tr := rec.Trace()
		if !tr.Virtual || tr.Length != 2*time.Hour+time.Minute || tr.Began.Year() != 2000 {
			t.Errorf("virtual %t, length %v, began %v", tr.Virtual, tr.Length, tr.Began)
		}
		kinds := map[task.ArrowKind]int{}
		for _, a := range tr.Arrows {
			kinds[a.Kind]++
			if a.From == a.To || a.Got < a.Sent || a.Got < time.Hour {
				t.Errorf("arrow %+v", a)
			}
		}
		if kinds[task.ArrowValue] != 5 || kinds[task.ArrowUnlock] != 1 || kinds[task.ArrowClose] > 1 || tr.Unmatched != 0 {
			t.Errorf("arrows %v, unmatched %d", kinds, tr.Unmatched)
		}
	})
}

// What can go on when the main task ends does, before the cell ends, as long as that is not for ever.
func TestDrain(t *testing.T) {
	defer task.SetDrainTime(time.Minute)()
	controlled(t, seeds, func(t *testing.T, r *task.Run) {
		var order []int
		c := make(chan int)
		doWell(t, r, func() {
			for i := range 5 {
				task.Go(0, func() {
					task.Recv(c, 0)
					task.Gosched()
					order = append(order, i)
				})
			}
			for range 5 {
				task.To(c, 0).Send(0)
			}
			task.Go(0, func() { task.Sleep(time.Hour, 0); t.Error("slept an hour") })
		})
		if len(order) != 5 {
			t.Errorf("only %v have gone on", order)
		}
		if n := r.Live(); n != 1 {
			t.Errorf("%d tasks are left", n)
		}
		r.Kill(nil)
	})
	r, _ := newRun(t, 1)
	r.Virtual(0)
	doWell(t, r, func() {
		ping, pong := make(chan int), make(chan int)
		task.Go(0, func() {
			for {
				task.To(ping, 0).Send(task.Recv(pong, 0))
			}
		})
		task.Go(0, func() {
			for {
				task.To(pong, 0).Send(1)
				task.Recv(ping, 0)
			}
		})
	})
	if n := r.Live(); n != 2 {
		t.Errorf("%d tasks are left", n)
	}
}

var moment time.Time

func BenchmarkNow(b *testing.B) {
	compare(b,
		func(n int) {
			for range n {
				moment = time.Now()
			}
		},
		func(n int) {
			for range n {
				moment = task.Now()
			}
		})
}

func BenchmarkPoint(b *testing.B) {
	var x atomic.Int64
	compare(b,
		func(n int) {
			for range n {
				x.Add(1)
			}
		},
		func(n int) {
			for range n {
				task.Point(&x, 0).Add(1)
			}
		})
}

// BenchmarkUnderControl sends values from task to task: two operations, and two changes of the task, to a value.
func BenchmarkUnderControl(b *testing.B) {
	r, _ := newRun(b, 1)
	r.Virtual(0)
	r.Do(func() {
		c := make(chan int)
		task.Go(0, func() {
			for i := range b.N {
				task.To(c, 0).Send(i)
			}
			task.Close(c, 0)
		})
		for _, ok := task.Recv2(c, 0); ok; _, ok = task.Recv2(c, 0) {
		}
	})
}
