package measure_test

import (
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/measure"
	"github.com/gobraid/gobraid/concurrency/task"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	background = context.Background()
	errTest    = errors.New("test error")
)

// patience bounds waits for things that must happen.
const patience = time.Minute

type output struct{}

func (output) Write(string, []byte) {}

func (output) Input(context.Context, string, bool) (string, error) { return "", io.EOF }

func newRun(t testing.TB, cell int) *task.Run {
	t.Helper()
	r := task.NewRun(cell, output{})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(background, patience)
		defer cancel()
		if err := r.Close(ctx); err != nil {
			t.Errorf("closing the run: %v; still there: %v", err, r.Tasks())
		}
	})
	return r
}

// in runs f as a cell.
func in(t testing.TB, f func()) {
	t.Helper()
	if end := newRun(t, 1).Do(f); end.Panic != nil || end.Killed {
		t.Errorf("end = %+v", end)
	}
}

// both runs a test in an ordinary program and in a cell.
func both(t *testing.T, f func(t *testing.T, cell bool)) {
	t.Run("program", func(t *testing.T) { f(t, false) })
	t.Run("cell", func(t *testing.T) { in(t, func() { f(t, true) }) })
}

// panicOf returns what f panics with.
func panicOf(t testing.TB, f func()) (v any) {
	t.Helper()
	defer func() {
		if v = recover(); v == nil {
			t.Error("no panic")
		}
	}()
	f()
	return nil
}

// starting returns a function that starts n tasks, each of which allocates, and waits for them.
func starting(n int) func(context.Context) error {
	return func(context.Context) error {
		var wg sync.WaitGroup
		for range n {
			task.WaitGroupGo(&wg, task.At(3, 5, 2), func() { sink(make([]byte, 1<<12)) })
		}
		task.WaitGroupWait(&wg, task.At(3, 7, 1))
		return nil
	}
}

var (
	kept   []byte
	keptMu sync.Mutex
)

// sink keeps b, so that it is allocated.
func sink(b []byte) {
	keptMu.Lock()
	defer keptMu.Unlock()
	kept = b
}

func nothing(context.Context) error { return nil }

// counted returns a function that counts its calls.
func counted(n *int) func(context.Context) error {
	return func(context.Context) error {
		*n++
		return nil
	}
}

func plan() *measure.Plan { return measure.NewPlan().WithRepetitions(7).WithCalls(2) }
