package commands

import (
	"context"
	"os"
	"os/signal"
)

// interruptible returns a context that ends at the first interrupt from the terminal; a second one
// ends the process.
func interruptible(ctx context.Context) context.Context {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	context.AfterFunc(ctx, stop)
	return ctx
}
