package concurrency

import "context"

// A Shape knows the types of a [Call]. It is a value of size zero, so that whoever knows its type alone, in another process of the same
// program, can make the same one.
type Shape interface {
	// NewArgument returns a new *A, a *[]A if the call is one with Each, nil if the function takes no argument.
	NewArgument() any
	// NewResult returns a new *B, or a *[]B.
	NewResult() any
	// NewFunc returns a nil function of the type that Invoke calls. In another process it has the type that Invoke knows there, which
	// may be another copy of it than that beside the function.
	NewFunc() any
	// Invoke calls f, a function as Call.Function returns it, with what argument points to, and stores its result in what result points to. A
	// panic of f goes through it.
	Invoke(ctx context.Context, f, argument, result any) error
}

type (
	shape[B any]        struct{}
	shapeWith[A, B any] struct{}
	shapeEach[A, B any] struct{}
)

func (shape[B]) NewArgument() any { return nil }

func (shape[B]) NewResult() any { return new(B) }

func (shape[B]) NewFunc() any { return (func(context.Context) (B, error))(nil) }

func (shape[B]) Invoke(ctx context.Context, f, _, result any) (err error) {
	*result.(*B), err = f.(func(context.Context) (B, error))(ctx)
	return err
}

func (shapeWith[A, B]) NewArgument() any { return new(A) }

func (shapeWith[A, B]) NewResult() any { return new(B) }

func (shapeWith[A, B]) NewFunc() any { return (func(context.Context, A) (B, error))(nil) }

func (shapeWith[A, B]) Invoke(ctx context.Context, f, argument, result any) (err error) {
	*result.(*B), err = f.(func(context.Context, A) (B, error))(ctx, *argument.(*A))
	return err
}

func (shapeEach[A, B]) NewArgument() any { return new([]A) }

func (shapeEach[A, B]) NewResult() any { return new([]B) }

func (shapeEach[A, B]) NewFunc() any { return (func(context.Context, A) (B, error))(nil) }

func (shapeEach[A, B]) Invoke(ctx context.Context, f, argument, result any) error {
	items := *argument.(*[]A)
	into := make([]B, len(items))
	*result.(*[]B) = into
	return apply(ctx, into, items, f.(func(context.Context, A) (B, error)))
}
