// The generic part of package process, over compiled helpers that know types by reflection. A program that is compiled has the package itself;
// the documentation is there.
package process

import (
	"context"
	"rt"
)

func New[A any](f func(context.Context, A) error, a A) *Process {
	arg := new(A)
	*arg = a
	return rt.ProcessNew(arg)
}

func Copying[T any](p *Pool, v T) *Pool {
	value := new(T)
	*value = v
	return rt.ProcessCopying(p, value)
}

func CopyingTo[T any](p *Process, v T) *Process {
	value := new(T)
	*value = v
	return rt.ProcessCopyingTo(p, value)
}

func Copied[T any](ctx context.Context, i int) T {
	value := new(T)
	rt.ProcessCopied(ctx, i, value)
	return *value
}
