package task

import (
	"sync"
	"unsafe"
)

// waitFor waits until try succeeds, for the task of s, in the line of what p points to. It returns false when control has
// ended before.
func (c *control) waitFor(s *seat, kind Kind, object any, p unsafe.Pointer, site Site, try func() bool) bool {
	if !c.point(s, c.op(OpWait, p, site)) {
		return false
	}
	for {
		c.mu.Lock()
		switch {
		case c.off.Load():
			c.mu.Unlock()
			return s.over(OpWait)
		case try():
			c.mu.Unlock()
			return true
		}
		w := &waiter{s: s, kind: kind, object: object, site: site, try: try}
		c.enter(w, p, 0, false)
		if !c.park(w) {
			return false
		}
	}
}

// steerGroupWait is WaitGroupWait under control. It returns false when the calling task is not.
func steerGroupWait(wg *sync.WaitGroup, site Site) bool {
	s := steering()
	return s != nil && counterOffset >= 0 &&
		s.c.waitFor(s, WaitGroup, wg, unsafe.Pointer(wg), site, func() bool { return isZero(wg) })
}

// steerGroupAdd is a point before the counter of wg changes, unless site is 0: see steerClose.
func steerGroupAdd(wg *sync.WaitGroup, site Site) {
	if s := steering(); s != nil && site != 0 {
		s.c.point(s, s.c.op(OpAdd, unsafe.Pointer(wg), site))
	}
}

// steerGroupAdded is called when the counter of wg has changed.
func steerGroupAdded(wg *sync.WaitGroup) {
	if s := steering(); s != nil {
		s.c.added(wg)
	}
}

// added wakes who waits for wg, if its counter is zero.
func (c *control) added(wg *sync.WaitGroup) {
	if isZero(wg) {
		c.served(unsafe.Pointer(wg))
	}
}

// served wakes all who wait in a line.
func (c *control) served(p unsafe.Pointer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.off.Load() {
		c.idle = 0
		c.wakeAll(p)
	}
}

// steerCondWait is CondWait under control. It returns false when the calling task is not; c.L is then locked.
func steerCondWait(cond *sync.Cond, site Site) bool {
	s := steering()
	if s == nil {
		return false
	}
	c, p := s.c, unsafe.Pointer(cond)
	if !c.point(s, c.op(OpWait, p, site)) {
		return false
	}
	// It is in the line before the lock is free.
	w := &waiter{s: s, kind: WaitCond, object: cond, site: site, pass: func() { c.wakeFirst(p) }}
	c.mu.Lock()
	c.enter(w, p, 0, false)
	c.mu.Unlock()
	defer s.relock(cond.L, site)
	LockerUnlock(cond.L)
	c.mu.Lock()
	if w.awake || c.off.Load() {
		c.mu.Unlock()
		return true
	}
	c.park(w) // when control ends it wakes for no reason, which is better than to miss a signal
	return true
}

// relock locks l, for a task that returns from a wait or ends in it. One that is told to end meanwhile does so when it has the
// lock: otherwise its deferred Unlock would kill the process.
func (s *seat) relock(l sync.Locker, site Site) {
	t, dying := s.t, s.t.end != nil
	if l = known(l); !s.lockFirmly(l, site) {
		if t.stopping.Load() {
			t.hold(l, false)
		} else {
			l.Lock()
			tookLocker(l, site)
		}
	} else if t.stopping.Load() {
		t.hold(l, true)
	} else {
		tookLocker(l, site)
	}
	if t.stopping.Load() && !dying {
		t.die()
	}
}

// lockFirmly locks l, though the task is told to end. It returns false when control has ended before.
func (s *seat) lockFirmly(l sync.Locker, site Site) bool {
	if s.c.off.Load() {
		return false
	}
	s.firm = true
	defer func() { s.firm = false }()
	switch m := l.(type) {
	case *sync.Mutex:
		return s.c.lock(s, WaitLock, m, unsafe.Pointer(m), site, m.TryLock)
	case *sync.RWMutex:
		return s.c.lock(s, WaitLock, m, unsafe.Pointer(m), site, m.TryLock)
	case readLocker:
		return s.c.lock(s, WaitRLock, m.m, unsafe.Pointer(m.m), site, m.m.TryRLock)
	}
	l.Lock()
	return true
}

// tookLocker notes that the caller has locked l, if that is a lock of package sync.
func tookLocker(l sync.Locker, site Site) {
	if lock, mode := lockOf(l); lock != nil {
		took(lock, mode, site)
	}
}

// steerSignal is Signal, or Broadcast if all is set, as far as tasks under control wait. It returns true when that was
// all there is to do.
func steerSignal(cond *sync.Cond, site Site, all bool) bool {
	p := unsafe.Pointer(cond)
	if s := steering(); s != nil {
		if !s.c.point(s, s.c.op(OpSignal, p, site)) {
			return false
		}
		return s.c.signal(p, all)
	}
	found := false
	controls.Range(func(c, _ any) bool {
		found = c.(*control).signal(p, all)
		return !found
	})
	return found
}

// signal wakes the first in a line, or all, and reports whether it has woken the one there was to wake.
func (c *control) signal(p unsafe.Pointer, all bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.off.Load() {
		return false
	}
	c.idle = 0
	woken := false
	if all {
		c.wakeAll(p)
	} else {
		woken = c.wakeFirst(p)
	}
	c.tell()
	return woken
}

// steerOnce waits, under control, for another task that is in o.Do. It returns false when the calling task is not under
// control.
func steerOnce(o *sync.Once, other *onceCall, site Site) bool {
	s := steering()
	return s != nil && s.c.waitFor(s, WaitOnce, o, unsafe.Pointer(o), site, func() bool {
		select {
		case <-other.done:
			return true
		default:
			return false
		}
	})
}

// steerOnceDone tells who waits for a call of o.Do that it has ended.
func steerOnceDone(o *sync.Once) {
	if s := steering(); s != nil {
		s.c.served(unsafe.Pointer(o))
	}
}
