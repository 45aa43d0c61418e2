package concurrency_test

import (
	"context"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
)

func TestPromise(t *testing.T) {
	both(t, func(t *testing.T) {
		p := concurrency.NewPromise[int]()
		fu := p.Future()
		if fu != p.Future() || fu.Running() || fu.Err() != nil {
			t.Error("a new promise")
		}
		waits := concurrency.NewThread(func() {
			if v, err := fu.Result(background); v != 7 || err != nil {
				t.Errorf("%d, %v", v, err)
			}
		}).Start()
		if !p.SetRunning() || !fu.Running() {
			t.Error("it does not run")
		}
		if !p.SetResult(7) || p.SetResult(8) || p.SetError(errTest) || p.SetRunning() {
			t.Error("kept more than once")
		}
		_ = waits.Join(background)
		if p.Context().Err() == nil {
			t.Error("the context has not ended")
		}
	})
}

func TestPromiseError(t *testing.T) {
	p := concurrency.NewPromise[string]()
	if !p.SetError(errTest) || p.Future().Err() != errTest || p.Future().Canceled() {
		t.Error(p.Future().Err())
	}
	misuse(t, "concurrency: Promise: SetError(nil)", func() { p.SetError(nil) })
	fails := concurrency.Start(background, func(context.Context) (int, error) { panic("boom") })
	<-fails.Done()
	bad := concurrency.NewPromise[string]()
	bad.SetError(fails.Err())
	carried(t, "boom", func() { _, _ = bad.Future().Result(background) })
}

func TestPromiseCanceled(t *testing.T) {
	p := concurrency.NewPromise[int]()
	ctx := p.Context()
	if !p.Future().Cancel() || p.Future().Cancel() || !p.Future().Canceled() {
		t.Error("it could not be cancelled once")
	}
	if err := untilCancelled(ctx); err != concurrency.ErrCanceled {
		t.Errorf("cause %v", err)
	}
	if p.SetRunning() || p.SetResult(1) {
		t.Error("a cancelled promise was kept")
	}
}

// A promise that is being kept learns of Cancel by its context, and has the last word.
func TestPromiseCanceledWhileRunning(t *testing.T) {
	for _, heeds := range []bool{true, false} {
		p := concurrency.NewPromise[int]()
		p.SetRunning()
		if !p.Future().Cancel() || p.Future().Canceled() {
			t.Error("it is done")
		}
		err := untilCancelled(p.Context())
		if heeds {
			p.SetError(err)
		} else {
			p.SetError(errTest)
		}
		if p.Future().Canceled() != heeds {
			t.Errorf("canceled is %v after %v", !heeds, p.Future().Err())
		}
	}
}

// A context derived from that of a future ends with it, and values are found, whether or not it was asked for.
func TestContextOfPromise(t *testing.T) {
	type key struct{}
	p := concurrency.NewPromise[int]()
	child, cancel := context.WithCancel(context.WithValue(p.Context(), key{}, 1))
	defer cancel()
	if child.Err() != nil || child.Value(key{}) != 1 || p.Context().Value(key{}) != nil {
		t.Error("a context that has not ended")
	}
	if _, ok := child.Deadline(); ok {
		t.Error("it has a deadline")
	}
	p.SetError(errTest)
	if err := untilCancelled(child); err != errTest {
		t.Error(err)
	}
	late := concurrency.NewPromise[int]()
	late.SetError(errTest)
	if ctx := late.Context(); ctx.Err() != context.Canceled || context.Cause(ctx) != errTest {
		t.Errorf("%v, %v", ctx.Err(), context.Cause(ctx))
	}
	if err := untilCancelled(late.Context()); err != errTest {
		t.Error("the channel is open")
	}
}
