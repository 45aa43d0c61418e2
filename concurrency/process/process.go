package process

import (
	"context"
	"errors"
	"os"
	"sync"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// ErrTerminated is the cause with which the context of a process's function ends after [Process.Terminate].
var ErrTerminated = errors.New("process: terminated")

// A Process is a function that runs in a process of its own, as Python's multiprocessing.Process is. Its methods may be called from several
// goroutines. A Process is made by [New]. For many functions, use a [Pool].
type Process struct {
	pool    *Pool
	call    Call
	started chan struct{} // closed, by known, when pid is set, or the call is done
	known   sync.Once
	done    chan struct{} // closed when the function has ended

	mu     sync.Mutex
	begun  bool
	pid    int
	err    error
	cancel context.CancelCauseFunc
}

// New returns a process that is to run f with an argument. The rules of a [Pool] hold for both. Start starts it. When a cell is interrupted
// that has started a process, the process is killed.
func New[A any](f func(context.Context, A) error, a A) *Process {
	p := newProcess()
	p.call = &processCall[A]{processCore: processCore{p: p}, f: f, a: a}
	return p
}

// NewOfText is New of a function that is sent as its text, and the argument that a points to. Only hosts have to do with it.
func NewOfText(f *Text, a any) *Process {
	p := newProcess()
	core := &textProcess{processCore{p: p}}
	p.call = &TextCall{Call: core, Of: f, With: a, Take: core.Finish}
	return p
}

func newProcess() *Process {
	return &Process{pool: NewPool().WithWorkers(1).WithName("process"), started: make(chan struct{}), done: make(chan struct{})}
}

// WithName names the process in listings, and returns it. It panics after Start.
func (p *Process) WithName(name string) *Process {
	p.pool.WithName(name)
	return p
}

// Start starts the process, and blocks until it has a number, some milliseconds. The context that the function gets ends with ctx. The error is that
// of [Pool.Execute]. It panics when it is called again.
func (p *Process) Start(ctx context.Context) error {
	p.mu.Lock()
	if p.begun {
		p.mu.Unlock()
		panic("process: Process: Start called again")
	}
	p.begun = true
	p.cancel = starterOf(p.call).start(ctx)
	p.mu.Unlock()
	p.pool.mu.Lock()
	p.pool.spawned = p.spawned
	p.pool.mu.Unlock()
	if err := p.pool.Execute(ctx, p.call); err != nil {
		p.call.Finish(nil, err)
		p.pool.close()
		return err
	}
	p.pool.close() // it ends when the function has
	return awaitOutside(ctx, p.started, p)
}

func (p *Process) spawned(pid int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pid == 0 {
		p.pid = pid
	}
	p.known.Do(func() { task.Close(p.started, 0) })
}

// Join blocks until the process has ended, and returns the error of the function: nil, a *[RemoteError], a *[concurrency.PanicError], a
// *[DeathError]. If ctx ends before, it returns the cause of that, and the process goes on.
func (p *Process) Join(ctx context.Context) error {
	if err := p.pool.wait(ctx); err != nil {
		return err
	}
	if err := awaitOutside(ctx, p.done, p); err != nil {
		return err
	}
	return p.Err()
}

// Err returns the error of the function, nil as long as it runs. It does not block.
func (p *Process) Err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// Pid returns the number of the process, 0 before Start.
func (p *Process) Pid() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pid
}

// Alive reports whether the process was started and has not ended.
func (p *Process) Alive() bool {
	if p.Pid() == 0 {
		return false
	}
	select {
	case <-p.done:
		select {
		case <-p.pool.idle:
			return false
		default:
			return true
		}
	default:
		return true
	}
}

// ExitCode returns with what the process has ended: 0 if the function returned nil, 1 if it failed or panicked, the status of
// os.Exit, and the number of the signal, negative, that ended it. It reports false as long as it has not ended.
func (p *Process) ExitCode() (code int, ended bool) {
	if p.Alive() || p.Pid() == 0 {
		return 0, false
	}
	var death *DeathError
	switch err := p.Err(); {
	case err == nil:
		return 0, true
	case !errors.As(err, &death):
		return 1, true
	case death.Signal != 0:
		return -int(death.Signal), true
	default:
		return death.Status, true
	}
}

// Terminate asks the process to end: the context of its function ends, with [ErrTerminated]. It does not block.
func (p *Process) Terminate() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cancel != nil {
		p.cancel(ErrTerminated)
	}
}

// Kill ends the process. It does not block.
func (p *Process) Kill() {
	p.pool.mu.Lock()
	defer p.pool.mu.Unlock()
	for _, w := range p.pool.live {
		if w.proc != nil {
			w.kill()
		}
	}
}

// A Current tells of the calling process.
type Current struct {
	Pid, Parent int
	Worker      bool // it was started by this package
	Executable  string
}

// CurrentProcess returns what there is to say of the calling process.
func CurrentProcess() Current {
	exe, _ := os.Executable()
	return Current{Pid: os.Getpid(), Parent: os.Getppid(), Worker: isWorker.Load(), Executable: exe}
}

// starter is a call that is told its context late.
type starter interface {
	start(context.Context) context.CancelCauseFunc
}

func starterOf(c Call) starter {
	if t, ok := c.(*TextCall); ok {
		c = t.Call
	}
	return c.(starter)
}

// A processCore is what calls of functions of processes have in common.
type processCore struct {
	p   *Process
	ctx context.Context
}

func (c *processCore) start(ctx context.Context) (cancel context.CancelCauseFunc) {
	c.ctx, cancel = task.ContextWithCancelCause(ctx)
	return cancel
}

func (c *processCore) Run()                     {}
func (c *processCore) Cancel() bool             { c.p.Terminate(); return true }
func (c *processCore) Context() context.Context { return c.ctx }
func (c *processCore) Begin() bool              { return true }
func (c *processCore) Each() bool               { return false }

func (c *processCore) Finish(_ any, err error) {
	p := c.p
	p.mu.Lock()
	defer p.mu.Unlock()
	p.err = err
	p.known.Do(func() { task.Close(p.started, 0) })
	p.cancel(nil)
	task.Close(p.done, 0)
}

// A processCall is the call of a process's function.
type processCall[A any] struct {
	processCore
	f func(context.Context, A) error
	a A
}

func (c *processCall[A]) Function() any { return c.f }
func (c *processCall[A]) Argument() any { return &c.a }
func (c *processCall[A]) Shape() Shape  { return processShape[A]{} }

// A textProcess is the inside of a TextCall: it says of itself what that does not.
type textProcess struct{ processCore }

func (c *textProcess) Function() any { return nil }
func (c *textProcess) Argument() any { return nil }
func (c *textProcess) Shape() Shape  { return nil }

type processShape[A any] struct{}

func (processShape[A]) NewArgument() any { return new(A) }
func (processShape[A]) NewResult() any   { return new(struct{}) }
func (processShape[A]) NewFunc() any     { return (func(context.Context, A) error)(nil) }
func (processShape[A]) Invoke(ctx context.Context, f, argument, _ any) error {
	return f.(func(context.Context, A) error)(ctx, *argument.(*A))
}

var _ concurrency.Call = (*processCall[int])(nil)
