package concurrency_test

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
)

func TestFuture(t *testing.T) {
	both(t, func(t *testing.T) {
		gate := make(chan int)
		fu := concurrency.Start(background, func(context.Context) (int, error) { return <-gate, nil })
		select {
		case <-fu.Done():
			t.Error("done before the function has returned")
		default:
		}
		gate <- 7
		for range 2 {
			if v, err := fu.Result(background); v != 7 || err != nil {
				t.Errorf("result = %d, %v", v, err)
			}
		}
		<-fu.Done()
		if fu.Err() != nil || fu.Running() || fu.Cancel() {
			t.Errorf("err %v, running %v", fu.Err(), fu.Running())
		}
	})
}

func TestFutureError(t *testing.T) {
	both(t, func(t *testing.T) {
		fu := concurrency.Start(background, func(context.Context) (string, error) { return "half", errTest })
		if v, err := fu.Result(background); v != "half" || err != errTest {
			t.Errorf("result = %q, %v", v, err)
		}
		if fu.Err() != errTest {
			t.Error(fu.Err())
		}
	})
}

func TestFuturePanic(t *testing.T) {
	both(t, func(t *testing.T) {
		fu := concurrency.Start(background, func(context.Context) (int, error) { panic("boom") })
		carried(t, "boom", func() { _, _ = fu.Result(background) })
		var p *concurrency.PanicError
		if !errors.As(fu.Err(), &p) || p.Text() != "panic: boom" {
			t.Error(fu.Err())
		}
	})
}

// A panic that goes from task to task keeps the stack it began with.
func TestFuturePanicTravels(t *testing.T) {
	inner := concurrency.Start(background, func(context.Context) (int, error) { panic("deep") })
	outer := concurrency.Start(background, func(ctx context.Context) (int, error) { return inner.Result(ctx) })
	<-outer.Done()
	if outer.Err() != inner.Err() {
		t.Errorf("%v is not %v", outer.Err(), inner.Err())
	}
}

func TestFutureGoexit(t *testing.T) {
	both(t, func(t *testing.T) {
		fu := concurrency.Start(background, func(context.Context) (int, error) {
			runtime.Goexit()
			return 1, nil
		})
		if v, err := fu.Result(background); v != 0 || err != concurrency.ErrExited {
			t.Errorf("result = %d, %v", v, err)
		}
	})
}

func TestResultStopsWaiting(t *testing.T) {
	both(t, func(t *testing.T) {
		gate := make(chan int)
		fu := concurrency.Start(background, func(context.Context) (int, error) { return <-gate, nil })
		ctx, cancel := context.WithCancelCause(background)
		cancel(errTest)
		if _, err := fu.Result(ctx); err != errTest {
			t.Error(err)
		}
		gate <- 3
		<-fu.Done()
		if v, err := fu.Result(ctx); v != 3 || err != nil {
			t.Errorf("a result that is there: %d, %v", v, err)
		}
	})
}

func TestCancelRunning(t *testing.T) {
	both(t, func(t *testing.T) {
		started := make(chan int)
		fu := concurrency.Start(background, func(ctx context.Context) (int, error) {
			close(started)
			return 5, untilCancelled(ctx)
		})
		<-started
		if !fu.Running() || !fu.Cancel() {
			t.Error("it does not run")
		}
		if v, err := fu.Result(background); v != 5 || err != concurrency.ErrCanceled {
			t.Errorf("result = %d, %v", v, err)
		}
	})
}

func TestContextOfFutureEnds(t *testing.T) {
	ctx, cancel := context.WithCancelCause(background)
	var inner context.Context
	fu := concurrency.Start(ctx, func(ctx context.Context) (int, error) {
		inner = ctx
		return 0, nil
	})
	<-fu.Done()
	until(t, "the context ends with the function", func() bool { return inner.Err() != nil })
	cancel(errTest)
	late := concurrency.Start(ctx, constant(1))
	if _, err := late.Result(background); err != errTest {
		t.Errorf("a function ran in a context that had ended: %v", err)
	}
}

func TestOnDone(t *testing.T) {
	gate := make(chan int)
	fu := concurrency.Start(background, func(context.Context) (int, error) { return <-gate, nil })
	order := make(chan int, 3)
	fu.OnDone(func(f *concurrency.Future[int]) {
		if v, err := f.Result(background); v != 9 || err != nil {
			t.Errorf("in the callback: %d, %v", v, err)
		}
		order <- 1
	})
	fu.OnDone(func(*concurrency.Future[int]) { order <- 2 })
	gate <- 9
	if a, b := <-order, <-order; a != 1 || b != 2 {
		t.Errorf("order %d, %d", a, b)
	}
	fu.OnDone(func(*concurrency.Future[int]) { order <- 3 })
	if len(order) != 1 {
		t.Error("not called at once")
	}
}
