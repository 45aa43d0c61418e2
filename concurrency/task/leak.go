package task

import "sync"

// Stuck returns those tasks of the run that are proved to wait for ever. It returns nil while the run is within Do: then
// the deadlock detector has the say.
//
// Proved are: an operation on a nil channel, select {} and a select of nil channels; a lock that is held by a task
// that is stuck for ever or that has ended without unlocking it, if one takes it that who locks is who unlocks. Where the
// binary was built with Go's goroutine-leak profile (GOEXPERIMENT=goroutineleakprofile), also proved are waits on channels,
// locks, WaitGroups, Conds and what else a library waits for through [Await], that nobody can reach any more: no variable of a
// cell, and no task or goroutine that is not itself stuck. What can be reached from a variable is never
// proved: a later cell may use it. Nor are tasks that are recorded, and those that wait in a Once.
//
// With the profile, it collects garbage twice, and tasks of runs that are over are held up as long if they happen to go on
// just then; without it, it takes some microseconds.
func (r *Run) Stuck() []Info {
	r.mu.Lock()
	over := !r.running
	r.mu.Unlock()
	if !over {
		return nil
	}
	waits := leftWaiting()
	if len(waits) == 0 {
		return nil
	}
	proved := provedStuck(waits)
	leaked(waits, proved)
	var stuck []Info
	for t := range proved {
		if t.run == r {
			stuck = append(stuck, t.Info())
		}
	}
	return sorted(stuck)
}

// leftWaiting returns the tasks that wait on objects and whose run is over.
func leftWaiting() []*Task {
	over := map[*Run]bool{}
	var left []*Task
	each(func(t *Task) {
		if _, ok := t.stuck(); !ok {
			return
		}
		is, known := over[t.run]
		if !known {
			t.run.mu.Lock()
			is = !t.run.running
			t.run.mu.Unlock()
			over[t.run] = is
		}
		if is {
			left = append(left, t)
		}
	})
	return left
}

// provedStuck returns those of the tasks for which it needs no more than what they wait for and who holds which lock.
func provedStuck(waits []*Task) map[*Task]bool {
	stuck := map[*Task]bool{}
	ids := map[int64]bool{}
	byID := map[int64]*Task{}
	for _, t := range waits {
		w := t.Info().Wait
		if w.Kind == WaitForever || allNil(w) {
			stuck[t], ids[t.id] = true, true
		}
		byID[t.id] = t
	}
	locks := Locks()
	// Those that wait for locks are taken to be stuck together, and then let go one after another.
	for _, l := range locks {
		for _, i := range l.Waiters {
			if byID[i.ID] != nil {
				ids[i.ID] = true
			}
		}
	}
	for again := true; again; {
		again = false
		for _, l := range locks {
			for _, i := range l.Waiters {
				t := byID[i.ID]
				if t != nil && ids[i.ID] && !stuck[t] && !l.keeps(i, ids) {
					delete(ids, i.ID)
					again = true
				}
			}
		}
	}
	for id := range ids {
		stuck[byID[id]] = true
	}
	return stuck
}

// allNil reports whether a wait is on nothing but nil channels.
func allNil(w Wait) bool {
	switch w.Kind {
	case WaitSend, WaitReceive, WaitSelect:
		for _, p := range w.Objects() {
			if p != 0 {
				return false
			}
		}
		return len(w.Objects()) > 0
	}
	return false
}

// keeps reports whether the lock is never free for i, if the tasks with the given ids never go on.
func (l LockInfo) keeps(i Info, stuck map[int64]bool) bool {
	reads := i.Wait.Kind == WaitRLock
	if _, library := l.Object.(Lockable); library {
		return false // a context may end the wait
	}
	for _, h := range l.Holders {
		if (h.Ended || stuck[h.Task]) && (!reads || !h.Read) {
			return true
		}
	}
	if !reads {
		return false
	}
	// A reader also waits while a writer does.
	for _, other := range l.Waiters {
		if other.Wait.Kind == WaitLock && stuck[other.ID] {
			return true
		}
	}
	return false
}

// leaking is held while tasks' waits are hidden.
var leaking sync.Mutex
