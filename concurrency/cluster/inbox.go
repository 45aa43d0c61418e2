package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/parcel"
	"github.com/gobraid/gobraid/concurrency/internal/report"
	"github.com/gobraid/gobraid/concurrency/process"
)

// listen begins to hear what workers say, and asks who is there.
func (c *core) listen() error {
	for subject, f := range map[string]nats.MsgHandler{
		to(c.id) + ".>":                          c.heard,
		workerBeats + "*":                        c.workerBeat,
		prefix + "room." + c.version.Hash + ".>": func(*nats.Msg) { c.roomAgain() },
	} {
		sub, err := c.link.Subscribe(subject, f)
		if err != nil {
			return err
		}
		if err := sub.SetPendingLimits(-1, maxPending); err != nil {
			return err
		}
	}
	c.beat(false)
	if err := c.link.Publish(askSubject, nil); err != nil {
		return err
	}
	return c.link.FlushTimeout(c.server.lease)
}

// maxPending bounds what a connection keeps of what was not looked at yet. What is dropped beyond is sent again.
const maxPending = 512 << 20

func (c *core) roomAgain() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.unblock()
}

// heard takes a message of a worker, or what the server says of one that nobody got. One at a time is taken, in the order in which they
// were sent.
func (c *core) heard(msg *nats.Msg) {
	rest := strings.TrimPrefix(msg.Subject, to(c.id)+".")
	if text, ok := strings.CutPrefix(rest, "r."); ok && len(msg.Data) == 0 {
		if msg.Header.Get("Status") == "503" {
			seq, _ := strconv.ParseUint(text, 10, 64)
			if it := c.item(seq); it != nil {
				c.returned(it)
			}
		}
		return
	}
	if strings.HasPrefix(rest, "a.") {
		c.heardAck(sequence(rest), msg)
		return
	}
	if rest == "get" {
		c.store.serve(msg, c.link.MaxPayload())
		return
	}
	m, err := parse(msg.Data)
	if err != nil {
		return
	}
	switch m.kind {
	case kindOutput:
		c.output(m)
	case kindProgress:
		c.progress(m)
	case kindTaken:
		c.took(m)
	case kindFull:
		if it := c.item(m.seq); it != nil {
			c.returned(it)
		}
	case kindResult, kindFailure, kindDeath, kindRefused, kindCancel:
		c.landed(m)
	case kindForgot:
		c.forgot(m.worker)
	}
}

// output prints what a task has printed.
func (c *core) output(m *message) {
	c.mu.Lock()
	o := c.byNumber[m.owner]
	c.mu.Unlock()
	if o != nil {
		o.Write(m.name, m.data)
	}
}

// progress hands over what a task reports. What one reports that was taken for lost, and is run elsewhere, does not count.
func (c *core) progress(m *message) {
	done, total, text, ok := report.Parse(m.data)
	c.mu.Lock()
	it := c.items[m.seq]
	if !ok || it == nil || m.attempt < it.attempt {
		c.mu.Unlock()
		return
	}
	it.attempt, it.progress, it.reporter = m.attempt, &concurrency.Progress{Done: done, Total: total, Text: text}, m.worker
	c.mu.Unlock()
	if to := report.To(it.call.Context()); to != nil {
		to.Report(done, total, text)
	}
}

func (c *core) item(seq uint64) *item {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.items[seq]
}

// took notes that a worker has a task.
func (c *core) took(m *message) {
	c.mu.Lock()
	it := c.items[m.seq]
	w := c.peer(m.worker)
	if it != nil && it.state != waiting {
		it.state, it.peer = taken, w
	}
	owner, doomed := c.doomed[m.seq]
	delete(c.doomed, m.seq)
	c.mu.Unlock()
	switch {
	case doomed:
		c.tell(m.worker, &message{kind: kindKill, owner: owner, name: "interrupted"})
	case it == nil || !c.begin(it):
		c.tell(m.worker, &message{kind: kindCancel, seq: m.seq, name: "canceled"})
	}
}

// begin notes that the function of an item runs, unless that is known, and reports false if it is not to. That it runs, and what has come of it,
// may be heard by two goroutines at a time; a call begins once.
func (c *core) begin(it *item) bool {
	c.mu.Lock()
	known := it.begun || it.gone
	it.begun = true
	c.mu.Unlock()
	if known || it.call.Begin() {
		return true
	}
	c.finish(it, concurrency.ErrCanceled) // it is done already
	return false
}

// landed takes what has come of a task.
func (c *core) landed(m *message) {
	it := c.item(m.seq)
	if it != nil && m.blob.id != "" {
		c.fetch(it, m)
		return
	}
	c.land(it, m)
}

var errGone = errors.New("cluster: nobody wants it any more")

// fetch gets a large result, unless it is being got.
func (c *core) fetch(it *item, m *message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if it.gone || it.fetch != nil || c.closing {
		return
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	it.fetch = cancel
	it.state, it.peer = taken, c.peer(m.worker)
	c.fetches.Go(func() {
		data, err := fetcher{c.link.Conn, every(c.server.lease)}.fetch(ctx, m.worker, m.blob)
		if m.data = data; err != nil {
			m.kind, m.data = kindRefused, []byte(err.Error())
		}
		if ctx.Err() == nil {
			c.land(it, m)
		}
	})
}

// land ends an item with what has come of it. It is nil if it is over.
func (c *core) land(it *item, m *message) {
	c.mu.Lock()
	w := c.peer(m.worker)
	if m.limit == 0 {
		w.acks = append(w.acks, m.seq)
	}
	if it == nil {
		c.mu.Unlock()
		return
	}
	c.mu.Unlock()
	if !c.begin(it) {
		return
	}
	c.mu.Lock()
	it.landed = true
	if !c.over(it) {
		c.mu.Unlock()
		return
	}
	if m.limit > 0 && m.attempt > 1 {
		c.counts.redelivered += m.attempt - 1
	}
	if m.name == buried {
		c.counts.dead++
	}
	switch m.kind {
	case kindResult:
		c.counts.done++
	case kindDeath:
		c.counts.died++
	default:
		c.counts.failed++
	}
	c.blocked = false
	c.pump()
	acks, host := len(w.acks) >= manyAcks, w.Host
	c.mu.Unlock()
	if acks {
		c.acknowledge()
	}
	it.stop()
	if m.kind == kindResult {
		c.packer.Unpack(it.routine, it.call, m.prefix, m.data)
		return
	}
	err := m.err(it.routine.Name, host)
	if ctx := it.call.Context(); m.kind == kindCancel && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	it.call.Finish(nil, err)
}

// err returns the error that a message stands for.
func (m *message) err(name, host string) error {
	switch m.kind {
	case kindFailure:
		return parcel.Failed(m.data, int(m.pid), host)
	case kindDeath:
		e := &process.DeathError{}
		var d death
		if err := json.Unmarshal(m.data, &d); err != nil {
			return err
		}
		*e = process.DeathError{Func: name, Pid: d.Pid, Host: host, Status: d.Status, Signal: d.Signal, Last: d.Last}
		if d.Cause != "" {
			e.Cause = &process.CanceledError{Text: d.Cause}
		}
		return e
	}
	switch m.kind {
	case kindCancel:
		return &process.CanceledError{Text: string(m.data)}
	case kindForgot:
		return &LostError{Func: name, Reason: string(m.data)}
	}
	return &RefusedError{Func: name, Host: host, Reason: string(m.data)}
}

// forgot fails what a worker has dropped, since it had not heard of the pool for long.
func (c *core) forgot(id string) {
	c.lose(func(it *item) bool { return it.peer != nil && it.peer.ID == id }, "it had not heard of this program for its lease, and dropped its tasks")
}

// tell sends a message to a worker.
func (c *core) tell(worker string, m *message) {
	m.pool = c.id
	_ = c.link.Publish(to(worker)+".m", m.append(nil))
}

// manyAcks is how many results may be unacknowledged, besides those of the last beat.
const manyAcks = 64

// acknowledge tells workers which results have arrived: they send them again otherwise.
func (c *core) acknowledge() {
	c.mu.Lock()
	acks := map[string][]uint64{}
	for id, w := range c.peers {
		if len(w.acks) > 0 {
			acks[id], w.acks = w.acks, nil
		}
	}
	c.mu.Unlock()
	for id, seqs := range acks {
		c.tell(id, &message{kind: kindAck, seqs: seqs})
	}
}

// connection notes that the connection to the server is lost, or is there again.
func (c *core) connection(connected bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.connected = connected
	if !connected {
		return
	}
	now := time.Now() // what was not heard meanwhile says nothing
	for _, w := range c.peers {
		w.seen = now
	}
	for _, it := range c.items {
		switch {
		case it.limit > 0 && it.state == sent && it.place == 0:
			it.since = time.Time{} // the next look has it published again
		case it.state == sent:
			it.since = now
		}
	}
	c.blocked = false
	c.pump()
}
