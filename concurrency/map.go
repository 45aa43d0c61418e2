package concurrency

import (
	"context"

	"github.com/gobraid/gobraid/concurrency/task"
)

// chunksPerWorker is into how many pieces Map cuts the work for each worker: few, so that each is worth a task; and
// more than one, so that a worker that got easy items takes more.
const chunksPerWorker = 8

// Map applies f to all items, on the workers of the pool, and returns the results in the order of the items. It blocks
// until all calls have returned. When one fails the contexts of the others are cancelled, items that were not begun are
// left, and Map returns the error and no results; if it panicked Map panics. The contexts end with ctx.
//
// Items are handed to the workers in runs, so that the cost of a task, about 1 µs, is shared by many: an item of its
// own costs about 10 ns. A function that Map runs must not wait for work on the same pool: all workers might.
func Map[A, B any](ctx context.Context, p *ThreadPool, items []A, f func(context.Context, A) (B, error)) ([]B, error) {
	ctx, cancel := task.ContextWithCancelCause(ctx)
	defer cancel(nil)
	results := make([]B, len(items))
	size := p.chunk(len(items))
	var futures []*Future[struct{}]
	for start := 0; start < len(items); start += size {
		end := min(start+size, len(items))
		fu := Submit(ctx, p, func(ctx context.Context) (struct{}, error) {
			return struct{}{}, apply(ctx, results[start:end], items[start:end], f)
		})
		fu.OnDone(func(fu *Future[struct{}]) {
			if err := fu.Err(); err != nil {
				cancel(err)
			}
		})
		futures = append(futures, fu)
	}
	if err := all(ctx, futures); err != nil {
		return nil, err
	}
	return results, nil
}

// chunk returns how many of n items go together.
func (p *ThreadPool) chunk(n int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(n/(p.workers*chunksPerWorker), 1)
}

// apply sets results to what f makes of items, until one fails or ctx ends.
func apply[A, B any](ctx context.Context, results []B, items []A, f func(context.Context, A) (B, error)) error {
	done := ctx.Done()
	for i, item := range items {
		select {
		case <-done:
			return context.Cause(ctx)
		default:
		}
		v, err := f(ctx, item)
		if err != nil {
			return err
		}
		results[i] = v
	}
	return nil
}

// all waits until the futures are done, and returns the error of the first that failed, which is in most cases what
// has ended ctx. It panics if that is a panic.
func all(ctx context.Context, futures []*Future[struct{}]) (err error) {
	for _, fu := range futures {
		// The functions get ctx: this waits until they have heeded it.
		_ = wait(context.WithoutCancel(ctx), fu.done, fu)
		if err == nil {
			err = fu.err
		}
	}
	if err == nil {
		return nil
	}
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	if p, ok := err.(*PanicError); ok {
		panic(p)
	}
	return err
}
