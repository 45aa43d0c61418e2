package measure_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/svg/svgtest"
	"github.com/gobraid/gobraid/concurrency/measure"
	"github.com/gobraid/gobraid/concurrency/task"
)

const ms = time.Millisecond

// recorded is a trace of a function whose two workers wait for a channel and for a lock.
func recorded() *task.Trace {
	line := func(n int) task.Site { return task.At(3, n, 1) }
	worker := func(id int64, spans ...task.Span) task.TraceTask {
		return task.TraceTask{ID: id, Parent: 1, Site: line(4), End: 100 * ms, Spans: spans}
	}
	return &task.Trace{
		Length:  100 * ms,
		Objects: []task.TraceObject{{Type: "chan int", Site: line(2)}, {Type: "sync.Mutex", Site: line(6)}},
		Tasks: []task.TraceTask{
			{ID: 1, Parent: 99, Name: "f", Site: line(30), End: 100 * ms, Spans: []task.Span{{From: 0, To: 90 * ms, Kind: task.WaitGroup, Site: line(9)}}},
			worker(2, task.Span{From: 0, To: 20 * ms, Kind: task.WaitReceive, Site: line(5), Object: 1}, task.Span{From: 20 * ms, To: 60 * ms, Kind: task.WaitSleep, Site: line(7)}),
			worker(3, task.Span{From: 0, To: 10 * ms, Kind: task.WaitReceive, Site: line(5), Object: 1}, task.Span{From: 30 * ms, To: 60 * ms, Kind: task.WaitLock, Site: line(6), Object: 2}),
			{ID: 4, Parent: 3, Name: "grandchild", Site: line(8), End: 100 * ms, Spans: []task.Span{{From: 10 * ms, To: 11 * ms, Kind: task.WaitRLock, Site: 0, Object: 2}}},
		},
		Arrows: []task.Arrow{
			{Kind: task.ArrowValue, From: 1, To: 2, Sent: 20 * ms, Got: 20 * ms, Site: line(9), Object: 1},
			{Kind: task.ArrowUnlock, From: 2, To: 3, Sent: 59 * ms, Got: 61 * ms, Site: line(7), Object: 2},
			{Kind: task.ArrowUnlock, From: 2, To: 3, Sent: 70 * ms, Got: 71 * ms, Site: line(8), Object: 2},
		},
		Dropped: 2,
	}
}

func TestBlockingOf(t *testing.T) {
	p := measure.BlockingOf("What f waited for", recorded())
	want := `f;wait group · cell 3, line 9 90000
f;task · cell 3, line 4;lock · cell 3, line 6;sync.Mutex · cell 3, line 6 30000
f;task · cell 3, line 4;receive · cell 3, line 5;chan int · cell 3, line 2 30000
f;task · cell 3, line 4;grandchild · cell 3, line 8;read lock;sync.Mutex · cell 3, line 6 1000
`
	if got := p.Folded(); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if s := p.Stacks()[2]; s.Count != 2 {
		t.Errorf("%+v", s)
	}
	notes := strings.Join(p.Notes(), "\n")
	if !strings.Contains(notes, "40.00 ms of sleeping") || !strings.Contains(notes, "2 events are missing") {
		t.Error(notes)
	}
	svgtest.WellFormed(t, []byte(p.SVG()))
	svgtest.Golden(t, "waits.svg", []byte(p.SVG()))
	svgtest.Golden(t, "waits.txt", []byte(p.String()+"\n"))
}

func TestLocksOf(t *testing.T) {
	p := measure.LocksOf("Locks", recorded())
	want := `f;task · cell 3, line 4;lock · cell 3, line 6;sync.Mutex · cell 3, line 6;unlocked · cell 3, line 7 30000
f;task · cell 3, line 4;grandchild · cell 3, line 8;read lock;sync.Mutex · cell 3, line 6 1000
`
	if got := p.Folded(); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// contend has one wait for a channel, and one for a lock while another holds it.
func contend(context.Context) error {
	var mu sync.Mutex
	var wg sync.WaitGroup
	c, waiting := make(chan int), make(chan int)
	task.Lock(&mu, task.At(5, 10, 1))
	task.WaitGroupGo(&wg, task.At(5, 11, 1), func() {
		task.To(c, task.At(5, 12, 1)).Send(1)
		task.Close(waiting, task.At(5, 13, 1))
		task.Lock(&mu, task.At(5, 14, 1))
		task.Unlock(&mu)
	})
	task.Sleep(ms, task.At(5, 15, 1))
	task.Recv(c, task.At(5, 16, 1))
	task.Recv(waiting, task.At(5, 17, 1))
	task.Sleep(2*ms, task.At(5, 18, 1)) // meanwhile the other one waits for the lock
	task.Unlock(&mu)
	task.WaitGroupWait(&wg, task.At(5, 20, 1))
	return nil
}

// TestProfileBlocking: in a cell every wait is there, with its line, whoever takes the time.
func TestProfileBlocking(t *testing.T) {
	for name, prepare := range map[string]func(*task.Run){"live": func(*task.Run) {}, "virtual": func(r *task.Run) { r.Virtual(1) }} {
		t.Run(name, func(t *testing.T) {
			r := newRun(t, 5)
			prepare(r)
			end := r.Do(func() {
				p, err := measure.ProfileBlocking(background, "contend", contend)
				if err != nil {
					t.Error(err)
					return
				}
				if s := p.Folded(); !strings.Contains(s, "contend;task · cell 5, line 11;lock · cell 5, line 14;sync.Mutex · cell 5, line 14 ") || strings.Contains(s, "sleep") {
					t.Error(s)
				}
				p, err = measure.ProfileMutex(background, "contend", contend)
				if err != nil || strings.Count(p.Folded(), "\n") != 1 || !strings.Contains(p.Folded(), "lock · cell 5, line 14;sync.Mutex · cell 5, line 14;unlocked") {
					t.Errorf("%v\n%s", err, p.Folded())
				}
			})
			if end.Panic != nil || end.Killed {
				t.Errorf("end %+v", end)
			}
		})
	}
}

// TestProfileOutside: in a plain program it is Go's own profile, with only what was new.
func TestProfileOutside(t *testing.T) {
	for range 2 {
		p, err := measure.ProfileBlocking(background, "contend", contend)
		if err != nil {
			t.Fatal(err)
		}
		n := int64(0)
		for _, s := range p.Stacks() {
			if s.Frames[0].Func == "measure_test.contend" || s.Frames[0].Func == "measure_test.contend.func1" {
				n += s.Count
			}
		}
		if n < 2 || n > 4 {
			t.Errorf("%d waits\n%s", n, p.Folded())
		}
		if !strings.Contains(p.String(), "whole process") {
			t.Error(p)
		}
	}
	old := runtime.SetMutexProfileFraction(7)
	defer runtime.SetMutexProfileFraction(old)
	if _, err := measure.ProfileMutex(background, "contend", contend); err != nil {
		t.Error(err)
	}
	if n := runtime.SetMutexProfileFraction(-1); n != 7 {
		t.Errorf("the fraction of mutex profiles was left at %d", n)
	}
}

func TestTimeline(t *testing.T) {
	if _, err := measure.Timeline(background, "f", func(context.Context) error { t.Error("called"); return nil }); !errors.Is(err, task.ErrNoTask) {
		t.Errorf("outside: %v", err)
	}
	in(t, func() {
		p, err := measure.Timeline(background, "contend", contend)
		if err != nil {
			t.Fatal(err)
		}
		svgtest.WellFormed(t, []byte(p.SVG()))
		if text := p.String(); !strings.HasPrefix(text, "2 tasks in ") || !strings.Contains(text, "- contend") || !strings.Contains(p.HTML(), "<svg") {
			t.Errorf("%s", text)
		}
		p, err = measure.Timeline(background, "fails", func(context.Context) error { return errTest })
		if !errors.Is(err, errTest) || p == nil || !strings.Contains(p.SVG(), "fails") {
			t.Errorf("%v, %v", err, p)
		}
		if _, err = measure.Timeline(background, "f", nil); err == nil {
			t.Error("no function")
		}
		v := panicOf(t, func() { measure.Timeline(background, "f", func(context.Context) error { panic("oh") }) })
		if p, ok := v.(*task.PanicError); !ok || p.Value != "oh" {
			t.Errorf("panic %v", v)
		}
		_, err = measure.Timeline(background, "outer", func(ctx context.Context) error {
			_, err := measure.Timeline(ctx, "inner", contend)
			return err
		})
		if !errors.Is(err, task.ErrRecorded) {
			t.Errorf("in a timeline: %v", err)
		}
	})
	done := false
	end := newRun(t, 1).Do(func() {
		measure.Timeline(background, "exits", func(context.Context) error { runtime.Goexit(); return nil })
		done = true
	})
	if !end.Goexit || done {
		t.Errorf("end %+v", end)
	}
}
