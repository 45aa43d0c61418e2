package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/gobraid/gobraid/concurrency/internal/parcel"
	"github.com/gobraid/gobraid/concurrency/process"
)

// A client is a pool as a worker knows it. It has processes of its own, so that what functions of one program leave behind is
// not seen by those of another.
type client struct {
	id    string
	lease time.Duration
	seen  time.Time
	idle  time.Time // since when it has no tasks
	pool  *process.Pool
	runs  map[uint64]*run
	outs  map[outKey]*stream
	given int                 // tasks that pool has
	sent  map[uint64]*outcome // results that it has not acknowledged
	defs  map[string][]byte   // definitions of functions, as this machine has them
	gone  bool
}

// An outcome is a result that was sent.
type outcome struct {
	at   time.Time
	data []byte
}

// client returns what is known of a pool. a.mu is held.
func (a *agent) client(id string) *client {
	c := a.clients[id]
	if c == nil {
		now := time.Now()
		c = &client{
			id: id, lease: a.Server.lease, seen: now, idle: now, runs: map[uint64]*run{}, outs: map[outKey]*stream{}, sent: map[uint64]*outcome{},
			defs: map[string][]byte{},
		}
		a.clients[id] = c
	}
	return c
}

// poolBeat takes what a pool says of itself.
func (a *agent) poolBeat(msg *nats.Msg) {
	var b poolBeat
	if json.Unmarshal(msg.Data, &b) != nil || b.ID == "" {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if b.Gone {
		a.forget(b.ID, errors.New("the pool was shut down"), true)
		return
	}
	if _, ok := a.dropped[b.ID]; ok {
		delete(a.dropped, b.ID)
		a.send(b.ID, &message{kind: kindForgot})
	}
	fits := b.Want.fits(a.version, a.Queue, a.Labels) == ""
	c := a.clients[b.ID]
	if c == nil && !fits {
		return
	}
	c = a.client(b.ID)
	c.seen, c.lease = time.Now(), b.Lease
	if fits {
		if d := a.demand(b.Want); !d.pools[b.ID] {
			d.pools[b.ID] = true
			a.offer()
		}
		if d := a.demand(b.Want); b.Jobs && d.stop == nil && !a.draining {
			ctx, cancel := context.WithCancel(context.Background())
			d.stop = cancel
			a.ending.Go(func() { a.pull(ctx, d) })
		}
	}
}

// look gives up pools that have not beaten for their lease, ends processes that have had nothing to do for long, and sends results again.
func (a *agent) look() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.connected {
		return
	}
	now := time.Now()
	for id, c := range a.clients {
		if now.Sub(c.seen) > c.lease {
			a.logf("the pool %s has given no sign of life for %v: its functions are killed, but for those that are idempotent", id, c.lease)
			if len(c.runs)+len(c.sent) > 0 {
				a.dropped[id] = now
			}
			a.forget(id, errors.New("the pool has given no sign of life for its lease"), false)
			continue
		}
		for _, o := range c.sent {
			if now.Sub(o.at) > every(c.lease) {
				o.at = now
				_ = a.link.Publish(to(id)+".m", o.data)
			}
		}
		if len(c.runs) == 0 && c.pool != nil && now.Sub(c.idle) > maxIdle {
			a.release(c)
		}
	}
	a.lookJobs()
	for id, at := range a.dropped {
		if now.Sub(at) > rememberDropped {
			delete(a.dropped, id)
		}
	}
}

const (
	maxIdle         = 30 * time.Second // processes of a pool are kept for so long without work
	rememberDropped = 24 * time.Hour
)

// release shuts down the processes of a client. a.mu is held.
func (a *agent) release(c *client) {
	p := c.pool
	if p == nil {
		return
	}
	c.pool, c.defs = nil, map[string][]byte{}
	a.ending.Go(func() { _ = p.Kill(context.Background()) })
}

// forget ends what a pool has here, idempotent tasks only if all is set. a.mu is held, and given up meanwhile.
func (a *agent) forget(id string, why error, all bool) {
	c := a.clients[id]
	jobs := false
	if c != nil {
		for seq := range c.sent {
			a.store.drop(resultID(id, seq))
		}
		clear(c.sent)
		for _, r := range c.runs {
			if r.job != nil && !all {
				jobs = true
				continue
			}
			r.killed = true
			r.cancel(why)
		}
	}
	if jobs {
		c.seen = time.Now() // they are looked at again
		for key := range c.outs {
			if !key.job {
				a.kill(c, key.owner, why, false)
			}
		}
		return
	}
	for key, d := range a.demands {
		delete(d.pools, id)
		if len(d.pools) == 0 && !d.own {
			d.withdraw()
			d.end()
			delete(a.demands, key)
		}
	}
	if c == nil {
		return
	}
	delete(a.clients, id)
	c.gone = true
	var left []*run
	a.ready = slices.DeleteFunc(a.ready, func(r *run) bool {
		if r.client == c {
			left = append(left, r)
		}
		return r.client == c
	})
	for _, r := range left {
		a.finish(r, &message{kind: kindRefused, data: []byte(why.Error())})
	}
	a.release(c)
}

// told takes a message of a pool.
func (a *agent) told(msg *nats.Msg) {
	if id, ok := strings.CutPrefix(msg.Subject, to(a.id)+".a."); ok {
		a.heardAck(id, msg)
		return
	}
	if msg.Subject == to(a.id)+".get" {
		a.store.serve(msg, a.link.MaxPayload())
		return
	}
	m, err := parse(msg.Data)
	if err != nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	c := a.clients[m.pool]
	if c == nil {
		return
	}
	switch m.kind {
	case kindAck:
		for _, seq := range m.seqs {
			delete(c.sent, seq)
			a.store.drop(resultID(c.id, seq))
		}
	case kindCancel:
		if r := c.runs[m.seq]; r != nil {
			r.cancel(&process.CanceledError{Text: m.name})
			if !r.runs { // it need not wait for its turn
				a.finish(r, &message{kind: kindCancel, data: []byte(m.name)})
			}
		}
	case kindKill:
		why := &process.CanceledError{Text: m.name}
		for _, job := range []bool{false, true} {
			for _, r := range c.runs {
				if r.outKey() == (outKey{m.owner, job}) {
					r.killed = true
				}
			}
			a.kill(c, m.owner, why, job)
		}
	}
}

// kill ends the tasks of an owner. a.mu is held, and given up meanwhile.
func (a *agent) kill(c *client, owner uint64, why error, job bool) {
	key := outKey{owner, job}
	for _, r := range c.runs {
		if r.outKey() == key {
			r.cancel(why)
		}
	}
	if out, p := c.outs[key], c.pool; out != nil && p != nil {
		a.mu.Unlock()
		parcel.Kill(p, out, why)
		a.mu.Lock()
	}
}

// send sends a message to a pool.
func (a *agent) send(pool string, m *message) {
	m.worker = a.id
	_ = a.link.Publish(to(pool)+".m", m.append(nil))
}
