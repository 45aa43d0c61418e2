package concurrency

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A mutex is the inside of Lock and RLock. Its zero value is unlocked.
//
// Who finds it free takes it, though others wait. Who was woken and finds it taken again is served next: it is handed
// over then. So a lock that is held for short times moves as few tasks as it can, and nobody waits for ever.
type mutex struct {
	state atomic.Int32                  // held, waited; while waited is set it changes under mu only
	self  atomic.Pointer[task.Lockable] // what it is in, when it has been used
	owner task.Owner                    // see own

	mu   sync.Mutex
	line line
}

const (
	held   = 1
	waited = 2
)

// spins is how often a lock that is held is tried before one waits for it: most are free again sooner than a task can
// be put to sleep and woken.
const spins = 20

// in returns a pointer to self, what the mutex is in. It panics when that is a copy of something that was used.
func (m *mutex) in(self task.Lockable, name string) *task.Lockable {
	p := m.self.Load()
	if p == nil {
		m.self.CompareAndSwap(nil, &self)
		p = m.self.Load()
	}
	if *p != self {
		misused(name, "use of a copy")
	}
	return p
}

// acquire locks the mutex for the caller, who was called at pc.
func (m *mutex) acquire(ctx context.Context, self *task.Lockable, pc uintptr) error {
	task.Point(m, 0)
	if !m.state.CompareAndSwap(0, held) {
		if err := m.acquireSlow(ctx, *self); err != nil {
			return err
		}
	}
	m.took(task.Own(pc), self)
	return nil
}

// try locks the mutex if it is free, and reports whether it has.
func (m *mutex) try(self *task.Lockable, pc uintptr) bool {
	task.Point(m, 0)
	if !m.grab() {
		return false
	}
	m.took(task.Own(pc), self)
	return true
}

// grab takes the mutex if it is free.
func (m *mutex) grab() bool {
	if m.state.CompareAndSwap(0, held) {
		return true
	}
	if m.state.Load()&held != 0 {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.take()
}

// take is grab with m.mu held.
func (m *mutex) take() bool {
	for {
		old := m.state.Load()
		if old&held != 0 {
			return false
		}
		if m.state.CompareAndSwap(old, old|held) {
			return true
		}
	}
}

func (m *mutex) acquireSlow(ctx context.Context, self task.Lockable) error {
	for range spins {
		if m.grab() {
			return nil
		}
		runtime.Gosched()
	}
	for hungry := false; ; hungry = true {
		m.mu.Lock()
		if m.takeOrWait() {
			m.mu.Unlock()
			return nil
		}
		w := newWaiter()
		if w.hungry = hungry; hungry {
			m.line.pushFront(w)
		} else {
			m.line.push(w)
		}
		m.mu.Unlock()
		if err := w.await(ctx, task.WaitLock, self, func() { m.forget(w) }); err != nil {
			return err
		}
		if w.granted {
			return nil
		}
	}
}

// takeOrWait takes the mutex, or has whoever holds it look for waiters. m.mu is held.
func (m *mutex) takeOrWait() bool {
	for {
		if m.take() {
			return true
		}
		if m.state.CompareAndSwap(held, held|waited) || m.state.Load()&waited != 0 {
			return false
		}
	}
}

// forget removes a waiter that does not wait any more, and hands on what it was given.
func (m *mutex) forget(w *waiter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.line.remove(w):
		if m.line.n == 0 {
			m.state.And(held)
		}
	case w.granted:
		m.pass()
	case m.state.Load()&held == 0:
		m.pass()
	}
}

// release unlocks the mutex, which the caller holds.
func (m *mutex) release() {
	task.Point(m, 0)
	m.owner.Disown(m.self.Load())
	m.own(task.Owner{})
	if !m.state.CompareAndSwap(held, 0) {
		m.mu.Lock()
		m.pass()
		m.mu.Unlock()
	}
}

// pass frees the mutex and wakes the first waiter, or hands it over. m.mu is held.
func (m *mutex) pass() {
	w := m.line.first
	if w == nil {
		m.state.Store(0)
		return
	}
	m.line.remove(w)
	w.granted = w.hungry
	state := int32(0)
	if w.granted {
		state |= held
	}
	if m.line.n > 0 {
		state |= waited
	}
	m.state.Store(state)
	task.Close(w.ready, 0)
}

// The owner is written by the holder only, without synchronisation, and read by others, of which the race detector is not told.
// Each of its words is written at once: who reads while the mutex changes hands may name another line at which
// one of the holders has locked it; no more. That the mutex is its own a goroutine reads only if it is: it
// has written the number itself, and nobody else writes that.

// took notes that o holds the mutex now.
func (m *mutex) took(o task.Owner, self *task.Lockable) {
	o.Note(self)
	m.own(o)
}

// own sets who holds the mutex.
//
//go:norace
func (m *mutex) own(o task.Owner) { m.owner = o }

// holder returns who holds the mutex.
//
//go:norace
func (m *mutex) holder() task.Owner { return m.owner }

// mine reports whether the caller holds the mutex.
func (m *mutex) mine() bool { return m.holder().Goroutine() == task.Goroutine() }

// locked reports whether somebody holds it.
func (m *mutex) locked() bool { return m.state.Load()&held != 0 }

// holders returns who holds it.
func (m *mutex) holders() []Holder {
	if o := m.holder(); m.locked() && o.Goroutine() != 0 {
		return []Holder{o.Holder()}
	}
	return nil
}

// check panics if the caller does not hold the mutex.
func (m *mutex) check(name, op string) {
	if m.mine() {
		return
	}
	problem := fmt.Sprintf("%s by one who does not hold it", op)
	if !m.locked() {
		problem = op + ", but nobody holds it"
	}
	misused(name, problem, m.holder())
}
