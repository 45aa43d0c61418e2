package concurrency

import (
	"context"

	"github.com/gobraid/gobraid/concurrency/task"
)

// Then returns the future of what f makes of the result of another future. It does not block: when fu is done f runs in a task of its own,
// a child of the one that called Then, with a context that ends with ctx and with the Cancel of the new future. If fu fails, panics or is
// cancelled f does not run, and the new future has the same error. To cancel the new future does not cancel fu.
//
// It is a function since methods of Go have no type parameters.
func Then[A, B any](ctx context.Context, fu *Future[A], f func(context.Context, A) (B, error)) *Future[B] {
	next := newFuture(ctx, func(ctx context.Context) (B, error) { return f(ctx, fu.value) })
	client := task.ClientHere()
	fu.core.whenDone(func() {
		switch {
		case fu.core.err != nil:
			next.finish(*new(B), fu.core.err)
		case next.core.state.Load() == pending:
			client.Go((*call[B])(next).Run)
		}
	})
	return next
}
