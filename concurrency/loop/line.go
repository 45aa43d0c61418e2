package loop

import (
	"context"
	"slices"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A line is who waits for a lock or the like, in the order in which they came.
type line struct{ places []*place }

type place struct {
	c     *coroutine
	seq   uint32
	woken bool
}

// wait suspends c, in the line, until it is woken. If it is not, or is cancelled nevertheless, the error says why. woken tells the second case
// from the first: what it was woken for is then to be given to another.
func (q *line) wait(ctx context.Context, c *coroutine, object any) (woken bool, err error) {
	stop, err := c.begin(ctx)
	if err != nil {
		return false, err
	}
	p := &place{c: c, seq: c.seq}
	q.places = append(q.places, p)
	err = c.suspend(stop, task.WaitResult, object, nil)
	if !p.woken {
		if i := slices.Index(q.places, p); i >= 0 {
			q.places = slices.Delete(q.places, i, i+1)
		}
	}
	return p.woken, err
}

// wake has the first of the line go on, and reports whether there is one.
func (q *line) wake() *coroutine {
	if len(q.places) == 0 {
		return nil
	}
	p := q.places[0]
	q.places[0] = nil
	q.places = q.places[1:]
	p.woken = true
	p.c.settled(nil, p.seq)
	return p.c
}

func (q *line) empty() bool { return len(q.places) == 0 }

// onLoop panics unless the loop of c, which may be nil, runs here.
func onLoop(c *coroutine, object, op string) {
	if c != nil && !c.l.host.Here() {
		misused(object, op+" on another goroutine than the loop's: use Loop.CallSoon")
	}
}
