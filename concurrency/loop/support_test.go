package loop_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/loop"
	"github.com/gobraid/gobraid/concurrency/task"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	background = context.Background()
	errTest    = errors.New("test error")
)

const patience = tasktest.Patience

func newRun(t testing.TB, cell int) (*task.Run, *tasktest.Output) {
	t.Helper()
	return tasktest.NewRun(t, cell)
}

// A diary is what a test has done, in order.
type diary struct {
	mu    sync.Mutex
	lines []string
}

func (d *diary) say(what ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, fmt.Sprint(what...))
}

func (d *diary) String() string { return strings.Join(d.lines, "; ") }

// ms is the unit of the tests' times. Outside controlled runs it grows until the machine's stalls are short against it: what comes
// due during a stall comes due together, and another outcome is then as right as the one looked for.
var ms = time.Millisecond

// each runs f as the main coroutine of a loop: in an ordinary program, in a cell, and in a controlled one with several
// seeds. The diary must be want each time. Nothing may be reported.
func each(t *testing.T, want string, f func(ctx context.Context, d *diary)) {
	t.Helper()
	once := func(t *testing.T) *diary {
		t.Helper()
		d := &diary{}
		l := loop.New().WithReports(func(r loop.Report) {
			if r.Kind != loop.SlowStep { // on a busy machine
				d.say("reported: ", r)
			}
		})
		if _, err := loop.RunOn(background, l, func(ctx context.Context) (struct{}, error) {
			f(ctx, d)
			return struct{}{}, nil
		}); err != nil {
			t.Errorf("run: %v", err)
		}
		return d
	}
	live := func(t *testing.T) {
		t.Helper()
		defer func() { ms = time.Millisecond }()
		d := once(t)
		for ; d.String() != want && ms < time.Second; d = once(t) {
			ms *= 4
		}
		if d.String() != want {
			t.Errorf("got  %s\nwant %s", d, want)
		}
	}
	t.Run("program", live)
	t.Run("cell", func(t *testing.T) { inRun(t, nil, live) })
	for seed := range uint64(4) {
		t.Run(fmt.Sprintf("virtual %d", seed), func(t *testing.T) {
			inRun(t, &seed, func(t *testing.T) {
				if d := once(t); d.String() != want {
					t.Errorf("got  %s\nwant %s", d, want)
				}
			})
		})
	}
}

func inRun(t *testing.T, seed *uint64, f func(t *testing.T)) {
	t.Helper()
	r, _ := newRun(t, 1)
	if seed != nil {
		r.Virtual(*seed)
	}
	end := r.Do(func() { f(t) })
	if end.Killed || end.Panic != nil {
		t.Errorf("end = %+v", end)
	}
	tasktest.Until(t, "the tasks end", func() bool { return r.Live() == 0 })
}

// run runs main on a loop and fails the test on an error.
func run[T any](t testing.TB, main func(ctx context.Context) (T, error)) T {
	t.Helper()
	v, err := loop.Run(background, main)
	if err != nil {
		t.Errorf("run: %v", err)
	}
	return v
}

// constant returns a coroutine that returns v.
func constant[T any](v T) func(context.Context) (T, error) {
	return func(context.Context) (T, error) { return v, nil }
}

// sleeper returns a coroutine that sleeps, says so, and returns name.
func sleeper(d *diary, name string, dur time.Duration) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		if err := loop.Sleep(ctx, dur); err != nil {
			d.say(name, " canceled")
			return "", err
		}
		d.say(name)
		return name, nil
	}
}

// misuse fails the test unless f panics with a MisuseError that contains want.
func misuse(t testing.TB, want string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		v := recover()
		if p, ok := v.(*task.PanicError); ok {
			v = p.Value
		}
		if e, ok := v.(*concurrency.MisuseError); !ok || !strings.Contains(e.Error(), want) {
			t.Errorf("panic = %v, want %s", v, want)
		}
	}()
	f()
}
