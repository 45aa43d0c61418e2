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
