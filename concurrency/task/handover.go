package task

import (
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// While a run is recorded, a lock, a wait group or a condition has a handover: who has let others go on, and who waits to be.
// What is noted there is noted while the handover is locked, together with the operation itself, so its order is that in
// which things happened. None of these operations blocks.
type handover struct {
	mu        sync.Mutex
	last      source // who has unlocked the lock, if nobody has locked it since
	lastWrite source // who has done so last that held it alone
	waiters   []*awaiter
}

// A source is what a task has done, as the tail of an arrow.
type source struct {
	log  *taskLog
	at   time.Duration
	site Site
}

// An awaiter is a task that waits for a wait group or a condition.
type awaiter struct {
	log    *taskLog
	ticket uint32 // its place among all that have waited for the condition
	by     source // who has let it go on
}

// handovers are the handovers of all recordings, by the address of what they belong to.
var handovers sync.Map // from unsafe.Pointer to *handover

// handoverOf returns the handover of what p points to, which it makes if make is set.
func handoverOf(p unsafe.Pointer, make bool) *handover {
	h, ok := handovers.Load(p)
	if !ok {
		if !make {
			return nil
		}
		h, _ = handovers.LoadOrStore(p, &handover{})
	}
	return h.(*handover)
}

// sourceAt returns the calling task, nobody if it is not recorded, as the tail of an arrow that begins now.
func sourceAt(site Site) source {
	t := here()
	if t == nil || t.log == nil {
		return source{}
	}
	return t.source(site)
}

// source returns t as the tail of an arrow that begins now. t is the calling task.
func (t *Task) source(site Site) source {
	if site == 0 && t.log != nil {
		site = Here()
	}
	return source{t.log, t.run.now(), site}
}

// to notes an arrow from s to a task that goes on now.
func (s source) to(l *taskLog, kind ArrowKind, object any) {
	a := Arrow{Kind: kind, Sent: s.at, Got: l.now(), Site: s.site}
	connect(a, s.log, l, object, nil)
}

// unlockRecorded unlocks a lock, and notes who does.
func unlockRecorded(lock unsafe.Pointer, read bool, unlock func()) {
	if recordings.Load() == 0 {
		unlock()
		return
	}
	h, s := handoverOf(lock, true), sourceAt(0)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.last = s; !read {
		h.lastWrite = s
	}
	unlock()
}

// undoRecorded unlocks a lock that was locked for a task that is gone.
func undoRecorded(lock unsafe.Pointer, unlock func()) {
	if h := handoverOf(lock, false); h != nil {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.last, h.lastWrite = source{}, source{}
	}
	unlock()
}

// lockRecorded calls lock, which locks m, and draws the arrow to the calling task if it had to wait.
func lockRecorded(m any, p unsafe.Pointer, read bool, lock func()) {
	var l *taskLog
	if t := current(); t != nil {
		l = t.log
	}
	l.takeWait()
	lock()
	if recordings.Load() == 0 {
		return
	}
	w := l.takeWait()
	h := handoverOf(p, l != nil && w.kind != WaitNone)
	if h == nil {
		return
	}
	h.mu.Lock()
	s := h.last
	if read {
		s = h.lastWrite
	} else {
		h.last, h.lastWrite = source{}, source{}
	}
	h.mu.Unlock()
	switch {
	case w.kind != WaitLock && w.kind != WaitRLock:
	case s.log == nil || s.at < w.since:
		l.unmatched() // what is not known has unlocked it
	default:
		s.to(l, ArrowUnlock, m)
	}
}

// takeWait returns the last wait of the task that has ended, and forgets it.
func (l *taskLog) takeWait() waitState {
	if l == nil {
		return waitState{}
	}
	l.rec.mu.Lock()
	defer l.rec.mu.Unlock()
	w := l.last
	l.last = waitState{}
	return w
}

// addGroup is wg.Add(n) by t, which is nil if no task does that.
func (t *Task) addGroup(wg *sync.WaitGroup, n int, site Site) {
	var h *handover
	if recordings.Load() != 0 {
		h = handoverOf(unsafe.Pointer(wg), false)
	}
	if h == nil {
		wg.Add(n)
		return
	}
	var s source
	if t != nil {
		s = t.source(site)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	wg.Add(n)
	if isZero(wg) {
		h.release(s, func(*awaiter) bool { return true })
	}
}

// release notes that s lets those waiters go on that match. h.mu is held.
func (h *handover) release(s source, match func(*awaiter) bool) {
	h.waiters = slices.DeleteFunc(h.waiters, func(w *awaiter) bool {
		if !match(w) {
			return false
		}
		w.by = s
		return true
	})
}

// enter puts the calling task among the waiters, unless it is not recorded or vain says that it has nothing to wait for. It
// returns a function to call when the wait is over.
func enter(p unsafe.Pointer, object any, vain func() bool, ticket func() uint32) (over func()) {
	t := here()
	if t == nil || t.log == nil || recordings.Load() == 0 {
		return func() {}
	}
	h, w := handoverOf(p, true), &awaiter{log: t.log}
	h.mu.Lock()
	defer h.mu.Unlock()
	if vain() {
		return func() {}
	}
	w.ticket = ticket()
	h.waiters = append(h.waiters, w)
	return func() {
		h.mu.Lock()
		h.waiters = slices.DeleteFunc(h.waiters, func(x *awaiter) bool { return x == w })
		s := w.by
		h.mu.Unlock()
		switch {
		case s.log != nil:
			s.to(w.log, ArrowDone, object)
		case t.end == nil:
			w.log.unmatched()
		}
	}
}

// enterGroup puts the calling task among those that wait for wg.
func enterGroup(wg *sync.WaitGroup) (over func()) {
	return enter(unsafe.Pointer(wg), wg, func() bool { return isZero(wg) }, func() uint32 { return 0 })
}

// enterCond puts the calling task, which has locked c.L, among those that wait for c. Who waits draws a ticket, while it
// has the lock, and is woken in the order of tickets.
func enterCond(c *sync.Cond) (over func()) {
	return enter(unsafe.Pointer(c), c, func() bool { return condWaits < 0 || condWoken < 0 },
		func() uint32 { return condCount(c, condWaits) })
}

// signalRecorded calls signal, which is c.Signal or c.Broadcast, and notes who has been woken by whom.
func signalRecorded(c *sync.Cond, site Site, signal func()) {
	var h *handover
	if recordings.Load() != 0 {
		h = handoverOf(unsafe.Pointer(c), false)
	}
	if h == nil || condWoken < 0 {
		signal()
		return
	}
	s := sourceAt(site)
	h.mu.Lock()
	defer h.mu.Unlock()
	from := condCount(c, condWoken)
	signal()
	n := condCount(c, condWoken) - from
	seen := map[uint32]int{}
	for _, w := range h.waiters {
		seen[w.ticket]++
	}
	h.release(s, func(w *awaiter) bool {
		// Two with one ticket have waited with a lock that two can hold.
		return w.ticket-from < n && seen[w.ticket] == 1
	})
}

// condWaits is where a Cond counts those that have begun to wait, and condWoken those it has woken; -1 when this version of Go
// has that elsewhere, and conditions get no arrows. A test fails then.
var (
	condWaits = offsetOf(reflect.TypeFor[sync.Cond](), reflect.Uint32, "notify", "wait")
	condWoken = offsetOf(reflect.TypeFor[sync.Cond](), reflect.Uint32, "notify", "notify")
)

func condCount(c *sync.Cond, offset int) uint32 {
	return atomic.LoadUint32((*uint32)(unsafe.Add(unsafe.Pointer(c), offset)))
}

// completed draws the arrow to the calling task from who has closed done.
func (t *Task) completed(done *shadow, object any) {
	if t == nil || t.log == nil || done == nil {
		return
	}
	done.mu.Lock()
	by := done.closer
	done.mu.Unlock()
	if by == nil {
		t.log.unmatched()
		return
	}
	kind := ArrowDone
	if by.cancels {
		kind = ArrowCancel
	}
	source{by.log, by.at, by.site}.to(t.log, kind, object)
}

// promised returns the shadow of a channel that the calling task is about to wait for, so that who closes it is noted.
func (t *Task) promised(done <-chan struct{}) *shadow {
	if t == nil || t.log == nil || recordings.Load() == 0 {
		return nil
	}
	return shadowOf(reflect.ValueOf(done), t.log)
}
