package task

import (
	"sync"
	"sync/atomic"
	"time"
	_ "unsafe" // for linkname

	"github.com/petermattis/goid"
)

// A Task is a goroutine that belongs to a run. Its methods may be called from any goroutine.
type Task struct {
	id      int64    // of the goroutine; set before the task is in the table
	place   *slot    // in the table
	held    heldLock // see held.go
	run     *Run
	began   ticks           // a visitor's under mu
	site    Site            // of the go statement
	up      *ancestor       // the task that started it
	f       func()          // nil when it has begun
	group   *sync.WaitGroup // told when f has ended, or nil
	always  bool            // f runs even if the run is killed already
	visitor bool            // see visitor.go

	stopping atomic.Bool // the task is to end
	gone     atomic.Bool // it has left the table

	seat *seat // in a controlled run, or nil
	host *Host // of a coroutine
	to   atomic.Pointer[redirection]

	mu      sync.Mutex
	rare    *rare // made when first needed
	counted bool  // Stop counts this task, apart from its run

	// Used by the task's own goroutine only.
	returned bool    // f has returned
	panicked bool    // f has panicked
	noted    bool    // see Noted
	calling  Site    // see Calling
	end      *ending // set when Goexit has begun
	self     *ancestor
	keeper   Keeper   // see Keep
	resting  Keeper   // the keeper while the task waits
	atEnd    []func() // see AtEnd
	log      *taskLog // nil unless the task is recorded; until it is counted, that of the task that starts it
}

// rare is what a task that does not wait, and has no name, does without: starting tasks is the cheaper for it.
// The task's mutex guards it.
type rare struct {
	name string
	wait waitState
	stop chan struct{} // made by the first wait, closed when the task is to end
	held []heldLock

	hosts         []*Host // that it runs, the innermost last
	blocked, last blocked // see slow.go: of the step that is going on, and of the one before
}

// more returns t.rare. t.mu is held.
func (t *Task) more() *rare {
	if t.rare == nil {
		t.rare = &rare{}
	}
	return t.rare
}

// An ending is the state of a task that unwinds because it was told to end.
type ending struct {
	grace  time.Duration // until when deferred functions may run on
	rounds int           // how often the grace has ended
	held   []sync.Locker // taken so that deferred functions can unlock them
}

// An ancestor is what a task's descendants remember of it, in a list that leads to the main task.
type ancestor struct {
	id    int64
	site  Site
	up    *ancestor
	depth int
}

// maxAncestors bounds the list, so that a task that starts the next and ends, for ever, keeps no
// memory of all that came before.
const maxAncestors = 16

// ancestor returns what children of t remember. Only t itself calls it.
func (t *Task) ancestor() *ancestor {
	if t.visitor {
		return nil
	}
	if t.self == nil {
		t.self = &ancestor{id: t.id, site: t.site, up: t.up}
		if t.up != nil && t.up.depth < maxAncestors {
			t.self.depth = t.up.depth + 1
		} else {
			t.self.up = nil
		}
	}
	return t.self
}

// epoch is what times in this package are counted from, but for some ns: reading only the monotonic clock is half
// the price of time.Now.
var epoch = time.Now()

// now returns the time since epoch. It takes less of the stack than time.Since, and a little less time.
func now() time.Duration { return time.Duration(nanotime() - nanoEpoch) }

var nanoEpoch = nanotime()

// Package runtime promises those that link to it not to change it.
//
//go:linkname nanotime runtime.nanotime
func nanotime() int64

// Current returns the task of the calling goroutine, or nil when it is not one: in a program outside
// gobraid, or on a goroutine that a library started. It costs about 3 ns.
func Current() *Task { return current() }

// ID returns the number of the task, which is its goroutine's. It is 0 until the goroutine runs.
func (t *Task) ID() int64 { return t.id }

// Run returns the run the task belongs to.
func (t *Task) Run() *Run { return t.run }

// SetName names the task in listings and pictures.
func (t *Task) SetName(name string) {
	t.mu.Lock()
	t.more().name = name
	t.mu.Unlock()
	t.log.setName(name)
}

// Go runs f in a new task of the caller's run. It is what a go statement at site is lowered to.
// Called outside any task it is a plain go statement. A nil f panics in the new task, as in Go.
func Go(site Site, f func()) {
	if t := here(); t != nil {
		t.pointTo(Op{Kind: OpGo, Site: site})
		t.spawn(site, f, nil)
		return
	}
	go f()
}

// spawn starts a task for f as a child of t.
func (t *Task) spawn(site Site, f func(), group *sync.WaitGroup) {
	c := &Task{run: t.run, site: site, f: f, group: group, up: t.ancestor(), log: t.log}
	c.inherit(t.to.Load())
	c.start(t.id)
}

// start starts the task's goroutine. by is the id of who does it, for the census.
func (t *Task) start(by int64) {
	t.come(by)
	if t.run.ctl != nil {
		t.run.ctl.spawn(t)
	}
	go t.main()
}

// Spawner returns the method [Client.Go] of the calling task as a client: a function that runs f in a new task, a child of the
// task that called Spawner, whoever calls it and when.
func Spawner(site Site) func(f func()) { return ClientAt(site).Go }

// main is the body of a task's goroutine. It and what it calls use little of the stack, so that a task that waits makes do
// with the smallest.
func (t *Task) main() {
	t.begin()
	if t.seat != nil {
		t.mainSeated()
		return
	}
	defer t.finish()
	t.body()
}

// mainSeated is main for a task of a controlled run.
func (t *Task) mainSeated() {
	defer t.seat.leave()
	t.seat.await()
	t.seat.resume()
	defer t.finish()
	defer t.seat.c.pay()
	t.body()
}

// begin puts the task into the table. A run that is killed looks there for its tasks, and the task
// looks at the run afterwards, so none is overlooked.
func (t *Task) begin() {
	t.id = goid.Get()
	t.place = t.insert()
	t.log.identify(t.id)
	t.carry()
	if t.run.killed.Load() {
		t.requestStop()
	}
}

// body runs the function of the task.
func (t *Task) body() {
	if t.stopping.Load() && !t.always {
		t.safepoint()
	}
	f := t.f
	t.f = nil // what it has captured is not to be found through the task
	f()
	t.returned = true
}

// finish is deferred by main: it catches the panic the task ended with, takes the task out of the table, and then tells its
// wait group, so that whoever that wakes no longer sees the task. Like sync.WaitGroup.Go it does not when the function has
// panicked.
func (t *Task) finish() {
	v := recover()
	if v != nil || t.end != nil {
		t.unwound(v)
	}
	if t.atEnd != nil {
		t.callAtEnd()
	}
	t.leave()
	if t.group != nil && v == nil {
		t.tellGroup()
	}
}

// tellGroup tells the wait group of the task, which panics when it has been told too often.
func (t *Task) tellGroup() {
	defer func() {
		if v := recover(); v != nil && t.end == nil {
			t.run.failed(newPanic(t, v))
		}
	}()
	t.addGroup(t.group, -1, 0)
	if t.seat != nil {
		t.seat.c.added(t.group)
	}
}

// unwound settles what a task leaves that has panicked with v or has exited. The panic of a task that was told to end is of
// no interest: it comes from deferred functions that were cut short.
func (t *Task) unwound(v any) {
	t.releaseHeld()
	if v != nil && t.end == nil {
		t.panicked = true
		t.run.failed(newPanic(t, v))
	}
}

// leave takes the task out of the table and tells its run.
func (t *Task) leave() {
	if t.gone.Swap(true) {
		return
	}
	if t.holds() {
		t.leaveLocks()
	}
	t.place.remove()
	if t.log != nil {
		t.log.ended(t.outcome())
	}
	ward := t.run.census.ward(t.id)
	if d := ward.tick() - t.began; d != 0 {
		ward.lived.Add(int64(d))
	}
	if t.stopping.Load() {
		t.uncount()
	}
	t.run.left(t)
}

// Site returns where the task was started.
func (t *Task) Site() Site { return t.site }
