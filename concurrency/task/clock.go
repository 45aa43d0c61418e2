package task

import (
	"context"
	"time"
)

// newTimer is how this package waits for time.
func newTimer(d time.Duration) *time.Timer { return time.NewTimer(d) }

// Sleep is what time.Sleep(d) is lowered to. A killed task ends while it sleeps.
func Sleep(d time.Duration, site Site) {
	if watch.Load() != 0 {
		if left, ok := steerSleep(d, site); ok {
			return
		} else {
			d = left
		}
	}
	t := here()
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
	if watch.Load() != 0 {
		if timer, ok := steerAfterFunc(site, d, f); ok {
			return timer
		}
	}
	timer := time.AfterFunc(d, calledBack(site, f))
	noteTimer(timer)
	return timer
}

// ContextAfterFunc is what context.AfterFunc(ctx, f) is lowered to: f runs as a task, a child of the
// caller, unless the run was killed before.
func ContextAfterFunc(site Site, ctx context.Context, f func()) (stop func() bool) {
	if watch.Load() != 0 {
		if stop, ok := steerContextAfterFunc(site, ctx, f); ok {
			return stop
		}
	}
	return context.AfterFunc(ctx, calledBack(site, f))
}

// calledBack returns what is called in the place of f, in a task if the caller is one.
func calledBack(site Site, f func()) func() {
	if t := here(); t != nil {
		f = t.callback(site, f)
	}
	return func() {
		stirs.Add(1)
		f()
	}
}

// callback returns a function that runs f as a task, a child of t, on the goroutine that calls it.
func (t *Task) callback(site Site, f func()) func() {
	run, up, to := t.run, t.ancestor(), t.to.Load()
	return func() {
		if run.killed.Load() {
			return
		}
		c := &Task{run: run, site: site, f: f, up: up}
		c.inherit(to)
		c.come(0)
		if run.ctl != nil {
			run.ctl.spawn(c)
		}
		c.main()
	}
}
