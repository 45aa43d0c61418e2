package loop

import (
	"context"
	"errors"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// A TaskGroup is a set of tasks that end together: asyncio's TaskGroup. It is made by [Group].
type TaskGroup struct {
	c        *coroutine // whose it is
	ctx      context.Context
	seq      uint32
	children []*coroutine // in order; nil where they are done
	left     int
	errs     []error
	aborting bool
	told     bool // c was cancelled because a child has failed
	over     bool
}

// Group calls f, on the caller's coroutine, and waits for the tasks that it has created in the group, and returns nil, or their errors and f's,
// joined. When one of them fails the others are cancelled, and f too, if it has not returned: it gets a [CanceledError] at its next await.
// When f fails, or the caller is cancelled, all tasks are cancelled. No task is left when Group returns. A task that is cancelled alone is no
// failure. A panic is raised again when all have ended.
func Group(ctx context.Context, f func(ctx context.Context, g *TaskGroup) error) error {
	c := on(ctx, "Group")
	g := &TaskGroup{c: c, ctx: ctx}
	var err error
	if p := task.Catch(func() { err = f(ctx, g) }); p != nil {
		err = p
	}
	var canceled error
	if isCanceled(err) {
		canceled = err
	}
	if g.told && c.Uncancel() == 0 {
		canceled = nil
	}
	if err != nil {
		g.abort()
	}
	for g.left > 0 {
		e := g.wait()
		switch {
		case e == nil:
		case errors.Is(e, concurrency.ErrExited):
			return e
		case !g.aborting:
			canceled = e
			g.abort()
		}
	}
	g.over = true
	if err != nil && !isCanceled(err) {
		g.errs = append(g.errs, err)
	}
	for _, e := range g.errs {
		if p, ok := e.(*concurrency.PanicError); ok {
			panic(p)
		}
	}
	if len(g.errs) == 0 {
		return canceled
	}
	return errors.Join(g.errs...)
}

// wait waits until the last child is done, or the caller is cancelled.
func (g *TaskGroup) wait() error {
	stop, err := g.c.begin(g.ctx)
	if err != nil {
		return err
	}
	g.seq = g.c.seq
	return g.c.suspend(stop, task.WaitGroup, g, nil)
}

// settled notes that a child is done.
func (g *TaskGroup) settled(f *future, i uint32) {
	g.children[i] = nil
	if g.left--; g.left == 0 {
		g.children = g.children[:0]
		g.c.settled(nil, g.seq)
	}
	if f.err == nil || f.Canceled() {
		return
	}
	g.errs = append(g.errs, f.err)
	if !g.aborting && !g.told {
		g.abort()
		g.told = true
		g.c.cancel(f.err)
	}
}

// abort cancels all children.
func (g *TaskGroup) abort() {
	if g.aborting {
		return
	}
	g.aborting = true
	for _, c := range g.children {
		if c != nil {
			c.cancel(nil)
		}
	}
}

// Go runs f as a task of the group. It does not block. It panics with a *[concurrency.MisuseError] when the group is over, and on
// another goroutine than the loop's. When the group's tasks were cancelled, f does not begin.
func (g *TaskGroup) Go(f func(context.Context) error) {
	CreateIn(g, func(ctx context.Context) (struct{}, error) { return struct{}{}, f(ctx) })
}

// CreateIn is Go for a function that has a result, and returns its task: create_task of asyncio's TaskGroup.
func CreateIn[T any](g *TaskGroup, f func(context.Context) (T, error)) *Task[T] {
	t := &Task[T]{f: f}
	g.create(&t.c, t)
	return t
}

func (g *TaskGroup) create(c *coroutine, b body) {
	l := g.c.l
	switch {
	case g.over:
		misused("TaskGroup", "a task for one that is over")
	case !l.host.Here():
		misused("TaskGroup", "a task from another goroutine than the loop's: use Loop.CallSoon")
	}
	l.create(c, g.ctx, b, task.Here())
	c.add(g, uint32(len(g.children)))
	g.children = append(g.children, c)
	g.left++
	if g.aborting {
		c.cancel(nil)
	}
}
