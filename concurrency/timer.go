package concurrency

import (
	"context"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A Timer is a [Thread] that calls a function after a while, unless it is cancelled before, as Python's threading.Timer. Its methods may be
// called from several goroutines. A Timer is made by [NewTimer]. For very many of them time.AfterFunc is lighter, which needs no goroutine
// while it waits.
type Timer struct {
	t         *Thread
	cancelled Event
	called    Event
}

// NewTimer returns a timer that will call f when d has passed since Start.
func NewTimer(d time.Duration, f func()) *Timer {
	x := &Timer{}
	x.t = NewThread(func() {
		ctx, cancel := task.ContextWithTimeout(context.Background(), d)
		err := task.Await(ctx, x.cancelled.Done(), x, task.Here())
		cancel()
		if err != nil && !x.cancelled.IsSet() {
			x.called.Set()
			f()
		}
	})
	x.t.name = "Timer" + x.t.name[len("Thread"):]
	return x
}

// WithName names the timer's thread, and returns the timer. It panics with a *[MisuseError] after Start.
func (x *Timer) WithName(name string) *Timer {
	x.t.WithName(name)
	return x
}

// WithDaemon makes the timer's thread a daemon: see [Thread.WithDaemon].
func (x *Timer) WithDaemon() *Timer {
	x.t.WithDaemon()
	return x
}

// Start starts the timer, and returns it. It does not block. A timer can be started once: a second call panics with a *[MisuseError].
func (x *Timer) Start() *Timer {
	x.t.Start()
	return x
}

// Cancel stops the timer, and reports whether its function will not be called any more for that. It does not block; a function that has been
// called goes on.
func (x *Timer) Cancel() bool {
	if x.called.IsSet() {
		return false
	}
	x.cancelled.Set()
	return !x.called.IsSet()
}

// Join blocks until the function has returned, or the timer was cancelled: see [Thread.Join].
func (x *Timer) Join(ctx context.Context) error { return x.t.Join(ctx) }

// Thread returns the thread that waits and calls the function.
func (x *Timer) Thread() *Thread { return x.t }
