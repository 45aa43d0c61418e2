package kernel

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/gobraid/gobraid/interp"
)

// iopub is the one way out for everything that is broadcast: one queue, one writer. What belongs to a
// cell leaves in the order it came, and the idle that ends a cell takes the same queue, so it cannot
// overtake output; no pause is needed anywhere for order.
//
// What a cell gives out is counted against a budget, and the cell waits when it is used up. What the
// kernel itself has to say is never made to wait.
type iopub struct {
	codec   *codec
	publish func(ctx context.Context, frames [][]byte) error
	limits  outputLimits

	mu     sync.Mutex
	room   sync.Cond       // signalled when held has shrunk or closed was set
	queue  []broadcast     // ready to be sent
	dirty  []*stream       // with text that is not due yet, in the order of their first byte
	held   int             // bytes that cells have given out and that are not sent yet
	cell   json.RawMessage // header of the request that runs a cell of the main shell, nil if none does
	closed bool
	wake   chan struct{} // has a value when the writer may have something to do
}

// outputLimits shape the output of cells.
type outputLimits struct {
	gather   time.Duration // how long the first text after a silence waits for more
	interval time.Duration // the least time between two messages of one stream
	stream   int           // the most text that waits in one stream
	total    int           // the most that waits at all
}

// Twenty messages a second on each stream, of up to 4 MiB each, are more than any client can show.
var defaultOutput = outputLimits{
	gather:   5 * time.Millisecond,
	interval: 50 * time.Millisecond,
	stream:   4 << 20,
	total:    16 << 20,
}

// A broadcast is a message that waits for the writer.
type broadcast struct {
	kind    string
	parent  json.RawMessage
	content json.RawMessage
	held    int // what it gives back when it is sent
	late    bool

	name interp.Stream // of a stream, whose content the writer makes
	text []byte
}

// frames makes the frames of a message, its topic first.
func (o *iopub) frames(b broadcast) [][]byte {
	topic := b.kind
	if b.kind == "stream" {
		topic += "." + string(b.name)
		b.content = mustEncode(streamContent{string(b.name), string(b.text)})
	}
	var metadata json.RawMessage
	if b.late {
		metadata = lateMetadata
	}
	frames, _ := o.codec.encode(b.kind, b.parent, metadata, b.content)
	return append([][]byte{o.topic(topic)}, frames...)
}

func newIOPub(c *codec, limits outputLimits, publish func(context.Context, [][]byte) error) *iopub {
	o := &iopub{codec: c, publish: publish, limits: limits, wake: make(chan struct{}, 1)}
	o.room.L = &o.mu
	return o
}

// begin says that the request with this header runs a cell, of the main shell or another.
func (o *iopub) begin(parent json.RawMessage, main bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if main {
		o.cell = parent
	}
	o.status(parent, "busy")
}

// end sends what the cell has given out, then says that it has ended. What comes now is late.
func (o *iopub) end(parent json.RawMessage, out *outlet, main bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if main {
		o.cell = nil
	}
	o.flush(out)
	out.late = true
	o.idle(parent)
}

// beside says that another request is being handled, and unsay that it has been. A front end takes the
// last state it hears for the kernel's, so while a cell runs its busy is said again.
func (o *iopub) beside(parent json.RawMessage) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.status(parent, "busy")
}

func (o *iopub) unsay(parent json.RawMessage) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.idle(parent)
}

// idle says that a request has been handled, and again that the main shell's cell runs. The caller holds mu.
func (o *iopub) idle(parent json.RawMessage) {
	o.status(parent, "idle")
	if o.cell != nil {
		o.status(o.cell, "busy")
	}
}

// status queues a status message. The caller holds mu.
func (o *iopub) status(parent json.RawMessage, state string) {
	o.enqueue(broadcast{kind: "status", parent: parent, content: mustEncode(statusContent{state})})
}

// post queues a message of the kernel's own; out, if any, is the cell it belongs to. It never blocks.
func (o *iopub) post(kind string, parent json.RawMessage, content json.RawMessage, out *outlet) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush(out)
	if out != nil {
		out.midline = nil
	}
	o.enqueue(broadcast{kind: kind, parent: parent, content: content})
}

// sync queues what a cell has written, without waiting for the streams to be due.
func (o *iopub) sync(out *outlet) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush(out)
}

// give queues a message of a cell, after what the cell has written. It blocks while cells have given
// out more than is allowed to wait.
func (o *iopub) give(kind string, out *outlet, content json.RawMessage) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.held >= o.limits.total && !o.closed {
		o.room.Wait()
	}
	if kind == "display_data" {
		out.mark(&out.streams[0])
	}
	o.flush(out)
	out.midline = nil
	o.held += len(content)
	o.enqueue(broadcast{kind: kind, parent: out.parent, content: content, held: len(content), late: out.late})
}

// enqueue appends to the queue. The caller holds mu.
func (o *iopub) enqueue(b broadcast) {
	if o.closed {
		o.held -= b.held
		return
	}
	o.queue = append(o.queue, b)
	o.signal()
}

func (o *iopub) signal() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// run is the writer. It returns when the queue is closed and empty, or when ctx ends.
func (o *iopub) run(ctx context.Context) {
	defer o.abandon()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		b, due, open := o.next(time.Now())
		switch {
		case b != nil:
			if o.send(ctx, *b) != nil {
				return
			}
			continue
		case !open:
			return
		case !due.IsZero():
			timer.Reset(time.Until(due))
		default:
			timer.Stop()
		}
		select {
		case <-o.wake:
		case <-timer.C:
		case <-ctx.Done():
			return
		}
	}
}

// next takes the next message off the queue. If there is none it tells when a stream is due.
func (o *iopub) next(now time.Time) (b *broadcast, due time.Time, open bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, s := range slices.Clone(o.dirty) {
		if !now.Before(s.due) {
			o.emit(s, now, false)
		} else if due.IsZero() || s.due.Before(due) {
			due = s.due
		}
	}
	if len(o.queue) == 0 {
		o.queue = nil
		return nil, due, !o.closed
	}
	first := o.queue[0]
	o.queue[0] = broadcast{}
	o.queue = o.queue[1:]
	return &first, due, true
}

// send encodes and publishes one message and gives back what it held.
func (o *iopub) send(ctx context.Context, b broadcast) error {
	err := o.publish(ctx, o.frames(b))
	if b.held > 0 {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.held -= b.held
		o.room.Broadcast()
	}
	return err
}

func (o *iopub) topic(name string) []byte {
	return []byte("kernel." + o.codec.session + "." + name)
}

// close lets the writer end after what is queued. What comes later is dropped.
func (o *iopub) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.dirty) > 0 {
		o.emit(o.dirty[0], time.Now(), true)
	}
	o.closed = true
	o.room.Broadcast()
	o.signal()
}

// abandon drops everything, so that nobody waits for a writer that is gone.
func (o *iopub) abandon() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.queue, o.dirty = nil, nil
	o.room.Broadcast()
}
