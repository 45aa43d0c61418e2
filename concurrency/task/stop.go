package task

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Stop is 1 while some task is to end and has not, and 0 otherwise. Lowered loops and functions test it at
// their head and call [Safepoint] when it is set:
//
//	if task.Stop.Load() != 0 {
//		task.Safepoint()
//	}
//
// The test is one load and one branch, below 1 ns. Stop changes only by [Raise] and [Lower].
var Stop atomic.Uint32

// raised counts those for whom Stop is 1.
var raised struct {
	sync.Mutex
	n int
}

// Raise makes Stop 1 until [Lower] is called as often. An engine may do that for a moment, to be called at
// safepoints itself.
func Raise() { raise(1) }

// Lower takes back one Raise.
func Lower() { raise(-1) }

func raise(by int) {
	raised.Lock()
	defer raised.Unlock()
	raised.n += by
	Stop.Store(uint32(min(raised.n, 1)))
}

// grace is how long the deferred functions of a task that was told to end may run, from the moment
// it begins to unwind. What overruns it is ended too, and the deferred functions that remain get half of
// that, and so on: all of them together have less than twice the grace.
const grace = 80 * time.Millisecond

// Safepoint ends the calling task if it is to end, and returns otherwise. Ending is
// runtime.Goexit: user code cannot recover from it, and deferred functions run. While they do,
// Safepoint lets them pass for about a tenth of a second.
func Safepoint() {
	if d := defers.Load(); d != nil {
		d.Withdraw()
	}
	if !cells.Load() {
		return
	}
	if t := current(); t == nil {
		if r := carried(); r != nil && r.killed.Load() {
			newVisitor(r, nil).abide()
		}
	} else if t.stopping.Load() {
		t.safepoint()
	} else if t.keeper != nil {
		k := t.keeper
		t.keeper = nil // while it waits itself
		k.Safepoint()
		t.keeper = k
	}
}

// safepoint is Safepoint for a task that is known to be stopping.
func (t *Task) safepoint() {
	if t.end != nil && now() < t.end.grace {
		return
	}
	t.die()
}

// die ends the calling task, whether or not its grace has passed.
func (t *Task) die() {
	if t.end == nil {
		t.end = &ending{}
	}
	t.end.grace = now() + grace>>min(t.end.rounds, 16)
	t.end.rounds++
	if t.visitor {
		t.keepEnding()
	}
	runtime.Goexit()
}

// Kill tells the task to end, as a run's Kill tells all its tasks. It does not wait. For a coroutine that is the task on whose time
// it runs, with all other coroutines of that: see [Host].
func (t *Task) Kill() {
	if t.host != nil {
		t = t.host.t
	}
	t.mu.Lock()
	if !t.stopping.Load() && !t.gone.Load() {
		t.counted = true
		Raise()
	}
	t.mu.Unlock()
	t.requestStop()
	if s := t.controlled(); s != nil {
		s.recall()
	}
	if t.gone.Load() { // it may have left before it saw counted
		t.uncount()
	}
}

func (t *Task) uncount() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counted {
		t.counted = false
		Lower()
	}
}

// requestStop raises the task's flag and ends its wait.
func (t *Task) requestStop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopping.Swap(true) {
		return
	}
	if t.rare != nil && t.rare.stop != nil {
		close(t.rare.stop)
	}
}

// closed is the stop channel of tasks that were told to end before they wait.
var closed = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// stopped returns the channel whose closing ends the task's wait. t.mu is held, and t.rare is made.
func (t *Task) stopped() <-chan struct{} {
	switch {
	case t.end != nil:
		c := make(chan struct{})
		time.AfterFunc(t.end.grace-now(), func() { close(c) })
		return c
	case t.stopping.Load():
		return closed
	case t.rare.stop == nil:
		t.rare.stop = make(chan struct{})
	}
	return t.rare.stop
}
