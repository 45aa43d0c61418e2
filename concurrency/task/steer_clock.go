package task

import (
	"context"
	"runtime"
	"time"
	"unsafe"
)

// now returns the time on the clock that recordings of the run go by: in a controlled one since its beginning, in a live one since
// epoch.
func (r *Run) now() time.Duration {
	if r.ctl == nil {
		return now()
	}
	return r.ctl.drawn()
}

// clock returns the time on the clock of the task's run when it is at in real time, which is now.
func (t *Task) clock(at time.Duration) time.Duration {
	if t.run.ctl == nil {
		return at
	}
	return t.run.ctl.drawn()
}

// date returns the date and time on the clock of the run.
func (r *Run) date() time.Time {
	if r.ctl == nil {
		return time.Now()
	}
	return r.ctl.calendar()
}

// now returns the time on the clock of the recording. l may be nil.
func (l *taskLog) now() time.Duration {
	if l == nil {
		return now()
	}
	return l.rec.run.now()
}

// virtual returns the control whose clock the calling task goes by, or nil. It is not nil for the tasks that a controlled
// run has left behind either.
func virtual() *control {
	if watch.Load() == 0 {
		return nil
	}
	if t := current(); t != nil && t.seat != nil {
		return t.seat.c
	}
	return nil
}

// steerSleep is Sleep under control. It returns false when the calling task is not, and how long it has still to
// sleep.
func steerSleep(d time.Duration, site Site) (time.Duration, bool) {
	s := steering()
	if s == nil {
		return d, false
	}
	c := s.c
	if d <= 0 {
		return d, c.point(s, Op{Kind: OpYield, Site: site})
	}
	if !c.point(s, Op{Kind: OpSleep, Site: site}) {
		return d, false
	}
	c.mu.Lock()
	if c.off.Load() {
		c.mu.Unlock()
		return d, false
	}
	w := &waiter{s: s, kind: WaitSleep, site: site}
	a := &bell{c: c, index: -1, fire: func() { c.rouse(w) }, real: func(time.Duration) {}}
	c.set(a, d)
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.unset(a)
	}()
	if c.park(w) {
		return 0, true
	}
	return max(a.at-c.now(), 0), false
}

// rouse wakes a task that has slept.
func (c *control) rouse(w *waiter) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.off.Load() {
		c.wake(w, 0)
	}
}

// steerAwait is Await under control. It returns false when the calling task is not.
func steerAwait(ctx context.Context, kind Kind, done <-chan struct{}, object any, site Site) (error, bool) {
	s := steering()
	if s == nil {
		return nil, false
	}
	cases := []Case{&awaited{RecvCase[struct{}]{c: done}, object}, &awaited{RecvCase[struct{}]{c: ctx.Done()}, nil}}
	i, ok := s.c.communicate(s, kind, site, false, cases)
	switch {
	case !ok:
		return nil, false
	case i == 0:
		return nil, true
	}
	return endOf(ctx, done), true
}

// awaited is a case of Await: what it waits on is said to be object.
type awaited struct {
	RecvCase[struct{}]
	object any
}

func (a *awaited) channel() any { return a.object }

// Gosched is what runtime.Gosched() is lowered to.
func Gosched() {
	if watch.Load() != 0 {
		if s := steering(); s != nil && s.c.point(s, Op{Kind: OpYield}) {
			return
		}
	}
	runtime.Gosched()
}

// Point is put around what the operations of sync/atomic, sync.Map and sync.Pool work on, and returns p: under control
// another task may go on before the operation. Otherwise it costs one load.
func Point[T any](p *T, site Site) *T {
	if watch.Load() != 0 {
		point(unsafe.Pointer(p), site)
	}
	return p
}

func point(p unsafe.Pointer, site Site) {
	if s := steering(); s != nil {
		s.c.point(s, s.c.op(OpAtomic, p, site))
	}
}

// PointAt is [Point] for an engine that interprets, which calls it only when what Watched returns points to is not zero.
func PointAt(site Site) { point(nil, site) }

// Watched returns a word that is not zero while there are runs under control. Nobody but this package may store to it.
func Watched() *int32 { return (*int32)(unsafe.Pointer(&watch)) }
