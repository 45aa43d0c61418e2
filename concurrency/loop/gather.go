package loop

import (
	"context"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// gathering waits for several coroutines.
type gathering struct {
	c        *coroutine
	seq      uint32
	children func(i int) *coroutine
	left, n  int
	collect  bool  // errors do not end it
	err      error // the first one
	canceled *CanceledError
}

// settled counts a child that is done.
func (g *gathering) settled(f *future, _ uint32) {
	g.left--
	if f.err != nil && g.err == nil && !g.collect {
		g.err = f.err
		g.c.settled(nil, g.seq)
	}
	if g.left == 0 {
		g.c.settled(nil, g.seq)
	}
}

// cancelFor cancels all children. By their end the gathering goes on.
func (g *gathering) cancelFor(_ *coroutine, err *CanceledError) bool {
	any := false
	for i := range g.n {
		any = g.children(i).cancel(err.Cause) || any
	}
	if any {
		g.canceled = err
	}
	return any
}

// gather runs the coroutines and waits for all, or the first error. It returns a cancellation, the end of ctx, or that error.
func gather[T any](ctx context.Context, op string, tasks []Task[T], collect bool) error {
	c := on(ctx, op)
	stop, err := c.begin(ctx)
	if err != nil || len(tasks) == 0 {
		if stop != nil {
			stop()
		}
		return err
	}
	l, site := c.l, task.Here()
	g := &gathering{c: c, seq: c.seq, children: func(i int) *coroutine { return &tasks[i].c }, left: len(tasks), n: len(tasks), collect: collect}
	for i := range tasks {
		t := &tasks[i].c
		l.create(t, ctx, &tasks[i], site)
		t.add(g, 0)
	}
	if err := c.suspend(stop, task.WaitResult, g, g); err != nil {
		return err
	}
	if g.canceled != nil && (g.err == nil || isCanceled(g.err)) {
		return g.canceled
	}
	return g.err
}

// Gather runs functions as coroutines of the loop, each in a task of its own, and returns their results in the order of the functions.
// It lets others run until all have returned. When one fails Gather returns its error at once, and no results, and the others go on:
// that is asyncio's gather; where they should not use [Group]. If one panics Gather panics. If the caller is cancelled all
// of them are. For tasks that run already there is [AwaitAll].
//
// It costs 0.3 to 0.5 µs a function that does not await.
func Gather[T any](ctx context.Context, fs ...func(context.Context) (T, error)) ([]T, error) {
	tasks := tasksOf(fs)
	if err := gather(ctx, "Gather", tasks, false); err != nil {
		if p, ok := err.(*concurrency.PanicError); ok {
			panic(p)
		}
		return nil, err
	}
	results := make([]T, len(tasks))
	for i := range tasks {
		results[i] = tasks[i].value
	}
	return results, nil
}

// AwaitAll is [Gather] for what is on its way already: tasks, futures of the loop or of package concurrency. It returns their results in
// order, or the first error at once, and the others go on. If the caller is cancelled all of them are.
func AwaitAll[T any](ctx context.Context, xs ...Awaitable[T]) ([]T, error) {
	fs := make([]func(context.Context) (T, error), len(xs))
	for i, x := range xs {
		fs[i] = func(ctx context.Context) (T, error) { return Await(ctx, x) }
	}
	return Gather(ctx, fs...)
}

// GatherAll is Gather with return_exceptions: each function has its own outcome, and GatherAll waits for all. The error is that of the
// caller: a [CanceledError] if it was cancelled, or the cause of ctx.
func GatherAll[T any](ctx context.Context, fs ...func(context.Context) (T, error)) ([]concurrency.Outcome[T], error) {
	tasks := tasksOf(fs)
	if err := gather(ctx, "GatherAll", tasks, true); err != nil {
		return nil, err
	}
	outcomes := make([]concurrency.Outcome[T], len(tasks))
	for i := range tasks {
		outcomes[i] = concurrency.Outcome[T]{Value: tasks[i].value, Err: tasks[i].c.err}
	}
	return outcomes, nil
}

// tasksOf returns tasks for functions.
func tasksOf[T any](fs []func(context.Context) (T, error)) []Task[T] {
	tasks := make([]Task[T], len(fs))
	for i, f := range fs {
		tasks[i].f = f
	}
	return tasks
}
