package loop

import (
	"context"
	"iter"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// waiting waits for some of several.
type waiting struct {
	c      *coroutine
	seq    uint32
	when   concurrency.ReturnWhen
	left   int
	order  []int // of those that are done
	number map[*future]int
	failed func(i int) bool
}

func (w *waiting) settled(f *future, _ uint32) { w.completed(w.number[f]) }

func (w *waiting) completed(i int) {
	w.left--
	w.order = append(w.order, i)
	if w.enough(i) {
		w.c.settled(nil, w.seq)
	}
}

// enough reports whether the wait is over when i has completed.
func (w *waiting) enough(i int) bool {
	return w.left == 0 || w.when == concurrency.FirstCompleted || w.when == concurrency.FirstException && w.failed(i)
}

// Wait lets other coroutines run until those of xs are done that when asks for, and returns which are done and which are not, in their order. If the
// caller is cancelled, or ctx ends, it returns that as an error, with what is done by then. It does not cancel any of xs.
func Wait[T any](ctx context.Context, when concurrency.ReturnWhen, xs ...Awaitable[T]) (done, pending []Awaitable[T], err error) {
	c := on(ctx, "Wait")
	w := &waiting{c: c, when: when, left: len(xs), number: map[*future]int{}}
	w.failed = func(i int) bool { return failed(xs[i]) }
	err = w.wait(ctx, doners(xs))
	for _, x := range xs {
		if isDone(x.Done()) {
			done = append(done, x)
		} else {
			pending = append(pending, x)
		}
	}
	return done, pending, err
}

// doner is an Awaitable of whatever type.
type doner interface{ Done() <-chan struct{} }

func doners[T any](xs []Awaitable[T]) []doner {
	all := make([]doner, len(xs))
	for i, x := range xs {
		all[i] = x
	}
	return all
}

func isDone(ch <-chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

// failed reports whether what is done has an error.
func failed(x any) bool {
	switch x := x.(type) {
	case insider:
		return x.inside().err != nil
	case interface{ Err() error }:
		return x.Err() != nil
	}
	return false
}

// wait waits for enough of xs. One of them may be there twice.
func (w *waiting) wait(ctx context.Context, xs []doner) error {
	stop, err := w.c.begin(ctx)
	if err != nil {
		return err
	}
	over := len(xs) == 0
	for i, x := range xs {
		if isDone(x.Done()) {
			w.left--
			w.order = append(w.order, i)
			over = over || w.enough(i)
		}
	}
	if over {
		if stop != nil {
			stop()
		}
		return nil
	}
	w.seq = w.c.seq
	for i, x := range xs {
		if isDone(x.Done()) {
			continue
		}
		if f, ok := x.(insider); ok && f.inside().l == w.c.l {
			w.number[f.inside()] = i
			f.inside().add(w, 0)
			continue
		}
		defer w.c.l.watch(x.Done(), x, func() { w.c.l.post(func() { w.completed(i) }) })()
	}
	return w.c.suspend(stop, task.WaitResult, w, nil)
}

// First lets other coroutines run until one of xs is done, and returns which: the first that was, or the first in the list if several are
// done already. It ends as [Wait] does.
func First[T any](ctx context.Context, xs ...Awaitable[T]) (int, error) {
	w := &waiting{c: on(ctx, "First"), when: concurrency.FirstCompleted, left: len(xs), number: map[*future]int{}}
	if len(xs) == 0 {
		misused("First", "of nothing")
	}
	if err := w.wait(ctx, doners(xs)); err != nil {
		return 0, err
	}
	return w.order[0], nil
}

// AsCompleted returns the results of xs in the order in which they come. Between them it lets other coroutines run. A result that is a panic
// is raised. If the caller is cancelled, or ctx ends, that is the error of the last round.
//
//	for v, err := range loop.AsCompleted(ctx, tasks...) { … }
func AsCompleted[T any](ctx context.Context, xs ...Awaitable[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		left := xs
		for len(left) > 0 {
			i, err := First(ctx, left...)
			if err != nil {
				yield(*new(T), err)
				return
			}
			x := left[i]
			left = append(append([]Awaitable[T]{}, left[:i]...), left[i+1:]...)
			if !yield(x.Result(ctx)) {
				return
			}
		}
	}
}
