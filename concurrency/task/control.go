package task

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// A control is the scheduler of a controlled run. One task of the run at a time has the turn and runs; the others wait for
// theirs here. Whoever has it gives it away at a point, where it waits, and at its end; then the
// strategy says who is next.
//
// What operations act on stays in Go's own objects. Each is a point, then an attempt that does not block; when that
// fails the task enters the line of the object, and whoever makes progress possible serves that line as Go serves
// its own queues. Tasks of other runs and libraries that work on the same objects do not know the line: it is
// polled for what they did when no task can go on.
//
// When the main task has ended or the run is killed, control ends: tasks wait as live ones then.
type control struct {
	run      *Run
	caller   *Task // who waits for Do, if that is a task: it cannot help
	strategy Strategy
	off      atomic.Bool   // control has ended
	over     chan struct{} // closed when control has ended
	news     chan struct{} // told when a task arrives while none has the turn
	time     atomic.Int64  // on the clock of the run, since its beginning
	byStep   bool          // it is recorded by steps
	spent    atomic.Int64  // what steps have taken on the clock of such a recording
	ended    atomic.Int64  // when control ended, in real time

	mu       sync.Mutex
	alive    int // tasks that have not ended
	began    bool
	watching bool    // it counts in watch
	current  *seat   // who has the turn
	ready    []*seat // who can go on
	parked   []*waiter
	seats    int           // how many have been given out
	steps    int           // how many points there have been
	orders   int           // of bells
	idle     int           // how many of them in a row did not change anything
	reads    int           // how many of those read the clock
	spun     time.Duration // how far the clock has moved since then
	drained  chan struct{} // closed when what the main task has left behind waits; nil before that one has ended
	until    int           // how many steps it may take
	dead     bool
	lines    map[unsafe.Pointer]line
	shut     map[unsafe.Pointer]bool // channels known to be closed
	full     map[unsafe.Pointer]bool // channels of timers that hold a time
	numbers  map[unsafe.Pointer]int
	bells    bells
	timers   map[unsafe.Pointer]*bell    // of *time.Timer and *time.Ticker
	stores   map[unsafe.Pointer][]source // who has sent what channels hold, while the run is recorded
	watched  []*watched
}

// A seat is the place of a task in a controlled run.
type seat struct {
	c    *control
	t    *Task
	n    int
	op   Op
	turn chan struct{} // told when it is this task's turn
	w    *waiter       // what it is parked with
	firm bool          // the task does not end now, though it is told to
}

// Control puts the run under control, before its Do: from then on one task at a time runs, the one that the strategy
// picks. Everything else that is open is chosen by the strategy too, and time is virtual: see the section of the
// package comment. It ends with the main task.
func (r *Run) Control(s Strategy) {
	r.ctl = &control{
		run: r, strategy: s, over: make(chan struct{}), news: make(chan struct{}, 1),
		lines: map[unsafe.Pointer]line{}, shut: map[unsafe.Pointer]bool{}, full: map[unsafe.Pointer]bool{},
		stores: map[unsafe.Pointer][]source{}, numbers: map[unsafe.Pointer]int{}, timers: map[unsafe.Pointer]*bell{},
	}
}

// Virtual puts the run under control, in order when seed is 0 and at random otherwise. See [Run.Control].
func (r *Run) Virtual(seed uint64) {
	if seed == 0 {
		r.Control(InOrder())
		return
	}
	r.Control(Random(seed))
}

// begin begins the run with its main task, and gives that its turn. A second call does nothing: the run goes on as a
// live one.
func (c *control) begin(main *Task) {
	c.mu.Lock()
	first := !c.began && !c.off.Load()
	c.began = true
	if first {
		c.watching = true
		watch.Add(1)
		controls.Store(c, nil)
	}
	c.mu.Unlock()
	if !first {
		return
	}
	c.spawn(main)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next()
}

// controls are the controlled runs whose main task has not ended.
var controls sync.Map

// spawn gives t a seat, and makes it able to begin. Its goroutine need not exist yet.
func (c *control) spawn(t *Task) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.off.Load() && c.alive == 0 {
		return
	}
	c.seats++
	c.alive++
	t.seat = &seat{c: c, t: t, n: c.seats, turn: make(chan struct{}, 1), op: Op{Kind: OpStart, Site: t.site}}
	if c.off.Load() {
		return
	}
	c.able(t.seat)
	t.seat.pause(t.site)
	c.tell()
}

// tell tells whoever waits for something to do that there is. c.mu is held.
func (c *control) tell() {
	if c.current != nil {
		return
	}
	select {
	case c.news <- struct{}{}:
	default:
	}
}

// able makes s able to go on. c.mu is held.
func (c *control) able(s *seat) { c.ready = append(c.ready, s) }

// await blocks until it is the turn of s. It returns false when control has ended.
func (s *seat) await() bool {
	select {
	case <-s.turn:
		return true
	case <-s.c.over:
		return false
	}
}

// leave is called when the task of s has ended.
func (s *seat) leave() {
	c := s.c
	if s.n == 1 {
		c.drain(s)
		c.release()
	}
	c.mu.Lock()
	dead := false
	if c.current == s {
		c.current = nil
		dead = c.next()
	}
	c.alive--
	last := c.alive == 0 && c.off.Load()
	c.mu.Unlock()
	if last {
		watch.Add(-1)
	}
	if dead {
		c.stuck()
	}
}

// point lets the strategy say who goes on before the task of s does op. It returns false when control has ended.
func (c *control) point(s *seat, op Op) bool {
	c.mu.Lock()
	if c.off.Load() {
		c.mu.Unlock()
		return s.over(op.Kind)
	}
	if c.current != s {
		c.mu.Unlock()
		panic("task: a controlled task runs out of turn")
	}
	s.op = op
	c.steps++
	c.pay()
	if !c.draining() {
		c.spin(op.Kind)
	}
	c.notice()
	next := c.pick(s)
	if next == s {
		c.mu.Unlock()
		return true
	}
	c.able(s)
	s.pause(op.Site)
	c.give(next)
	c.mu.Unlock()
	on := s.await()
	s.resume()
	if !on {
		return s.over(op.Kind)
	}
	if op.Kind.waits() {
		s.obey()
	}
	return true
}

// over says that control has ended, and ends the task if that is because it is to end.
func (s *seat) over(k OpKind) bool {
	if k.waits() {
		s.obey()
	}
	return false
}

// pointTo is point for a task that may not be under control.
func (t *Task) pointTo(op Op) {
	if s := t.controlled(); s != nil {
		s.c.point(s, op)
	}
}

// obey ends the task when it was told to end and has not begun to.
func (s *seat) obey() {
	if s.t.stopping.Load() && s.t.end == nil && !s.firm {
		s.t.die()
	}
}

// pick asks the strategy who goes on: s, unless it is nil, or one of those that are ready. Who is picked
// is no longer ready. c.mu is held.
func (c *control) pick(s *seat) *seat {
	if len(c.ready) == 0 {
		return s
	}
	i := c.index(s)
	if s != nil {
		if i == 0 {
			return s
		}
		i--
	}
	next := c.ready[i]
	c.ready = without(c.ready, i)
	return next
}

// A briefStrategy picks without a list of all that can go on: by the first of them and how many there are.
type briefStrategy interface {
	pick(first Able, n int) int
}

// index is what the strategy picks from s, unless it is nil, and those that are ready. c.mu is held.
func (c *control) index(s *seat) int {
	first, n := c.ready[0].as(false), len(c.ready)
	if s != nil {
		first, n = s.as(true), n+1
	}
	if n == 1 {
		return 0
	}
	if b, ok := c.strategy.(briefStrategy); ok {
		return b.pick(first, n)
	}
	list := make([]Able, 0, n)
	if s != nil {
		list = append(list, first)
	}
	for _, r := range c.ready {
		list = append(list, r.as(false))
	}
	return c.strategy.Pick(list)
}

// as is s as a strategy is told of it.
func (s *seat) as(current bool) Able { return Able{s.n, current, s.op} }

// without returns list without what is at i. It costs nothing to take the first.
func without[T any](list []*T, i int) []*T {
	if i == 0 {
		list[0] = nil
		return list[1:]
	}
	return slices.Delete(list, i, i+1)
}

// unpark takes w out of those that are parked. c.mu is held.
func (c *control) unpark(w *waiter) {
	if i := slices.Index(c.parked, w); i >= 0 {
		c.parked = without(c.parked, i)
	}
}

// give gives s the turn. c.mu is held.
func (c *control) give(s *seat) {
	c.current = s
	s.turn <- struct{}{}
}

// choose returns a number below n. c.mu is held.
func (c *control) choose(n int, why string) int {
	if n < 2 {
		return 0
	}
	return c.strategy.Choose(n, why)
}

// number returns the number of an object. c.mu is held.
func (c *control) number(object unsafe.Pointer) int {
	if object == nil {
		return 0
	}
	n, ok := c.numbers[object]
	if !ok {
		n = len(c.numbers) + 1
		c.numbers[object] = n
	}
	return n
}

// park gives the turn of w's task away until w is woken. c.mu is held, and is not when park returns. When it returns
// false control has ended before anybody woke w. A task that is told to end does so here, in its turn.
func (c *control) park(w *waiter) bool {
	s := w.s
	c.idle = 0
	w.source = c.source()
	w.source.site = w.site
	stop := s.t.block(w.kind, w.object, w.site)
	if s.firm {
		stop = nil
	}
	defer s.t.unblock()
	c.parked = append(c.parked, w)
	w.parked, s.w = true, w
	c.current = nil
	dead := c.next()
	c.mu.Unlock()
	if dead {
		c.stuck()
	}
	select {
	case <-s.turn:
	case <-c.over:
	case <-stop:
		c.recall(w)
		s.await()
		if s.t.end != nil { // its deferred functions have had their time
			w.forward()
			s.t.die()
		}
	}
	if s.t.stopping.Load() && s.t.end == nil && !s.firm {
		w.forward()
		s.t.die()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	s.w = nil
	if !w.awake {
		c.withdraw(w)
	}
	return w.awake
}

// forward hands the wake of a task that ends to another.
func (w *waiter) forward() {
	c := w.s.c
	c.mu.Lock()
	defer c.mu.Unlock()
	if w.awake && w.pass != nil && !c.off.Load() {
		w.pass()
	}
}

// recall makes a task that is told to end able to do so, if it is parked.
func (s *seat) recall() {
	s.c.mu.Lock()
	w := s.w
	firm := s.firm
	s.c.mu.Unlock()
	if !firm {
		s.c.recall(w)
	}
}

// recall makes the task of w, which is told to end, able to go on. If it waits for its turn already, it
// goes on waiting for that.
func (c *control) recall(w *waiter) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if w == nil || w.awake || w.recalled || c.off.Load() {
		return
	}
	w.recalled = true
	lines := slices.Clone(w.queues)
	c.withdraw(w)
	c.unpark(w)
	for _, l := range lines {
		c.settle(l)
	}
	c.able(w.s)
	c.tell()
}

// release ends control: all tasks that wait here go on as live ones.
func (c *control) release() {
	c.mu.Lock()
	if c.off.Load() {
		c.mu.Unlock()
		return
	}
	c.ended.Store(int64(now()))
	c.off.Store(true)
	close(c.over)
	c.current = nil
	c.toRealTime()
	clear(c.lines)
	clear(c.numbers)
	clear(c.shut)
	clear(c.full)
	clear(c.timers)
	clear(c.stores)
	c.ready, c.parked, c.bells = nil, nil, nil
	watched := c.watched
	c.watched = nil
	none := c.watching && c.alive == 0
	c.mu.Unlock()
	controls.Delete(c)
	if none {
		watch.Add(-1)
	}
	for _, w := range watched {
		w.follow()
	}
}

// now returns the time on the clock of the run. When control has ended that goes on as real time does.
func (c *control) now() time.Duration {
	t := time.Duration(c.time.Load())
	if c.off.Load() {
		t += now() - time.Duration(c.ended.Load())
	}
	return t
}
