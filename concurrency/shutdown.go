package concurrency

import (
	"context"

	"github.com/gobraid/gobraid/concurrency/task"
)

// Shutdown has the pool refuse more work, and blocks until all that was submitted is done, and returns nil, or until
// ctx ends, and returns the cause of that. It may be called more than once. If a function that was given to Go has panicked
// Shutdown panics, with the first such *[PanicError].
//
// Python's shutdown(wait=False) is [ThreadPool.Close], and cancel_futures=True is a [ThreadPool.CancelPending] between the two.
func (p *ThreadPool) Shutdown(ctx context.Context) error {
	p.Close()
	if err := wait(ctx, p.empty, p); err != nil {
		return err
	}
	if e := p.panicked(); e != nil {
		panic(e)
	}
	return nil
}

// Close has the pool refuse more work. What was submitted runs. It does not block.
func (p *ThreadPool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.begin()
	if !p.shut && len(p.idle) == len(p.places) {
		task.Close(p.empty, 0)
	}
	p.shut = true
}

// CancelPending cancels all that waits for a worker, and returns how many functions those were. It does not block.
func (p *ThreadPool) CancelPending() int {
	var waiting []job
	p.mu.Lock()
	for j := (job{}); p.jobs.pop(&j); {
		waiting = append(waiting, j)
	}
	p.mu.Unlock()
	n := 0
	for _, j := range waiting {
		p.leave()
		if j.node == nil || j.call.Cancel() { // else it was cancelled before
			n++
		}
	}
	return n
}

// Cancel does what Shutdown does, but what waits for a worker is not run, and the contexts of what runs are cancelled.
func (p *ThreadPool) Cancel(ctx context.Context) error {
	p.Close()
	p.CancelPending()
	for i := range p.places {
		if n := p.places[i].does.Load(); n != nil {
			n.call.Cancel()
		}
	}
	return p.Shutdown(ctx)
}

func (p *ThreadPool) panicked() *PanicError {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.panic
}
