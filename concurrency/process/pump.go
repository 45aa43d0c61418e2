package process

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/report"

	"github.com/gobraid/gobraid/concurrency/internal/parcel"
)

// pump gives what waits to workers, and starts workers. c.mu is held, and given up now and then; one at a time does it.
func (c *core) pump() {
	c.pumping.Run(func() {
		for c.queue.Len() > 0 && c.give() {
		}
		c.hire()
	})
	c.settle()
}

// give gives the first items that wait to a worker, and reports whether it could. c.mu is held, and given up meanwhile.
func (c *core) give() bool {
	w := c.choose(c.queue.Peek())
	if w == nil {
		return false
	}
	items := c.batch(w)
	c.giving = items
	c.mu.Unlock()
	for _, it := range items {
		it.begun = it.begin()
	}
	c.mu.Lock()
	c.giving = nil
	for i, it := range items {
		switch {
		case it.gone: // see drop
		case !it.begun:
			c.over(it)
		case c.usable(w) && c.fits(w, it, 0, 0):
			c.send(w, it)
		default: // it has ended meanwhile
			c.queue.Unshift(slices.DeleteFunc(items[i:], func(it *item) bool { return it.gone })...)
			clear(items[:i])
			return true
		}
	}
	clear(items)
	c.spareBatch = items[:0]
	return true
}

// send adds an item to what a worker has, and sees to it that the worker always has something to do. c.mu is held.
func (c *core) send(w *worker, it *item) {
	w.append(it)
	switch {
	case w.flight.Len() == 1:
		w.watch()
		w.flush()
	case len(w.out) >= enough || len(w.tail) > 0:
		w.flush()
	}
}

// batch takes off the queue what a worker is to get at a time: as much as it may have, but no more than its share of what waits. c.mu is held.
func (c *core) batch(w *worker) []*item {
	usable, bytes := 0, 0
	for _, x := range c.live {
		if c.usable(x) {
			usable++
		}
	}
	share := (c.queue.Len() + usable - 1) / usable
	items := append(c.spareBatch, c.queue.Pop())
	for len(items) < share {
		bytes += items[len(items)-1].size()
		it := c.queue.Peek()
		if it.owner != items[0].owner || !c.fits(w, it, len(items), bytes) {
			break
		}
		items = append(items, c.queue.Pop())
	}
	c.spareBatch = nil // it is used
	return items
}

// choose returns the worker that is to get an item, nil if none can take it now. c.mu is held. What is at a worker at a time
// belongs to one owner: what it prints could not be told apart, and an interrupt would end work of others.
func (c *core) choose(it *item) *worker {
	var best *worker
	for _, w := range c.live {
		switch {
		case !c.usable(w):
		case w.flight.Len() == 0:
			return w
		case !c.fits(w, it, 0, 0) || best != nil && w.flight.Len() >= best.flight.Len():
		default:
			best = w
		}
	}
	return best
}

// usable reports whether a worker may get anything. c.mu is held.
func (c *core) usable(w *worker) bool {
	return w.ready && !w.greeting && !w.retiring && !w.spent && !w.gone && w.killed == nil
}

// fits reports whether a worker may get an item, when it has got n others with so many bytes besides what it has. c.mu is held.
func (c *core) fits(w *worker, it *item, n, bytes int) bool {
	if n += w.flight.Len(); n == 0 {
		return true
	}
	return n < w.window && w.bytes+bytes+it.size() <= maxInFlight && (c.tasks == 0 || w.done+n < c.tasks) &&
		(w.flight.Len() == 0 || w.flight.Peek().owner == it.owner)
}

// hire starts workers if there is work for them, and lets idle ones take from those that have much before them. c.mu is held.
func (c *core) hire() {
	for c.queue.Len() > c.starting && len(c.live)+c.starting < c.workers && c.broken == nil {
		c.starting++
		if c.keeper == nil {
			c.keeper = make(chan func(), 64)
			go keep(c.keeper)
		}
		select {
		case c.keeper <- c.start:
		default:
			c.starting--
			return // it is asked again when a worker is ready
		}
	}
}

// keep starts workers, all on one thread that lasts as long as they do: a worker is killed when the thread ends that started it. That is
// how none survives when the program is killed, but a thread may also end because the user had locked it.
func keep(work chan func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for f := range work {
		f()
	}
}

// start starts a worker.
func (c *core) start() {
	w := spare.take()
	var err error
	if w == nil {
		w = newWorker()
		err = w.spawn()
	}
	w.pool = c
	c.mu.Lock()
	defer c.mu.Unlock()
	c.starting--
	if err != nil {
		c.fail(err)
		c.settle()
		return
	}
	c.live = append(c.live, w)
	w.attend()
	if c.spawned != nil {
		c.spawned(w.pid)
	}
	c.settle()
}

// fail finishes all that waits, since no worker can be had. c.mu is held, and given up meanwhile.
func (c *core) fail(err error) {
	c.broken = err
	items := c.queue.Cut(0)
	for _, it := range items {
		c.over(it)
	}
	c.mu.Unlock()
	for _, it := range items {
		it.finish(nil, err)
	}
	c.mu.Lock()
}

// ownerOf returns whose work a worker does, or has done last.
func (c *core) ownerOf(w *worker) parcel.Owner {
	c.mu.Lock()
	defer c.mu.Unlock()
	if w.flight.Len() > 0 {
		w.owner = w.flight.Peek().owner
	}
	return w.owner
}

// received takes frames of a worker.
func (c *core) received(w *worker, frames []frame) {
	if n := len(frames); n > 1 || frames[0].kind != kindReady {
		w.drain()
		w.outputs[1].release()
	}
	now := time.Now()
	landed := w.landed[:0]
	c.mu.Lock()
	for _, f := range frames {
		switch f.kind {
		case kindReady:
			c.greet(w)
		case kindPrefix:
			w.learn(c.routines[f.routine], f.payload)
		case kindProgress:
			if it := c.progress(w, f); it != nil {
				landed = append(landed, landing{it, f})
			}
		case kindResult, kindFailure:
			if it := c.landed(w, f); it != nil {
				landed = append(landed, landing{it, f})
			}
		}
	}
	c.mu.Unlock()
	results := 0
	for _, l := range landed {
		if l.f.kind == kindProgress {
			l.it.report(l.f)
			continue
		}
		w.outcome(l.it, l.f)
		results++
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(landed); n > 0 && landed[n-1].it.internal {
		c.greeted(w, landed[n-1].it)
		results = 0
	}
	clear(landed)
	w.landed = landed[:0]
	if results > 0 {
		c.deaths = 0
		c.history.add(now, results)
		w.adapt(now, results)
	}
	c.pump()
	if len(w.out) > 0 {
		w.flush()
	}
	if w.flight.Len() == 0 && c.queue.Len() == 0 && w.ready && !w.retiring {
		c.relieve()
	}
}

// progress notes what a task reports, and returns its item. c.mu is held.
func (c *core) progress(w *worker, f frame) *item {
	done, total, text, ok := report.Parse(f.payload)
	if !ok || w.flight.Len() == 0 || w.flight.Peek().seq != f.seq {
		return nil
	}
	it := w.flight.Peek()
	if it.internal {
		return nil
	}
	it.progress = &concurrency.Progress{Done: done, Total: total, Text: text}
	return it
}

// report hands over what a task reports.
func (it *item) report(f frame) {
	done, total, text, _ := report.Parse(f.payload)
	if to := report.To(it.call.Context()); to != nil {
		to.Report(done, total, text)
	}
}

// A landing is an item, and what has come of it or what it reports.
type landing struct {
	it *item
	f  frame
}

// landed takes the item that a frame is about off its worker. c.mu is held.
func (c *core) landed(w *worker, f frame) *item {
	if w.flight.Len() == 0 || w.flight.Peek().seq != f.seq {
		return nil
	}
	it := w.flight.Pop()
	w.owner = it.owner
	w.bytes -= it.size()
	if it.internal {
		return it
	}
	if w.done++; w.done == 1 {
		spare.again()
	}
	if f.kind == kindFailure {
		c.counts.failed++
	} else {
		c.counts.done++
	}
	c.over(it)
	w.exhausted(c)
	if w.spent && w.flight.Len() == 0 {
		c.counts.recycled++
		w.retire()
	}
	return it
}

// adapt sets how many items a worker may have at a time: so many that it need not wait for the next, and so few that none waits
// long behind others while another worker has nothing to do. c.mu is held.
func (w *worker) adapt(now time.Time, n int) {
	took := now.Sub(w.since)
	w.busy += took
	w.since = now
	switch each := took / time.Duration(n); {
	case each < 100*time.Microsecond:
		w.window = min(2*w.window, maxWindow)
	default:
		w.window = max(w.window/2, 1)
	}
}

// exhausted finds out whether a worker is to be replaced, which is before anybody hears of the result, so that what is submitted next
// does not go to it. A worker that always has something is looked at now and then. c.mu is held.
func (w *worker) exhausted(c *core) {
	if w.spent || w.retiring {
		return
	}
	full := func() bool { return (w.flight.Len() == 0 || w.done%64 == 0) && resident(w.pid) > c.bytes }
	w.spent = c.tasks > 0 && w.done >= c.tasks || c.bytes > 0 && full()
}

// relieve takes back what waits at a worker behind a function that takes long, since another worker has nothing to do. c.mu is held.
func (c *core) relieve() {
	var most *worker
	for _, w := range c.live {
		if n := w.flight.Len(); n > 1 && w.killed == nil && w.ready && (most == nil || n > most.flight.Len()) {
			most = w
		}
	}
	if most == nil || time.Since(most.since) < linger {
		return
	}
	if c.takeBack(most) {
		most.window = 1
		c.pump()
	}
}

// takeBack puts what a worker has and has not begun back in front of the queue, and reports whether there is any. c.mu is held.
func (c *core) takeBack(w *worker) bool {
	begun := w.page.recall(w.seq)
	i := 0
	for i < w.flight.Len() && w.flight.Items()[i].seq <= begun {
		i++
	}
	back := w.flight.Cut(i)
	for _, it := range back {
		w.bytes -= it.size()
		it.w = nil
		c.listenTo(it) // its call has begun, so that its context is all that a cancellation ends
	}
	c.queue.Unshift(back...)
	return len(back) > 0
}

// retire has a worker end when it has done what it has. c.mu is held.
func (w *worker) retire() {
	if w.retiring || !w.ready {
		w.retiring = true
		if !w.ready {
			w.end(errors.New("process: pool is shut down"))
		}
		return
	}
	w.retiring = true
	w.closeWrite()
}

// end kills a worker. c.mu is held.
func (w *worker) end(why error) {
	if w.killed == nil {
		w.killed = why
	}
	if w.proc != nil {
		w.kill()
	}
}

// watch listens to the contexts of what a worker has, from a while on. c.mu is held.
func (w *worker) watch() {
	w.heard = w.seq
	if w.timer == nil {
		w.timer = time.AfterFunc(watchEvery, w.listen)
		return
	}
	w.timer.Reset(watchEvery)
}

// listenTo has an item end with its context. c.mu is held.
func (c *core) listenTo(it *item) {
	if it.stop == nil {
		ctx := it.call.Context()
		it.stop = context.AfterFunc(ctx, func() { c.canceled(it, context.Cause(ctx)) })
	}
}

func (w *worker) listen() {
	c := w.pool
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, it := range w.flight.Items() {
		if it.seq > w.heard { // it has come since the last time, and may be done before the next
			break
		}
		c.listenTo(it)
	}
	w.heard = w.seq
	if w.flight.Len() > 0 {
		w.timer.Reset(watchEvery)
		c.relieveIdle()
	}
}

// relieveIdle relieves a worker if another has nothing to do. c.mu is held.
func (c *core) relieveIdle() {
	if c.queue.Len() > 0 {
		return
	}
	for _, w := range c.live {
		if w.ready && !w.retiring && w.flight.Len() == 0 {
			c.relieve()
			return
		}
	}
}

// died takes what a dead worker leaves.
func (c *core) died(w *worker) {
	c.mu.Lock()
	w.gone = true // somebody may be about to give it something
	c.live = slices.DeleteFunc(c.live, func(x *worker) bool { return x == w })
	if w.timer != nil {
		w.timer.Stop()
	}
	begun := w.page.begun()
	var lost *item
	back := w.flight.Cut(0)
	if len(back) > 0 && (back[0].seq <= begun || w.greeting) {
		lost, back = back[0], back[1:]
	}
	err := w.death(lost)
	if w.greeting {
		lost, back = nil, nil
		if w.killed == nil {
			c.fail(&InitializerError{err})
		}
	}
	var finished []*item
	if lost != nil && lost.retries > 0 && w.killed == nil {
		lost.retries--
		c.counts.retried++
		back = append([]*item{lost}, back...)
		lost = nil
	}
	if lost != nil {
		c.counts.died++
		finished = append(finished, lost)
	}
	for _, it := range back {
		it.w = nil
		c.listenTo(it)
	}
	if w.killed != nil { // an interrupt: what has not begun is not to
		finished, back = append(finished, back...), nil
	}
	for _, it := range finished {
		c.over(it)
	}
	c.queue.Unshift(back...)
	if !w.ready && w.killed == nil {
		c.unready(err)
	}
	c.pump()
	c.mu.Unlock()
	for _, it := range finished {
		if it != lost {
			it.finish(nil, w.killed)
			continue
		}
		it.finish(nil, err)
	}
}

// maxDeaths is how many workers may die before they were ready, one after the other.
const maxDeaths = 3

// unready notes that a worker died before it was ready. c.mu is held.
func (c *core) unready(err error) {
	if c.deaths++; c.deaths >= maxDeaths {
		c.fail(fmt.Errorf("process: workers die before they are ready: %w", err))
	}
}

// death says what a worker died of.
func (w *worker) death(lost *item) error {
	e := &DeathError{Func: "nothing", Pid: w.pid, Status: -1, Cause: w.killed}
	if lost != nil {
		e.Func = lost.routine.name
	}
	if w.state != nil {
		e.Status = w.state.ExitCode()
		e.Signal = signalOf(w.state)
	}
	e.Last = w.last
	return e
}
