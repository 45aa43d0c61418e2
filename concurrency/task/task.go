package task

import (
	"sync"
	"sync/atomic"
	"time"
)

// A Task is a goroutine that belongs to a run. Its methods may be called from any goroutine.
type Task struct {
	entry
	run    *Run
	site   Site      // of the go statement
	up     *ancestor // the task that started it
	f      func()
	group  *sync.WaitGroup // told when f has ended, or nil
	always bool            // f runs even if the run is killed already

	stopping atomic.Bool // the task is to end
	gone     atomic.Bool // it has left the table

	mu      sync.Mutex
	rare    *rare // made when first needed
	counted bool  // Stop counts this task, apart from its run

	// Used by the task's own goroutine only.
	returned bool    // f has returned
	end      *ending // set when Goexit has begun
	self     *ancestor
}

// rare is what a task that does not wait, and has no name, does without: starting tasks is the cheaper for it.
// The task's mutex guards it.
type rare struct {
	name string
	wait waitState
	stop chan struct{} // made by the first wait, closed when the task is to end
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

// epoch is what times in this package are counted from: reading only the monotonic clock is half
// the price of time.Now.
var epoch = time.Now()

func now() time.Duration { return time.Since(epoch) }

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
}

// Go runs f in a new task of the caller's run. It is what a go statement at site is lowered to.
// Called outside any task it is a plain go statement. A nil f panics in the new task, as in Go.
func Go(site Site, f func()) {
	if t := current(); t != nil {
		t.spawn(site, f, nil)
		return
	}
	go f()
}

// spawn starts a task for f as a child of t.
func (t *Task) spawn(site Site, f func(), group *sync.WaitGroup) {
	c := &Task{run: t.run, site: site, f: f, group: group, up: t.ancestor()}
	c.start(t.id)
}

// start starts the task's goroutine. by is the id of who does it, for the census.
func (t *Task) start(by int64) {
	t.run.census.ward(by).born.Add(1)
	go t.main()
}

// Spawner returns a function that runs f in a new task, a child of the task that called Spawner, whoever
// calls it and when. Outside any task it is a plain go statement. Unlike a task that [Go] starts, one
// whose run is killed already runs up to its first safepoint or wait: a library can so have deferred
// functions that tell others of its end. It should call [Safepoint] before it does anything else.
func Spawner(site Site) func(f func()) {
	t := current()
	if t == nil {
		return func(f func()) { go f() }
	}
	run, up := t.run, t.ancestor()
	return func(f func()) {
		c := &Task{run: run, site: site, f: f, up: up, always: true}
		c.start(0)
	}
}

// main is the body of a task's goroutine.
func (t *Task) main() {
	t.begin()
	defer t.leave()
	defer t.catch()
	t.body()
}

// begin puts the task into the table. A run that is killed looks there for its tasks, and the task
// looks at the run afterwards, so none is overlooked.
func (t *Task) begin() {
	t.task = t
	t.insert()
	if t.run.killed.Load() {
		t.requestStop()
	}
}

// body runs the function of the task.
func (t *Task) body() {
	if t.group != nil {
		defer t.groupDone()
	}
	if t.stopping.Load() && !t.always {
		t.safepoint()
	}
	t.f()
	t.returned = true
}

// groupDone tells the wait group, once f has returned or exited. Like sync.WaitGroup.Go it does not
// when f panics. The task leaves the table first, so that whoever the group wakes no longer sees it.
func (t *Task) groupDone() {
	if v := recover(); v != nil {
		panic(v)
	}
	t.leave()
	t.group.Done()
}

// catch is deferred by main: it catches the panic the task ended with. The panic of a task that was
// told to end is of no interest: it comes from deferred functions that were cut short.
func (t *Task) catch() {
	v := recover()
	t.releaseHeld()
	if v != nil && t.end == nil {
		t.run.failed(newPanic(t, v))
	}
}

// leave takes the task out of the table and tells its run.
func (t *Task) leave() {
	if t.gone.Swap(true) {
		return
	}
	t.remove()
	if t.stopping.Load() {
		t.uncount()
	}
	t.run.left(t)
}
