package task

import (
	"sync"
	"unsafe"
)

// lock locks what try locks, for the task of s. It returns false when control has ended before.
func (c *control) lock(s *seat, kind Kind, m any, p unsafe.Pointer, site Site, try func() bool) bool {
	if !c.point(s, c.op(OpLock, p, site)) {
		return false
	}
	for front := false; ; front = true {
		c.mu.Lock()
		switch {
		case c.off.Load():
			c.mu.Unlock()
			return s.over(OpLock)
		case (kind != WaitRLock || !c.writerWaits(p)) && try():
			c.mu.Unlock()
			return true
		}
		w := &waiter{s: s, kind: kind, object: m, site: site, try: try, pass: func() { c.settle(p) }}
		c.enter(w, p, 0, front)
		if !c.park(w) {
			return false
		}
		if w.fired != again {
			return true // it was handed over
		}
	}
}

// op describes an operation on what p points to.
func (c *control) op(kind OpKind, p unsafe.Pointer, site Site) Op {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Op{kind, c.number(p), site}
}

// writerWaits reports whether somebody waits to write-lock: new readers then wait too. c.mu is held.
func (c *control) writerWaits(p unsafe.Pointer) bool {
	for _, e := range c.lines[p] {
		if e.w.kind == WaitLock {
			return true
		}
	}
	return false
}

// settle serves the line of a lock that may be free. A mutex is not handed over: the first who waits may try,
// as others may that come. An RWMutex is: to all readers that waited when a writer has unlocked it, or to the first
// writer. c.mu is held.
func (c *control) settle(p unsafe.Pointer) {
	l := c.lines[p]
	if len(l) == 0 || l[0].w.try == nil {
		return
	}
	if _, ok := l[0].w.object.(*sync.RWMutex); !ok {
		c.wake(l[0].w, again)
		return
	}
	for _, e := range append(line(nil), l...) {
		if e.w.kind == WaitRLock && e.w.try() {
			c.wake(e.w, 0)
		}
	}
	for _, e := range append(line(nil), c.lines[p]...) {
		if e.w.kind == WaitLock && e.w.try() {
			c.wake(e.w, 0)
			return
		}
	}
}

// unlocked is called when the calling task has unlocked what p points to.
func (c *control) unlocked(p unsafe.Pointer, read bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.off.Load() {
		return
	}
	c.idle = 0
	if !read {
		c.settle(p)
		return
	}
	// The last reader hands over to a writer, not to the readers that came after it.
	for _, e := range append(line(nil), c.lines[p]...) {
		if e.w.kind == WaitLock {
			if e.w.try() {
				c.wake(e.w, 0)
			}
			return
		}
	}
}

// steerLock locks under control, and returns false when the calling task is not.
func steerLock(kind Kind, m any, p unsafe.Pointer, site Site, try func() bool) bool {
	s := steering()
	return s != nil && s.c.lock(s, kind, m, p, site, try)
}

// steerUnlock is a point before the calling task unlocks what p points to, if it is under control. What it returns serves
// the line once that is done.
func steerUnlock(p unsafe.Pointer, read bool) func() {
	s := steering()
	if s == nil || !s.c.point(s, s.c.op(OpUnlock, p, 0)) {
		return func() {}
	}
	return func() { s.c.unlocked(p, read) }
}

// steerTry is a point before an attempt to lock. It reports whether a reader may try.
func steerTry(p unsafe.Pointer, site Site) bool {
	s := steering()
	if s == nil || !s.c.point(s, s.c.op(OpTry, p, site)) {
		return true
	}
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	return !s.c.writerWaits(p)
}
