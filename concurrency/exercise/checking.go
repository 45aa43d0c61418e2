package exercise

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

const (
	longest = 30 * time.Second // for all runs
	after   = time.Second      // for those after the first that was wrong
	events  = 20_000           // of a run are recorded
)

// A checking is one call of Check.
type checking struct {
	Plan
	f      func(ctx context.Context) error
	result *Result
}

// errTime is why a run is killed that takes too long.
var errTime = errors.New("the run did not end in time")

// all makes the runs.
func (c *checking) all() {
	controlled := c.runs - c.runs/3
	if c.live {
		controlled = 0
	}
	began, limit := time.Now(), longest
	for n := 1; n <= c.runs; n++ {
		var seed uint64
		if n <= controlled {
			seed = uint64(n)
		}
		t := c.try(seed)
		if t.refused && seed != 0 { // what it does needs the world outside, now and in all runs
			controlled = 0
			t = c.try(0)
		}
		c.result.add(n, t)
		if t.err != nil && limit == longest {
			limit = time.Since(began) + after
		}
		if _, ok := t.err.(*stuck); ok && n <= controlled {
			c.runs = controlled // live, what is stuck in a lock would be there for ever
		}
		if time.Since(began) > limit {
			return
		}
	}
}

// A try is one run of the function.
type try struct {
	seed    uint64 // 0 if it was live
	err     error  // what was wrong
	output  *output
	trace   *task.Trace
	refused bool
}

// try runs the function once. An interrupt of the cell ends it here.
func (c *checking) try(seed uint64) (t try) {
	cell, parent := 0, context.Background()
	if me := task.Current(); me != nil {
		cell, parent = me.Run().Cell(), me.Run().Context()
	}
	t.seed, t.output = seed, &output{}
	r := task.NewRun(cell, t.output)
	if seed != 0 {
		r.Virtual(seed)
	}
	rec := r.RecordSteps(events)
	stop := context.AfterFunc(parent, func() { r.Kill(context.Cause(parent)) })
	limit := time.AfterFunc(c.timeout, func() { r.Kill(errTime) })

	var err error
	var end task.End
	task.Blocking(task.Here(), func() {
		end = r.Do(func() { err = c.f(r.Context()) })
		limit.Stop()
		stop()
		t.trace = rec.Trace()
		r.Kill(nil)
		if len(end.Abandoned) == 0 {
			ctx, cancel := context.WithTimeout(parent, c.timeout)
			_ = r.Close(ctx) // what does not end by then is inside a library
			cancel()
		}
	})
	t.err, t.refused = c.verdict(end, err)
	return t
}

// verdict says what was wrong with a run that ended so and returned err.
func (c *checking) verdict(end task.End, err error) (wrong error, refused bool) {
	switch {
	case end.Panic != nil:
		var r *task.Refused
		if errors.As(end.Panic, &r) {
			return r, true
		}
		return &panicked{end.Panic}, false
	case end.Deadlock != nil:
		return &stuck{end.Deadlock, end.Ended}, false
	case end.Killed && errors.Is(end.Cause, errTime):
		return &stuck{fmt.Errorf("it had not ended after %v", c.timeout), end.Ended}, false
	case end.Killed:
		return end.Cause, false
	case end.Goexit:
		return errors.New("it called runtime.Goexit"), false
	}
	return err, false
}
