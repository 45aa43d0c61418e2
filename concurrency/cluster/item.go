package cluster

import (
	"context"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/parcel"
	"github.com/gobraid/gobraid/concurrency/task"
)

// An item is a call on its way through a pool.
type item struct {
	call    concurrency.Call
	routine *parcel.Routine
	payload []byte // its argument,
	tail    []byte // and what of that is not copied
	owner   parcel.Owner
	limit   uint64 // of attempts, 0 for a plain task
	copies  bool   // payload begins with them

	// Guarded by the pool's mutex.
	seq    uint64
	place  uint64 // in the stream, of an idempotent task that the server keeps
	state  state
	since  time.Time // it was sent
	peer   *peer     // that has it
	begun  bool      // its call has begun
	gone   bool      // it is over
	landed bool      // a worker has said what has come of it
	stop   func() bool

	attempt  uint64                // that has reported,
	reporter string                // the worker that has,
	progress *concurrency.Progress // and what: nil if nothing

	blob  blob                    // the argument, if it is too large for a message
	fetch context.CancelCauseFunc // ends the fetching of the result; nil unless that is large
}

// A state is how far an item has come.
type state uint8

const (
	waiting state = iota // in the pool's queue
	sent                 // nobody has answered yet
	taken                // a worker has it
)

// An ownerState is what a pool knows of an owner. Others know it by its number.
type ownerState struct {
	parcel.Owner
	number uint64
	items  int
	since  time.Time // it has items
	told   string    // why they wait
}

// enter notes an item. c.mu is held.
func (c *core) enter(it *item) {
	c.runs.Enter(it.owner.Run, c.interrupted)
	c.seq++
	it.seq = c.seq
	c.items[it.seq] = it
	o := c.owners[it.owner]
	if o == nil {
		c.ownerSeq++
		o = &ownerState{Owner: it.owner, number: c.ownerSeq, since: time.Now()}
		c.owners[it.owner], c.byNumber[o.number] = o, o
	}
	o.items++
	ctx := it.call.Context()
	it.stop = context.AfterFunc(ctx, func() { c.canceled(it, context.Cause(ctx)) })
}

// over notes that an item is done with, and reports false if it was already. c.mu is held.
func (c *core) over(it *item) bool {
	if it.gone {
		return false
	}
	it.gone = true
	delete(c.items, it.seq)
	if it.fetch != nil {
		it.fetch(errGone)
	}
	if it.blob.id != "" && !it.blob.stored {
		c.store.drop(it.blob.id)
	}
	switch j := c.journal; {
	case it.limit > 0 && it.place != 0:
		j.kept--
		if !it.landed {
			c.discard(it.place, "")
		}
		if it.blob.id != "" {
			c.discard(0, it.blob.id)
		}
	case it.limit > 0 && it.state != waiting:
		j.unkept--
	case it.state != waiting:
		c.sent--
	}
	c.runs.Leave(it.owner.Run)
	if o := c.owners[it.owner]; o != nil {
		if o.items--; o.items == 0 {
			delete(c.owners, it.owner)
			delete(c.byNumber, o.number)
		}
	}
	return true
}

// finish ends an item with an error, unless it is over.
func (c *core) finish(it *item, err error) {
	c.mu.Lock()
	if !c.over(it) {
		c.mu.Unlock()
		return
	}
	c.pump()
	c.mu.Unlock()
	it.stop()
	it.call.Finish(nil, err)
}

// all returns the items that are wanted.
func (c *core) all(which func(*item) bool) (out []*item) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, it := range c.items {
		if which(it) {
			out = append(out, it)
		}
	}
	return out
}

// canceled is called when the context of an item has ended. What has not begun is over; of what runs the worker is told.
func (c *core) canceled(it *item, cause error) {
	c.mu.Lock()
	if it.gone {
		c.mu.Unlock()
		return
	}
	if it.begun {
		worker := ""
		if it.peer != nil {
			worker = it.peer.ID
		}
		c.mu.Unlock()
		if worker != "" {
			c.tell(worker, &message{kind: kindCancel, seq: it.seq, name: cause.Error()})
		}
		return
	}
	c.mu.Unlock()
	c.finish(it, cause) // if a worker takes it now, it is told then
}

// interrupted ends what a killed run has in the pool: workers kill their processes that run it.
func (c *core) interrupted(run *task.Run) {
	c.drop(func(it *item) bool { return it.owner.Run == run }, context.Cause(run.Context()))
}

// drop ends items, and has workers kill the processes that run them.
func (c *core) drop(which func(*item) bool, cause error) {
	items := c.all(which)
	type victim struct {
		worker string
		owner  uint64
	}
	told := map[victim]bool{}
	for _, it := range items {
		c.mu.Lock()
		v := victim{}
		switch o := c.owners[it.owner]; {
		case o == nil || it.gone || it.state == waiting:
		case it.peer != nil:
			v = victim{it.peer.ID, o.number}
		default:
			c.doomed[it.seq] = o.number
		}
		c.mu.Unlock()
		if v.worker != "" && !told[v] {
			told[v] = true
			c.tell(v.worker, &message{kind: kindKill, owner: v.owner, name: cause.Error()})
		}
	}
	for _, it := range items {
		c.finish(it, cause)
	}
}
