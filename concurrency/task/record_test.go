package task_test

import (
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// recorded runs f as the main task of a recorded run, and returns the trace when all of its tasks have ended.
func recorded(t testing.TB, f func()) (*task.Trace, *task.Run) {
	t.Helper()
	r, _ := newRun(t, 1)
	rec := r.Record(0)
	r.Do(f)
	until(t, "all tasks end", func() bool { return r.Live() == 0 })
	return rec.Trace(), r
}

// named returns the task of a trace with a name.
func named(t testing.TB, tr *task.Trace, name string) task.TraceTask {
	t.Helper()
	for _, tt := range tr.Tasks {
		if tt.Name == name {
			return tt
		}
	}
	t.Fatalf("no task %q in %+v", name, tr.Tasks)
	return task.TraceTask{}
}

// spawn starts f as a task with a name.
func spawn(name string, f func()) {
	task.Go(task.At(1, 7, 0), func() {
		task.Current().SetName(name)
		f()
	})
}

func TestRecordTasks(t *testing.T) {
	r, _ := newRun(t, 1)
	rec := r.Record(0)
	stuck := make(chan int)
	var wg sync.WaitGroup
	r.Do(func() {
		wg.Add(1)
		spawn("parent", func() {
			defer wg.Done()
			wg.Add(2)
			spawn("child", wg.Done)
			spawn("exits", func() { defer wg.Done(); runtime.Goexit() })
		})
		spawn("stays", func() { task.Recv(stuck, task.At(1, 9, 0)) })
		task.WaitGroupWait(&wg, task.At(1, 5, 0))
		untilWaiting(t, r, task.WaitReceive, 1)
	})
	until(t, "only one is left", func() bool { return r.Live() == 1 })
	tr := rec.Trace()
	if tr.Tasks[0].Name != "main" || tr.Tasks[0].Parent != 0 || tr.Tasks[0].Outcome != task.Returned {
		t.Errorf("the first task is %+v", tr.Tasks[0])
	}
	if !slices.IsSortedFunc(tr.Tasks, func(a, b task.TraceTask) int { return int(a.Start - b.Start) }) {
		t.Error("the tasks are not in order of start")
	}
	parent, child := named(t, tr, "parent"), named(t, tr, "child")
	if parent.Parent != tr.Tasks[0].ID || child.Parent != parent.ID || child.Start < parent.Start || child.End < child.Start {
		t.Errorf("parent %+v, child %+v", parent, child)
	}
	if child.Site != task.At(1, 7, 0) || child.Outcome != task.Returned {
		t.Errorf("child %+v", child)
	}
	if o := named(t, tr, "exits").Outcome; o != task.Exited {
		t.Errorf("who exits has outcome %v", o)
	}
	stays := named(t, tr, "stays")
	if len(stays.Spans) != 1 || stays.Outcome != task.Alive || stays.End != tr.Length {
		t.Fatalf("who stays: %+v", stays)
	}
	s := stays.Spans[0]
	if s.Kind != task.WaitReceive || s.Site != task.At(1, 9, 0) || s.To != tr.Length || s.From > s.To {
		t.Errorf("its wait: %+v, length %v", s, tr.Length)
	}
	if o := tr.Objects[s.Object-1]; o.Type != "chan int" || o.Site != task.At(1, 9, 0) || o.Address == 0 {
		t.Errorf("it waits on %+v", o)
	}

	r.Kill(nil)
	closeRun(t, r)
	tr = rec.Trace()
	if stays = named(t, tr, "stays"); stays.Outcome != task.Killed || len(stays.Spans) != 1 || stays.End > tr.Length {
		t.Errorf("who stayed, killed: %+v", stays)
	}
	if again := rec.Trace(); again.Length != tr.Length {
		t.Errorf("the trace of an ended run grows from %v to %v", tr.Length, again.Length)
	}
}

func TestRecordPanic(t *testing.T) {
	tr, _ := recorded(t, func() {
		spawn("bad", func() { panic("bad") })
		task.Forever(1)
	})
	if o := named(t, tr, "bad").Outcome; o != task.Panicked {
		t.Errorf("who panicked has outcome %v", o)
	}
	if o := named(t, tr, "main").Outcome; o != task.Killed {
		t.Errorf("who was killed for it has outcome %v", o)
	}
}

func TestRecordSpans(t *testing.T) {
	tr, _ := recorded(t, func() {
		task.Sleep(time.Microsecond, task.At(1, 2, 0))
		task.Sleep(time.Microsecond, task.At(1, 3, 0))
	})
	spans := named(t, tr, "main").Spans
	if len(spans) != 2 || spans[0].Kind != task.WaitSleep || spans[0].Site.Line() != 2 || spans[1].Site.Line() != 3 {
		t.Fatalf("two sleeps are %+v", spans)
	}
	if spans[0].Object != 0 || spans[0].From > spans[0].To || spans[0].To > spans[1].From || spans[1].To > tr.Length {
		t.Errorf("two sleeps are %+v, length %v", spans, tr.Length)
	}
}

func TestRecordMarks(t *testing.T) {
	tr, _ := recorded(t, func() {
		task.Print("one\ntwo\n")
		task.BuiltinPrintln("three")
		task.Println(strings.Repeat("x", 10_000))
	})
	var got []string
	for _, m := range tr.Marks {
		if m.Task != tr.Tasks[0].ID || m.At > tr.Length {
			t.Errorf("mark %+v of a trace of %v", m, tr.Length)
		}
		got = append(got, m.Stream+" "+m.Text[:min(len(m.Text), 5)])
	}
	if want := []string{"stdout one", "stdout two", "stderr three", "stdout xxxxx"}; !slices.Equal(got, want) {
		t.Errorf("marks %q, want %q", got, want)
	}
	if n := len(tr.Marks[3].Text); n >= 10_000 {
		t.Errorf("a mark keeps %d bytes", n)
	}
}

func TestRecordLimit(t *testing.T) {
	r, _ := newRun(t, 1)
	rec := r.Record(10)
	r.Do(func() {
		for range 20 {
			task.Println("x")
		}
	})
	tr := rec.Trace()
	if len(tr.Tasks)+len(tr.Marks) != 10 || tr.Dropped != 11 {
		t.Errorf("%d tasks, %d marks, %d dropped, limit 10", len(tr.Tasks), len(tr.Marks), tr.Dropped)
	}
}

func TestRecordStop(t *testing.T) {
	r, _ := newRun(t, 1)
	rec := r.Record(0)
	r.Do(func() {
		task.Println("before")
		rec.Stop()
		task.Println("after")
	})
	tr := rec.Trace()
	if len(tr.Marks) != 1 || tr.Dropped != 0 || tr.Tasks[0].Outcome != task.Alive || tr.Tasks[0].End != tr.Length {
		t.Errorf("a trace that was stopped: %+v", tr)
	}
}

func TestRecordTooLate(t *testing.T) {
	r, _ := newRun(t, 1)
	r.Do(func() {
		defer func() {
			if recover() == nil {
				t.Error("no panic")
			}
		}()
		r.Record(0)
	})
}

// TestRecordPart records what a part of a run does, in a live and in a controlled run.
func TestRecordPart(t *testing.T) {
	for name, prepare := range map[string]func(*task.Run){"live": func(*task.Run) {}, "controlled": func(r *task.Run) { r.Virtual(0) }} {
		t.Run(name, func(t *testing.T) {
			r, _ := newRun(t, 1)
			prepare(r)
			end := r.Do(func() {
				stop, c := make(chan int), make(chan int, 2)
				spawn("other", func() { task.Recv(stop, 0) })
				tr, returned, p, err := task.Record("part", task.At(1, 2, 0), 0, func() {
					var wg sync.WaitGroup
					wg.Add(1)
					spawn("child", func() {
						task.Spawner(task.At(1, 4, 0))(func() { wg.Done() })
						task.Recv(c, task.At(1, 3, 0))
					})
					task.Print("a line\n")
					task.WaitGroupWait(&wg, 0)
					task.To(c, 0).Send(1)
					if _, _, _, err := task.Record("", 0, 0, func() { t.Error("recorded twice") }); err != task.ErrRecorded {
						t.Errorf("error %v", err)
					}
				})
				if err != nil || p != nil || !returned {
					t.Errorf("returned %t, panic %v, error %v", returned, p, err)
				}
				if len(tr.Tasks) != 3 || tr.Tasks[0].Name != "part" || tr.Tasks[0].Outcome != task.Returned || tr.Tasks[1].Name != "child" {
					t.Errorf("tasks %+v", tr.Tasks)
				}
				if len(tr.Marks) != 1 || tr.Marks[0].Task != tr.Tasks[0].ID || tr.Virtual != (name == "controlled") {
					t.Errorf("marks %+v, virtual %t", tr.Marks, tr.Virtual)
				}
				tr, returned, p, err = task.Record("panics", 0, 0, func() { panic("oh") })
				if err != nil || p == nil || p.Value != "oh" || returned || len(tr.Tasks) != 1 {
					t.Errorf("%+v, returned %t, panic %v, error %v", tr, returned, p, err)
				}
				task.Close(stop, 0)
			})
			if end.Panic != nil || end.Killed {
				t.Errorf("end %+v", end)
			}
		})
	}
	if _, _, _, err := task.Record("", 0, 0, func() { t.Error("called") }); err != task.ErrNoTask {
		t.Errorf("outside: %v", err)
	}
	r, _ := newRun(t, 1)
	r.Record(0)
	r.Do(func() {
		if _, _, _, err := task.Record("", 0, 0, func() { t.Error("called") }); err != task.ErrRecorded {
			t.Errorf("in a recorded run: %v", err)
		}
	})
}

type pair[A, B any] struct {
	_ A
	_ B
}

// What is waited on is written with the names of packages, not their paths, also within brackets.
func TestTraceTypes(t *testing.T) {
	r, _ := newRun(t, 1)
	r.Virtual(0)
	rec := r.Record(0)
	r.Do(func() {
		c := make(chan pair[task.Site, map[string]*task.Wait])
		task.Go(0, func() { task.Close(c, 0) })
		task.Recv(c, 0)
	})
	if all := rec.Trace().Objects; len(all) != 1 || all[0].Type != "chan task_test.pair[task.Site,map[string]*task.Wait]" {
		t.Errorf("%+v", all)
	}
}
