package loop

import (
	"context"
	"errors"

	"github.com/gobraid/gobraid/concurrency"
)

// An Event is something that happens, and that coroutines of a loop wait for: asyncio's Event. The zero Event has not
// happened. Its methods must be called on the loop.
type Event struct {
	set  bool
	line line
}

// Set says that it has happened. All who wait go on. It does not await.
func (e *Event) Set() {
	if !e.line.empty() {
		onLoop(e.line.places[0].c, "Event", "Set")
	}
	e.set = true
	for e.line.wake() != nil {
	}
}

// Clear says that it has not.
func (e *Event) Clear() { e.set = false }

// IsSet reports whether it has happened.
func (e *Event) IsSet() bool { return e.set }

// Wait lets others run until the event is set, and returns nil, or until the caller is cancelled or ctx ends, and returns that.
func (e *Event) Wait(ctx context.Context) error {
	c := on(ctx, "Event.Wait")
	if e.set {
		return c.deliver()
	}
	_, err := e.line.wait(ctx, c, e)
	return err
}

// A Condition has coroutines of a loop wait until what a [Lock] guards is as they want it: asyncio's. It is made by [NewCondition].
type Condition struct {
	lock *Lock
	line line
}

// NewCondition returns a condition of what the lock guards, or of a lock of its own if that is nil.
func NewCondition(lock *Lock) *Condition {
	if lock == nil {
		lock = &Lock{}
	}
	return &Condition{lock: lock}
}

// Acquire takes the lock of the condition. See [Lock.Acquire].
func (d *Condition) Acquire(ctx context.Context) error { return d.lock.Acquire(ctx) }

// Release gives the lock back. See [Lock.Release].
func (d *Condition) Release() { d.lock.Release() }

// Wait gives the lock back, lets others run until it is notified, and takes the lock again. That also when the caller is
// cancelled or ctx ends, which it then returns. It panics with a *[concurrency.MisuseError] if the caller does not hold the lock.
func (d *Condition) Wait(ctx context.Context) error {
	c := on(ctx, "Condition.Wait")
	if d.lock.holder != c {
		misused("Condition", "Wait by one who does not hold the lock")
	}
	d.lock.pass()
	woken, err := d.line.wait(ctx, c, d)
	for {
		again := d.lock.Acquire(&c.ctx)
		if again == nil {
			break
		}
		err = again // a cancellation, to be returned when the lock is held
		if errors.Is(err, concurrency.ErrExited) {
			return err
		}
	}
	if err != nil && woken {
		d.line.wake()
	}
	return err
}

// WaitFor waits until is, which is called with the lock held, reports true: at first, and each time that the condition is notified. It ends
// as Wait does.
func (d *Condition) WaitFor(ctx context.Context, is func() bool) error {
	for !is() {
		if err := d.Wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Notify has n of those go on that wait, the first that came, when they get the lock. It does not await. It panics with a
// *[concurrency.MisuseError] if nobody holds the lock.
func (d *Condition) Notify(n int) {
	if d.lock.holder == nil {
		misused("Condition", "Notify without the lock")
	}
	onLoop(d.lock.holder, "Condition", "Notify")
	for ; n > 0 && d.line.wake() != nil; n-- {
	}
}

// NotifyAll has all go on that wait. See [Condition.Notify].
func (d *Condition) NotifyAll() { d.Notify(len(d.line.places)) }
