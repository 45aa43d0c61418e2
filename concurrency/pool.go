package concurrency

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"

	"github.com/gobraid/gobraid/concurrency/task"
)

// ErrShutdown is the error of what is submitted to a pool after its Shutdown.
var ErrShutdown = errors.New("concurrency: pool is shut down")

// A ThreadPool runs functions, as many at a time as it has workers, in the order in which they were submitted.
// Work is given to it with [Submit] and [Map]. Its methods may be called from several goroutines. A ThreadPool
// is made by [NewThreadPool] and must not be copied.
//
// A worker is a place, not a goroutine: each function runs in a task of its own, a child of the one that submitted it. So
// in a cell it prints under the cell that submitted it, and an interrupt of that cell ends it and
// no other. That costs about 1 µs a function; [Map] pays it once for many.
type ThreadPool struct {
	mu      sync.Mutex
	name    string
	workers int
	queue   int
	used    bool
	shut    bool
	idle    []int       // workers without work
	busy    map[int]job // what the others do
	pending []job
	space   *Semaphore    // of workers and places in the queue; nil if there is no limit
	empty   chan struct{} // closed when shut and without work
}

// A job is a submitted function.
type job struct {
	spawn  func(func()) // starts a task for it
	run    func()
	cancel func() bool
}

// NewThreadPool returns a pool with as many workers as the program uses processors, and no limit to how many
// functions wait.
func NewThreadPool() *ThreadPool {
	return &ThreadPool{
		name: "pool", workers: runtime.GOMAXPROCS(0), queue: math.MaxInt,
		busy: map[int]job{}, empty: make(chan struct{}),
	}
}

// WithWorkers sets the number of workers, and returns the pool. It panics if n is less than 1, or after the first
// function was submitted.
func (p *ThreadPool) WithWorkers(n int) *ThreadPool {
	if n < 1 {
		panic(fmt.Sprintf("concurrency: ThreadPool: %d workers", n))
	}
	p.configure("WithWorkers", func() { p.workers = n })
	return p
}

// WithQueue sets how many functions may wait for a worker, and returns the pool: Submit blocks while there are as many.
// It panics if n is negative, or after the first function was submitted.
func (p *ThreadPool) WithQueue(n int) *ThreadPool {
	if n < 0 {
		panic(fmt.Sprintf("concurrency: ThreadPool: queue of %d", n))
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

func (p *ThreadPool) configure(option string, set func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.used {
		panic("concurrency: ThreadPool: " + option + " after Submit")
	}
	set()
}

// begin fixes the configuration, and returns what bounds the number of functions, or nil.
func (p *ThreadPool) begin() *Semaphore {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.used {
		return p.space
	}
	p.used = true
	for w := p.workers - 1; w >= 0; w-- {
		p.idle = append(p.idle, w)
	}
	if p.queue < math.MaxInt-p.workers {
		p.space = NewSemaphore(p.queue + p.workers)
	}
	return p.space
}

// submit has a job run, now or when a worker is free.
func (p *ThreadPool) submit(ctx context.Context, j job) error {
	space := p.begin()
	if space != nil {
		if err := space.Acquire(ctx, 1); err != nil {
			return err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shut {
		p.leave()
		return ErrShutdown
	}
	if len(p.idle) == 0 {
		p.pending = append(p.pending, j)
		return nil
	}
	w := p.idle[len(p.idle)-1]
	p.idle = p.idle[:len(p.idle)-1]
	p.start(w, j)
	return nil
}

// start has worker w do j. p.mu is held.
func (p *ThreadPool) start(w int, j job) {
	p.busy[w] = j
	j.spawn(func() {
		defer p.finished(w)
		setName(fmt.Sprintf("%s-%d", p.name, w))
		j.run()
	})
}

// finished gives worker w the next job.
func (p *ThreadPool) finished(w int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.leave()
	delete(p.busy, w)
	if len(p.pending) > 0 {
		j := p.pending[0]
		p.pending[0] = job{}
		p.pending = p.pending[1:]
		p.start(w, j)
		return
	}
	p.idle = append(p.idle, w)
	if p.shut && len(p.busy) == 0 {
		task.Close(p.empty, 0)
	}
}

// leave makes room for another submission. p.mu is held.
func (p *ThreadPool) leave() {
	if p.space != nil {
		p.space.Release(1)
	}
}

// Shutdown has the pool refuse more work, and blocks until all that was submitted is done, and returns nil, or until
// ctx ends, and returns the cause of that. It may be called more than once.
func (p *ThreadPool) Shutdown(ctx context.Context) error {
	p.mu.Lock()
	p.close()
	p.mu.Unlock()
	return wait(ctx, p.empty, p)
}

// Cancel does what Shutdown does, but what waits for a worker is not run, and the contexts of what runs are cancelled.
func (p *ThreadPool) Cancel(ctx context.Context) error {
	p.mu.Lock()
	p.close()
	var jobs []job
	jobs = append(jobs, p.pending...)
	for _, j := range p.busy {
		jobs = append(jobs, j)
	}
	p.mu.Unlock()
	for _, j := range jobs {
		j.cancel()
	}
	return wait(ctx, p.empty, p)
}

// close has the pool refuse more work. p.mu is held.
func (p *ThreadPool) close() {
	p.used = true
	if !p.shut && len(p.busy) == 0 {
		task.Close(p.empty, 0)
	}
	p.shut = true
}

// Submit has f run on the pool and returns its future. It does not block, unless the pool's queue has a limit and is
// full: then until there is room, or ctx ends. The context that f gets ends with ctx, with the future's
// Cancel, and with the pool's. If the pool does not take f the future is done, with [ErrShutdown] or
// the cause of ctx.
func Submit[T any](ctx context.Context, p *ThreadPool, f func(context.Context) (T, error)) *Future[T] {
	fu := newFuture[T](ctx)
	j := job{spawn: task.Spawner(task.Here()), run: func() { fu.run(f) }, cancel: fu.Cancel}
	if err := p.submit(ctx, j); err != nil {
		fu.finish(*new(T), err)
	}
	return fu
}
