package cluster

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/gobraid/gobraid/concurrency/internal/parcel"
)

// A peer is a worker as a pool knows it.
type peer struct {
	workerBeat
	seen    time.Time // its last beat
	missing string    // why it does not fit
	known   bool      // it has beaten
	acks    []uint64  // results that it need not send again
}

// usable reports whether the worker takes work of the pool.
func (w *peer) usable() bool { return w.known && w.missing == "" && !w.Draining }

// peer returns what is known of a worker. c.mu is held.
func (c *core) peer(id string) *peer {
	w := c.peers[id]
	if w == nil {
		w = &peer{workerBeat: workerBeat{ID: id, Lease: c.server.lease}, seen: time.Now()}
		c.peers[id] = w
	}
	return w
}

// workerBeat takes what a worker says of itself.
func (c *core) workerBeat(msg *nats.Msg) {
	var b workerBeat
	if json.Unmarshal(msg.Data, &b) != nil || b.ID == "" {
		return
	}
	c.mu.Lock()
	w := c.peer(b.ID)
	before := w.usable()
	w.workerBeat, w.seen, w.known = b, time.Now(), true
	w.missing = c.want.fits(b.Version, b.Queue, b.Labels)
	if !before || !w.usable() {
		c.announce()
	}
	c.unblock()
	c.pump()
	c.mu.Unlock()
	if b.Gone {
		c.gone(b.ID, "it has ended")
	}
}

// announce wakes those that wait for workers. c.mu is held.
func (c *core) announce() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// missing says why no worker does the pool's work, "" if one does. c.mu is held.
func (c *core) missing() string {
	if !c.connected {
		return "the connection to " + c.server.String() + " is lost, and tried again"
	}
	var unfit []string
	for _, w := range c.peers {
		switch {
		case w.usable():
			return ""
		case !w.known:
		case w.Draining:
			unfit = append(unfit, fmt.Sprintf("the worker on %s is about to end", w.Host))
		default:
			unfit = append(unfit, fmt.Sprintf("the worker on %s %s", w.Host, w.missing))
		}
	}
	if len(unfit) == 0 {
		return "no worker has joined " + c.server.String()
	}
	slices.Sort(unfit)
	text := "no worker on " + c.server.String() + " fits: this is " + c.version.String()
	for _, l := range c.want.Labels {
		text += ", wants " + l
	}
	return text + "; " + strings.Join(slices.Compact(unfit), ", ")
}

// beat tells workers that the pool is there, or gone.
func (c *core) beat(gone bool) {
	c.mu.Lock()
	b := poolBeat{ID: c.id, Want: c.want, Jobs: c.journal != nil, Lease: c.server.lease, Gone: gone}
	connected := c.connected
	c.mu.Unlock()
	if connected { // else it would be kept until it is connected again, and there is a next one
		_ = c.link.Publish(poolBeats+c.id, beatJSON(b))
	}
}

// tick beats, and looks for workers that do not any more.
func (c *core) tick() {
	defer c.ticking.Done()
	t := time.NewTicker(every(c.server.lease))
	defer t.Stop()
	for {
		select {
		case <-c.stop:
			return
		case <-t.C:
		}
		c.beat(false)
		c.acknowledge()
		c.look()
	}
}

// look finds workers that have not beaten for their lease, and tasks that nobody has answered for.
func (c *core) look() {
	now := time.Now()
	var lost []string
	c.mu.Lock()
	if !c.connected {
		c.mu.Unlock()
		return
	}
	for id, w := range c.peers {
		if now.Sub(w.seen) > w.Lease {
			lost = append(lost, id)
		}
	}
	lease := c.server.lease
	c.unblock()
	c.mu.Unlock()
	c.explain(now)
	for _, id := range lost {
		c.gone(id, "it has given no sign of life for its lease")
	}
	c.lose(func(it *item) bool { return it.limit == 0 && it.state == sent && now.Sub(it.since) > lease }, "no worker has said that it has it")
	for _, it := range c.all(func(it *item) bool {
		return it.limit > 0 && it.state == sent && it.place == 0 && now.Sub(it.since) > lease/2
	}) {
		c.unkept(it.seq)
	}
}

func waits(n int) string {
	if n == 1 {
		return "a function waits"
	}
	return fmt.Sprintf("%d functions wait", n)
}

// explain tells those that have waited for a while what for, once, if no worker fits.
func (c *core) explain(now time.Time) {
	type note struct {
		parcel.Owner
		text string
	}
	var notes []note
	c.mu.Lock()
	if missing := c.missing(); missing != "" {
		for _, o := range c.owners {
			if o.told != missing && now.Sub(o.since) > every(c.server.lease) {
				o.told = missing
				notes = append(notes, note{o.Owner, fmt.Sprintf("cluster: %s: %s\n", waits(o.items), missing)})
			}
		}
	}
	c.mu.Unlock()
	for _, n := range notes {
		n.Write("stderr", []byte(n.text))
	}
}

// gone forgets a worker, and fails what it had.
func (c *core) gone(id, why string) {
	c.mu.Lock()
	delete(c.peers, id)
	c.announce()
	c.mu.Unlock()
	c.lose(func(it *item) bool { return it.limit == 0 && it.peer != nil && it.peer.ID == id }, why)
}

// lose fails items that will not come back. Whether they have run is not known.
func (c *core) lose(which func(*item) bool, why string) {
	for _, it := range c.all(which) {
		c.mu.Lock()
		e := &LostError{Func: it.routine.Name, Reason: why}
		if it.peer != nil {
			e.Worker, e.Host = it.peer.Name, it.peer.Host
		}
		if !it.gone {
			c.counts.lost++
		}
		c.mu.Unlock()
		if c.begin(it) {
			c.finish(it, e)
		}
	}
}
