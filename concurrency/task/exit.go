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

// Exit is what os.Exit(code) is lowered to: it waits until what this cell and others with live tasks have
// printed is delivered, for at most two seconds, and ends the process.
func Exit(code int) {
	ctx, cancel := context.WithTimeout(context.Background(), exitFlush)
	for r := range printing() {
		r.stdout.flush(ctx.Done())
		r.stderr.flush(ctx.Done())
	}
	cancel()
	if f := onExit.Load(); f != nil {
		(*f)(code)
	}
	os.Exit(code)
}

// printing returns the runs that may have printed just now.
func printing() map[*Run]bool {
	runs := map[*Run]bool{}
	if _, r := owner(); r != nil {
		runs[r] = true
	}
	each(func(t *Task) { runs[t.run] = true })
	return runs
}
