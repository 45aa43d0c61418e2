package concurrency_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

func text(_ context.Context, n int) (string, error) { return strconv.Itoa(n), nil }

func never[A, B any](t *testing.T) func(context.Context, A) (B, error) {
	return func(context.Context, A) (b B, err error) {
		t.Error("it ran")
		return
	}
}

func TestThen(t *testing.T) {
	both(t, func(t *testing.T) {
		p := concurrency.NewPromise[int]()
		next := concurrency.Then(background, p.Future(), text)
		length := concurrency.Then(background, next, func(_ context.Context, s string) (int, error) { return len(s), nil })
		if next.Running() {
			t.Error("it did not wait")
		}
		p.SetResult(1234)
		if v, err := length.Result(background); v != 4 || err != nil {
			t.Errorf("%d, %v", v, err)
		}
		if s, err := concurrency.Then(background, p.Future(), text).Result(background); s != "1234" || err != nil {
			t.Errorf("of one that is done: %q, %v", s, err)
		}
	})
}

func TestThenOfFailure(t *testing.T) {
	p := concurrency.NewPromise[int]()
	next := concurrency.Then(background, p.Future(), never[int, string](t))
	p.SetError(errTest)
	if _, err := next.Result(background); err != errTest {
		t.Error(err)
	}
	fails := concurrency.Start(background, func(context.Context) (int, error) { panic("boom") })
	after := concurrency.Then(background, fails, never[int, string](t))
	carried(t, "boom", func() { _, _ = after.Result(background) })
	itself := concurrency.Then(background, concurrency.Start(background, constant(1)), func(context.Context, int) (int, error) { panic("late") })
	carried(t, "late", func() { _, _ = itself.Result(background) })
}

func TestThenCanceled(t *testing.T) {
	p := concurrency.NewPromise[int]()
	next := concurrency.Then(background, p.Future(), never[int, string](t))
	if !next.Cancel() || !next.Canceled() || p.Future().Canceled() {
		t.Error("it could not be cancelled alone")
	}
	ctx, cancel := context.WithCancelCause(background)
	other := concurrency.Then(ctx, p.Future(), never[int, string](t))
	cancel(errTest)
	p.SetResult(1)
	if _, err := other.Result(background); err != errTest {
		t.Error(err)
	}
}

// What follows belongs to who said so, not to who finishes the future.
func TestThenBelongsToCaller(t *testing.T) {
	a, outA := newRun(t, 1)
	b, outB := newRun(t, 2)
	p := concurrency.NewPromise[int]()
	var next *concurrency.Future[int]
	a.Do(func() {
		next = concurrency.Then(background, p.Future(), func(_ context.Context, n int) (int, error) {
			task.Print("then")
			return n, nil
		})
	})
	b.Do(func() { p.SetResult(1) })
	if v, err := next.Result(background); v != 1 || err != nil {
		t.Errorf("%d, %v", v, err)
	}
	if outA.String() != "then" || outB.String() != "" {
		t.Errorf("%q, %q", outA, outB)
	}
}
