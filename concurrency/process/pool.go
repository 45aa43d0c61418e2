package process

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/parcel"
	"github.com/gobraid/gobraid/concurrency/task"
)

// A Pool runs functions in worker processes, as many at a time as it has workers, in the order in which they were submitted. It
// is a [concurrency.Executor]: work is given to it with [concurrency.SubmitWith], [concurrency.Map] and the like. Its methods may be
// called from several goroutines. A Pool is made by [NewPool].
//
// It is Python's ProcessPoolExecutor. A function must not capture variables, its argument and result must be [Sendable], and the
// program calls [Main]. Workers are started when there is work for them and stay until Shutdown. A pool that nobody has any more
// ends its workers too.
//
// A worker that dies, of os.Exit, a signal, a fatal error, or for want of memory, fails the function that it ran with a
// [*DeathError], and no other: what it had done is not lost, what waited for it goes to another. A panic does not end a worker. What a
// worker prints goes where the task prints that submitted the function. When a cell is interrupted, the workers that run
// functions of it are killed.
type Pool struct {
	*core
	retries int
	copies  []byte // see Copying
	copyErr error
}

// core is a pool, without the part by which it is known that nobody has it any more.
type core struct {
	mu      sync.Mutex
	name    string
	workers int
	places  int // in the queue
	tasks   int // after which a worker is replaced, 0 for none
	bytes   int64
	used    bool
	shut    bool

	prepared atomic.Bool // see prepare

	queue   parcel.Queue[*item]
	pumping parcel.Pump
	giving  []*item // off the queue, on their way to a worker

	spareBatch []*item // memory for the next such
	live       []*worker
	starting   int
	deaths     int // one after the other, without a result between
	runs       parcel.Runs
	routines   []*routine
	known      map[routineKey]*routine
	recent     atomic.Pointer[routine] // of known
	killed     func(*task.Run)         // interrupted
	raws       map[string]*routine     // of package cluster, by what defines them
	space      *concurrency.Semaphore
	keeper     chan func() // starts workers
	idle       chan struct{}
	counts     counts
	history    history
	broken     error
	spawned    func(pid int) // is told of each worker, or nil

	initialize  func() *routine // see WithInitializer
	initRoutine *routine
}

// counts are what a pool has done.
type counts struct{ done, failed, died, retried, recycled uint64 }

// A routineKey tells routines apart.
type routineKey struct{ f, shape unsafe.Pointer }

// marks stand for the shapes of texts in a routineKey.
var marks [2]byte

// NewPool returns a pool with as many workers as there are processors for the process ([CPUCount]), and no limit to how many
// functions wait.
func NewPool() *Pool {
	c := &core{
		name: "workers", workers: CPUCount(), places: math.MaxInt,
		runs: parcel.Runs{}, known: map[routineKey]*routine{}, idle: make(chan struct{}),
	}
	c.killed = c.interrupted
	p := &Pool{core: c}
	runtime.AddCleanup(p, (*core).abandon, c)
	return p
}

// WithWorkers sets the number of workers, and returns the pool. It panics if n is less than 1, or after the first function was
// submitted.
func (p *Pool) WithWorkers(n int) *Pool {
	if n < 1 {
		panic(fmt.Sprintf("process: Pool: %d workers", n))
	}
	p.configure("WithWorkers", func() { p.workers = n })
	return p
}

// WithQueue sets how many functions may wait for a worker, and returns the pool: who submits blocks while there are as many. It
// panics if n is negative, or after the first function was submitted.
func (p *Pool) WithQueue(n int) *Pool {
	if n < 0 {
		panic(fmt.Sprintf("process: Pool: queue of %d", n))
	}
	p.configure("WithQueue", func() { p.places = n })
	return p
}

// WithName names the pool in listings, and returns it. It panics after the first function was submitted.
func (p *Pool) WithName(name string) *Pool {
	p.configure("WithName", func() { p.name = name })
	return p
}

// WithTasks has a worker replaced by a new one when it has run n functions, and returns the pool. It panics if n is less than 1, or
// after the first function was submitted. Python calls it max_tasks_per_child.
func (p *Pool) WithTasks(n int) *Pool {
	if n < 1 {
		panic(fmt.Sprintf("process: Pool: %d tasks for a worker", n))
	}
	p.configure("WithTasks", func() { p.tasks = n })
	return p
}

// WithBytes has a worker replaced by a new one when it has no work and more than n bytes of memory, and returns the pool. It panics if n
// is less than 1, or after the first function was submitted.
func (p *Pool) WithBytes(n int64) *Pool {
	if n < 1 {
		panic(fmt.Sprintf("process: Pool: %d bytes for a worker", n))
	}
	p.configure("WithBytes", func() { p.bytes = n })
	return p
}

func (p *Pool) configure(option string, set func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.used {
		panic("process: Pool: " + option + " after the first function")
	}
	set()
}

// Idempotent returns the pool as one for functions of which it does no harm to run them again: when its worker dies, such a function
// is run once more, up to n times. Only what is submitted to the pool that is returned is; the workers are the same. It panics if n
// is less than 1.
func (p *Pool) Idempotent(n int) *Pool {
	if n < 1 {
		panic(fmt.Sprintf("process: Pool: Idempotent(%d)", n))
	}
	q := &Pool{core: p.core, retries: n, copies: p.copies, copyErr: p.copyErr}
	runtime.AddCleanup(q, func(*Pool) {}, p) // p lives as long as q
	return q
}

// Workers returns how many functions run at a time.
func (p *Pool) Workers() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.workers
}

// Execute takes a call: see [concurrency.Executor]. It blocks only while the queue is full. The error is a *[FuncError] or *[TypeError]
// for what cannot run in another process, [ErrNoMain], or [concurrency.ErrShutdown].
func (p *Pool) Execute(ctx context.Context, c Call) error {
	task.Refuse("a process.Pool")
	if !mainCalled.Load() {
		return ErrNoMain
	}
	if err := systemError(); err != nil {
		return err
	}
	r, err := p.routine(c)
	if err != nil {
		return err
	}
	it := &item{call: c, routine: r, owner: parcel.Caller(), retries: int32(p.retries)}
	it.payload = it.small[:0]
	if p.copyErr != nil {
		return p.copyErr
	}
	it.copies, it.payload = p.copies != nil, beforeArgument(p.copies)
	if it.payload, it.tail, err = r.arg.append(it.payload, c.Argument()); err != nil {
		return err
	}
	if err := p.prepare(); err != nil {
		return err
	}
	if p.space != nil {
		if err := p.space.Acquire(ctx, 1); err != nil {
			return err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shut {
		p.leave()
		return concurrency.ErrShutdown
	}
	if p.broken != nil {
		p.leave()
		return p.broken
	}
	p.enter(it)
	p.queue.Push(it)
	p.pump()
	return nil
}

// prepare fixes the configuration, when the first function is submitted. The error says why the initializer cannot run in another process.
func (c *core) prepare() error {
	if c.prepared.Load() {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.prepared.Load() || c.shut {
		return nil
	}
	if err := c.initializer(); err != nil {
		return err
	}
	c.used = true
	pools.Add(c)
	if c.places < math.MaxInt-c.workers {
		c.space = concurrency.NewSemaphore(c.places + c.workers)
	}
	c.prepared.Store(true)
	return nil
}

// routine returns the routine of a call.
func (c *core) routine(call Call) (*routine, error) {
	f := call.Function()
	shape := call.Shape()
	key := routineKey{parts(f).data, parts(shape).typ}
	text, _ := call.(*TextCall)
	if text != nil {
		key = text.key()
	}
	if r := c.recent.Load(); r != nil && r.key == key {
		return r, nil
	}
	c.mu.Lock()
	r := c.known[key]
	c.mu.Unlock()
	if r != nil {
		c.recent.Store(r)
		return r, nil
	}
	if text != nil {
		r = newTextRoutine(text)
	} else {
		r = newRoutine(f, shape)
	}
	if r.err != nil {
		return r, r.err // not kept: a function that captures may lie where another will
	}
	r.key = key
	c.mu.Lock()
	defer c.mu.Unlock()
	if other := c.known[key]; other != nil {
		return other, nil
	}
	r.id = uint32(len(c.routines))
	c.routines = append(c.routines, r)
	c.known[key] = r
	spare.note(r.def)
	return r, nil
}

func newRoutine(f any, shape Shape) *routine {
	r := &routine{shape: shape}
	var err error
	r.def, err = locate(f, shape)
	if err == nil {
		r.arg, err = codecOf(shape.NewArgument())
	}
	if err == nil {
		r.res, err = codecOf(shape.NewResult())
	}
	if err == nil {
		r.def.Prefix = r.arg.prefix()
	}
	r.name, r.err = r.def.Name, err
	switch r.res.(type) {
	case empty, memory:
		r.again = true
	}
	return r
}

// enter counts an item. c.mu is held.
func (c *core) enter(it *item) { c.runs.Enter(it.owner.Run, c.killed) }

// leave makes room for another submission. c.mu is held.
func (c *core) leave() {
	if c.space != nil {
		c.space.Release(1)
	}
}

// over notes that an item is done with. c.mu is held.
func (c *core) over(it *item) {
	it.gone = true
	if it.internal {
		return
	}
	c.runs.Leave(it.owner.Run)
	c.leave()
	c.settle()
}

// settle ends the workers of a pool that is shut down and has no work. c.mu is held.
func (c *core) settle() {
	if !c.shut || c.queue.Len() > 0 || c.pumping.Going() {
		return
	}
	for _, w := range c.live {
		if w.flight.Len() > 0 {
			return
		}
	}
	for _, w := range c.live {
		w.retire()
	}
	if len(c.live) == 0 && c.starting == 0 {
		select {
		case <-c.idle:
		default:
			task.Close(c.idle, 0)
			pools.Remove(c)
			if c.keeper != nil {
				close(c.keeper)
				c.keeper = nil
			}
		}
	}
}

// Shutdown has the pool refuse more work, and blocks until all that was submitted is done and the workers have ended, and returns
// nil, or until ctx ends, and returns the cause of that. It may be called more than once.
func (p *Pool) Shutdown(ctx context.Context) error {
	p.close()
	return p.wait(ctx)
}

// Cancel does what Shutdown does, but what waits for a worker is not run, and the contexts of what runs end.
func (p *Pool) Cancel(ctx context.Context) error {
	p.close()
	p.drop(func(*item) bool { return true }, concurrency.ErrCanceled)
	for _, it := range p.flying(func(*item) bool { return true }) {
		it.call.Cancel()
		p.canceled(it, concurrency.ErrCanceled)
	}
	return p.wait(ctx)
}

// Kill does what Cancel does, and kills the workers that have work: their functions fail with a [*DeathError].
func (p *Pool) Kill(ctx context.Context) error {
	p.close()
	p.drop(func(*item) bool { return true }, concurrency.ErrCanceled)
	p.mu.Lock()
	for _, w := range p.live {
		w.end(concurrency.ErrCanceled)
	}
	p.mu.Unlock()
	return p.wait(ctx)
}

func (p *Pool) wait(ctx context.Context) error {
	defer runtime.KeepAlive(p)
	select {
	case <-p.idle:
		return nil
	default:
		return awaitOutside(ctx, p.idle, p)
	}
}

// awaitOutside waits for what a process does, or its end: no task brings that about, so waiting for it is no deadlock.
func awaitOutside(ctx context.Context, done <-chan struct{}, object any) error {
	task.Outside(1)
	defer task.Outside(-1)
	return task.Await(ctx, done, object, task.Here())
}

func (c *core) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.used, c.shut = true, true
	c.settle()
}

// abandon ends the workers of a pool that nobody has any more. What was submitted is done before.
func (c *core) abandon() { c.close() }

// drop finishes what waits, for a worker or at one, and is to be dropped.
func (c *core) drop(which func(*item) bool, why error) {
	c.mu.Lock()
	for _, w := range c.live {
		if w.ready && !w.greeting {
			c.takeBack(w)
		}
	}
	items := c.queue.Remove(which)
	for _, it := range c.giving {
		if !it.gone && which(it) {
			items = append(items, it)
		}
	}
	for _, it := range items {
		c.over(it)
	}
	c.mu.Unlock()
	for _, it := range items {
		it.finish(nil, why)
	}
	c.pumpAgain() // what came back and is not dropped
}

// flying returns what workers have, of what is wanted.
func (c *core) flying(which func(*item) bool) (out []*item) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range c.live {
		for _, it := range w.flight.Items() {
			if which(it) {
				out = append(out, it)
			}
		}
	}
	return out
}

// interrupted ends what a killed run has in the pool: workers are told nothing, but killed.
func (c *core) interrupted(run *task.Run) {
	c.endOwner(func(o parcel.Owner) bool { return o.Run == run }, context.Cause(run.Context()))
}

// endOwner drops what waits of some owners, and kills the workers that work for them.
func (c *core) endOwner(which func(parcel.Owner) bool, cause error) {
	c.drop(func(it *item) bool { return which(it.owner) }, cause)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range c.live {
		if w.flight.Len() > 0 && which(w.flight.Peek().owner) {
			w.end(cause)
		}
	}
}

// canceled has an item end whose context has ended: where it waits, for a worker or at one, it is done, and where it runs its context ends.
func (c *core) canceled(it *item, cause error) {
	c.mu.Lock()
	if w := it.w; w != nil && !it.gone && w.page.begun() < it.seq {
		c.takeBack(w)
		defer c.pumpAgain() // what else has come back
	}
	w, seq := it.w, it.seq
	waits := !it.gone && w == nil && len(c.queue.Remove(func(x *item) bool { return x == it })) > 0
	runs := !it.gone && w != nil
	if waits {
		c.over(it)
	}
	c.mu.Unlock()
	switch {
	case waits:
		it.finish(nil, cause)
	case runs:
		w.cancel(seq, cause.Error())
	}
}

func (c *core) pumpAgain() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pump()
	for _, w := range c.live {
		if len(w.out) > 0 {
			w.flush()
		}
	}
}

// watchEvery is how long a function may run before its pool listens to its context: for a shorter one that would cost more than it.
const watchEvery = 2 * time.Millisecond
