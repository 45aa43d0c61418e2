package concurrency

import (
	"context"
	"fmt"
	"sync"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A Group runs functions that belong together: when one fails, the others are cancelled, and nobody goes
// on before all have ended. Its methods may be called from several goroutines, those of the group among them. A
// Group is made by [NewGroup], serves until Wait has returned, and must not be copied.
//
// It is errgroup.Group with panics that arrive. That package leaves a panic to end the program, for one that
// is raised again elsewhere has lost its place. Here it keeps its stack, and a program that is a notebook
// has to survive.
type Group struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	limit  *Semaphore // nil for none
	wg     sync.WaitGroup

	mu   sync.Mutex
	used bool
	err  error // the first
}

// NewGroup returns a group whose functions are cancelled when ctx ends.
func NewGroup(ctx context.Context) *Group {
	g := &Group{}
	g.ctx, g.cancel = task.ContextWithCancelCause(ctx)
	return g
}

// WithLimit has at most n functions of the group run at a time, and returns the group. It panics if n is less than 1, or
// after the first call of Go.
func (g *Group) WithLimit(n int) *Group {
	if n < 1 {
		panic(fmt.Sprintf("concurrency: Group: limit %d", n))
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.used {
		panic("concurrency: Group: WithLimit after Go")
	}
	g.limit = NewSemaphore(n)
	return g
}

// Context returns the context that the functions get. It ends when one of them fails, with its error as the cause, and
// when Wait has returned.
func (g *Group) Context() context.Context { return g.ctx }

// Go runs f in a task of its own. If as many functions run as the group's limit allows, Go blocks until one has
// ended. When the group has been cancelled f is not run. A function of a limited group that itself calls Go
// may wait for itself.
func (g *Group) Go(f func(context.Context) error) {
	g.mu.Lock()
	g.used = true
	g.mu.Unlock()
	if g.limit != nil && g.limit.Acquire(g.ctx, 1) != nil {
		g.fail(context.Cause(g.ctx))
		return
	}
	if g.ctx.Err() != nil {
		g.release()
		g.fail(context.Cause(g.ctx))
		return
	}
	task.WaitGroupAdd(&g.wg, 1, 0)
	task.Spawner(task.Here())(func() { g.run(f) })
}

func (g *Group) run(f func(context.Context) error) {
	err := ErrExited
	defer func() {
		if err != nil {
			g.fail(err)
		}
		g.release()
		task.WaitGroupDone(&g.wg, 0)
	}()
	task.Safepoint()
	if p := task.Catch(func() { err = f(g.ctx) }); p != nil {
		err = p
	}
}

func (g *Group) release() {
	if g.limit != nil {
		g.limit.Release(1)
	}
}

// fail notes the first error and cancels the group with it.
func (g *Group) fail(err error) {
	g.mu.Lock()
	if g.err == nil {
		g.err = err
	}
	g.mu.Unlock()
	g.cancel(err)
}

// Wait blocks until all functions have ended, and returns the first error. If the first to fail panicked, Wait
// panics with its *[PanicError]. It does not return when the group's context ends: the functions get that
// context, and Wait returns when they have heeded it. That is the point of a group: nothing of it is left
// running.
func (g *Group) Wait() error {
	task.WaitGroupWait(&g.wg, task.Here())
	g.mu.Lock()
	err := g.err
	g.mu.Unlock()
	g.cancel(err)
	if p, ok := err.(*PanicError); ok {
		panic(p)
	}
	return err
}
