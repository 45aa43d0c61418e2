package cluster

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A job is an idempotent task at a worker. It is the worker's until its result is in the stream of results, and then taken out of that of
// tasks: the worker says again and again that it works on it, and if it does not for its lease the server gives it to another.
type job struct {
	msg     jetstream.Msg
	attempt uint64
	result  *nats.Msg // nil while it runs
	at      time.Time // the result was published
}

// buried is the name of the result of a task that was given up.
const buried = "dead"

// pull gets idempotent tasks while there is room, until ctx ends.
func (a *agent) pull(ctx context.Context, d *demand) {
	var consumer jetstream.Consumer
	for ctx.Err() == nil {
		if consumer == nil {
			c, err := a.consumer(ctx, d)
			if err != nil {
				a.logf("idempotent functions: %v", err)
				pause(ctx, every(a.Server.lease))
				continue
			}
			consumer = c
		}
		n := a.vacant(ctx)
		if n == 0 {
			return
		}
		once, cancel := context.WithTimeout(ctx, max(a.Server.lease/2, time.Second)) // it may be lost with the connection
		batch, err := consumer.Fetch(n, jetstream.FetchContext(once))
		if err == nil {
			for msg := range batch.Messages() {
				a.acceptJob(ctx, msg)
			}
			err = batch.Error()
		}
		cancel()
		if err == nil || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, nats.ErrTimeout) || errors.Is(err, jetstream.ErrNoMessages) {
			continue
		}
		if ctx.Err() == nil {
			pause(ctx, every(a.Server.lease))
			consumer = nil // it, or the stream, may not be there any more
		}
	}
}

// pause waits for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-ctx.Done()
}

func (a *agent) consumer(ctx context.Context, d *demand) (jetstream.Consumer, error) {
	ctx, cancel := context.WithTimeout(ctx, a.Server.lease)
	defer cancel()
	return a.js.CreateOrUpdateConsumer(ctx, jobStream, jetstream.ConsumerConfig{
		Durable: d.want.consumer(), FilterSubject: d.want.job("*"), AckPolicy: jetstream.AckExplicitPolicy, AckWait: a.Server.lease,
		MaxDeliver: -1, MaxAckPending: -1,
	})
}

// vacant blocks until there is room, and returns how much; 0 if ctx ends before.
func (a *agent) vacant(ctx context.Context) int {
	for {
		a.mu.Lock()
		n := a.room() - a.held
		if a.draining {
			n = 0
		}
		if n <= 0 && a.changed == nil {
			a.changed = make(chan struct{})
		}
		changed := a.changed
		a.mu.Unlock()
		if n > 0 && ctx.Err() == nil {
			return n
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return 0
		}
	}
}

// wake wakes those that wait for room. a.mu is held.
func (a *agent) wake() {
	if a.changed != nil && a.room() > a.held {
		close(a.changed)
		a.changed = nil
	}
}

// acceptJob takes an idempotent task.
func (a *agent) acceptJob(ctx context.Context, msg jetstream.Msg) {
	m, err := parse(msg.Data())
	meta, err2 := msg.Metadata()
	if err != nil || err2 != nil || m.kind != kindTask {
		_ = msg.Term()
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	id := jobID(m.pool, m.seq)
	if j := a.jobs[id]; j != nil { // it was away for so long that the server gave it out again
		j.msg, j.attempt = msg, meta.NumDelivered
		return
	}
	if a.draining || ctx.Err() != nil {
		_ = msg.Nak()
		return
	}
	j := &job{msg: msg, attempt: meta.NumDelivered}
	m.attempt = j.attempt
	r := &run{message: m, client: a.client(m.pool), job: j}
	if m.attempt > m.limit {
		a.jobs[id] = j
		a.bury(r, &message{kind: kindForgot, data: fmt.Appendf(nil, "it was given to %d workers, and each was lost with it", m.limit)})
		return
	}
	a.jobs[id] = j
	a.begin(r)
}

// finishJob says what has come of an idempotent task, or has it run again. a.mu is held.
func (a *agent) finishJob(r *run, m *message) {
	j := r.job
	switch {
	case r.killed && a.draining:
		a.releaseJob(r)
		_ = j.msg.Nak()
	case r.killed:
		a.releaseJob(r)
		_ = j.msg.Term()
	case m.kind == kindDeath || m.kind == kindRefused:
		if j.attempt >= r.limit {
			a.bury(r, m)
			return
		}
		a.releaseJob(r)
		_ = j.msg.NakWithDelay(time.Duration(one(m.kind == kindRefused)) * every(a.Server.lease))
	default:
		a.answer(r, m)
	}
}

// releaseJob forgets an idempotent task. a.mu is held.
func (a *agent) releaseJob(r *run) {
	delete(a.jobs, jobID(r.pool, r.seq))
	a.settle()
}

// answer publishes the result of an idempotent task. a.mu is held.
func (a *agent) answer(r *run, m *message) {
	j := r.job
	m.worker, m.seq, m.limit, m.attempt = a.id, r.seq, r.limit, j.attempt
	msg := nats.NewMsg(doneSubject(r.pool))
	msg.Header.Set(jetstream.MsgIDHeader, fmt.Sprintf("%s.%d", jobID(r.pool, r.seq), j.attempt))
	msg.Reply = to(a.id) + ".a." + jobID(r.pool, r.seq)
	msg.Data = m.append(nil)
	j.result, j.at = msg, time.Now()
	_ = a.link.PublishMsg(msg)
}

// bury publishes a task as a dead letter, and its last failure as its result. a.mu is held.
func (a *agent) bury(r *run, m *message) {
	a.logf("gives up %s after %d attempts", base(r.name), min(r.job.attempt, r.limit))
	reason := m.err(r.name, a.host).Error()
	letter := *r.message
	letter.prefix, letter.attempt = []byte(reason), min(r.job.attempt, r.limit)
	if letter.append(nil); len(letter.data) > int(a.link.MaxPayload())-2*maxHead-len(letter.def)-len(reason) {
		letter.data = nil
	}
	msg := nats.NewMsg(want{a.version.Hash, a.Queue, nil}.dead())
	if d := a.demandOf(r.job.msg.Subject()); d != nil {
		msg.Subject = d.want.dead()
	}
	msg.Header.Set(jetstream.MsgIDHeader, jobID(r.pool, r.seq))
	msg.Header.Set(hostKey, a.host)
	msg.Data = letter.append(nil)
	_ = a.link.PublishMsg(msg)
	m.name = buried
	a.answer(r, m)
}

// demandOf returns the demand that a task came by. a.mu is held.
func (a *agent) demandOf(subject string) *demand {
	for _, d := range a.demands {
		if len(subject) > len(d.want.job("")) && subject[:len(d.want.job(""))] == d.want.job("") {
			return d
		}
	}
	return nil
}

// heardAck takes what the server says of a result.
func (a *agent) heardAck(id string, msg *nats.Msg) {
	_, again, err := acknowledged(msg)
	if again {
		return // the tick publishes it again
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	j := a.jobs[id]
	if j == nil || j.result == nil {
		return
	}
	if err != nil {
		a.logf("a result cannot be kept: %v", err)
		return
	}
	_ = j.msg.Ack()
	delete(a.jobs, id)
	a.settle()
}

// lookJobs tells the server that the worker works on its idempotent tasks, and publishes results again that it has not said to keep. a.mu is held.
func (a *agent) lookJobs() {
	now := time.Now()
	for _, j := range a.jobs {
		_ = j.msg.InProgress()
		if j.result != nil && now.Sub(j.at) > every(a.Server.lease) {
			j.at = now
			_ = a.link.PublishMsg(j.result)
		}
	}
}
