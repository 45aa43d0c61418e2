package task

import (
	"slices"
	"sync"
	"time"
)

// A task that is killed while it waits for a condition locks the condition's lock again, only so that its deferred functions
// find it locked. If none of them has unlocked it, the task does so at its end. If it is locked then, it may be another
// task that has it: so these locks have owners.
var owners struct {
	mu sync.Mutex
	of map[sync.Locker]*Task
}

// relockInterval is how often a killed task tries to get the lock that its deferred functions are to unlock.
const relockInterval = time.Millisecond

// hold locks l for the dying task, unless it has that already, and notes it. It takes as long as it takes: without
// the lock a deferred Unlock would kill the process.
func (t *Task) hold(l sync.Locker, locked bool) {
	l = known(l)
	if t.end == nil {
		t.end = &ending{}
	}
	t.end.held = append(t.end.held, l)
	m, ok := l.(interface{ TryLock() bool })
	switch {
	case locked:
		owners.mu.Lock()
		t.own(l)
		owners.mu.Unlock()
	case !ok:
		l.Lock()
	default:
		for !spin(func() bool { return t.tryHold(l, m.TryLock) }) {
			<-newTimer(relockInterval).C
		}
	}
}

// tryHold locks l for t if it is free.
func (t *Task) tryHold(l sync.Locker, try func() bool) bool {
	owners.mu.Lock()
	defer owners.mu.Unlock()
	if !try() {
		return false
	}
	t.own(l)
	return true
}

// own makes t the owner of l. owners.mu is held.
func (t *Task) own(l sync.Locker) {
	if owners.of == nil {
		owners.of = map[sync.Locker]*Task{}
	}
	owners.of[l] = t
}

// disown reports whether t is the owner of l, and ends that. owners.mu is held.
func (t *Task) disown(l sync.Locker) bool {
	if owners.of[l] != t {
		return false
	}
	delete(owners.of, l)
	return true
}

// released notes that the calling task unlocks l itself.
func released(l sync.Locker) {
	t := current()
	if t == nil || t.end == nil {
		return
	}
	if i := slices.Index(t.end.held, l); i >= 0 {
		t.end.held = slices.Delete(t.end.held, i, i+1)
		owners.mu.Lock()
		t.disown(l)
		owners.mu.Unlock()
	}
}

// releaseHeld unlocks what no deferred function has unlocked.
func (t *Task) releaseHeld() {
	if t.end == nil {
		return
	}
	for _, l := range t.end.held {
		t.release(l)
	}
	t.end.held = nil
}

// release unlocks l if t holds it. Something that was not lowered may have unlocked it: then it is free, or another dying task
// owns it, or whoever has locked it is known as its holder.
func (t *Task) release(l sync.Locker) {
	m, ok := l.(interface{ TryLock() bool })
	if !ok {
		return
	}
	lock, mode := lockOf(l)
	gave(lock, mode)
	owners.mu.Lock()
	defer owners.mu.Unlock()
	if !t.disown(l) || !m.TryLock() && isHeld(lock) {
		return
	}
	unlockRecorded(lock, mode == readMode, l.Unlock)
}
