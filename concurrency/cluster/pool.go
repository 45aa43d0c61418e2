package cluster

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/parcel"
	"github.com/gobraid/gobraid/concurrency/task"
)

// A Pool runs functions in processes of other machines: those whose workers are connected to the same NATS server, are the same build of the
// same program, and have the labels that the pool wants. It is a [concurrency.Executor]: work is given to it with
// [concurrency.SubmitWith], [concurrency.Map] and the like, and what holds for a process.Pool holds for it. Its methods may be called from several
// goroutines. A Pool is made by [Connect].
//
// What is submitted while no worker fits waits until one joins; [Pool.Ready] and Stats tell what is missing.
type Pool struct {
	inner    any    // a *core: see of
	attempts uint64 // 0 unless idempotent
	copies   []byte // see Copying
	copyErr  error
}

// of returns what is in a pool. No type of package nats is part of an exported one: every session of gobraid knows the latter,
// and would have to know all that the former mention.
func of(p *Pool) *core { return p.inner.(*core) }

// core is a pool, without the part by which it is known that nobody has it any more.
type core struct {
	server  *Server
	link    *link
	id      string
	version Version
	packer  parcel.Packer
	ticking sync.WaitGroup
	store   store          // of large arguments, and plugins
	fetches sync.WaitGroup // of large results
	stop    chan struct{}  // closed when it is over

	opening chan struct{} // held by who opens the journal

	mu        sync.Mutex
	journal   *journal // for idempotent tasks, nil while there were none
	name      string
	want      want
	used      bool
	shut      bool
	closing   bool
	connected bool
	queue     parcel.Queue[*item] // plain tasks that nobody has
	items     map[uint64]*item    // all that are not over
	seq       uint64
	sent      int // plain tasks that are with a worker, or on their way
	pumping   parcel.Pump
	blocked   bool // no worker has room; something will be heard when one has
	runs      parcel.Runs
	owners    map[parcel.Owner]*ownerState
	byNumber  map[uint64]*ownerState
	ownerSeq  uint64
	peers     map[string]*peer
	doomed    map[uint64]uint64 // killed before it was known which worker has them: tasks, and their owners
	changed   chan struct{}     // closed when the peers have, and made anew
	idle      chan struct{}     // closed when it is shut down and all is done
	counts    counts
}

// counts are what a pool has done.
type counts struct{ done, failed, died, lost, redelivered, duplicated, dead uint64 }

func newPool(ctx context.Context, s *Server) (*Pool, error) {
	task.Refuse("cluster.Connect")
	v, err := ThisVersion()
	if err != nil {
		return nil, err
	}
	c := &core{
		server: s, id: rand.Text(), version: v, name: "cluster", want: want{Hash: v.Hash}, stop: make(chan struct{}), opening: make(chan struct{}, 1),
		items: map[uint64]*item{}, runs: parcel.Runs{}, owners: map[parcel.Owner]*ownerState{}, byNumber: map[uint64]*ownerState{},
		peers: map[string]*peer{}, doomed: map[uint64]uint64{}, changed: make(chan struct{}), idle: make(chan struct{}), connected: true,
	}
	c.packer = parcel.NewPacker(c.sendFile)
	if c.link, err = dial(ctx, s, "gobraid pool on "+hostName(), c.connection); err != nil {
		return nil, err
	}
	if err := c.listen(); err != nil {
		c.link.Close()
		return nil, fmt.Errorf("cluster: %s: %w", s, err)
	}
	c.ticking.Add(1)
	go c.tick()
	pools.Add(c)
	p := &Pool{inner: c}
	runtime.AddCleanup(p, (*core).abandon, c)
	return p, nil
}

// WithName names the pool in listings, and returns it. It panics after the first function was submitted.
func (p *Pool) WithName(name string) *Pool {
	of(p).configure("WithName", func(c *core) { c.name = name })
	return p
}

// WithQueue has only workers take the pool's work that serve the queue of that name, and returns the pool. It panics after the
// first function was submitted.
func (p *Pool) WithQueue(name string) *Pool {
	of(p).configure("WithQueue", func(c *core) { c.want.Queue = name })
	return p
}

// WithLabels has only workers take the pool's work that have all of the labels, such as "gpu=yes", and returns the pool. It panics after the first
// function was submitted.
func (p *Pool) WithLabels(labels ...string) *Pool {
	of(p).configure("WithLabels", func(c *core) { c.want.Labels = normal(labels) })
	return p
}

func (c *core) configure(option string, set func(*core)) {
	c.mu.Lock()
	if c.used {
		c.mu.Unlock()
		panic("cluster: Pool: " + option + " after the first function")
	}
	set(c)
	for _, w := range c.peers {
		w.missing = c.want.fits(w.Version, w.Queue, w.Labels)
	}
	c.mu.Unlock()
	c.beat(false) // workers serve labels that some pool wants
}

// Workers returns how many functions the workers that fit run at a time, and 1 while there is none.
func (p *Pool) Workers() int {
	c := of(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, w := range c.peers {
		if w.usable() {
			n += w.Concurrency
		}
	}
	return max(n, 1)
}

// Idempotent returns the pool as one for functions of which it does no harm to run them again: the server keeps such a function, in a file, until
// its result is there. When its worker, or the process that ran it, is lost, another one runs it, up to attempts times in all; then it is
// a dead letter, and its error that of the last attempt. An error or a panic is a result: it is not run again for that. It can happen that
// a function runs to its end more than once, when a worker was cut off for a while; the first result counts. Only what is submitted to the pool that
// is returned is idempotent. The server needs JetStream. It panics if attempts is less than 1.
func (p *Pool) Idempotent(attempts int) *Pool {
	if attempts < 1 {
		panic(fmt.Sprintf("cluster: Pool: Idempotent(%d)", attempts))
	}
	q := &Pool{inner: p.inner, attempts: uint64(attempts), copies: p.copies, copyErr: p.copyErr}
	runtime.AddCleanup(q, func(*Pool) {}, p) // p lives as long as q
	return q
}

// Copying returns the pool as one for functions that get a copy of v besides their argument, as [process.Copying] does for a process.Pool: on their worker
// they ask for it with [process.Copied].
func Copying[T any](p *Pool, v T) *Pool { return p.WithCopy(&v) }

// WithCopy is [Copying] of what v points to.
func (p *Pool) WithCopy(v any) *Pool {
	q := &Pool{inner: p.inner, attempts: p.attempts, copyErr: p.copyErr}
	runtime.AddCleanup(q, func(*Pool) {}, p) // p lives as long as q
	var err error
	if q.copies, err = parcel.AddCopy(p.copies, v); err != nil && q.copyErr == nil {
		q.copyErr = err
	}
	return q
}

// Execute takes a call: see [concurrency.Executor]. It blocks only to prepare the server for the first idempotent function. The error is a *process.FuncError or *process.TypeError for what cannot run
// in another process, or [concurrency.ErrShutdown].
func (p *Pool) Execute(ctx context.Context, call concurrency.Call) error {
	task.Refuse("a cluster.Pool")
	c := of(p)
	if p.copyErr != nil {
		return p.copyErr
	}
	r, payload, tail, err := c.packer.Pack(call, p.copies)
	if err != nil {
		return err
	}
	if p.attempts > 0 {
		if err := c.openJournal(ctx); err != nil {
			return err
		}
	}
	it := &item{call: call, routine: r, payload: payload, tail: tail, copies: p.copies != nil, owner: parcel.Caller(), limit: p.attempts}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.shut {
		return concurrency.ErrShutdown
	}
	c.used = true
	c.enter(it)
	if it.limit > 0 {
		c.journal.queue.Push(it)
	} else {
		c.queue.Push(it)
	}
	c.pump()
	return nil
}

// Ready blocks until a worker fits, and returns nil, or until ctx ends: then the error says what is missing, and wraps the cause.
func (p *Pool) Ready(ctx context.Context) error {
	task.Refuse("Pool.Ready of package cluster")
	c := of(p)
	for {
		c.mu.Lock()
		missing, changed := c.missing(), c.changed
		c.mu.Unlock()
		if missing == "" {
			return nil
		}
		task.Outside(1)
		err := task.Await(ctx, changed, p, task.Here())
		task.Outside(-1)
		if err != nil {
			return fmt.Errorf("cluster: %s: %w", missing, err)
		}
	}
}

// Shutdown has the pool refuse more work, and blocks until all that was submitted is done and its connection is closed, and returns nil, or until ctx
// ends, and returns the cause of that. It may be called more than once.
func (p *Pool) Shutdown(ctx context.Context) error {
	of(p).close()
	return p.wait(ctx)
}

// Cancel does what Shutdown does, but what no worker has begun is not run, and the contexts of what runs end.
func (p *Pool) Cancel(ctx context.Context) error {
	c := of(p)
	c.close()
	for _, it := range c.all(func(*item) bool { return true }) {
		it.call.Cancel()
		c.canceled(it, concurrency.ErrCanceled)
	}
	return p.wait(ctx)
}

// Kill does what Cancel does, and kills the processes that run functions of the pool. All futures are done with [concurrency.ErrCanceled].
func (p *Pool) Kill(ctx context.Context) error {
	c := of(p)
	c.close()
	c.drop(func(*item) bool { return true }, concurrency.ErrCanceled)
	return p.wait(ctx)
}

func (p *Pool) wait(ctx context.Context) error {
	defer runtime.KeepAlive(p)
	return task.Await(ctx, of(p).idle, p, task.Here())
}

func (c *core) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.used, c.shut = true, true
	c.settle()
}

// abandon ends a pool that nobody has any more, when what was submitted is done.
func (c *core) abandon() { c.close() }

// settle ends a pool that is shut down and has no work. c.mu is held.
func (c *core) settle() {
	if !c.shut || c.closing || len(c.items) > 0 || c.pumping.Going() {
		return
	}
	c.closing = true
	go c.end()
}

// end says good-bye and closes the connection.
func (c *core) end() {
	close(c.stop)
	c.ticking.Wait()
	c.fetches.Wait()
	c.closeJournal()
	c.acknowledge()
	c.beat(true)
	_ = c.link.FlushTimeout(goodbye)
	c.link.Close()
	pools.Remove(c)
	c.mu.Lock()
	defer c.mu.Unlock()
	task.Close(c.idle, 0)
}

// goodbye is how long the end of a pool or a worker waits for the server to have heard of it. The others would know by the lease.
const goodbye = time.Second
