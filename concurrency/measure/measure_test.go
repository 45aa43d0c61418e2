package measure_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/measure"
	"github.com/gobraid/gobraid/concurrency/task"
)

// TestMeasure looks at what is known of a function for certain.
func TestMeasure(t *testing.T) {
	both(t, func(t *testing.T, cell bool) {
		r, err := plan().WithWarmUp(3).Measure(background, "eight", starting(8))
		if err != nil {
			t.Fatal(err)
		}
		if r.Name() != "eight" || r.Calls() != 2 || r.WarmUp() != 3 {
			t.Errorf("%s: %d calls, %d to warm up", r.Name(), r.Calls(), r.WarmUp())
		}
		for _, m := range measure.Metrics() {
			values, known := r.Values(m), r.Unknown(m) == ""
			inCells := m == measure.Running || m == measure.Waiting || m == measure.Sleeping || m == measure.Tasks
			switch {
			case inCells && known != cell:
				t.Errorf("%s: unknown: %q, in a cell: %t", m, r.Unknown(m), cell)
			case !known && runtime.GOOS == "linux" && !inCells:
				t.Errorf("%s: unknown: %q", m, r.Unknown(m))
			case known && len(values) != 7 || !known && values != nil:
				t.Errorf("%s: %v", m, values)
			case slices.ContainsFunc(values, func(v float64) bool { return !(v >= 0) }):
				t.Errorf("%s: %v", m, values)
			}
		}
		for _, v := range r.Values(measure.Tasks) {
			if v != 8 {
				t.Errorf("%v tasks", v)
			}
		}
		for i, v := range r.Values(measure.Allocs) {
			if b := r.Values(measure.Bytes)[i]; v < 8 || b < 8<<12 {
				t.Errorf("%v allocations of %v bytes", v, b)
			}
		}
	})
}

// TestSplit looks at what tasks do, of which the order of magnitude is certain: those who sleep do not wait.
func TestSplit(t *testing.T) {
	in(t, func() {
		const d = 2 * time.Millisecond
		r, err := plan().WithCalls(1).Measure(background, "sleeps", func(context.Context) error {
			task.Sleep(d, 0)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range r.Values(measure.Sleeping) {
			if v < d.Seconds() || v > r.Values(measure.Wall)[i] || r.Values(measure.Waiting)[i] > 0 {
				t.Errorf("sleeps %v s of %v, waits %v", v, r.Values(measure.Wall)[i], r.Values(measure.Waiting)[i])
			}
		}
		held := make(chan bool)
		r, err = plan().WithCalls(1).Measure(background, "waits", func(context.Context) error {
			task.Go(0, func() { task.Sleep(d, 0); held <- true })
			task.Recv(held, 0)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if v := slices.Min(r.Values(measure.Waiting)); v <= 0 {
			t.Errorf("waits %v s", v)
		}
	})
}

// TestTurns looks at the order of calls: each repetition begins with another function.
func TestTurns(t *testing.T) {
	both(t, func(t *testing.T, _ bool) {
		order := ""
		cases := []measure.Case{}
		for _, name := range []string{"a", "b", "c"} {
			cases = append(cases, measure.Case{Name: name, Func: func(context.Context) error { order += name; return nil }})
		}
		c, err := measure.NewPlan().WithWarmUp(1).WithRepetitions(4).WithCalls(2).Compare(background, cases...)
		if err != nil {
			t.Fatal(err)
		}
		if want := "abc" + "aabbcc" + "bbccaa" + "ccaabb" + "aabbcc"; order != want {
			t.Errorf("%s, want %s", order, want)
		}
		if r := c.Results(); len(r) != 3 || r[2].Name() != "c" {
			t.Errorf("results %v", r)
		}
	})
}

// TestCalls: a function that takes no time is called often, one that takes its time once.
func TestCalls(t *testing.T) {
	n := 0
	r, err := measure.NewPlan().WithRepetitions(2).Measure(background, "short", counted(&n))
	if err != nil {
		t.Fatal(err)
	}
	if r.Calls() < 100 || n != r.WarmUp()+2*r.Calls() {
		t.Errorf("%d calls of %d to warm up and %d in a repetition", n, r.WarmUp(), r.Calls())
	}
	n = 0
	r, err = measure.NewPlan().WithRepetitions(2).WithLeast(0).WithWarmUp(0).Measure(background, "once", counted(&n))
	if err != nil || r.Calls() != 1 || n != 2 {
		t.Errorf("%v: %d calls, %d in all", err, r.Calls(), n)
	}
}

func TestMore(t *testing.T) {
	for _, c := range []struct {
		n           int
		took, least time.Duration
		want        int
	}{
		{1, 0, time.Millisecond, 100}, {100, 0, time.Millisecond, 10_000},
		{100, 100 * time.Microsecond, time.Millisecond, 1201}, {1, time.Microsecond, time.Second, 100},
		{10, 999 * time.Microsecond, time.Millisecond, 13}, {1 << 19, 1, time.Hour, 1 << 20},
	} {
		if got := measure.More(c.n, c.took, c.least); got != c.want {
			t.Errorf("after %d calls in %v: %d, want %d", c.n, c.took, got, c.want)
		}
	}
}

func TestErrors(t *testing.T) {
	both(t, func(t *testing.T, _ bool) {
		calls := 0
		fails := func(at int) func(context.Context) error {
			calls = 0
			return func(context.Context) error {
				if calls++; calls == at {
					return errTest
				}
				return nil
			}
		}
		_, err := plan().Measure(background, "f", fails(1))
		if !errors.Is(err, errTest) || err.Error() != "measure: f, warming up: test error" {
			t.Errorf("error %v", err)
		}
		_, err = plan().Measure(background, "f", fails(5))
		if !errors.Is(err, errTest) || err.Error() != "measure: f, repetition 2: test error" || calls != 5 {
			t.Errorf("error %v after %d calls", err, calls)
		}
		for want, cases := range map[string][]measure.Case{
			"measure: nothing to measure":           nil,
			"measure: f: no function":               {{Name: "f"}},
			`measure: two functions are called "f"`: {{Name: "f", Func: nothing}, {Name: "f", Func: nothing}},
		} {
			if _, err := measure.Compare(background, cases...); err == nil || err.Error() != want {
				t.Errorf("error %v, want %s", err, want)
			}
		}
		if v := panicOf(t, func() {
			measure.Measure(background, "f", func(context.Context) error { panic("oh") })
		}); v != "oh" {
			t.Errorf("panic %v", v)
		}
	})
}

func TestContext(t *testing.T) {
	both(t, func(t *testing.T, _ bool) {
		ctx, cancel := context.WithCancelCause(background)
		n := 0
		_, err := plan().Measure(ctx, "f", func(got context.Context) error {
			if got != ctx {
				t.Error("another context")
			}
			if n++; n == 4 {
				cancel(errTest)
			}
			return nil
		})
		if err != errTest || n != 4 {
			t.Errorf("error %v after %d calls", err, n)
		}
	})
}

// TestInterrupt: a kill ends a measurement, in a wait and between calls.
func TestInterrupt(t *testing.T) {
	for name, wait := range map[string]func(){"waits": func() { task.Sleep(time.Hour, 0) }, "runs": func() {}} {
		t.Run(name, func(t *testing.T) {
			r := newRun(t, 1)
			begun := make(chan struct{})
			go func() {
				<-begun
				r.Kill(errTest)
			}()
			end := tasktest.Do(t, r, func() {
				n := 0
				measure.NewPlan().WithRepetitions(1<<40).Measure(background, name, func(context.Context) error {
					if n++; n == 3 {
						close(begun)
					}
					if n >= 3 {
						wait()
					}
					return nil
				})
				t.Error("not ended")
			})
			if !end.Killed || end.Cause != errTest {
				t.Errorf("end %+v", end)
			}
		})
	}
}

// TestVirtual: under control time is virtual, and what tasks do with it is not known.
func TestVirtual(t *testing.T) {
	for seed := range uint64(3) {
		r := newRun(t, 1)
		r.Virtual(seed)
		end := r.Do(func() {
			res, err := measure.NewPlan().WithRepetitions(6).Measure(background, "hour", func(context.Context) error {
				defer starting(3)(background)
				task.Sleep(time.Hour, 0)
				return nil
			})
			if err != nil {
				t.Error(err)
				return
			}
			lo, hi := res.Interval(measure.Wall)
			if res.Calls() != 1 || lo != 3600 || hi != 3600 || res.Median(measure.Tasks) != 3 || res.Unknown(measure.Sleeping) != "time is virtual" {
				t.Errorf("%s", res)
			}
			if !strings.Contains(res.String(), "time is virtual") {
				t.Errorf("%s", res)
			}
		})
		if end.Panic != nil || end.Killed {
			t.Errorf("end %+v", end)
		}
	}
}

// TestDeadlock: a measured function that can never go on is found out.
func TestDeadlock(t *testing.T) {
	end := newRun(t, 1).Do(func() {
		measure.Measure(background, "stuck", func(context.Context) error {
			task.Recv(make(chan int), task.At(1, 2, 3))
			return nil
		})
	})
	if end.Deadlock == nil {
		t.Errorf("end %+v", end)
	}
}

func TestPlan(t *testing.T) {
	used := measure.NewPlan().WithRepetitions(1).WithCalls(1)
	if _, err := used.Measure(background, "f", nothing); err != nil {
		t.Fatal(err)
	}
	if _, err := used.Measure(background, "f", nothing); err != nil {
		t.Errorf("used again: %v", err)
	}
	for want, f := range map[string]func(*measure.Plan) *measure.Plan{
		"WithRepetitions(0)": func(p *measure.Plan) *measure.Plan { return p.WithRepetitions(0) },
		"WithWarmUp(-1)":     func(p *measure.Plan) *measure.Plan { return p.WithWarmUp(-1) },
		"WithCalls(0)":       func(p *measure.Plan) *measure.Plan { return p.WithCalls(0) },
		"WithLeast(-1ns)":    func(p *measure.Plan) *measure.Plan { return p.WithLeast(-1) },
		"WithTime(-1ns)":     func(p *measure.Plan) *measure.Plan { return p.WithTime(-1) },
	} {
		if v := panicOf(t, func() { f(measure.NewPlan()) }); v != "measure: Plan: "+want {
			t.Errorf("panic %v, want %s", v, want)
		}
	}
	for want, f := range map[string]func(){
		"WithRepetitions": func() { used.WithRepetitions(1) }, "WithWarmUp": func() { used.WithWarmUp(1) }, "WithCalls": func() { used.WithCalls(1) },
		"WithLeast": func() { used.WithLeast(1) }, "WithTime": func() { used.WithTime(1) },
	} {
		if v := panicOf(t, f); v != "measure: Plan: "+want+" after it was used" {
			t.Errorf("panic %v, want %s", v, want)
		}
	}
}
