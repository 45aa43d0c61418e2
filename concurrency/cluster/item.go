package cluster

import (
	"context"
	"os"
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
	owner   owner
	limit   uint64 // of attempts, 0 for a plain task

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

// An owner is whose work something is, as in package process: a run of a cell, or a task of it whose output goes elsewhere.
type owner struct {
	run *task.Run
	out task.Output
}

// caller returns the owner of what the calling task does.
func caller() owner {
	if t := task.Current(); t != nil {
		return owner{t.Run(), t.Output()}
	}
	return owner{}
}

// write writes what a task has printed.
func (o owner) write(stream string, p []byte) {
	switch {
	case o.out != nil:
		o.out.Write(stream, p)
	case stream == "stdout":
		os.Stdout.Write(p)
	default:
		os.Stderr.Write(p)
	}
}

// A runState is what a pool knows of a run of a cell with work in it.
type runState struct {
	items int
	stop  func() bool
}

// An ownerState is what a pool knows of an owner. Others know it by its number.
type ownerState struct {
	owner
	number uint64
	items  int
	since  time.Time // it has items
	told   string    // why they wait
}

// enter notes an item. c.mu is held.
func (c *core) enter(it *item) {
	task.Outside(1)
	c.seq++
	it.seq = c.seq
	c.items[it.seq] = it
	o := c.owners[it.owner]
	if o == nil {
		c.ownerSeq++
		o = &ownerState{owner: it.owner, number: c.ownerSeq, since: time.Now()}
		c.owners[it.owner], c.byNumber[o.number] = o, o
	}
	o.items++
	ctx := it.call.Context()
	it.stop = context.AfterFunc(ctx, func() { c.canceled(it, context.Cause(ctx)) })
	run := it.owner.run
	if run == nil {
		return
	}
	s := c.runs[run]
	if s == nil {
		s = &runState{}
		c.runs[run] = s
		s.stop = context.AfterFunc(run.Context(), func() { c.interrupted(run) })
	}
	s.items++
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
	task.Outside(-1)
	if o := c.owners[it.owner]; o != nil {
		if o.items--; o.items == 0 {
			delete(c.owners, it.owner)
			delete(c.byNumber, o.number)
		}
	}
	if s := c.runs[it.owner.run]; s != nil {
		if s.items--; s.items == 0 {
			s.stop()
			delete(c.runs, it.owner.run)
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
	c.drop(func(it *item) bool { return it.owner.run == run }, context.Cause(run.Context()))
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

// A queue holds items in order.
type queue struct {
	items []*item
	head  int
}

func (q *queue) len() int { return len(q.items) - q.head }

func (q *queue) push(it *item) { q.items = append(q.items, it) }

func (q *queue) pop() *item {
	it := q.items[q.head]
	q.items[q.head] = nil
	q.head++
	if q.head == len(q.items) || q.head > 1024 && q.head > len(q.items)/2 {
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	return it
}

// unshift puts an item in front.
func (q *queue) unshift(it *item) {
	if q.head == 0 {
		q.items = append([]*item{nil}, q.items...)
		q.head = 1
	}
	q.head--
	q.items[q.head] = it
}
