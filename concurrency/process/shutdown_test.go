package process_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
)

// Each way to end a pool, while one function runs, several are at its worker or wait, and none that waits is to begin.
func TestEndsOfPools(t *testing.T) {
	for _, c := range []struct {
		name  string
		end   func(*process.Pool) error
		begun bool // what waits is run
	}{
		{"cancel", func(p *process.Pool) error { return p.Cancel(background) }, false},
		{"kill", func(p *process.Pool) error { return p.Kill(background) }, false},
		{"shutdown", func(p *process.Pool) error { return p.Shutdown(background) }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := process.NewPool().WithWorkers(1)
			for range 100 { // so many that it trusts the worker with several at a time
				workerOf(t, p)
			}
			dir := t.TempDir()
			ctx, release := context.WithCancel(background)
			runs := concurrency.SubmitWith(ctx, p, wait, dir+"/runs")
			worker := running(t, dir+"/runs")
			var waiting []*concurrency.Future[int]
			for i := range 50 {
				waiting = append(waiting, concurrency.SubmitWith(background, p, touch, fmt.Sprint(dir, "/", i)))
			}
			ended := make(chan error)
			go func() { ended <- c.end(p) }()
			if c.begun {
				until(t, "the pool is shut down", func() bool { return p.Stats().Shut })
				release()
			}
			if err := <-ended; err != nil {
				t.Error(err)
			}
			release()
			if _, err := runs.Result(background); err == nil {
				t.Error("what ran has returned nothing but success")
			}
			for i, fu := range waiting {
				_, err := fu.Result(background)
				_, missing := os.Stat(fmt.Sprint(dir, "/", i))
				if (err == nil) != c.begun || (missing == nil) != c.begun || !c.begun && !errors.Is(err, concurrency.ErrCanceled) {
					t.Errorf("function %d: %v, and its file: %v", i, err, missing)
				}
			}
			if alive(worker) || len(p.Stats().Workers) > 0 {
				t.Error("a worker lives")
			}
			for range 2 { // all of them can be called again
				if err := errors.Join(p.Shutdown(background), p.Cancel(background), p.Kill(background)); err != nil {
					t.Error(err)
				}
			}
			if _, err := concurrency.Submit(background, p, pid).Result(background); err != concurrency.ErrShutdown {
				t.Error(err)
			}
		})
	}
}

func touch(_ context.Context, file string) (int, error) { return 0, os.WriteFile(file, nil, 0o600) }

// A shutdown that nobody waits for any more goes on.
func TestShutdownGivenUp(t *testing.T) {
	p := process.NewPool().WithWorkers(1)
	file := filepath.Join(t.TempDir(), "runs")
	ctx, release := context.WithCancel(background)
	fu := concurrency.SubmitWith(ctx, p, wait, file)
	worker := running(t, file)
	impatient, cancel := context.WithCancelCause(background)
	cancel(io.EOF)
	if err := p.Shutdown(impatient); err != io.EOF {
		t.Error(err)
	}
	if !alive(worker) {
		t.Error("the worker has ended")
	}
	release()
	_, _ = fu.Result(background)
	until(t, "the worker ends", func() bool { return !alive(worker) })
	if err := p.Shutdown(background); err != nil {
		t.Error(err)
	}
}

// Pools that never had work, or whose workers are only just starting, end too.
func TestEndsBeforeTheBeginning(t *testing.T) {
	for name, end := range map[string]func(*process.Pool) error{
		"cancel": func(p *process.Pool) error { return p.Cancel(background) },
		"kill":   func(p *process.Pool) error { return p.Kill(background) },
	} {
		t.Run(name, func(t *testing.T) {
			if err := end(process.NewPool()); err != nil {
				t.Error(err)
			}
			p := process.NewPool().WithWorkers(4)
			var futures []*concurrency.Future[int]
			for range 20 {
				futures = append(futures, concurrency.Submit(background, p, pid))
			}
			if err := end(p); err != nil {
				t.Error(err)
			}
			for _, fu := range futures {
				if n, err := fu.Result(background); err == nil && n <= 0 || err != nil && !errors.Is(err, concurrency.ErrCanceled) {
					t.Errorf("%d, %v", n, err)
				}
			}
			if n := len(p.Stats().Workers); n > 0 {
				t.Errorf("%d workers live", n)
			}
		})
	}
}

// What is submitted while the pool is being shut down is either run or refused.
func TestShutdownMeanwhile(t *testing.T) {
	p := process.NewPool().WithWorkers(2)
	var wg sync.WaitGroup
	begun := make(chan bool, 4)
	for g := range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				v, err := concurrency.SubmitWith(background, p, square, g*i).Result(background)
				if i == 10 {
					begun <- true
				}
				if err == concurrency.ErrShutdown {
					return
				}
				if v != g*i*g*i || err != nil {
					t.Errorf("square(%d) = %d, %v", g*i, v, err)
					return
				}
			}
		})
	}
	for range 4 {
		<-begun
	}
	shutDown(t, p)
	wg.Wait()
}

// A place in the queue is given back however a function ends: else a pool with a limit would take less and less.
func TestPlaces(t *testing.T) {
	p := process.NewPool().WithWorkers(1).WithQueue(2)
	t.Cleanup(func() { shutDown(t, p) })
	dir := t.TempDir()
	for round := range 5 {
		file := fmt.Sprint(dir, "/", round)
		runs := concurrency.SubmitWith(background, p, wait, file)
		running(t, file)
		queued := []*concurrency.Future[int]{concurrency.Submit(background, p, pid), concurrency.Submit(background, p, pid)}
		full, cancel := context.WithCancelCause(background)
		cancel(io.EOF)
		if _, err := concurrency.Submit(full, p, pid).Result(background); err != io.EOF {
			t.Fatalf("round %d: the queue has room for more: %v", round, err)
		}
		queued[0].Cancel()
		runs.Cancel()
		_, _ = runs.Result(background)
		if _, err := queued[1].Result(background); err != nil {
			t.Error(err)
		}
		if _, err := concurrency.SubmitWith(background, p, exit, 1).Result(background); !is[*process.DeathError](err) {
			t.Error(err)
		}
		if _, err := concurrency.SubmitWith(background, p.Idempotent(1), exit, 1).Result(background); !is[*process.DeathError](err) {
			t.Error(err)
		}
		n := 0
		if _, err := concurrency.Submit(background, p, func(context.Context) (int, error) { n++; return n, nil }).Result(background); !is[*process.FuncError](err) {
			t.Error(err)
		}
	}
}
