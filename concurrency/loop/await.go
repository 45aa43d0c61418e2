package loop

import (
	"context"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// Await lets other coroutines run until x is done, and returns its result; at once if it is done. If x panicked Await
// panics. If the coroutine is cancelled meanwhile, x is cancelled too: a task or future of the loop then decides, by its end, how
// Await goes on; of another kind, which is cancelled if it has a method Cancel, Await returns a [CanceledError] at once. See [Shield].
// If ctx is one that was derived from the coroutine's, and ends, Await returns its cause, and x goes on.
//
// It must be called by a coroutine, with its context. A switch to another coroutine costs about 0.15 µs.
func Await[T any](ctx context.Context, x Awaitable[T]) (T, error) {
	c := on(ctx, "Await")
	t, ok := x.(taker[T])
	if !ok || t.inside().l != c.l {
		return awaitOther(ctx, c, x, foreign{x})
	}
	if err := c.await(ctx, t.inside(), x, cancelerOf(t)); err != nil {
		return *new(T), err
	}
	return t.take()
}

// cancelerOf returns what of x is cancelled with who awaits it.
func cancelerOf(x insider) canceler {
	if t, ok := x.(interface{ coroutine() *coroutine }); ok {
		return t.coroutine()
	}
	return x.inside()
}

// await suspends c until f is done.
func (c *coroutine) await(ctx context.Context, f *future, object any, waits canceler) error {
	if f.done() {
		return c.deliver()
	}
	stop, err := c.begin(ctx)
	if err != nil {
		return err
	}
	f.add(c, c.seq)
	return c.suspend(stop, task.WaitResult, object, waits)
}

// awaitOther is Await of what does not belong to the loop.
func awaitOther[T any](ctx context.Context, c *coroutine, x Awaitable[T], waits canceler) (T, error) {
	select {
	case <-x.Done():
		if err := c.deliver(); err != nil {
			return *new(T), err
		}
		return x.Result(ctx)
	default:
	}
	stop, err := c.begin(ctx)
	if err != nil {
		return *new(T), err
	}
	l, seq := c.l, c.seq
	woken := func() {
		l.post(func() { c.settled(nil, seq) })
	}
	switch x := x.(type) {
	case *concurrency.Future[T]:
		x.OnDone(func(*concurrency.Future[T]) { woken() })
	case notifier:
		x.Notify(woken)
	default:
		defer l.watch(x.Done(), x, woken)()
	}
	if err := c.suspend(stop, task.WaitResult, x, waits); err != nil {
		return *new(T), err
	}
	return x.Result(context.WithoutCancel(ctx))
}

// watch has woken called when done is closed, unless stop is called before. A task of its own waits for that.
func (l *Loop) watch(done <-chan struct{}, object any, woken func()) (stop func()) {
	ctx, cancel := task.ContextWithCancel(context.Background())
	l.threads++
	l.spawn(func() {
		defer l.post(func() { l.threads-- })
		if task.Await(ctx, done, object, 0) == nil {
			woken()
		}
	})
	return cancel
}

// spawn starts a task beside the loop.
func (l *Loop) spawn(f func()) { task.Spawner(task.Here())(f) }

// foreign is something that is not the loop's, as what a coroutine waits for.
type foreign struct{ x any }

func (f foreign) cancelFor(*coroutine, *CanceledError) bool {
	if x, ok := f.x.(interface{ Cancel() bool }); ok {
		x.Cancel()
	}
	return false
}

// Sleep lets other coroutines run until d has passed, and returns nil; once round, if d is not above 0. If the coroutine is
// cancelled it returns a [CanceledError], and if ctx is one that was derived, and ends, its cause.
//
// It must be called by a coroutine. Sleep(ctx, 0) costs what a switch does; below a millisecond a sleep takes up to a millisecond
// longer.
func Sleep(ctx context.Context, d time.Duration) error {
	c := on(ctx, "Sleep")
	stop, err := c.begin(ctx)
	if err != nil {
		return err
	}
	if d <= 0 { // a turn, in as few calls as can be
		c.queued = true
		c.l.ready.push(entry{c: c})
		c.suspended, c.waits = true, nil
		going := c.co.Leave(task.WaitNone, nil)
		if going {
			going = c.co.Yield()
			c.co.Back()
		}
		return c.resumed(going, stop)
	}
	c.timer.c = c
	c.l.set(&c.timer, d)
	err = c.suspend(stop, task.WaitSleep, nil, nil)
	c.l.timers.remove(&c.timer)
	return err
}
