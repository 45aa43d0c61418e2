package concurrency

import (
	"context"
	"fmt"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// chunksPerWorker is into how many pieces Map cuts the work for each worker: few, so that each is worth its price; and
// more than one, so that a worker that got easy items takes more.
const chunksPerWorker = 8

// A MapOption changes how [Map] and [MapSeq] go about their work.
type MapOption func(*mapOptions)

type mapOptions struct {
	chunk   int           // 0 if not said
	buffer  int           // 0 if not said
	timeout time.Duration // 0 for none
}

// ChunkSize has n items go together to a worker. If it is not given [Map] makes 8 chunks for each worker, and [MapSeq] chunks of 1. It panics if
// n is less than 1.
func ChunkSize(n int) MapOption {
	if n < 1 {
		misused("Map", fmt.Sprintf("ChunkSize(%d)", n))
	}
	return func(o *mapOptions) { o.chunk = n }
}

// BufferSize has about n items, but at least a chunk, be with the workers at a time, or wait there, or have their results wait to be
// taken. If it is not given that is all items for [Map], and two chunks for each worker for [MapSeq]. It panics if n is less than 1.
func BufferSize(n int) MapOption {
	if n < 1 {
		misused("Map", fmt.Sprintf("BufferSize(%d)", n))
	}
	return func(o *mapOptions) { o.buffer = n }
}

// Timeout has the whole of the work end after d, counted from the call: contexts end, and the error is context.DeadlineExceeded.
func Timeout(d time.Duration) MapOption { return func(o *mapOptions) { o.timeout = d } }

// optionsOf also returns the context for the functions, and what is to be called at the end.
func optionsOf(ctx context.Context, opts []MapOption) (mapOptions, context.Context, context.CancelCauseFunc) {
	var o mapOptions
	for _, opt := range opts {
		opt(&o)
	}
	stop := func() {}
	if o.timeout > 0 {
		ctx, stop = task.ContextWithTimeout(ctx, o.timeout)
	}
	ctx, cancel := task.ContextWithCancelCause(ctx)
	return o, ctx, func(cause error) { cancel(cause); stop() }
}

// Map applies f to all items, on the workers of an executor, and returns the results in the order of the items. It blocks
// until all calls have returned. When one fails the contexts of the others are cancelled, items that were not begun are
// left, and Map returns the error and no results; if it panicked Map panics. The contexts end with ctx.
//
// Items are handed to the workers in runs, so that the price of that is shared by many: an item of its
// own costs about 10 ns. A function that Map runs must not wait for work on the same executor: all workers might.
//
// Python's Executor.map does not chunk unless it is told to, and returns before the work is done: that is [MapSeq].
func Map[A, B any](ctx context.Context, ex Executor, items []A, f func(context.Context, A) (B, error), opts ...MapOption) ([]B, error) {
	o, ctx, cancel := optionsOf(ctx, opts)
	defer cancel(nil)
	size := o.chunk
	if size == 0 {
		size = max(len(items)/(ex.Workers()*chunksPerWorker), 1)
	}
	results := make([]B, len(items))
	var futures []*Future[[]B]
	for start := 0; start < len(items); start += size {
		if at := len(futures) - o.buffer/size; o.buffer > 0 && at >= 0 && len(futures) > 0 {
			_ = futures[min(at, len(futures)-1)].core.wait(ctx, ex)
		}
		if start > 0 && ctx.Err() != nil {
			break
		}
		end := min(start+size, len(items))
		fu := submitEach(ctx, ex, items[start:end], results[start:end], f)
		fu.core.whenDone(func() {
			if err := fu.Err(); err != nil {
				cancel(err)
			}
		})
		futures = append(futures, fu)
	}
	err := all(ctx, futures)
	if err == nil && len(futures)*size < len(items) {
		err = context.Cause(ctx)
	}
	if err != nil {
		return nil, err
	}
	for i, fu := range futures {
		if into := results[i*size:]; &into[0] != &fu.value[0] { // made in another process
			copy(into, fu.value)
		}
	}
	return results, nil
}

// submitEach submits a chunk of items.
func submitEach[A, B any](ctx context.Context, ex Executor, items []A, into []B, f func(context.Context, A) (B, error)) *Future[[]B] {
	c := &callEach[A, B]{g: f, items: items, into: into}
	c.core.init(ctx)
	if err := ex.Execute(ctx, c); err != nil {
		c.future().finish(nil, err)
	}
	return c.future()
}

// apply sets results to what f makes of items, until one fails or ctx ends.
func apply[A, B any](ctx context.Context, results []B, items []A, f func(context.Context, A) (B, error)) error {
	over := ctx
	if c, ok := ctx.(*callContext); ok {
		over = c.beneath() // asked once for each item, directly
	}
	for i, item := range items {
		if over.Err() != nil {
			return context.Cause(ctx)
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
func all[T any](ctx context.Context, futures []*Future[T]) (err error) {
	for _, fu := range futures {
		// The functions get ctx: this waits until they have heeded it.
		_ = fu.core.wait(context.WithoutCancel(ctx), fu)
		if err == nil {
			err = fu.core.err
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
