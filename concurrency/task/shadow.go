package task

import (
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// While a run is recorded, each channel that its tasks use has a shadow, in which who sends and who receives is noted in the
// order in which the channel serves them. A channel is a queue: what is received first was sent first. So the
// sends and the receives of a channel, each in their order, belong together one by one, and that is how a
// recording knows whose value went to whom.
//
// The order is known because of two things. An operation that does not wait happens while the shadow is locked. And one that
// waits is noted, with the shadow locked, before it begins; nobody does the same on that channel before it is
// seen to stand in the channel's own queue (see chanqueue.go), which is first come, first served.
//
// Code that is not lowered passes all that by. It is found out when somebody has received what nobody has sent, the other way
// round, or when there is more or less in the channel than there should be. Such a channel gets no arrows at all, and loses
// those it had. What cannot be found out: that library code takes a value out of a channel's buffer and puts
// another in, between two operations of tasks.
type shadow struct {
	mu     sync.Mutex
	ref    reflect.Value // the channel, which so stays where it is
	c      unsafe.Pointer
	sends  []*comm
	recvs  []*comm
	closer *comm
	mixed  atomic.Bool // code that is not known uses it too
}

// A comm is one send or receive.
type comm struct {
	log   *taskLog // nil when the task is not recorded
	id    int64    // of its goroutine
	site  Site
	at    time.Duration // when it was sent, or received; not written once it is done
	state atomic.Uint32 // one of the following; its task changes it, once, without a lock, so that others hear of it soon
	// cancels says of who closes a channel that it has cancelled a context.
	cancels bool
	sure    bool // it has been seen in the channel's queue; the shadow's mu guards it
}

const (
	commWaits uint32 = iota
	commDone
	commLeft // it did something else
)

// maxPending bounds the lists of a shadow.
const maxPending = 100_000

// recordings counts those that are active; shadows are the channels of all of them, by address.
var (
	recordings atomic.Int32
	shadows    struct {
		mu sync.Mutex
		of map[unsafe.Pointer]*shadow
		// parent leads from the channel of a context to that of the context with which it ends.
		parent map[unsafe.Pointer]unsafe.Pointer
	}
)

// watching is called when a recording begins, and with -1 when it ends.
func watching(n int32) {
	watch.Add(n)
	if recordings.Add(n) == 0 {
		shadows.mu.Lock()
		shadows.of, shadows.parent = nil, nil
		shadows.mu.Unlock()
		handovers.Clear()
	}
}

// shadowOf returns the shadow of a channel. If it has none it gets one if make is set and there is room for it in a recording.
func shadowOf(c reflect.Value, l *taskLog) *shadow {
	p := c.UnsafePointer()
	shadows.mu.Lock()
	defer shadows.mu.Unlock()
	s := shadows.of[p]
	if s == nil && l != nil && p != nil && len(shadows.of) < l.rec.limit {
		s = &shadow{ref: c, c: p}
		s.reset()
		if shadows.of == nil {
			shadows.of = map[unsafe.Pointer]*shadow{}
		}
		shadows.of[p] = s
	}
	return s
}

// reset notes as many values of nobody as are in the channel.
func (s *shadow) reset() {
	s.sends, s.recvs = nil, nil
	for range s.ref.Len() {
		c := &comm{}
		c.state.Store(commDone)
		s.sends = append(s.sends, c)
	}
}

// queue returns the list of sends or of receives.
func (s *shadow) queue(sends bool) *[]*comm {
	if sends {
		return &s.sends
	}
	return &s.recvs
}

// match pairs sends and receives as far as they are known. s.mu is held.
func (s *shadow) match() {
	for !s.mixed.Load() {
		s.sends, s.recvs = present(s.sends), present(s.recvs)
		sent := len(s.sends) > 0 && s.sends[0].state.Load() == commDone
		received := len(s.recvs) > 0 && s.recvs[0].state.Load() == commDone
		switch {
		case sent && received:
			s.arrow(s.sends[0], s.recvs[0])
			s.sends, s.recvs = s.sends[1:], s.recvs[1:]
		case received && len(s.sends) == 0, sent && len(s.recvs) == 0 && s.ref.Cap() == 0:
			s.mix()
		case len(s.sends)+len(s.recvs) > maxPending+s.ref.Cap():
			s.mix()
		default:
			s.check()
			return
		}
	}
}

// present returns a list without what has left at its head.
func present(l []*comm) []*comm {
	for len(l) > 0 && l[0].state.Load() == commLeft {
		l = l[1:]
	}
	return l
}

// check compares what should be in the channel with what is. While somebody waits it cannot be told. s.mu is held.
func (s *shadow) check() {
	if len(s.recvs) > 0 {
		return
	}
	n := 0
	for _, c := range s.sends {
		switch c.state.Load() {
		case commWaits:
			return
		case commDone:
			n++
		}
	}
	if n != s.ref.Len() {
		s.mix()
	}
}

// mix notes that code that is not known uses the channel. s.mu is held.
func (s *shadow) mix() {
	s.mixed.Store(true)
	for _, c := range slices.Concat(s.sends, s.recvs) {
		if c.state.Load() == commDone {
			c.log.unmatched()
		}
	}
	s.sends, s.recvs = nil, nil
}

// arrow notes that a value has gone from one task to another. s.mu is held.
func (s *shadow) arrow(from, to *comm) {
	a := Arrow{Kind: ArrowValue, Sent: from.at, Got: to.at, Site: from.site}
	connect(a, from.log, to.log, s.ref.Interface(), s)
}

// connect notes an arrow if both tasks are of one recording.
func connect(a Arrow, from, to *taskLog, object any, doubt *shadow) {
	if from == nil || to == nil || from.rec != to.rec {
		from.unmatched()
		to.unmatched()
		return
	}
	from.rec.arrow(a, from, to, object, doubt)
}

// unmatched counts a communication without an arrow in the task's recording, if it has one.
func (l *taskLog) unmatched() {
	if l != nil {
		l.rec.unmatched()
	}
}
