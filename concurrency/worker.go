package concurrency

import (
	"context"
	"runtime"

	"github.com/gobraid/gobraid/concurrency/task"
)

// start has worker w do a job, in a new task.
func (p *ThreadPool) start(w int, j job) {
	j.client().Go(func() { p.work(w, j) })
}

// work does a job, and then whatever comes after it that this task may do.
func (p *ThreadPool) work(w int, j job) {
	setName(p.places[w].name)
	returned := false
	defer func() {
		if !returned { // the function has ended the goroutine
			p.after(w, &job{}, false)
		}
	}()
	for more := true; more; {
		p.do(w, &j)
		more = p.after(w, &j, true)
	}
	returned = true
}

// do does a job on worker w.
func (p *ThreadPool) do(w int, j *job) {
	if j.node != nil {
		p.run(w, j.call)
		return
	}
	if p.prepare != nil && p.prepared(w) != nil {
		return
	}
	task.Safepoint()
	if e := task.Catch(j.f); e != nil {
		p.mu.Lock()
		if p.panic == nil {
			p.panic = e
		}
		p.mu.Unlock()
	}
}

// run runs a call on worker w.
func (p *ThreadPool) run(w int, c Call) {
	if p.prepare == nil {
		c.Run()
		return
	}
	if err := p.prepared(w); err != nil {
		c.Finish(nil, err)
		return
	}
	if a, ok := c.(interface{ assign(context.Context) }); ok {
		a.assign(p.places[w].worker)
	}
	c.Run()
}

// prepared has the initializer called if that was not done for worker w, and returns why the pool is broken, or nil.
func (p *ThreadPool) prepared(w int) error {
	at := &p.places[w] // nobody else looks at worker and ready
	if !at.ready {
		p.initialize(at)
	}
	if e := p.broken.Load(); e != nil {
		return *e
	}
	return nil
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

// after is called when worker w has done a job, and replaces it by the next one for the same goroutine. It reports whether there is one. If
// not, and if stays is false, which means that the goroutine ends, the worker goes on in another, or is idle.
func (p *ThreadPool) after(w int, j *job, stays bool) bool {
	p.leave()
	from := j.from
	if !p.take(w, j, stays && from == nil) {
		return false
	}
	switch {
	case !stays:
	case j.from == nil && from == nil:
		return true
	default:
		if c := j.client(); clientOf(from).Shares(c) {
			c.Assume()
			return true
		}
	}
	p.start(w, *j)
	return false
}

// take sets j to what worker w is to do next. If there is nothing it reports false, and the worker is idle from now on, at once unless it may
// linger.
func (p *ThreadPool) take(w int, j *job, mayLinger bool) bool {
	if !p.jobs.pop(j) && !(mayLinger && p.linger(j)) && p.rest(w, j) {
		return false
	}
	if at := &p.places[w]; at.does.Load() != j.node {
		at.does.Store(j.node)
	}
	return true
}

// rest makes worker w idle, unless there is a job now, and reports whether it has.
func (p *ThreadPool) rest(w int, j *job) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.jobs.pop(j) {
		return false
	}
	p.jobs.forget()
	p.places[w].does.Store(nil)
	p.idle = append(p.idle, w)
	if p.shut && len(p.idle) == len(p.places) {
		task.Close(p.empty, 0)
	}
	return true
}

// patience is how often linger looks.
const patience = 64

// linger lets a moment pass in which something may be submitted, and reports whether it has set j to that: to wait is cheaper than to start the
// goroutine again. One worker at a time does it, and not for tasks of a run: there a task that has nothing to do is one that is left
// running.
func (p *ThreadPool) linger(j *job) bool {
	p.mu.Lock()
	if p.lingers || p.shut || !task.Live() {
		p.mu.Unlock()
		return false
	}
	p.lingers = true
	p.mu.Unlock()
	got := false
	for n := 0; n < patience && !got; n++ {
		runtime.Gosched()
		got = p.jobs.pop(j)
	}
	p.mu.Lock()
	p.lingers = false
	p.mu.Unlock()
	return got
}
