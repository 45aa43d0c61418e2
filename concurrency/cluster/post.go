package cluster

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
)

// pump sends what waits to where there is room. c.mu is held, and given up now and then; one at a time does it.
func (c *core) pump() {
	c.pumping.Run(func() {
		for it := c.next(); it != nil; it = c.next() {
			c.mu.Unlock()
			err := c.post(it)
			c.mu.Lock()
			if err != nil && c.over(it) {
				c.mu.Unlock()
				it.stop()
				it.call.Finish(nil, err)
				c.mu.Lock()
			}
		}
	})
	c.settle()
}

// next takes the item to be sent next from the queue, nil if none can be sent now. c.mu is held.
func (c *core) next() *item {
	for c.connected && c.journal != nil && c.journal.queue.Len() > 0 {
		j := c.journal
		if j.queue.Peek().gone {
			j.queue.Pop()
			continue
		}
		if j.unkept >= maxUnkept || j.kept >= maxKept {
			break
		}
		it := j.queue.Pop()
		it.state, it.since = sent, time.Now()
		j.unkept++
		return it
	}
	for c.queue.Len() > 0 {
		if c.queue.Peek().gone {
			c.queue.Pop()
			continue
		}
		if !c.connected || c.blocked || c.sent >= c.room() {
			return nil
		}
		it := c.queue.Pop()
		it.state, it.since = sent, time.Now()
		c.sent++
		return it
	}
	return nil
}

// room returns how many plain tasks the workers take, with those they have. c.mu is held.
func (c *core) room() int {
	n := 0
	for _, w := range c.peers {
		if w.usable() {
			n += w.Room
		}
	}
	return n
}

// post sends an item to whoever has room.
func (c *core) post(it *item) error {
	m := &message{kind: kindTask, pool: c.id, seq: it.seq, name: it.routine.Name, def: it.routine.Def, data: it.payload, copies: it.copies}
	c.mu.Lock()
	if o := c.owners[it.owner]; o != nil {
		m.owner = o.number
	}
	w := c.want
	c.mu.Unlock()
	if it.limit > 0 {
		m.limit = it.limit
		if len(it.tail) > 0 && len(it.payload)+len(it.tail) <= int(c.link.MaxPayload()) {
			m.data = append(append(make([]byte, 0, len(it.payload)+len(it.tail)), it.payload...), it.tail...)
		}
		return c.postJob(it, m, w)
	}
	limit := int(c.link.MaxPayload()) - maxHead
	if len(m.def)+len(it.payload)+len(it.tail) > limit {
		if m.data, m.blob = nil, it.blob; m.blob.id == "" {
			m.blob = c.store.put(argumentID(it.seq), it.payload, it.tail)
			c.mu.Lock()
			if it.blob = m.blob; it.gone {
				c.store.drop(m.blob.id)
			}
			c.mu.Unlock()
		}
	} else if len(it.tail) > 0 {
		m.data = append(append(make([]byte, 0, len(it.payload)+len(it.tail)), it.payload...), it.tail...)
	}
	b := m.append(nil)
	if int64(len(b)) > c.link.MaxPayload() {
		return fmt.Errorf("cluster: what says which function %s is takes %d bytes, more than the server allows in a message", base(it.routine.Name), len(b))
	}
	return onItsWay(c.link.PublishRequest(w.run(), replySubject(c.id, strconv.FormatUint(it.seq, 10)), b))
}

// onItsWay is nil instead of an error that says no more than that the connection broke: whether the message has arrived is not known. If
// nobody says that he has it the tick has an idempotent task published again, and a plain one lost.
func onItsWay(err error) error {
	for _, final := range []error{nats.ErrMaxPayload, nats.ErrConnectionClosed, nats.ErrConnectionDraining, nats.ErrBadSubject, nats.ErrHeadersNotSupported} {
		if errors.Is(err, final) {
			return err
		}
	}
	return nil
}

// argumentID is what the argument of a task is called, where it has to be fetched.
func argumentID(seq uint64) string { return "argument." + strconv.FormatUint(seq, 10) }

// returned takes back an item that no worker had room for.
func (c *core) returned(it *item) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if it.gone || it.state != sent {
		return
	}
	it.state = waiting
	c.sent--
	c.queue.Unshift(it)
	c.blocked = true
	c.pump()
}

// unblock notes that a worker may have room. c.mu is held.
func (c *core) unblock() {
	if c.blocked {
		c.blocked = false
		c.pump()
	}
}
