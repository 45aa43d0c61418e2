package task

import (
	"runtime"
	"sync/atomic"
	"time"
)

// A lookout watches for a deadlock while a run is within Do. From time to time it looks whether every task waits on an object:
// that is cheap, and nearly always there is one that does not. Only when all have waited for a while does it ask for
// a proof, which stops the world for a moment.
type lookout struct {
	run     *Run
	main    *Task // of the run
	timer   *time.Timer
	witness *Task         // one that did not wait at the last look
	proofs  time.Duration // not before this time is a proof asked for again
}

// lookEvery is the time between looks; they are rarer when they are dear. A task that began to wait less than that ago is not
// taken to be stuck.
var lookEvery = 100 * time.Millisecond

// share is the part of the time that looks and proofs may take: one in so many.
var share time.Duration = 100

// looks and proofs count what lookouts have done, for tests.
var looks, proofs atomic.Int64

// expected is how many sources of code there are that nobody sees yet.
var expected atomic.Int64

// Expect says from how many sources code may yet come that could wake tasks, such as cells of other shells than the one that
// runs. While there is one, no run is taken to be in a deadlock. At first there is none.
func Expect(sources int) { expected.Store(int64(sources)) }

func newLookout(r *Run, main *Task) *lookout {
	return &lookout{run: r, main: main, timer: time.NewTimer(lookEvery)}
}

// due is the channel that tells when to look.
func (l *lookout) due() <-chan time.Time { return l.timer.C }

func (l *lookout) stop() { l.timer.Stop() }

// look looks, and kills the run if it finds it in a deadlock.
func (l *lookout) look() {
	began := now()
	every := lookEvery
	if expected.Load() > 0 || away.Load() > 0 {
		looks.Add(1)
		l.timer.Reset(every)
		return
	}
	n, all := l.allStuck(began - every)
	pause := max(every, share*min(now()-began, time.Duration(n)*time.Microsecond))
	looks.Add(1)
	if all && now() >= l.proofs {
		began = now()
		if proveStuck(l.main) && expected.Load() == 0 && away.Load() == 0 {
			l.run.Kill(newDeadlock(l.run))
			return
		}
		// The time of a proof counts only as far as goroutines explain it: a busy machine makes it long, too.
		cost := min(now()-began, time.Millisecond+time.Duration(runtime.NumGoroutine())*20*time.Microsecond)
		l.proofs = now() + share*cost
	}
	l.timer.Reset(pause)
}

// allStuck reports whether all tasks of the process wait on objects, and have since before the given time, and how many it has
// looked at.
func (l *lookout) allStuck(before time.Duration) (n int, all bool) {
	if w := l.witness; w != nil && !w.gone.Load() {
		if since, ok := w.stuck(); !ok || since > before {
			return 1, false
		}
	}
	l.witness = nil
	all = true
	eachWhile(func(t *Task) bool {
		n++
		if since, ok := t.stuck(); !ok || since > before {
			l.witness, all = t, false
		}
		return all
	})
	return n, all && n > 0
}

// stuck reports whether the task waits for what only other tasks can bring about, and since when.
func (t *Task) stuck() (since time.Duration, ok bool) {
	if c := t.run.ctl; c != nil && !c.off.Load() {
		return 0, false // its run sees to that itself
	}
	t.mu.Lock()
	if t.rare == nil || t.stopping.Load() {
		t.mu.Unlock()
		return 0, false
	}
	w := t.rare.wait
	inside := t.rare.inside()
	t.mu.Unlock()
	if inside != nil {
		return inside.stuck() // nobody but that has the time of the host
	}
	switch w.kind {
	case WaitForever, WaitLock, WaitRLock, WaitGroup, WaitCond, WaitOnce:
		return w.since, !w.outside
	case WaitSend, WaitReceive, WaitSelect, WaitResult:
		return w.since, !w.outside && !wakes(w.object)
	}
	return 0, false
}

// outside notes that the wait the task is in may be ended from outside.
func (t *Task) outside() {
	t.mu.Lock()
	t.rare.wait.outside = true
	t.mu.Unlock()
}
