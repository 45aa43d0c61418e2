package cluster

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/parcel"
	"github.com/gobraid/gobraid/concurrency/internal/report"
	"github.com/gobraid/gobraid/concurrency/process"
)

// A run is a task at a worker.
type run struct {
	*message
	client *client
	out    *stream
	ctx    context.Context
	cancel context.CancelCauseFunc
	def    []byte
	job    *job // of an idempotent task
	pacer  report.Pacer

	// Guarded by the agent's mutex.
	given  bool // to a process.Pool
	runs   bool // a process has it
	ended  bool
	killed bool // nobody wants what comes of it
	begun  time.Time
}

// A stream takes what the functions of an owner print to where that is.
type stream struct {
	agent *agent
	pool  string
	owner uint64
	job   bool // it goes where the results go
	runs  int
}

// Write sends a piece.
func (s *stream) Write(name string, p []byte) {
	limit := int(s.agent.link.MaxPayload()) - maxHead
	for len(p) > 0 {
		n := min(len(p), limit)
		m := &message{kind: kindOutput, worker: s.agent.id, owner: s.owner, name: name, data: p[:n]}
		if s.job {
			_ = s.agent.link.Publish(doneSubject(s.pool), m.append(nil))
		} else {
			s.agent.send(s.pool, m)
		}
		p = p[n:]
	}
}

// Input says that there is none.
func (*stream) Input(context.Context, string, bool) (string, error) { return "", io.EOF }

// maxHead is how many bytes a message has besides its data, at most; the names of functions are cut.
const maxHead = 1 << 10

// take takes tasks from the queue groups.
func (a *agent) take() {
	defer a.going.Done()
	for {
		select {
		case <-a.stop:
			return
		case msg := <-a.in:
			a.mu.Lock()
			a.used(msg.Sub)
			a.mu.Unlock()
			if m, err := parse(msg.Data); err == nil && m.kind == kindTask {
				a.accept(m)
			}
		}
	}
}

// accept takes a task, or sends it back.
func (a *agent) accept(m *message) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.draining || a.held >= 2*a.room() { // more than one pool has found the same room
		a.send(m.pool, &message{kind: kindFull, seq: m.seq})
		return
	}
	c := a.client(m.pool)
	if c.runs[m.seq] != nil || c.sent[m.seq] != nil {
		return
	}
	a.begin(&run{message: m, client: c})
}

// begin begins with a task that the worker has taken. a.mu is held.
func (a *agent) begin(r *run) {
	c, m := r.client, r.message
	r.ctx, r.cancel = context.WithCancelCause(context.WithValue(context.Background(), report.Key{}, report.Sink(&r.pacer)))
	r.pacer.Every, r.pacer.Send = reportEvery, func(done, total int, text string) { a.progress(r, report.Append(nil, done, total, text)) }
	if r.out = c.outs[r.outKey()]; r.out == nil {
		r.out = &stream{agent: a, pool: m.pool, owner: m.owner, job: r.job != nil}
		c.outs[r.outKey()] = r.out
	}
	r.out.runs++
	c.runs[m.seq] = r
	a.held++
	a.send(m.pool, &message{kind: kindTaken, seq: m.seq})
	if r.def = c.defs[string(m.def)]; r.def != nil && m.blob.id == "" {
		a.ready = append(a.ready, r)
		a.launch()
	} else {
		a.ending.Go(func() { a.prepare(r) })
	}
	a.offer()
}

// reportEvery is how often a task's progress is sent.
const reportEvery = 100 * time.Millisecond

// progress sends how far a task has come, the way on which its result goes.
func (a *agent) progress(r *run, data []byte) {
	m := &message{kind: kindProgress, seq: r.seq, data: data}
	if r.job == nil {
		a.send(r.pool, m)
		return
	}
	m.worker, m.attempt = a.id, r.attempt
	_ = a.link.Publish(doneSubject(r.pool), m.append(nil))
}

// An outKey tells streams of a pool apart: plain tasks and others of an owner are killed apart.
type outKey struct {
	owner uint64
	job   bool
}

func (r *run) outKey() outKey { return outKey{r.owner, r.job != nil} }

// prepare gets what a task needs that has not come with it.
func (a *agent) prepare(r *run) {
	fetch := func(ctx context.Context, b blob) ([]byte, error) {
		if r.job != nil {
			data, err := a.stored(ctx, b)
			if err == nil || b.stored {
				return data, err
			}
		}
		return fetcher{a.link.Conn, every(a.Server.lease)}.fetch(ctx, r.client.id, b)
	}
	def, err := parcel.Localize(r.message.def, func(name string) (string, error) { return a.cache.file(r.ctx, name, fetch) })
	if err == nil && r.blob.id != "" {
		r.data, err = fetch(r.ctx, r.blob)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if err != nil {
		a.finish(r, &message{kind: kindRefused, data: []byte(err.Error())})
		return
	}
	if r.ended {
		return
	}
	r.def = def
	r.client.defs[string(r.message.def)] = def
	a.ready = append(a.ready, r)
	a.launch()
}

// launch gives tasks to processes. Functions of one pool may wait at a process for each other; with several pools there are no more than the
// worker is to run at a time. a.mu is held, and given up meanwhile; one at a time does it.
func (a *agent) launch() {
	if a.launching {
		return
	}
	a.launching = true
	for len(a.ready) > 0 {
		r := a.ready[0]
		if a.running >= a.Concurrency && a.running != r.client.given {
			break
		}
		a.ready = a.ready[1:]
		if r.ended {
			continue
		}
		a.running++
		r.client.given++
		r.given = true
		r.begun = time.Now()
		if r.client.pool == nil {
			r.client.pool = process.NewPool().WithWorkers(a.Concurrency).WithName("cluster")
		}
		pool := r.client.pool
		a.mu.Unlock()
		err := a.start(r, pool)
		a.mu.Lock()
		if err != nil {
			a.finish(r, &message{kind: kindRefused, data: []byte(err.Error())})
		}
	}
	a.launching = false
}

// start gives a task to processes.
func (a *agent) start(r *run, pool *process.Pool) error {
	return parcel.Run(pool, &parcel.Task{
		Def: r.def, Payload: r.data, Copies: r.copies, Out: r.out, Context: r.ctx,
		Begin: func() bool {
			a.mu.Lock()
			r.runs = !r.ended && r.ctx.Err() == nil
			a.mu.Unlock()
			if r.runs {
				return true
			}
			a.done(r, parcel.Outcome{Err: context.Cause(r.ctx)})
			return false
		},
		Done: func(o parcel.Outcome) { a.done(r, o) },
	})
}

// done takes what has come of a task.
func (a *agent) done(r *run, o parcel.Outcome) {
	m := &message{pid: uint64(o.Pid)}
	var d *process.DeathError
	var canceled *process.CanceledError
	switch {
	case o.Err == nil && o.Failure == nil:
		m.kind, m.prefix, m.data = kindResult, o.Prefix, o.Result
	case o.Failure != nil:
		m.kind, m.data = kindFailure, o.Failure
	case errors.As(o.Err, &d):
		m.kind = kindDeath
		x := death{Pid: d.Pid, Status: d.Status, Signal: d.Signal, Last: d.Last}
		if d.Cause != nil {
			x.Cause = d.Cause.Error()
		}
		m.data, _ = json.Marshal(x)
	case errors.As(o.Err, &canceled):
		m.kind, m.data = kindCancel, []byte(canceled.Text)
	default:
		m.kind, m.data = kindRefused, []byte(o.Err.Error())
	}
	large := len(m.prefix)+len(m.data) > int(a.link.MaxPayload())-maxHead
	if large && r.job != nil {
		a.ending.Go(func() { a.keepResult(r, m) })
		return
	}
	if large {
		m.blob = a.store.put(resultID(r.client.id, r.seq), m.data)
		m.data = nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.finish(r, m)
	if r.client.gone && m.blob.id != "" {
		a.store.drop(m.blob.id)
	}
}

// finish sends what has come of a task. a.mu is held.
func (a *agent) finish(r *run, m *message) {
	if r.ended {
		return
	}
	r.pacer.End()
	switch m.kind {
	case kindResult:
		a.counts.done++
	case kindDeath:
		a.counts.died++
	default:
		a.counts.failed++
	}
	if r.runs {
		a.pace.done(time.Since(r.begun))
		if room := a.room(); room >= 2*a.said || 2*room <= a.said {
			a.say(false) // so that pools send as much as there is room for
		}
	}
	a.over(r)
	a.offer() // before the result, so that who sends the next task finds the room
	a.wake()
	if r.job != nil {
		a.finishJob(r, m)
		a.launch()
		return
	}
	if r.client.gone {
		a.launch() // what others have waited for
		return
	}
	m.worker, m.seq = a.id, r.seq
	b := m.append(nil)
	r.client.sent[r.seq] = &outcome{time.Now(), b}
	_ = a.link.Publish(to(r.client.id)+".m", b)
	a.launch()
}

// over notes that a task is done with. a.mu is held.
func (a *agent) over(r *run) {
	if r.ended {
		return
	}
	r.ended = true
	r.cancel(nil)
	c := r.client
	delete(c.runs, r.seq)
	if r.out.runs--; r.out.runs == 0 && c.outs[r.outKey()] == r.out {
		delete(c.outs, r.outKey())
	}
	a.held--
	if r.given {
		a.running--
		c.given--
	}
	if len(c.runs) == 0 {
		c.idle = time.Now()
	}
	a.settle()
}

// resultID is what the result of a task is called, where it has to be fetched.
func resultID(pool string, seq uint64) string { return pool + "." + strconv.FormatUint(seq, 10) }

// stored gets a blob out of the server's store.
func (a *agent) stored(ctx context.Context, b blob) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 6*a.Server.lease)
	defer cancel()
	blobs, err := a.js.ObjectStore(ctx, blobBucket)
	if err != nil {
		return nil, err
	}
	return getBlob(ctx, blobs, b)
}

// keepResult puts a large result of an idempotent task into the server's store, and finishes it.
func (a *agent) keepResult(r *run, m *message) {
	ctx, cancel := context.WithTimeout(context.Background(), 6*a.Server.lease)
	defer cancel()
	h := sha256.Sum256(m.data)
	m.blob = blob{id: fmt.Sprintf("%s.%d.result", jobID(r.pool, r.seq), r.job.attempt), length: uint64(len(m.data)), sum: h[:], stored: true}
	blobs, err := a.js.ObjectStore(ctx, blobBucket)
	if err == nil {
		err = putParts(ctx, blobs, a.link.MaxPayload(), m.blob.id, m.data)
	}
	m.data = nil
	if err != nil {
		m = &message{kind: kindRefused, data: []byte("its result cannot be kept: " + err.Error())}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.finish(r, m)
}
