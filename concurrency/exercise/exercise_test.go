package exercise_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/exercise"
	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/task"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// deposits is what a learner may have written: what is read is written back after others have had a turn, under a lock if it is given.
func deposits(lock *sync.Mutex) func(context.Context) error {
	return func(context.Context) error {
		var balance atomic.Int64
		var all sync.WaitGroup
		for range 3 {
			task.WaitGroupGo(&all, task.At(1, 4, 1), func() {
				if lock != nil {
					task.Lock(lock, task.At(1, 5, 1))
					defer task.Unlock(lock)
				}
				b := balance.Load()
				task.Gosched()
				balance.Store(b + 1)
			})
		}
		task.WaitGroupWait(&all, task.At(1, 9, 1))
		if b := balance.Load(); b != 3 {
			return fmt.Errorf("balance %d", b)
		}
		return nil
	}
}

// In controlled runs the planted bug shows, and the trace is of that run: whose turn it was, step by step.
func TestWrong(t *testing.T) {
	r := exercise.New("no deposit is lost").WithRuns(30).WithHint("a lock").Check(deposits(nil))
	made, wrong := r.Runs()
	if r.Passed() || wrong == 0 || made < wrong || r.Seed() == 0 {
		t.Fatalf("%v", r)
	}
	var f *exercise.Failure
	if !errors.As(r.Err(), &f) || f.Name != "no deposit is lost" || f.Seed != r.Seed() || !strings.HasPrefix(f.Err.Error(), "balance ") {
		t.Errorf("%v", r.Err())
	}
	tr := r.Trace()
	if len(tr.Tasks) != 4 || !tr.Steps {
		t.Fatalf("%+v", tr)
	}
	turns := 0
	for _, k := range tr.Tasks {
		for _, s := range k.Spans {
			if s.Kind == task.WaitTurn && s.To > s.From {
				turns++
			}
		}
	}
	if turns == 0 {
		t.Error("no task has waited for its turn")
	}
	for _, text := range []string{r.String(), r.HTML()} {
		if !strings.Contains(text, "✘ no deposit is lost: wrong in ") || !strings.Contains(text, "Hint: a lock") || !strings.Contains(text, "step by step") {
			t.Error(text)
		}
	}
	if !strings.Contains(r.HTML(), r.SVG()) || !strings.HasPrefix(r.SVG(), "<svg") {
		t.Error("no picture")
	}
}

// The seed gives that run again: the same order of steps, and the same trace.
func TestSeed(t *testing.T) {
	r := exercise.Check("", deposits(nil))
	again := exercise.Check("", deposits(nil))
	if r.Seed() != again.Seed() || r.Err().Error() != again.Err().Error() {
		t.Errorf("%v, then %v", r.Err(), again.Err())
	}
	spans := func(tr *task.Trace) (all []string) {
		for i, k := range tr.Tasks {
			all = append(all, fmt.Sprint(i, k.Start, k.End))
			for _, s := range k.Spans {
				all = append(all, fmt.Sprint(s.From, s.To, s.Kind))
			}
		}
		return all
	}
	if a, b := spans(r.Trace()), spans(again.Trace()); strings.Join(a, "\n") != strings.Join(b, "\n") {
		t.Errorf("%v\nthen\n%v", a, b)
	}
	run, _ := tasktest.NewRun(t, 1)
	run.Virtual(r.Seed())
	var err error
	tasktest.Do(t, run, func() { err = deposits(nil)(background) })
	if err == nil || !strings.HasSuffix(r.Err().Error(), err.Error()) {
		t.Errorf("in a run of its own: %v, checked: %v", err, r.Err())
	}
}

var background = context.Background()

func TestRight(t *testing.T) {
	var lock sync.Mutex
	r := exercise.New("locked").WithRuns(30).Check(deposits(&lock))
	if made, wrong := r.Runs(); !r.Passed() || made != 30 || wrong != 0 || r.Err() != nil || r.Trace() != nil || r.SVG() != "" || r.Output() != "" || r.Must() != r {
		t.Error(r)
	}
	if want := "✔ locked: right in 30 runs (20 with random orders of steps, 10 live)"; r.String() != want || !strings.Contains(r.HTML(), want) {
		t.Error(r)
	}
}

// What can be wrong with a run besides what the function says.
func TestEnds(t *testing.T) {
	errBoom := errors.New("boom")
	opposite := func(context.Context) error {
		var a, b sync.Mutex
		var all sync.WaitGroup
		for _, two := range [][2]*sync.Mutex{{&a, &b}, {&b, &a}} {
			task.WaitGroupGo(&all, task.At(1, 2, 1), func() {
				task.Lock(two[0], task.At(1, 3, 1))
				task.Lock(two[1], task.At(1, 4, 1))
				task.Unlock(two[1])
				task.Unlock(two[0])
			})
		}
		task.WaitGroupWait(&all, task.At(1, 7, 1))
		return nil
	}
	for _, c := range []struct {
		name string
		f    func(context.Context) error
		want []string
		as   func(error) bool
	}{
		{"panic", func(context.Context) error { panic(errBoom) }, []string{"panic: boom"}, func(err error) bool { return errors.Is(err, errBoom) }},
		{"panic of another task", func(context.Context) error {
			task.Go(0, func() { panic(errBoom) })
			task.Forever(0)
			return nil
		}, []string{"panic: boom"}, func(err error) bool { var p *task.PanicError; return errors.As(err, &p) }},
		{"deadlock", opposite, []string{"deadlock", "main waits: wait group, cell 1 line 7", "waits: lock, cell 1 line 4"},
			func(err error) bool { var d *task.Deadlock; return errors.As(err, &d) }},
		{"goexit", func(context.Context) error { runtime.Goexit(); return nil }, []string{"Goexit"}, nil},
		{"an error", func(context.Context) error { return errBoom }, []string{"boom"}, func(err error) bool { return errors.Is(err, errBoom) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := exercise.New(c.name).WithRuns(20).Check(c.f)
			if r.Passed() || c.as != nil && !c.as(r.Err()) {
				t.Fatalf("%v", r)
			}
			for _, w := range c.want {
				if !strings.Contains(r.String(), w) {
					t.Errorf("no %q in\n%v", w, r)
				}
			}
			if strings.Contains(r.String(), "goes by real time") {
				t.Error(r)
			}
			defer func() {
				if f, ok := recover().(*exercise.Failure); !ok || f.Run == 0 {
					t.Error("Must does not panic with the failure")
				}
			}()
			r.Must()
		})
	}
}

// A run that does not end is ended, and what it did is said. How far it comes until then is the machine's business, so it gets more and
// more time.
func TestTimeout(t *testing.T) {
	for limit := 50 * time.Millisecond; ; limit *= 2 {
		r := exercise.New("endless").WithRuns(1).LiveOnly().WithTimeout(limit).Check(func(context.Context) error {
			task.Sleep(time.Hour, task.At(1, 3, 1))
			return nil
		})
		if r.Passed() || r.Seed() != 0 || !strings.Contains(r.String(), fmt.Sprintf("it had not ended after %v", limit)) {
			t.Fatal(r)
		}
		if strings.Contains(r.String(), "main waits: sleep, cell 1 line 3") {
			return
		}
		if limit > tasktest.Patience {
			t.Fatal(r)
		}
	}
}

// Sleeping takes no time in controlled runs; what they refuse goes to live ones, all of them.
func TestModes(t *testing.T) {
	slept := 0
	r := exercise.New("sleeps").WithRuns(1).Check(func(context.Context) error {
		task.Sleep(100*time.Hour, 0)
		slept++
		return nil
	})
	if !r.Passed() || slept != 1 {
		t.Error(r)
	}
	calls := 0
	r = exercise.New("outside").WithRuns(9).Check(func(context.Context) error {
		task.Refuse("net/http.Get")
		calls++
		return nil
	})
	if want := "right in 9 runs (0 with random orders of steps, 9 live)"; !strings.Contains(r.String(), want) || calls != 9 {
		t.Errorf("%d calls, %v", calls, r)
	}
}

// A check in a cell: what the runs print is theirs, the cell goes on printing where it did, and its interrupt ends the check.
func TestInCell(t *testing.T) {
	cell, out := tasktest.NewRun(t, 7)
	tasktest.Do(t, cell, func() {
		fmt.Fprintln(task.Stdout(), "before")
		r := exercise.New("prints").WithRuns(3).Check(func(context.Context) error {
			fmt.Fprintln(task.Stdout(), "inside")
			return errors.New("no")
		})
		if r.Output() != "inside\n" {
			t.Errorf("%q", r.Output())
		}
		fmt.Fprintln(task.Stdout(), "after")
	})
	if out.String() != "before\nafter\n" {
		t.Errorf("%q", out)
	}

	cell, _ = tasktest.NewRun(t, 8)
	errStop := errors.New("interrupted")
	end := tasktest.Do(t, cell, func() {
		exercise.New("long").LiveOnly().WithTimeout(time.Hour).Check(func(context.Context) error {
			cell.Kill(errStop)
			task.Forever(0)
			return nil
		})
		t.Error("the check has not ended the cell")
	})
	if !errors.Is(end.Cause, errStop) {
		t.Errorf("%+v", end)
	}
}

func TestMisuse(t *testing.T) {
	for name, f := range map[string]func(){
		"no function": func() { exercise.Check("x", nil) },
		"no runs":     func() { exercise.New("x").WithRuns(0) },
		"no time":     func() { exercise.New("x").WithTimeout(0) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if s, ok := recover().(string); !ok || !strings.HasPrefix(s, "exercise: ") {
					t.Error(s)
				}
			}()
			f()
		})
	}
}
