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
	for s := range printing() {
		s.flush(ctx.Done())
	}
	cancel()
	if f := onExit.Load(); f != nil {
		(*f)(code)
	}
	os.Exit(code)
}

// printing returns the streams to which something may have been written just now.
func printing() map[*stream]bool {
	all := map[*stream]bool{}
	add := func(stdout, stderr *stream) { all[stdout], all[stderr] = true, true }
	if t, r := owner(); r != nil {
		add(r.stdout, r.stderr)
		add(streams(t, r))
	}
	each(func(t *Task) {
		add(t.run.stdout, t.run.stderr)
		add(streams(t, t.run))
	})
	return all
}
