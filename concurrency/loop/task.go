package loop

import (
	"context"
	"iter"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// A Task is a coroutine that runs beside others on its loop, and its result. It is made by [CreateTask]. Its methods may be called from any
// goroutine where they do not say otherwise.
type Task[T any] struct {
	c     coroutine
	f     func(context.Context) (T, error)
	value T
}

func (t *Task[T]) call(ctx context.Context) (err error) {
	f := t.f
	t.f = nil
	t.value, err = f(ctx)
	return err
}

// CreateTask has f run as a coroutine of the loop that ctx belongs to, and returns its task. It does not block: f begins when the
// caller awaits. Its context has the values of ctx, and ends when f has returned. If ctx is not the context of a coroutine, but one that was
// derived and ends, the task is cancelled with it.
//
// From another goroutine than the loop's it is asyncio's run_coroutine_threadsafe. When the loop is over, the task is done at once,
// with [ErrClosed]. A task that does not await costs about 0.5 µs; one that does has a goroutine of its own.
func CreateTask[T any](ctx context.Context, f func(context.Context) (T, error)) *Task[T] {
	t := &Task[T]{f: f}
	start(ctx, &t.c, t, task.Here())
	return t
}

// start makes c a coroutine of the loop of ctx.
func start(ctx context.Context, c *coroutine, b body, site task.Site) {
	l := must(ctx, "CreateTask")
	if l.host.Here() {
		l.create(c, ctx, b, site)
		l.tie(ctx, c)
		return
	}
	c.l = l
	c.ctx.init(c, ctx)
	if !l.post(func() {
		l.create(c, ctx, b, site)
		l.tie(ctx, c)
	}) {
		c.settle(ErrClosed)
	}
}

// tie cancels c when ctx ends, if that is not the context of a coroutine.
func (l *Loop) tie(ctx context.Context, c *coroutine) {
	if _, ok := ctx.(*taskContext); ok {
		return
	}
	if stop := l.cancelWith(ctx, c); stop != nil {
		c.ctx.whenEnded(func() { stop() })
	}
}

// WithName names the task, in listings and pictures too, and returns it.
func (t *Task[T]) WithName(name string) *Task[T] {
	t.c.l.here(func() {
		t.c.name = name
		if t := t.c.co.Task(); t != nil {
			t.SetName(name)
		}
	})
	return t
}

// Done returns a channel that is closed when the task is done.
func (t *Task[T]) Done() <-chan struct{} { return t.c.Done() }

// Finished reports whether the task is done.
func (t *Task[T]) Finished() bool { return t.c.Finished() }

// Result awaits the task on its loop, as [Await] does; elsewhere it blocks until it is done or ctx ends.
func (t *Task[T]) Result(ctx context.Context) (T, error) { return resultOf(ctx, t) }

// Err returns the error of the task, nil if there is none or it is not done. It is a *[concurrency.PanicError] if the function panicked,
// and a [CanceledError] if it was cancelled.
func (t *Task[T]) Err() error { return t.c.Err() }

// Canceled reports whether the task was cancelled and has ended so: with an error that is [concurrency.ErrCanceled].
func (t *Task[T]) Canceled() bool { return t.c.Canceled() }

// Cancel has a [CanceledError] delivered to the coroutine, once, at the await where it is or at the next that it comes to, and reports whether
// it was not done. A coroutine that has not begun never runs. What it does then is its own affair: it may await again, to clean up; it should
// return the error. If it awaits another task, that is cancelled, and the error comes when that has ended: see [Shield]. Cancel
// does not block.
func (t *Task[T]) Cancel() bool { return t.c.Cancel() }

// CancelWith is Cancel with a cause, which the error wraps. It is asyncio's msg.
func (t *Task[T]) CancelWith(cause error) bool { return t.c.CancelWith(cause) }

// Cancels returns how many cancellations were asked for that Uncancel has not taken back: asyncio's cancelling. It must be
// called on the loop.
func (t *Task[T]) Cancels() int { return t.c.Cancels() }

// Uncancel takes one request for cancellation back, and returns how many there still are. Who has asked for it, and has caught
// the error, does so. It must be called on the loop.
func (t *Task[T]) Uncancel() int { return t.c.Uncancel() }

// Name returns the name of the task: what WithName has given it, or Task- and a number.
func (t *Task[T]) Name() string { return t.c.Name() }

// OnDone has f called on the loop when the task is done. It must not await.
func (t *Task[T]) OnDone(f func(*Task[T])) { onDone(&t.c.future, func() { f(t) }) }

func (t *Task[T]) inside() *future { return &t.c.future }

func (t *Task[T]) coroutine() *coroutine { return &t.c }

func (t *Task[T]) take() (T, error) {
	err := t.c.raise()
	return t.value, err
}

// A Coroutine is a task of a loop of whatever type: what [CurrentTask] and [AllTasks] give.
type Coroutine interface {
	Name() string
	Done() <-chan struct{}
	Finished() bool
	Err() error
	Canceled() bool
	Cancel() bool
	CancelWith(cause error) bool
	Cancels() int
	Uncancel() int
}

var _ Coroutine = (*Task[int])(nil)

// CurrentTask returns the task that runs, which is that of the caller. It panics with a *[concurrency.MisuseError] if ctx is not a coroutine's.
func CurrentTask(ctx context.Context) Coroutine { return on(ctx, "CurrentTask") }

// AllTasks returns the tasks of the caller's loop that are not done, in the order of their creation, the caller's among them.
func AllTasks(ctx context.Context) iter.Seq[Coroutine] {
	l := must(ctx, "AllTasks")
	return func(yield func(Coroutine) bool) {
		var all []*coroutine // those that end meanwhile are in it
		for c := l.tasks.first; c != nil; c = c.after {
			all = append(all, c)
		}
		for _, c := range all {
			if !c.done() && !yield(c) {
				return
			}
		}
	}
}

// Of returns the loop that ctx belongs to, or nil: asyncio's get_running_loop.
func Of(ctx context.Context) *Loop {
	if c := of(ctx); c != nil {
		return c.l
	}
	return nil
}

var _ = concurrency.ErrCanceled
