package task

import (
	"cmp"
	"reflect"
	"runtime"
	"slices"
	"time"

	"github.com/petermattis/goid"
)

// An exchange is a send, a receive or a select while a run is recorded.
type exchange struct {
	task    *Task
	log     *taskLog // nil when the task is not recorded
	site    Site
	cases   []Case
	shadows []*shadow // of the cases; nil for what is not watched
	locked  []*shadow // each once, in order of address
	comms   []*comm   // what waits, by case
}

// exchanged does what Select does, in the books of the recordings. It returns false when there is nothing to enter.
func exchanged(kind Kind, site Site, hasDefault bool, cases []Case) (int, bool) {
	if recordings.Load() == 0 {
		return 0, false
	}
	x := &exchange{task: here(), site: site, cases: cases}
	if x.task != nil {
		x.log = x.task.log
	}
	if !x.open() {
		return 0, false
	}
	if i, ok := x.attempt(hasDefault); ok {
		return i, true
	}
	return x.wait(kind), true
}

// exchangedOne does what c does, a single operation.
func exchangedOne(kind Kind, site Site, c Case) bool {
	if recordings.Load() == 0 {
		return false
	}
	_, ok := exchanged(kind, site, false, []Case{c})
	return ok
}

// open finds the shadows of the cases, and reports whether there are any.
func (x *exchange) open() bool {
	x.shadows = make([]*shadow, len(x.cases))
	for i, c := range x.cases {
		s := shadowOf(c.reflected().Chan, x.log)
		if s == nil || s.mixed.Load() {
			continue
		}
		x.shadows[i] = s
		if !slices.Contains(x.locked, s) {
			x.locked = append(x.locked, s)
		}
	}
	slices.SortFunc(x.locked, func(a, b *shadow) int { return cmp.Compare(uintptr(a.c), uintptr(b.c)) })
	return len(x.locked) > 0 || x.log != nil
}

func (x *exchange) lock() {
	for _, s := range x.locked {
		s.mu.Lock()
	}
}

func (x *exchange) unlock() {
	for _, s := range x.locked {
		s.mu.Unlock()
	}
}

// settle locks the shadows when all who wait to do the same are in the channels' queues or gone.
func (x *exchange) settle() {
	var last *comm
	var deadline time.Duration
	for i := 0; ; i++ {
		x.lock()
		s, c := x.unsettled()
		switch {
		case c == nil:
			return
		case c != last:
			last, deadline = c, now()+settlePatience
		case now() > deadline:
			s.mix()
		}
		x.unlock()
		if runtime.Gosched(); i > spins {
			<-newTimer(settleInterval).C
		}
	}
}

// unsettled returns somebody who waits to do the same and is not known to stand in the queue, and the shadow.
func (x *exchange) unsettled() (*shadow, *comm) {
	for i, s := range x.shadows {
		if s == nil || s.mixed.Load() {
			continue
		}
		s.unsettled(!x.cases[i].sends())
		if c := s.unsettled(x.cases[i].sends()); c != nil {
			return s, c
		}
	}
	return nil, nil
}

// attempt does one of the cases if that is possible at once, and returns its index. Otherwise it returns -1 for the default
// case, or it is in the books as waiting.
func (x *exchange) attempt(hasDefault bool) (int, bool) {
	x.settle()
	defer x.unlock()
	for _, s := range x.locked {
		s.match()
	}
	began := x.log.now()
	i := tryAll(x.cases)
	if i < 0 && hasDefault && len(x.cases) > 1 {
		i = selectSlow(WaitSelect, x.site, true, x.cases)
	}
	switch {
	case i >= 0:
		c := x.comm(began)
		if !x.cases[i].sends() {
			c.at = x.log.now()
		}
		c.state.Store(commDone)
		if x.cases[i].communicated() {
			x.enter(i, c)
		}
		return i, true
	case hasDefault:
		return -1, true
	}
	x.comms = make([]*comm, len(x.cases))
	for i := range x.cases {
		x.comms[i] = x.comm(began)
		x.enter(i, x.comms[i])
	}
	return 0, false
}

func (x *exchange) comm(at time.Duration) *comm {
	return &comm{log: x.log, id: goid.Get(), site: x.site, at: at}
}

// enter puts c into the books of case i. The shadows are locked.
func (x *exchange) enter(i int, c *comm) {
	s := x.shadows[i]
	if s == nil || s.mixed.Load() {
		if c.state.Load() == commDone {
			x.log.unmatched()
		}
		return
	}
	l := s.queue(x.cases[i].sends())
	*l = append(*l, c)
	s.match()
}

// wait waits for one of the cases, and returns its index.
func (x *exchange) wait(kind Kind) int {
	fired := -1
	defer func() { x.leave(fired) }()
	var list []reflect.SelectCase
	for _, c := range x.cases {
		list = append(list, c.reflected())
	}
	if x.task != nil {
		stop := x.task.block(kind, object(kind, x.cases), x.site)
		defer x.task.unblock()
		list = append(list, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(stop)})
	}
	i, v, ok := reflect.Select(list)
	if i == len(x.cases) {
		x.task.die()
	}
	x.cases[i].took(v, ok)
	fired = i
	if x.task != nil {
		x.task.fired(x.cases[i].channel())
	}
	return i
}

// leave takes what has waited out of the books, but for the case that has fired, if one has.
func (x *exchange) leave(fired int) {
	at := x.log.now()
	for i, c := range x.comms {
		if i != fired || !x.cases[i].communicated() {
			c.state.Store(commLeft)
			continue
		}
		if !x.cases[i].sends() {
			c.at = at
		}
		c.state.Store(commDone)
	}
	for _, s := range x.locked {
		s.mu.Lock()
		s.match()
		s.mu.Unlock()
	}
	if fired < 0 {
		return
	}
	switch s := x.shadows[fired]; {
	case !x.cases[fired].communicated():
		s.closed(x.comms[fired], at)
	case s == nil || s.mixed.Load():
		x.log.unmatched()
	}
}

// closed notes that c has been let go on by the end of the channel. s may be nil.
func (s *shadow) closed(c *comm, at time.Duration) {
	if s == nil {
		c.log.unmatched()
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closer == nil {
		c.log.unmatched()
		return
	}
	a := Arrow{Kind: ArrowClose, Sent: s.closer.at, Got: at, Site: s.closer.site}
	if s.closer.cancels {
		a.Kind = ArrowCancel
	}
	connect(a, s.closer.log, c.log, s.ref.Interface(), nil)
}

// closeRecorded closes a channel, and notes who does if somebody may want to know.
func closeRecorded(c reflect.Value, site Site, shut func()) {
	s := (*shadow)(nil)
	if recordings.Load() != 0 {
		s = shadowOf(c, nil)
	}
	if s == nil {
		shut()
		return
	}
	if site == 0 {
		site = Here()
	}
	by := &comm{site: site}
	if t := here(); t != nil {
		by.log = t.log
	}
	by.at = by.log.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	shut()
	s.closer = by
}

// fired notes which of the things that t waits for has come.
func (t *Task) fired(object any) {
	t.mu.Lock()
	t.rare.wait.fired = object
	t.mu.Unlock()
}
