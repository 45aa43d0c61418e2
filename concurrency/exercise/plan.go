package exercise

import (
	"context"
	"time"
)

// A Plan says how often and how something is checked. Its With… methods change and return it.
type Plan struct {
	name, hint string
	runs       int
	timeout    time.Duration
	live       bool
}

// New returns a plan to check what name says, such as "no deposit is lost": 100 runs, each of at most 5 s.
func New(name string) *Plan { return &Plan{name: name, runs: 100, timeout: 5 * time.Second} }

// WithRuns sets how many runs there are. It panics if there are none.
func (p *Plan) WithRuns(n int) *Plan {
	if n < 1 {
		panic("exercise: WithRuns wants at least one run")
	}
	p.runs = n
	return p
}

// WithTimeout sets how long a run may take, in real time, before it is ended and counts as wrong. It panics if d is not positive.
func (p *Plan) WithTimeout(d time.Duration) *Plan {
	if d <= 0 {
		panic("exercise: WithTimeout wants a time above 0")
	}
	p.timeout = d
	return p
}

// WithHint sets what is said below a wrong run, for those who do not see what is to be done about it.
func (p *Plan) WithHint(text string) *Plan {
	p.hint = text
	return p
}

// LiveOnly has all runs live, for what measures real time.
func (p *Plan) LiveOnly() *Plan {
	p.live = true
	return p
}

// Check runs f as [New] plans it for the name: see [Plan.Check].
func Check(name string, f func(ctx context.Context) error) *Result { return New(name).Check(f) }

// Check runs f many times and returns what came of it. f returns nil if all was right, and otherwise an error that says what was
// wrong. Check blocks until the runs are made. After the first that is wrong it goes on for at most a second, to
// say how often that happens, and after half a minute it makes no more runs in any case. An interrupt of the cell
// ends it.
func (p *Plan) Check(f func(ctx context.Context) error) *Result {
	if f == nil {
		panic("exercise: Check of a nil function")
	}
	c := checking{Plan: *p, f: f, result: &Result{name: p.name, hint: p.hint}}
	c.all()
	return c.result
}
