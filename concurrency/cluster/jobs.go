package cluster

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/gobraid/gobraid/concurrency/internal/parcel"
	"github.com/gobraid/gobraid/concurrency/task"
)

// A journal is what a pool has for idempotent tasks.
type journal struct {
	js      jetstream.JetStream
	blobs   jetstream.ObjectStore
	consume jetstream.ConsumeContext

	// Guarded by the pool's mutex.
	queue    parcel.Queue[*item] // that were not sent
	unkept   int                 // were sent, and the server has not said that it keeps them
	kept     int
	trash    []uint64 // places in the stream of tasks that nobody wants
	rubbish  []string // blobs that nobody wants
	cleaning bool
	files    map[string]bool // that are in the store of blobs
}

const (
	maxUnkept = 1024    // so that the server is not flooded
	maxKept   = 1 << 14 // tasks of a pool in the stream, so that little is lost with a pool
)

// openJournal makes what a pool needs for idempotent tasks, the first time.
func (c *core) openJournal(ctx context.Context) error {
	select {
	case c.opening <- struct{}{}:
		defer func() { <-c.opening }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	c.mu.Lock()
	done := c.journal != nil
	c.mu.Unlock()
	if done {
		return nil
	}
	js, err := jetstream.New(c.link.Conn)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, max(c.server.lease, DefaultLease))
	defer cancel()
	if err := openStreams(ctx, js); err != nil {
		return err
	}
	j := &journal{js: js, files: map[string]bool{}}
	if j.blobs, err = openBlobs(ctx, js); err != nil {
		return streamError(err)
	}
	consumer, err := js.CreateOrUpdateConsumer(ctx, doneStream, jetstream.ConsumerConfig{
		Durable: c.id, FilterSubject: doneSubject(c.id), AckPolicy: jetstream.AckExplicitPolicy, AckWait: 3 * c.server.lease, MaxAckPending: -1,
		InactiveThreshold: keepJobs,
	})
	if err != nil {
		return streamError(err)
	}
	// A request for more that was lost with the connection is made again when it ends.
	expiry := max(c.server.lease/2, time.Second)
	if j.consume, err = consumer.Consume(c.heardDone, jetstream.PullMaxMessages(1000), jetstream.PullExpiry(expiry)); err != nil {
		return streamError(err)
	}
	c.mu.Lock()
	c.journal = j
	c.mu.Unlock()
	c.beat(false)
	return nil
}

// heardDone takes what workers say of idempotent tasks.
func (c *core) heardDone(msg jetstream.Msg) {
	m, err := parse(msg.Data())
	if err != nil {
		_ = msg.Ack()
		return
	}
	if m.kind == kindOutput || m.kind == kindProgress {
		_ = msg.Ack()
		if m.kind == kindOutput {
			c.output(m)
		} else {
			c.progress(m)
		}
		return
	}
	it := c.item(m.seq)
	if it == nil {
		_ = msg.Ack()
		c.mu.Lock()
		c.counts.duplicated++
		if m.blob.id != "" {
			c.discard(0, m.blob.id)
		}
		c.mu.Unlock()
		return
	}
	if m.blob.id == "" {
		c.land(it, m)
		_ = msg.Ack()
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		return
	}
	c.fetches.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 2*c.server.lease)
		defer cancel()
		data, err := getBlob(ctx, c.journal.blobs, m.blob)
		if err != nil && c.item(m.seq) != nil {
			return // it comes again
		}
		m.data = data
		c.land(it, m)
		_ = msg.Ack()
		c.mu.Lock()
		c.discard(0, m.blob.id)
		c.mu.Unlock()
	})
}

// jobID is what tells a task from all others.
func jobID(pool string, seq uint64) string { return pool + "." + strconv.FormatUint(seq, 10) }

// postJob publishes an idempotent task.
func (c *core) postJob(it *item, m *message, w want) error {
	if len(m.def)+len(it.payload)+len(it.tail) <= int(c.link.MaxPayload())-maxHead && !c.newFiles() {
		return c.publishJob(it, m, w)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fetches.Go(func() {
		err := c.keepBlobs(it, m)
		if err == nil {
			err = c.publishJob(it, m, w)
		}
		if err == nil {
			return
		}
		c.mu.Lock()
		connected := c.connected && !c.closing
		c.mu.Unlock()
		if connected {
			c.finish(it, err)
			return
		}
		c.unkept(it.seq)
	})
	return nil
}

func (c *core) publishJob(it *item, m *message, w want) error {
	return onItsWay(publish(c.link.Conn, w.job(c.id), jobID(c.id, it.seq), to(c.id)+".a."+strconv.FormatUint(it.seq, 10), m.append(nil)))
}

// newFiles reports whether there are plugins that the store of blobs has not.
func (c *core) newFiles() bool {
	c.store.mu.Lock()
	n := len(c.store.files)
	c.store.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	return n > len(c.journal.files)
}

// keepBlobs puts what does not fit into a message into the store of blobs.
func (c *core) keepBlobs(it *item, m *message) error {
	ctx, cancel := context.WithTimeout(context.Background(), 6*c.server.lease)
	defer cancel()
	blobs := c.journal.blobs
	for name, file := range c.store.allFiles() {
		c.mu.Lock()
		there := c.journal.files[name]
		c.mu.Unlock()
		if there {
			continue
		}
		if _, err := blobs.GetInfo(ctx, name); err != nil {
			if err := putFile(ctx, blobs, c.link.MaxPayload(), name, file); err != nil {
				return fmt.Errorf("cluster: code of a cell: %w", err)
			}
		}
		c.mu.Lock()
		c.journal.files[name] = true
		c.mu.Unlock()
	}
	if len(m.def)+len(it.payload)+len(it.tail) <= int(c.link.MaxPayload())-maxHead {
		return nil
	}
	if it.blob.id == "" {
		b := c.store.put(argumentID(it.seq), it.payload, it.tail) // for its sum
		c.store.drop(b.id)
		b.id, b.stored = jobID(c.id, it.seq), true
		if err := putParts(ctx, blobs, c.link.MaxPayload(), b.id, it.payload, it.tail); err != nil {
			return fmt.Errorf("cluster: a large argument: %w", err)
		}
		it.blob = b
	}
	m.data, m.blob = nil, it.blob
	return nil
}

// heardAck takes what the server says of a task that was published.
func (c *core) heardAck(seq uint64, msg *nats.Msg) {
	place, again, err := acknowledged(msg)
	c.mu.Lock()
	it := c.items[seq]
	switch {
	case it == nil:
		if place != 0 {
			c.discard(place, "")
		}
		c.mu.Unlock()
	case again:
		c.mu.Unlock() // the tick publishes it again
	case err != nil:
		c.mu.Unlock()
		c.finish(it, err)
	default:
		if it.place == 0 {
			it.place = place
			c.journal.unkept--
			c.journal.kept++
			c.pump()
		}
		c.mu.Unlock()
	}
}

// unkept has a task published again that the server has not said to keep. Should it keep it already, it knows it by its id.
func (c *core) unkept(seq uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	it := c.items[seq]
	if it == nil || it.place != 0 || it.state == waiting {
		return
	}
	it.state = waiting
	c.journal.unkept--
	c.journal.queue.Unshift(it)
	c.pump()
}

// discard notes what the server need not keep any more. c.mu is held.
func (c *core) discard(place uint64, blob string) {
	j := c.journal
	if place != 0 {
		j.trash = append(j.trash, place)
	}
	if blob != "" {
		j.rubbish = append(j.rubbish, blob)
	}
	if j.cleaning || c.closing {
		return
	}
	j.cleaning = true
	c.fetches.Go(c.clean)
}

// clean deletes what is not wanted. What it cannot is deleted by the server some day.
func (c *core) clean() {
	ctx, cancel := context.WithTimeout(context.Background(), c.server.lease)
	defer cancel()
	stream, err := c.journal.js.Stream(ctx, jobStream)
	for {
		c.mu.Lock()
		j := c.journal
		trash, rubbish := j.trash, j.rubbish
		j.trash, j.rubbish = nil, nil
		if len(trash)+len(rubbish) == 0 || err != nil || ctx.Err() != nil {
			j.cleaning = false
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
		for _, place := range trash {
			_ = stream.DeleteMsg(ctx, place)
		}
		for _, name := range rubbish {
			_ = j.blobs.Delete(ctx, name)
		}
	}
}

// closeJournal takes what is left of the pool out of the streams.
func (c *core) closeJournal() {
	j := c.journal
	if j == nil {
		return
	}
	j.consume.Stop()
	<-j.consume.Closed()
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	if s, err := j.js.Stream(ctx, jobStream); err == nil {
		_ = s.Purge(ctx, jetstream.WithPurgeSubject(c.want.job(c.id)))
	}
	_ = j.js.DeleteConsumer(ctx, doneStream, c.id)
	if s, err := j.js.Stream(ctx, doneStream); err == nil {
		_ = s.Purge(ctx, jetstream.WithPurgeSubject(doneSubject(c.id)))
	}
}

// DeadLetters returns the idempotent functions that were given up by workers that fit the pool, of any pool, in the last seven days, the oldest
// first. It blocks until the server has told them, or ctx ends.
func (p *Pool) DeadLetters(ctx context.Context) ([]DeadLetter, error) {
	task.Refuse("Pool.DeadLetters of package cluster")
	c := of(p)
	if err := c.openJournal(ctx); err != nil {
		return nil, err
	}
	js := c.journal.js
	consumer, err := js.OrderedConsumer(ctx, deadStream, jetstream.OrderedConsumerConfig{FilterSubjects: []string{c.want.dead()}})
	if err != nil {
		return nil, streamError(err)
	}
	info, err := consumer.Info(ctx)
	if err != nil {
		return nil, streamError(err)
	}
	var out []DeadLetter
	for left := info.NumPending; left > 0; left-- {
		msg, err := consumer.Next(jetstream.FetchContext(ctx))
		if err != nil {
			return out, streamError(err)
		}
		m, err := parse(msg.Data())
		if err != nil {
			continue
		}
		d := DeadLetter{Func: m.name, Pool: m.pool, Attempts: int(m.attempt), Reason: string(m.prefix)}
		d.Worker = msg.Headers().Get(hostKey)
		if meta, err := msg.Metadata(); err == nil {
			d.Time = meta.Timestamp
		}
		out = append(out, d)
	}
	return out, nil
}

// A DeadLetter is an idempotent function that was given up after its last attempt.
type DeadLetter struct {
	Func     string
	Pool     string // the pool that it was submitted to
	Worker   string // the machine that gave it up
	Attempts int    // times that a worker got it
	Reason   string // what became of the last one
	Time     time.Time
}

const hostKey = "Gobraid-Host"

func sequence(text string) uint64 {
	n, _ := strconv.ParseUint(text[strings.LastIndexByte(text, '.')+1:], 10, 64)
	return n
}
