package concurrency_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
)

// Each function runs once, whoever submits and however long the queue gets.
func TestPoolRunsAllOnce(t *testing.T) {
	const submitters, each = 4, 1000 // more than a block of the queue
	for name, p := range map[string]*concurrency.ThreadPool{
		"unbounded": concurrency.NewThreadPool().WithWorkers(3),
		"bounded":   concurrency.NewThreadPool().WithWorkers(3).WithQueue(7),
		"no queue":  concurrency.NewThreadPool().WithWorkers(2).WithQueue(0),
	} {
		t.Run(name, func(t *testing.T) {
			ran := make([]atomic.Int32, submitters*each)
			var wg sync.WaitGroup
			for s := range submitters {
				wg.Go(func() {
					for i := range each {
						n := &ran[s*each+i]
						if i%2 == 0 {
							_ = p.Go(background, func() { n.Add(1) })
							continue
						}
						concurrency.Submit(background, p, func(context.Context) (int, error) { n.Add(1); return 0, nil })
					}
				})
			}
			wg.Wait()
			shutdown(t, p)
			for i := range ran {
				if n := ran[i].Load(); n != 1 {
					t.Fatalf("function %d ran %d times", i, n)
				}
			}
		})
	}
}

// What is cancelled does not run and what runs is not cancelled, while others submit.
func TestCancelPendingWhileOthersSubmit(t *testing.T) {
	const each = 1000
	p := concurrency.NewThreadPool().WithWorkers(2).WithQueue(300)
	var ran atomic.Int64
	var canceled int
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range each {
				_ = p.Go(background, func() { ran.Add(1) })
			}
		})
	}
	wg.Go(func() {
		for range 50 {
			canceled += p.CancelPending()
		}
	})
	wg.Wait()
	shutdown(t, p)
	if ran.Load()+int64(canceled) != 2*each {
		t.Errorf("%d ran and %d were cancelled, of %d", ran.Load(), canceled, 2*each)
	}
}

// Who waits for room is let in when CancelPending has made some.
func TestCancelPendingMakesRoom(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(1).WithQueue(2)
	_, gate := blocked(p)
	dropped := func() { t.Error("it ran") }
	_ = p.Go(background, dropped)
	_ = p.Go(background, dropped)
	waits, entered := make(chan struct{}), make(chan error)
	go func() {
		close(waits)
		entered <- p.Go(background, func() {})
	}()
	<-waits
	if n := p.CancelPending(); n != 2 && n != 3 { // 3 if it was submitted meanwhile
		t.Errorf("%d were cancelled", n)
	}
	if err := <-entered; err != nil {
		t.Error(err)
	}
	close(gate)
	shutdown(t, p)
}

// A function that gives up waiting for room leaves it to others.
func TestWaitForRoomEnds(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(1).WithQueue(0)
	_, gate := blocked(p)
	ctx, cancel := context.WithCancelCause(background)
	const n = 10
	errs := make(chan error)
	for range n {
		go func() { errs <- p.Go(ctx, func() { t.Error("it ran") }) }()
	}
	cancel(errTest)
	for range n {
		if err := <-errs; err != errTest {
			t.Error(err)
		}
	}
	close(gate)
	if err := p.Go(background, func() {}); err != nil {
		t.Error(err)
	}
	shutdown(t, p)
}

// Who waits for room when the pool is shut down is refused as soon as there is some, and so are all behind it.
func TestShutdownRefusesWhoWaits(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(1).WithQueue(0)
	_, gate := blocked(p)
	p.Close()
	const n = 5
	errs := make(chan error)
	for range n {
		go func() { errs <- p.Go(background, func() { t.Error("it ran") }) }()
	}
	close(gate)
	for range n {
		if err := <-errs; !errors.Is(err, concurrency.ErrShutdown) {
			t.Error(err)
		}
	}
	shutdown(t, p)
}

// Functions without a result are not run by a worker whose initializer has failed, and Shutdown does not wait for them.
func TestGoOnABrokenPool(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(1).WithInitializer(func(ctx context.Context) (context.Context, error) {
		return nil, errTest
	})
	var ran atomic.Bool
	for range 3 {
		var broken *concurrency.BrokenError
		if err := p.Go(background, func() { ran.Store(true) }); err != nil && !errors.As(err, &broken) {
			t.Error(err)
		}
	}
	shutdown(t, p)
	if ran.Load() {
		t.Error("it ran")
	}
}

// A function that ends its goroutine does not end the worker.
func TestGoexitOnThePool(t *testing.T) {
	both(t, func(t *testing.T) {
		p := concurrency.NewThreadPool().WithWorkers(1)
		var ran atomic.Int32
		for range 3 {
			_ = p.Go(background, func() { ran.Add(1); runtime.Goexit() })
		}
		shutdown(t, p)
		if ran.Load() != 3 {
			t.Errorf("%d ran", ran.Load())
		}
	})
}

// Waiting and Running say how much there is to do.
func TestPoolWaitingAndRunning(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(1)
	if p.Waiting() != 0 || p.Running() != 0 {
		t.Error("a new pool does something")
	}
	_, gate := blocked(p)
	const n = 300 // more than two blocks of the queue
	for range n {
		_ = p.Go(background, func() {})
	}
	if p.Waiting() != n || p.Running() != 1 {
		t.Errorf("%d wait, %d run", p.Waiting(), p.Running())
	}
	if got := p.CancelPending(); got != n || p.Waiting() != 0 {
		t.Errorf("%d cancelled, %d wait", got, p.Waiting())
	}
	close(gate)
	shutdown(t, p)
	if p.Waiting() != 0 || p.Running() != 0 {
		t.Errorf("%d wait, %d run after the end", p.Waiting(), p.Running())
	}
}
