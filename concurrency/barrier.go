package concurrency

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/gobraid/gobraid/concurrency/task"
)

// ErrBroken is what Wait of a [Barrier] returns that is broken, or breaks while one waits.
var ErrBroken = errors.New("concurrency: barrier is broken")

// A Barrier lets a number of tasks wait until all of them have come, again and again, as Python's threading.Barrier. When one of
// them cannot wait to the end, because its context ends or it is interrupted, the barrier breaks: the others would wait
// for ever, and get [ErrBroken] instead. A Barrier is made by [NewBarrier] and must not be copied. Its methods may be called from
// several goroutines.
type Barrier struct {
	parties int
	action  func()

	mu     sync.Mutex
	used   bool
	broken bool
	round  *round // the one that fills
}

// A round is one passing of a barrier.
type round struct {
	done   chan struct{} // closed when it is full or broken
	n      int           // how many have come
	broken bool
	closed bool
}

// NewBarrier returns a barrier for n tasks. It panics with a *[MisuseError] if n is less than 1.
func NewBarrier(n int) *Barrier {
	if n < 1 {
		misused("Barrier", fmt.Sprintf("for %d tasks", n))
	}
	return &Barrier{parties: n, round: newRound()}
}

func newRound() *round { return &round{done: make(chan struct{})} }

// WithAction has f called each time all have come, by the one that came last, before any of them goes on, and returns the barrier. If
// f panics the barrier breaks. It panics with a *[MisuseError] after the first Wait.
func (b *Barrier) WithAction(f func()) *Barrier {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.used {
		misused("Barrier", "WithAction after Wait")
	}
	b.action = f
	return b
}

// Wait blocks until as many tasks wait as the barrier is for, and returns a number that is different for each of them: 0 for the
// one that came first. It returns [ErrBroken] if the barrier is broken, breaks or is reset, and if ctx ends it breaks the barrier
// and returns the cause of that.
func (b *Barrier) Wait(ctx context.Context) (int, error) {
	task.Point(b, 0)
	b.mu.Lock()
	b.used = true
	if b.broken {
		b.mu.Unlock()
		return 0, ErrBroken
	}
	r := b.round
	i := r.n
	r.n++
	if r.n == b.parties {
		b.round = newRound()
		b.mu.Unlock()
		b.pass(r)
		return i, nil
	}
	b.mu.Unlock()
	w := &waiter{ready: r.done}
	if err := w.await(ctx, task.WaitResult, b, func() { b.fail(r) }); err != nil {
		return 0, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if r.broken {
		return 0, ErrBroken
	}
	return i, nil
}

// pass calls the action and has the tasks of a full round go on.
func (b *Barrier) pass(r *round) {
	ok := false
	defer func() {
		if !ok {
			b.fail(r)
		}
	}()
	if b.action != nil {
		b.action()
	}
	ok = true
	b.mu.Lock()
	defer b.mu.Unlock()
	r.close(false)
}

// fail breaks the barrier, unless the round is over.
func (b *Barrier) fail(r *round) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !r.closed {
		b.breaks(r)
	}
}

// breaks breaks the barrier in a round. b.mu is held.
func (b *Barrier) breaks(r *round) {
	b.broken = true
	r.close(true)
	b.round.close(true)
}

// close ends a round. The barrier's mu is held.
func (r *round) close(broken bool) {
	if !r.closed {
		r.closed, r.broken = true, broken
		task.Close(r.done, 0)
	}
}

// Reset makes the barrier usable again, and empty. Who waits gets [ErrBroken]. It does not block.
func (b *Barrier) Reset() {
	task.Point(b, 0)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.round.close(true)
	b.broken, b.round = false, newRound()
}

// Abort breaks the barrier: who waits, and who comes, gets [ErrBroken] until it is reset. It does not block.
func (b *Barrier) Abort() {
	task.Point(b, 0)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.breaks(b.round)
}

// Broken reports whether the barrier is broken. It does not block.
func (b *Barrier) Broken() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.broken
}

// Waiting returns how many tasks wait. It does not block.
func (b *Barrier) Waiting() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.broken {
		return 0
	}
	return b.round.n
}

// Parties returns how many tasks the barrier is for.
func (b *Barrier) Parties() int { return b.parties }
