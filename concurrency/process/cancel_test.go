package process_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
)

// busy returns a pool whose one worker runs a function until it is released, behind which others are at the worker already.
func busy(t *testing.T) (p *process.Pool, release func()) {
	t.Helper()
	p = newPool(t, 1)
	for range 100 {
		workerOf(t, p)
	}
	file := filepath.Join(t.TempDir(), "runs")
	ctx, cancel := context.WithCancel(background)
	fu := concurrency.SubmitWith(ctx, p, wait, file)
	running(t, file)
	return p, func() { cancel(); _, _ = fu.Result(background) }
}

// A function that waits, for a worker or at one, is not run when its future is cancelled, or its context ends.
func TestCancelWaiting(t *testing.T) {
	p, release := busy(t)
	dir := t.TempDir()
	cause := errors.New("too late")
	ctx, end := context.WithCancelCause(background)
	var canceled, ended, others []*concurrency.Future[int]
	for i := range 30 {
		canceled = append(canceled, concurrency.SubmitWith(background, p, touch, fmt.Sprint(dir, "/canceled", i)))
		ended = append(ended, concurrency.SubmitWith(ctx, p, touch, fmt.Sprint(dir, "/ended", i)))
		others = append(others, concurrency.SubmitWith(background, p, touch, fmt.Sprint(dir, "/other", i)))
	}
	for i, fu := range canceled {
		if !fu.Cancel() {
			t.Errorf("function %d cannot be cancelled", i)
		}
	}
	end(cause)
	for i, fu := range canceled { // they are done while the function before them runs
		if _, err := fu.Result(background); !errors.Is(err, concurrency.ErrCanceled) {
			t.Errorf("cancelled %d: %v", i, err)
		}
	}
	release()
	for i := range others {
		if _, err := ended[i].Result(background); !errors.Is(err, cause) {
			t.Errorf("context ended %d: %v", i, err)
		}
		if _, err := others[i].Result(background); err != nil {
			t.Error(err)
		}
	}
	left, err := filepath.Glob(dir + "/*")
	if err != nil || len(left) != len(others) {
		t.Errorf("%d functions have run, want %d", len(left), len(others))
	}
}

// causes returns the cause of its context's end.
func causes(ctx context.Context, file string) (string, error) {
	if err := os.WriteFile(file, fmt.Append(nil, os.Getpid()), 0o600); err != nil {
		return "", err
	}
	<-ctx.Done()
	return context.Cause(ctx).Error() + "; " + ctx.Err().Error(), nil
}

// A function that runs learns of the end of its context, and why; what it returns then is its result.
func TestCancelRunning(t *testing.T) {
	p := newPool(t, 1)
	for name, end := range map[string]struct {
		with func() (context.Context, func())
		want string
	}{
		"cause": {func() (context.Context, func()) {
			ctx, cancel := context.WithCancelCause(background)
			return ctx, func() { cancel(errors.New("it rains")) }
		}, "it rains; context canceled"},
		"cancel": {func() (context.Context, func()) { return context.WithCancel(background) }, "context canceled; context canceled"},
		"deadline": {func() (context.Context, func()) {
			ctx, cancel := context.WithCancelCause(background)
			return ctx, func() { cancel(context.DeadlineExceeded) } // a real one might be over before the function begins
		}, "context deadline exceeded; context canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := end.with()
			file := filepath.Join(t.TempDir(), "runs")
			fu := concurrency.SubmitWith(ctx, p, causes, file)
			running(t, file)
			cancel()
			if got, err := fu.Result(background); got != end.want || err != nil {
				t.Errorf("%q, %v, want %q", got, err, end.want)
			}
		})
	}
}

// The context of one function is not that of the next at the same worker.
func TestCancelOneOnly(t *testing.T) {
	p := newPool(t, 1)
	for i := range 20 {
		file := fmt.Sprint(t.TempDir(), "/", i)
		fu := concurrency.SubmitWith(background, p, wait, file)
		running(t, file)
		fu.Cancel()
		live := concurrency.Submit(background, p, func(ctx context.Context) (bool, error) { return ctx.Err() == nil, nil })
		if ok, err := live.Result(background); !ok || err != nil {
			t.Fatalf("%d: the next function's context has ended: %v", i, err)
		}
		if _, err := fu.Result(background); err == nil {
			t.Error("it was not cancelled")
		}
	}
}

// A context that has ended before is enough: nothing is run.
func TestCancelBefore(t *testing.T) {
	p := newPool(t, 1)
	ctx, cancel := context.WithCancelCause(background)
	cancel(errors.New("long ago"))
	file := filepath.Join(t.TempDir(), "ran")
	if _, err := concurrency.SubmitWith(ctx, p, touch, file).Result(background); err == nil || err.Error() != "long ago" {
		t.Error(err)
	}
	workerOf(t, p)
	if _, err := os.Stat(file); err == nil {
		t.Error("it has run")
	}
}

// A function that heeds nothing can be waited for no longer, and goes on; its worker is free when it has returned.
func TestImpatientResult(t *testing.T) {
	p, release := busy(t)
	next := concurrency.Submit(background, p, pid)
	ctx, cancel := context.WithCancelCause(background)
	cancel(errors.New("no patience"))
	if _, err := next.Result(ctx); err == nil || err.Error() != "no patience" {
		t.Error(err)
	}
	release()
	if _, err := next.Result(background); err != nil {
		t.Error(err)
	}
}
