package live

import (
	"context"
	"strings"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/magic"
)

// turns say which cells may run beside each other.
//
// Cells of the main shell have the turn from their beginning to their end, so they run one after the other. A cell of a
// subshell that is Go alone does without it: it runs beside. It sees what cells that have ended declared, and what it
// declares is seen from its end on; of two cells that declare the same name at once, the one that ends last counts.
//
// Everything but the user's running Go code is done by one cell at a time, the one in front: checking, building,
// declaring, magics. What they use needs no locks then. A cell of a subshell that has magics takes the turn
// too, so that a cell of the main shell never waits for a magic when it wants to end.
type turns struct {
	turn  lock
	front lock
	busy  map[int]chan struct{} // texts that run, by id, closed when they have ended; used by the one in front
}

func newTurns() turns {
	return turns{turn: newLock(), front: newLock(), busy: map[int]chan struct{}{}}
}

// A lock is a mutex that can be waited for with a context.
type lock chan struct{}

func newLock() lock { return make(lock, 1) }

// take waits for the lock and reports whether it got it before ctx ended.
func (l lock) take(ctx context.Context) bool {
	if ctx.Err() != nil {
		return false
	}
	select {
	case l <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (l lock) give() { <-l }

// enter waits until a request may be handled, and returns what ends that; false if ctx ends first.
func (t *turns) enter(ctx context.Context, req interp.Request) (leave func(), ok bool) {
	alone := !beside(req)
	if alone && !t.turn.take(ctx) {
		return nil, false
	}
	leave = func() {
		t.front.give()
		if alone {
			t.turn.give()
		}
	}
	if !t.front.take(ctx) {
		if alone {
			t.turn.give()
		}
		return nil, false
	}
	return leave, true
}

// beside reports whether a request may run beside a cell of the main shell.
func beside(req interp.Request) bool {
	if req.Subshell == "" {
		return false
	}
	calls, _ := magic.Parse(req.Source)
	return len(calls) == 0 && strings.TrimSpace(req.Source) != ""
}

// claim waits until no other cell of the same text runs: a text is built once, and its runs share what that holds. The
// caller is in front and is so afterwards; false means that ctx ended first.
func (t *turns) claim(ctx context.Context, id int) (release func(), ok bool) {
	for {
		other, running := t.busy[id]
		if !running {
			break
		}
		t.front.give()
		select {
		case <-other:
		case <-ctx.Done():
		}
		t.front <- struct{}{}
		if ctx.Err() != nil {
			return nil, false
		}
	}
	done := make(chan struct{})
	t.busy[id] = done
	return func() {
		delete(t.busy, id)
		close(done)
	}, true
}

// behind lets others come to the front while f, the user's code, runs.
func (t *turns) behind(f func()) {
	t.front.give()
	defer func() { t.front <- struct{}{} }()
	f()
}
