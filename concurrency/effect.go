package concurrency

import (
	"context"
	"sync/atomic"

	"github.com/gobraid/gobraid/concurrency/task"
)

// Go has f run on the pool. Nobody learns when it has, except through [ThreadPool.Shutdown], which also takes its panic on: that makes
// it the cheapest way, at about 80 ns. It blocks while the pool's queue is full, until ctx ends, and returns the cause
// of that, or [ErrShutdown] if the pool was shut down. That is all it does with ctx: f knows what it is for.
func (p *ThreadPool) Go(ctx context.Context, f func()) error {
	return p.Execute(ctx, &effect{p: p, f: f})
}

// An effect is a call of a function without a result, which a ThreadPool makes for itself.
type effect struct {
	node
	p        *ThreadPool
	f        func()
	canceled atomic.Bool
}

func (e *effect) Run() {
	if !e.Begin() {
		return
	}
	task.Safepoint()
	if p := task.Catch(e.f); p != nil {
		e.Finish(nil, p)
	}
}

func (e *effect) Begin() bool { return !e.canceled.Load() }

func (e *effect) Cancel() bool { return !e.canceled.Swap(true) }

func (e *effect) Context() context.Context { return context.Background() }

func (e *effect) Function() any { return e.f }

func (e *effect) Argument() any { return nil }

func (e *effect) Each() bool { return false }

func (e *effect) Shape() Shape { return shape[struct{}]{} }

// Finish keeps a panic for Shutdown, and why the function was not run.
func (e *effect) Finish(_ any, err error) {
	e.p.mu.Lock()
	defer e.p.mu.Unlock()
	if p, ok := err.(*PanicError); ok && e.p.panic == nil {
		e.p.panic = p
	}
}
