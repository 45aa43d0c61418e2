package cluster

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/gobraid/gobraid/concurrency/process"
)

// A Worker runs functions that pools elsewhere submit, in processes of its own: [Worker.Serve] does. The command gobraid worker is one. Its fields must not be
// changed once Serve is called.
type Worker struct {
	Server      *Server           // to connect to
	Name        string            // in listings; the machine's if empty
	Concurrency int               // how many functions run at a time; as many as there are processors ([process.CPUCount]) if 0
	Labels      []string          // what it has that pools may want, such as "gpu=yes"
	Queue       string            // the queue that it serves
	Cache       string            // the directory for plugins of cells; one in the user's cache directory if empty
	Grace       time.Duration     // how long functions may go on after the end of Serve's context; a minute if 0
	Log         func(line string) // is told what happens, a line at a time, from several goroutines; nil for nobody
}

// Serve joins the cluster and runs functions until ctx ends. Then it takes no more, and waits until those that run are done, for at most Grace: what
// is left is killed and fails with a *process.DeathError, or is run elsewhere if it is idempotent. It returns nil then, an error if it cannot join, and
// [process.ErrNoMain] in a program that does not call process.Main. When the connection is lost it tries to get it back, for ever; functions go on
// meanwhile.
//
// A function that exits, panics or is killed fails alone. Functions of a pool that has given no sign of life for its lease are killed, unless they are idempotent.
func (w *Worker) Serve(ctx context.Context) error {
	a, err := join(ctx, w)
	if err != nil {
		return err
	}
	<-ctx.Done()
	return a.leave()
}

// An agent is a worker at work.
type agent struct {
	Worker
	id      string
	host    string
	version Version
	link    *link
	js      jetstream.JetStream
	started time.Time
	in      chan *nats.Msg // tasks
	stop    chan struct{}
	store   store // of large results
	cache   cache
	going   sync.WaitGroup // goroutines that end after stop
	ending  sync.WaitGroup // those that end by themselves

	mu        sync.Mutex
	connected bool
	draining  bool
	clients   map[string]*client
	dropped   map[string]time.Time // pools that it has given up
	demands   map[string]*demand
	held      int // tasks
	said      int // the room that pools know of
	launching bool
	running   int // of these, those that are given to a process.Pool
	ready     []*run
	jobs      map[string]*job // idempotent tasks that are the worker's
	changed   chan struct{}   // closed when there is room; nil unless somebody waits for that
	empty     chan struct{}   // closed when it drains and has no tasks
	counts    struct{ done, failed, died uint64 }
	pace      pace
}

func join(ctx context.Context, w *Worker) (*agent, error) {
	v, err := ThisVersion()
	if err != nil {
		return nil, err
	}
	if w.Server == nil {
		return nil, errors.New("cluster: Worker: no Server")
	}
	a := &agent{
		Worker: *w, id: rand.Text(), host: hostName(), version: v, started: time.Now(), in: make(chan *nats.Msg, 64<<10), stop: make(chan struct{}),
		connected: true, clients: map[string]*client{}, dropped: map[string]time.Time{}, demands: map[string]*demand{}, jobs: map[string]*job{}, empty: make(chan struct{}),
	}
	a.Labels = normal(a.Labels)
	if a.Name == "" {
		a.Name = a.host
	}
	if a.Concurrency == 0 {
		a.Concurrency = process.CPUCount()
	}
	if a.Concurrency < 0 {
		return nil, fmt.Errorf("cluster: Worker: concurrency of %d", a.Concurrency)
	}
	if a.Grace == 0 {
		a.Grace = time.Minute
	}
	if a.Cache == "" {
		if a.Cache, err = cacheDir(); err != nil {
			return nil, err
		}
	}
	a.cache.dir = filepath.Join(a.Cache, v.Hash)
	if a.link, err = dial(ctx, w.Server, "gobraid worker on "+a.host, a.connection); err != nil {
		return nil, err
	}
	if a.js, err = jetstream.New(a.link.Conn); err != nil {
		a.link.Close()
		return nil, err
	}
	if err := a.listen(); err != nil {
		a.link.Close()
		return nil, fmt.Errorf("cluster: %s: %w", w.Server, err)
	}
	a.going.Add(2)
	go a.take()
	go a.tick()
	a.logf("joined %s as %s: %d functions at a time, %s", w.Server, a.Name, a.Concurrency, v)
	return a, nil
}

func (a *agent) listen() error {
	for subject, f := range map[string]nats.MsgHandler{
		to(a.id) + ".>": a.told,
		poolBeats + "*": a.poolBeat,
		askSubject:      func(*nats.Msg) { a.beat(false) },
	} {
		sub, err := a.link.Subscribe(subject, f)
		if err != nil {
			return err
		}
		if err := sub.SetPendingLimits(-1, maxPending); err != nil {
			return err
		}
	}
	a.mu.Lock()
	a.demand(want{Hash: a.version.Hash, Queue: a.Queue}).own = true
	a.offer()
	a.mu.Unlock()
	a.beat(false)
	return a.link.FlushTimeout(a.Server.lease)
}

func (a *agent) logf(format string, args ...any) {
	if a.Log != nil {
		a.Log(fmt.Sprintf(format, args...))
	}
}

// beat tells pools that the worker is there, or gone.
func (a *agent) beat(gone bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.say(gone)
}

// say is beat. a.mu is held.
func (a *agent) say(gone bool) {
	if !a.connected {
		return
	}
	a.said = a.room()
	b := workerBeat{
		ID: a.id, Name: a.Name, Host: a.host, Pid: os.Getpid(), Version: a.version, Queue: a.Queue, Labels: a.Labels, Concurrency: a.Concurrency,
		Room: a.said, Running: a.held, Done: a.counts.done, Failed: a.counts.failed, Died: a.counts.died, Rate: a.pace.rate(),
		Age: time.Since(a.started), Lease: a.Server.lease, Draining: a.draining, Gone: gone,
	}
	_ = a.link.Publish(workerBeats+a.id, beatJSON(b))
}

// tick beats, sends again what was not acknowledged, and looks for pools that do not beat any more.
func (a *agent) tick() {
	defer a.going.Done()
	t := time.NewTicker(every(a.Server.lease))
	defer t.Stop()
	for {
		select {
		case <-a.stop:
			return
		case <-t.C:
		}
		a.beat(false)
		a.look()
	}
}

// connection notes that the connection to the server is lost, or is there again.
func (a *agent) connection(connected bool) {
	a.mu.Lock()
	a.connected = connected
	now := time.Now()
	if connected {
		for _, c := range a.clients {
			c.seen = now // what was not heard meanwhile says nothing
		}
	}
	for _, d := range a.demands {
		d.withdraw()
	}
	a.offer()
	a.mu.Unlock()
	if !connected {
		a.logf("the connection to %s is lost", a.Server)
		return
	}
	a.logf("connected to %s again", a.Server)
	a.beat(false)
}

// leave ends the agent: see Serve.
func (a *agent) leave() error {
	a.logf("takes no more functions")
	a.mu.Lock()
	a.draining = true
	for _, d := range a.demands {
		d.withdraw()
		d.end()
	}
	a.settle()
	a.mu.Unlock()
	a.beat(false)
	grace := time.NewTimer(a.Grace)
	defer grace.Stop()
	select {
	case <-a.empty:
	case <-grace.C:
		a.logf("kills what is not done after %v", a.Grace)
	}
	a.mu.Lock()
	var pools []*process.Pool
	for _, c := range a.clients {
		for _, r := range c.runs {
			r.killed = r.job != nil
		}
		if c.pool != nil {
			pools = append(pools, c.pool)
			c.pool = nil
		}
	}
	a.mu.Unlock()
	for _, p := range pools {
		_ = p.Kill(context.Background())
	}
	a.ending.Wait()
	_ = a.link.FlushTimeout(goodbye) // the results
	close(a.stop)
	a.going.Wait()
	a.beat(true)
	_ = a.link.FlushTimeout(goodbye)
	a.link.Close()
	a.logf("has left")
	return nil
}

// settle notes that an agent that drains has no tasks. a.mu is held.
func (a *agent) settle() {
	if a.draining && a.held == 0 && len(a.jobs) == 0 {
		select {
		case <-a.empty:
		default:
			close(a.empty)
		}
	}
}
