package task

import (
	"context"
	"time"
)

// newTimer is how this package waits for time.
func newTimer(d time.Duration) *time.Timer { return time.NewTimer(d) }

// Sleep is what time.Sleep(d) is lowered to. A killed task ends while it sleeps.
func Sleep(d time.Duration, site Site) {
	t := current()
	if t == nil || d <= 0 {
		time.Sleep(d)
		return
	}
	timer := newTimer(d)
	defer timer.Stop()
	stop := t.block(WaitSleep, nil, site)
	defer t.unblock()
	select {
	case <-timer.C:
	case <-stop:
		t.die()
	}
}

// AfterFunc is what time.AfterFunc(d, f) is lowered to: f runs as a task, a child of the caller. It does
// not run when the run was killed before the time has come.
func AfterFunc(site Site, d time.Duration, f func()) *time.Timer {
	if t := current(); t != nil {
		return time.AfterFunc(d, t.callback(site, f))
	}
	return time.AfterFunc(d, f)
}

// ContextAfterFunc is what context.AfterFunc(ctx, f) is lowered to: f runs as a task, a child of the
// caller, unless the run was killed before.
func ContextAfterFunc(site Site, ctx context.Context, f func()) (stop func() bool) {
	if t := current(); t != nil {
		return context.AfterFunc(ctx, t.callback(site, f))
	}
	return context.AfterFunc(ctx, f)
}

// callback returns a function that runs f as a task, a child of t, on the goroutine that calls it.
func (t *Task) callback(site Site, f func()) func() {
	run, up := t.run, t.ancestor()
	return func() {
		if run.killed.Load() {
			return
		}
		c := &Task{run: run, site: site, f: f, up: up}
		run.census.ward(0).born.Add(1)
		c.main()
	}
}
