package cluster

import (
	"time"

	"github.com/nats-io/nats.go"
)

// How a plain task finds a worker that has room. NATS gives a message to any one of a queue group, busy or not. So a worker is in the group only as
// often as it has room: a subscription is made for so many messages, after which the server ends it. When no worker is in the
// group the server says so, and the pool waits until one says that it has room again.

// A demand is what pools want that this worker has.
type demand struct {
	want    want
	own     bool // no pool need want it
	offers  map[*nats.Subscription]int
	offered int             // the sum of these
	pools   map[string]bool // that want it
	stop    func()          // ends the getting of idempotent tasks, nil if no pool has some
}

// demand returns the demand for what is wanted. a.mu is held.
func (a *agent) demand(w want) *demand {
	d := a.demands[w.subject()]
	if d == nil {
		d = &demand{want: w, offers: map[*nats.Subscription]int{}, pools: map[string]bool{}}
		a.demands[w.subject()] = d
	}
	return d
}

// room returns how many tasks the worker may have: those that run, and so many more that none of its processes need wait for the next. a.mu is
// held.
func (a *agent) room() int { return a.Concurrency * (1 + a.pace.depth()) }

// offer joins the queue groups with the room that there is. a.mu is held.
func (a *agent) offer() {
	if a.draining || !a.connected {
		return
	}
	room := a.room()
	for _, d := range a.demands {
		free := room - a.held - d.offered
		if free <= 0 || d.offered > 0 && free < room/2 {
			continue
		}
		sub, err := a.link.QueueSubscribe(d.want.run(), "workers", a.came) // a ChanQueueSubscribe has a data race with AutoUnsubscribe
		if err != nil {
			return // the connection is closed
		}
		if err := sub.AutoUnsubscribe(free); err != nil {
			return
		}
		if d.offered == 0 {
			_ = a.link.Publish(d.want.room(), nil)
		}
		d.offers[sub] = free
		d.offered += free
	}
}

// came takes a message of a queue group.
func (a *agent) came(msg *nats.Msg) {
	select {
	case a.in <- msg:
	case <-a.stop:
	}
}

// used notes that a message has come by an offer. a.mu is held.
func (a *agent) used(sub *nats.Subscription) {
	for _, d := range a.demands {
		n, ok := d.offers[sub]
		if !ok {
			continue
		}
		d.offered--
		if d.offers[sub] = n - 1; n == 1 {
			delete(d.offers, sub)
			_ = sub.Unsubscribe() // the server has ended it; this is for the client
		}
		return
	}
}

// withdraw takes offers back. A task that comes in the very moment is lost by it, as one is whose worker dies.
func (d *demand) withdraw() {
	for sub := range d.offers {
		_ = sub.Unsubscribe()
	}
	clear(d.offers)
	d.offered = 0
}

// end ends the getting of idempotent tasks.
func (d *demand) end() {
	if d.stop != nil {
		d.stop()
		d.stop = nil
	}
}

// A pace is how long tasks take, and how many were done lately.
type pace struct {
	mean  time.Duration // of a process of the worker, for a task
	since time.Time     // of the count
	count int
	last  float64 // a second, before that
}

const (
	ahead    = 2 * time.Millisecond  // how long several tasks may wait at a worker for a process to be free: about what it takes to get more
	aheadOne = 20 * time.Millisecond // how long one may, so that there is a next one
	maxDepth = 64
)

// depth returns how many tasks may wait for each process: none behind those that take long, or of which nothing is known yet, since another worker might
// have nothing to do.
func (p *pace) depth() int {
	if p.mean <= 0 || p.mean > aheadOne {
		return 0
	}
	return min(max(int(ahead/p.mean), 1), maxDepth)
}

// done notes that a task has taken so long.
func (p *pace) done(took time.Duration) {
	if p.mean == 0 {
		p.mean = took
	}
	p.mean += (took - p.mean) / 8
	p.mean = max(p.mean, 1)
	p.rate()
	p.count++
}

// rate returns tasks a second, in the last few seconds.
func (p *pace) rate() float64 {
	const window = 2 * time.Second
	now := time.Now()
	if p.since.IsZero() {
		p.since = now
	}
	d := now.Sub(p.since)
	if d >= window {
		p.last = float64(p.count) / d.Seconds()
		p.since, p.count = now, 0
		return p.last
	}
	if p.last == 0 && d > 0 {
		return float64(p.count) / max(d, window/4).Seconds()
	}
	return p.last
}
