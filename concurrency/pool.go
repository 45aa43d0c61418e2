package concurrency

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/gobraid/gobraid/concurrency/task"
)

// ErrShutdown is the error of what is submitted to an executor after its Shutdown.
var ErrShutdown = errors.New("concurrency: pool is shut down")

// A ThreadPool runs functions, as many at a time as it has workers, in the order in which they were submitted.
// Work is given to it with [Submit], [Map] and the like, and with Go. Its methods may be called from several goroutines. A
// ThreadPool is made by [NewThreadPool] and must not be copied.
//
// It is Python's ThreadPoolExecutor. There the worker threads stay until the shutdown: here a worker is a place. The
// goroutine in it ends when there is nothing to do, so a pool that nobody shuts down leaves nothing behind.
//
// In a cell each function belongs to the cell that submitted it, whichever made the pool: it prints there, and an interrupt of that
// cell ends it and no other. A goroutine runs many functions, one after another, as long as they belong to
// the same cell. In a recorded or controlled run each has a task of its own, with the worker's name.
type ThreadPool struct {
	jobs chain // workers take from it without mu

	mu      sync.Mutex
	client  *task.Client // who has submitted last, or nil
	credit  int          // how many may be submitted before room is asked
	idle    []int        // places without work: if there are any, nothing waits but for who lingers
	lingers bool         // a worker waits a moment for something, and has got nothing yet
	used    bool
	shut    bool
	panic   *PanicError // the first of a function given to Go

	// Fixed when the first function is submitted.
	name    string
	workers int
	queue   int
	prepare func(context.Context) (context.Context, error)
	places  []place
	room    *gate // of workers and places in the queue; nil if there is no limit

	empty  chan struct{}         // closed when shut and without work
	broken atomic.Pointer[error] // what the initializer said
}

// A place is a worker.
type place struct {
	name   string
	does   atomic.Pointer[node] // the call that it runs, or has run, or nil
	worker context.Context      // what the initializer has made, or nil
	ready  bool                 // the initializer has run
	_      [64]byte             // what the next place does is not on the same cache line
}

// NewThreadPool returns a pool with as many workers as the program uses processors, and no limit to how many
// functions wait.
func NewThreadPool() *ThreadPool {
	return &ThreadPool{name: "pool", workers: runtime.GOMAXPROCS(0), queue: math.MaxInt, empty: make(chan struct{})}
}

// WithWorkers sets the number of workers, and returns the pool. It panics if n is less than 1, or after the first
// function was submitted.
func (p *ThreadPool) WithWorkers(n int) *ThreadPool {
	if n < 1 {
		misused("ThreadPool", fmt.Sprintf("%d workers", n))
	}
	p.configure("WithWorkers", func() { p.workers = n })
	return p
}

// WithQueue sets how many functions may wait for a worker, and returns the pool: Submit blocks while there are as many.
// It panics if n is negative, or after the first function was submitted.
func (p *ThreadPool) WithQueue(n int) *ThreadPool {
	if n < 0 {
		misused("ThreadPool", fmt.Sprintf("queue of %d", n))
	}
	p.configure("WithQueue", func() { p.queue = n })
	return p
}

// WithName sets what the tasks of workers are called, before a dash and the number of the worker, and returns the pool. It
// panics after the first function was submitted.
func (p *ThreadPool) WithName(name string) *ThreadPool {
	p.configure("WithName", func() { p.name = name })
	return p
}

// WithInitializer has f called once for each worker, before its first function and in the same task, and returns the pool. Functions
// that run on this worker find the values of the context that f returns in theirs: a connection, a buffer, a random
// generator that no other uses at the same time. The context that f gets never ends. When f fails or panics the pool is broken:
// what waits, and all that is submitted from then on, fails with a [*BrokenError]. WithInitializer panics after the first
// function was submitted.
func (p *ThreadPool) WithInitializer(f func(context.Context) (context.Context, error)) *ThreadPool {
	p.configure("WithInitializer", func() { p.prepare = f })
	return p
}

func (p *ThreadPool) configure(option string, set func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.used {
		misused("ThreadPool", option+" after Submit")
	}
	set()
}

// begin fixes the configuration. p.mu is held.
func (p *ThreadPool) begin() {
	if p.used {
		return
	}
	p.used = true
	p.places = make([]place, p.workers)
	for w := p.workers - 1; w >= 0; w-- {
		p.places[w].name = fmt.Sprintf("%s-%d", p.name, w)
		p.idle = append(p.idle, w)
	}
	if p.credit = math.MaxInt; p.queue < math.MaxInt-p.workers {
		p.credit, p.room = p.queue+p.workers, &gate{pool: p}
	}
}

// Workers returns how many functions run at a time.
func (p *ThreadPool) Workers() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.workers
}

// Waiting returns how many functions wait for a worker. It does not block.
func (p *ThreadPool) Waiting() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.jobs.len()
}

// Running returns how many functions run. It does not block.
func (p *ThreadPool) Running() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.places) - len(p.idle)
}

// Execute takes a call: see [Executor]. Functions are given to a pool with [Submit] and the like.
func (p *ThreadPool) Execute(ctx context.Context, c Call) error {
	n := nodeOf(c)
	n.call = c
	return p.submit(ctx, task.ClientHere(), job{node: n})
}

// submit has j run for c, now or when its turn comes. It blocks while there is no room for it.
func (p *ThreadPool) submit(ctx context.Context, c task.Client, j job) error {
	p.mu.Lock()
	p.begin()
	if p.credit == 0 {
		if err := p.wait(ctx); err != nil {
			return err
		}
	}
	p.credit--
	if err := p.refuses(); err != nil {
		p.mu.Unlock()
		p.leave()
		return err
	}
	if !c.None() {
		if p.client == nil || *p.client != c {
			known := c // c itself stays on the stack
			p.client = &known
		}
		j.from = p.client
	}
	if len(p.idle) == 0 || p.lingers {
		p.lingers = false // whoever lingers takes it
		p.jobs.push(j)
		p.mu.Unlock()
		return nil
	}
	w := p.idle[len(p.idle)-1]
	p.idle = p.idle[:len(p.idle)-1]
	p.places[w].does.Store(j.node)
	p.mu.Unlock()
	p.start(w, j)
	return nil
}

// wait waits for room. p.mu is held, but not while it waits. It returns nil if there is credit; if it returns an error p.mu is not held.
func (p *ThreadPool) wait(ctx context.Context) error {
	for n := 0; ; n++ {
		if p.credit == 0 {
			p.credit = p.room.all()
		}
		if p.credit > 0 {
			return nil
		}
		if n == spins || !task.Live() {
			break
		}
		p.mu.Unlock()
		runtime.Gosched()
		p.mu.Lock()
	}
	w := p.room.join() // before mu is given up: nobody takes all the room there is while somebody waits
	p.mu.Unlock()
	if err := p.room.wait(ctx, w); err != nil {
		return err
	}
	p.mu.Lock()
	p.credit++
	return nil
}

// refuses returns why the pool takes no more, or nil. p.mu is held.
func (p *ThreadPool) refuses() error {
	if p.shut {
		return ErrShutdown
	}
	if e := p.broken.Load(); e != nil {
		return *e
	}
	return nil
}

// leave makes room for another submission.
func (p *ThreadPool) leave() {
	if p.room != nil {
		p.room.leave()
	}
}

// A BrokenError is the error of what a pool does not run because its initializer has failed.
type BrokenError struct {
	Pool string // its name
	Err  error  // what the initializer returned, or a *PanicError
}

func (e *BrokenError) Error() string {
	return fmt.Sprintf("concurrency: pool %s: initializer: %v", e.Pool, e.Err)
}

// Unwrap returns Err.
func (e *BrokenError) Unwrap() error { return e.Err }
