package concurrency_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/task"
	"go.uber.org/goleak"
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

// both runs a test in an ordinary program and in a cell.
func both(t *testing.T, f func(t *testing.T)) {
	t.Run("program", f)
	t.Run("cell", func(t *testing.T) {
		r, _ := newRun(t, 1)
		end := r.Do(func() { f(t) })
		if end.Panic != nil || end.Killed {
			t.Errorf("end = %+v", end)
		}
	})
}

var until = tasktest.Until

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

// carried fails the test unless f panics with a PanicError that carries value and a stack.
func carried(t testing.TB, value any, f func()) {
	t.Helper()
	p, ok := panicOf(t, f).(*concurrency.PanicError)
	if !ok || p.Value != value || len(p.Stack) == 0 {
		t.Errorf("panic = %#v, want a PanicError of %v", p, value)
	}
}

// misuse fails the test unless f panics with want, be it a MisuseError of a place in a test.
func misuse(t testing.TB, want string, f func()) {
	t.Helper()
	got := panicOf(t, f)
	if e, ok := got.(*concurrency.MisuseError); ok && strings.Contains(e.Place, "_test.go:") {
		got = "concurrency: " + e.Object + ": " + e.Problem
	}
	if got != want {
		t.Errorf("panic = %v, want %s", got, want)
	}
}

// constant returns a function that returns v.
func constant[T any](v T) func(context.Context) (T, error) {
	return func(context.Context) (T, error) { return v, nil }
}

// untilCancelled waits for the end of ctx.
func untilCancelled(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(patience):
		return errors.New("not cancelled")
	}
}
