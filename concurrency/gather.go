package concurrency

import "context"

// Gather runs functions at the same time, each in a task of its own, and returns their results in the order of the
// functions. It blocks until all have returned. When one fails the contexts of the others are cancelled, and
// Gather returns its error and no results; if it panicked Gather panics. The functions' contexts end with
// ctx.
//
// It costs about 1 µs a function.
func Gather[T any](ctx context.Context, fs ...func(context.Context) (T, error)) ([]T, error) {
	g := NewGroup(ctx)
	results := make([]T, len(fs))
	for i, f := range fs {
		g.Go(func(ctx context.Context) (err error) {
			results[i], err = f(ctx)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return results, nil
}

// An Outcome is what became of one of several functions: a value or an error. The error is a *[PanicError] if
// the function panicked.
type Outcome[T any] struct {
	Value T
	Err   error
}

// GatherAll is Gather for functions that do not depend on one another: none is cancelled when another fails, and
// each has its own outcome. Python calls that return_exceptions. It blocks until all have returned.
func GatherAll[T any](ctx context.Context, fs ...func(context.Context) (T, error)) []Outcome[T] {
	futures := make([]*Future[T], len(fs))
	for i, f := range fs {
		futures[i] = Start(ctx, f)
	}
	outcomes := make([]Outcome[T], len(fs))
	for i, fu := range futures {
		// The functions get ctx: this waits until they have heeded it.
		_ = fu.core.wait(context.WithoutCancel(ctx), fu)
		outcomes[i] = Outcome[T]{fu.value, fu.core.err}
	}
	return outcomes
}
