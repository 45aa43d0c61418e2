package task

import (
	"reflect"
	"unsafe"
)

// communicate executes one of the cases and returns its index, or -1 when none can go on and there is a default. It
// returns false when control has ended before.
func (c *control) communicate(s *seat, kind Kind, site Site, hasDefault bool, cases []Case) (int, bool) {
	if !c.point(s, c.channelOp(kind, site, cases)) {
		return 0, false
	}
	for {
		c.mu.Lock()
		if c.off.Load() {
			c.mu.Unlock()
			return 0, false
		}
		i, panics := c.attempt(cases)
		switch {
		case panics:
			c.mu.Unlock()
			cases[i].try()
			return i, true
		case i >= 0 || hasDefault:
			c.mu.Unlock()
			return i, true
		}
		w := &waiter{s: s, kind: kind, object: object(kind, cases), site: site, cases: cases}
		for i, k := range cases {
			if p := k.reflected().Chan.UnsafePointer(); p != nil {
				c.enter(w, p, i, false)
			}
		}
		if !c.park(w) {
			return 0, false
		}
		if w.fired != again {
			return w.fired, true
		}
	}
}

// channelOp describes a communication.
func (c *control) channelOp(kind Kind, site Site, cases []Case) Op {
	op := Op{Kind: OpSelect, Site: site}
	switch kind {
	case WaitSend:
		op.Kind = OpSend
	case WaitReceive:
		op.Kind = OpRecv
	case WaitResult, WaitOnce, WaitLock, WaitRLock, WaitCond, WaitGroup:
		op.Kind = OpWait
	}
	if len(cases) == 1 {
		c.mu.Lock()
		op.Object = c.number(cases[0].reflected().Chan.UnsafePointer())
		c.mu.Unlock()
	}
	return op
}

// attempt executes one of the cases that can go on, and returns its index, or -1. When the one that was chosen sends on a
// closed channel it only says so. c.mu is held.
func (c *control) attempt(cases []Case) (i int, panics bool) {
	for {
		able, did := c.look(cases)
		if did >= 0 {
			return did, false
		}
		if len(able) == 0 {
			return -1, false
		}
		i := able[c.choose(len(able), "select")]
		k := cases[i].reflected()
		p := k.Chan.UnsafePointer()
		switch {
		case k.Dir == reflect.SelectSend && c.shut[p]:
			return i, true
		case k.Dir == reflect.SelectSend && c.send(cases[i], p, k.Chan):
			return i, false
		case k.Dir == reflect.SelectRecv && c.receive(cases[i], p, k.Chan):
			return i, false
		}
		// A live task was faster.
	}
}

// look returns which cases can go on. Where that cannot be told without it the case is executed, and did is
// its index. c.mu is held.
func (c *control) look(cases []Case) (able []int, did int) {
	for i, k := range cases {
		r := k.reflected()
		if r.Chan.IsNil() {
			continue
		}
		look := c.canReceive
		if r.Dir == reflect.SelectSend {
			look = c.canSend
		}
		switch can, done := look(k, r); {
		case done:
			return nil, i
		case can:
			able = append(able, i)
		}
	}
	return able, -1
}

func (c *control) canReceive(k Case, r reflect.SelectCase) (can, done bool) {
	p := r.Chan.UnsafePointer()
	if _, ok := c.firstFor(p, true); ok || c.full[p] || c.shut[p] || r.Chan.Len() > 0 {
		return true, false
	}
	v, ok := r.Chan.TryRecv()
	switch {
	case !v.IsValid():
		return false, false
	case !ok:
		c.shut[p] = true
		return true, false
	}
	k.took(v, ok) // from somebody who is not controlled
	return true, true
}

func (c *control) canSend(k Case, r reflect.SelectCase) (can, done bool) {
	p := r.Chan.UnsafePointer()
	if _, ok := c.firstFor(p, false); ok || c.shut[p] || r.Chan.Len() < r.Chan.Cap() {
		return true, false
	}
	defer func() {
		if recover() != nil {
			c.shut[p] = true
			can, done = true, false
		}
	}()
	if !k.try() {
		return false, false
	}
	return true, true
}

// send sends what k sends, for the task that has the turn: to the first who waits, or into the buffer. c.mu is held.
func (c *control) send(k Case, p unsafe.Pointer, ch reflect.Value) bool {
	if e, ok := c.firstFor(p, false); ok && ch.Len() == 0 {
		transfer(k, e.w.cases[e.i])
		c.flow(ArrowValue, c.source(), e.w.s, k.channel())
		c.wake(e.w, e.i)
		return true
	}
	if !k.try() {
		return false
	}
	c.stored(p, ch, c.source())
	c.serve(p, ch, false)
	return true
}

// receive receives what k receives, for the task that has the turn: from the buffer, whose place the first who waits takes, or
// from that one. c.mu is held.
func (c *control) receive(k Case, p unsafe.Pointer, ch reflect.Value) bool {
	e, ok := c.firstFor(p, true)
	if ok && ch.Len() == 0 && !c.full[p] {
		transfer(e.w.cases[e.i], k)
		c.flow(ArrowValue, e.w.source, c.current, k.channel())
		c.wake(e.w, e.i)
		return true
	}
	if !k.try() {
		delete(c.full, p) // somebody has stopped the timer
		return false
	}
	delete(c.full, p)
	if k.communicated() {
		c.flow(ArrowValue, c.fetched(p), c.current, k.channel())
	}
	c.serve(p, ch, true)
	return true
}

// serve has those go on that wait to send on a channel with room, or to receive from one that holds something. c.mu is held.
func (c *control) serve(p unsafe.Pointer, ch reflect.Value, send bool) {
	for !c.shut[p] {
		e, ok := c.firstFor(p, send)
		if !ok || !e.w.cases[e.i].try() {
			return
		}
		if send {
			c.stored(p, ch, e.w.source)
		} else {
			c.flow(ArrowValue, c.fetched(p), e.w.s, e.w.cases[e.i].channel())
		}
		c.wake(e.w, e.i)
	}
}

// transfer gives what one case sends to one that receives.
func transfer(from, to Case) { to.took(from.reflected().Send, true) }

// closed tells those who wait at a channel that it was closed, by the task that has the turn. It is no point.
func (c *control) closed(p unsafe.Pointer, kind ArrowKind) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.off.Load() {
		return
	}
	c.shut[p] = true
	c.idle = 0
	by := c.source()
	for _, e := range c.lines[p] {
		if k := e.w.cases; k != nil && !k[e.i].sends() {
			c.flow(kind, by, e.w.s, k[e.i].channel())
		}
	}
	c.wakeAll(p)
}

// one executes a single communication, and returns false when control has ended before.
func (s *seat) one(kind Kind, site Site, k Case) bool {
	_, ok := s.c.communicate(s, kind, site, false, []Case{k})
	return ok
}

// steerClose is a point before the calling task closes a channel, if it is under control. What it returns tells those who
// wait there. It is no point when site is 0: libraries close channels while they hold a real lock, which no other task
// must then want.
func steerClose(p unsafe.Pointer, site Site) func() {
	s := steering()
	if s == nil || site != 0 && !s.c.point(s, s.c.op(OpClose, p, site)) {
		return func() {}
	}
	return func() { s.c.closed(p, ArrowClose) }
}
