package concurrency

import (
	"context"
	"runtime"

	"github.com/gobraid/gobraid/concurrency/task"
)

// start has worker w do what was submitted, in a new task.
func (p *ThreadPool) start(w int, e *node) {
	e.from.Go(func() { p.work(w, e) })
}

// work runs what was submitted, and then whatever comes after it that this task may run.
func (p *ThreadPool) work(w int, e *node) {
	setName(p.places[w].name)
	defer func() {
		if e != nil { // it has ended the goroutine
			p.after(w, nil)
		}
	}()
	for e != nil {
		p.run(w, e.call)
		e = p.after(w, e)
	}
}

// run runs a call on worker w.
func (p *ThreadPool) run(w int, c Call) {
	if p.prepare == nil {
		c.Run()
		return
	}
	at := &p.places[w] // nobody else looks at worker and ready
	if !at.ready {
		p.initialize(at)
	}
	if e := p.broken.Load(); e != nil {
		c.Finish(nil, *e)
		return
	}
	if a, ok := c.(interface{ assign(context.Context) }); ok {
		a.assign(at.worker)
	}
	c.Run()
}

// initialize calls the initializer for a worker.
func (p *ThreadPool) initialize(at *place) {
	err := ErrExited
	defer func() {
		if err == nil {
			at.ready = true
			return
		}
		var e error = &BrokenError{p.name, err}
		p.broken.CompareAndSwap(nil, &e)
	}()
	task.Safepoint()
	if e := task.Catch(func() { at.worker, err = p.prepare(context.Background()) }); e != nil {
		err = e
	}
}

// after is called when worker w has finished its last call, and returns the next for the same goroutine, or nil if there
// is none. In that case, and if last is nil, which means that the goroutine ends, the worker goes on in another, or is idle.
func (p *ThreadPool) after(w int, last *node) *node {
	p.leave()
	var from task.Client
	if last != nil {
		from = last.from // before last is used again
	}
	e := p.take(w, last, last != nil && from == (task.Client{}))
	if e == nil {
		return nil
	}
	if last == nil || !from.Shares(e.from) {
		p.start(w, e)
		return nil
	}
	e.from.Assume()
	return e
}

// take returns what worker w is to do next. If there is nothing it is idle from now on, at once unless it may linger.
func (p *ThreadPool) take(w int, last *node, mayLinger bool) *node {
	p.head.Lock()
	if last != nil {
		p.reuse(last)
	}
	if p.out.n == 0 && !p.fetch(mayLinger) {
		p.rest(w)
		p.mu.Unlock()
		p.head.Unlock()
		return nil
	}
	e, spare := p.out.pop()
	if spare != nil {
		p.done = spare
	}
	p.head.Unlock()
	p.places[w].does.Store(e)
	return e
}

// rest makes worker w idle. p.head and p.mu are held.
func (p *ThreadPool) rest(w int) {
	p.places[w].does.Store(nil)
	p.idle = append(p.idle, w)
	if p.shut && len(p.idle) == len(p.places) {
		task.Close(p.empty, 0)
	}
}

// fetch gives the workers what was submitted since the last time, and reports whether there is anything. p.head is held. If there
// is nothing p.mu is held when it returns.
func (p *ThreadPool) fetch(mayLinger bool) bool {
	p.mu.Lock()
	if p.in.n == 0 && mayLinger && p.linger == 0 {
		p.await()
		if p.out.n > 0 { // somebody else has fetched it
			p.mu.Unlock()
			return true
		}
	}
	if p.in.n == 0 {
		return false
	}
	p.out, p.in = p.in, chain{}
	p.spare, p.done = p.done, nil
	if p.fresh == nil {
		p.fresh, p.ran, p.reused = p.ran, nil, 0
	}
	p.mu.Unlock()
	return true
}

// patience is how often await looks.
const patience = 64

// await lets a moment pass in which something may be submitted: to wait is cheaper than to start the goroutine again. It
// is not for tasks of a run: there a task that has nothing to do is one that is left running. p.head and p.mu are held, but
// not all the time.
func (p *ThreadPool) await() {
	if p.shut || !task.Live() {
		return
	}
	p.linger++
	p.head.Unlock()
	for range patience {
		p.mu.Unlock()
		runtime.Gosched()
		p.mu.Lock()
		if p.in.n > 0 || p.shut {
			break
		}
	}
	p.linger--
	p.mu.Unlock()
	p.head.Lock()
	p.mu.Lock()
}
