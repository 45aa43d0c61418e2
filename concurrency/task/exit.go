package task

import (
	"context"
	"os"
	"sync/atomic"
	"time"
)

var onExit atomic.Pointer[func(code int)]

// OnExit sets the function that Exit calls before it ends the process, for the host to say goodbye.
func OnExit(f func(code int)) { onExit.Store(&f) }

// exitFlush bounds how long Exit waits for output that nobody takes.
const exitFlush = 2 * time.Second

// Exit is what os.Exit(code) is lowered to: it waits until what the cell has printed is delivered,
// for at most two seconds, and ends the process.
func Exit(code int) {
	if _, r := owner(); r != nil {
		ctx, cancel := context.WithTimeout(context.Background(), exitFlush)
		r.stdout.flush(ctx.Done())
		r.stderr.flush(ctx.Done())
		cancel()
	}
	if f := onExit.Load(); f != nil {
		(*f)(code)
	}
	os.Exit(code)
}
