package measure

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A Case is a function to be compared with others, under a name.
type Case struct {
	Name string
	Func func(context.Context) error
}

// Measure measures a function with the usual plan. See [Plan.Measure].
func Measure(ctx context.Context, name string, f func(context.Context) error) (*Result, error) {
	return NewPlan().Measure(ctx, name, f)
}

// Compare compares functions with the usual plan. See [Plan.Compare].
func Compare(ctx context.Context, cases ...Case) (*Comparison, error) {
	return NewPlan().Compare(ctx, cases...)
}

// Measure calls f again and again, on the calling task, and returns what that has cost. It blocks until all is measured.
// Before each repetition the garbage of the one before is collected, outside of the time.
//
// f gets ctx. When ctx ends Measure returns its cause, before the next call; f itself is ended by nobody. When f fails its error is
// returned, with the name and the repetition, and nothing is measured any more. A panic of f is a panic of Measure.
func (p *Plan) Measure(ctx context.Context, name string, f func(context.Context) error) (*Result, error) {
	c, err := p.Compare(ctx, Case{name, f})
	if err != nil {
		return nil, err
	}
	return c.results[0], nil
}

// Compare measures functions as [Plan.Measure] does, taking turns: each repetition calls all of them, beginning with the next one
// each time. So what disturbs the machine for a while disturbs all of them, and the ratios of two functions in the same repetition
// say more than the times. The first case is what the others are compared with.
func (p *Plan) Compare(ctx context.Context, cases ...Case) (*Comparison, error) {
	p.used.Store(true)
	if err := valid(cases); err != nil {
		return nil, err
	}
	c := &Comparison{repetitions: p.repetitions}
	if t := task.Current(); t != nil {
		c.virtual = t.Run().Controlled()
	}
	for _, x := range cases {
		r := &Result{name: x.Name, warmUp: p.warmUp, virtual: c.virtual}
		for m := range r.why {
			r.why[m] = unknown(Metric(m))
		}
		c.results = append(c.results, r)
		if err := p.warm(ctx, x, r); err != nil {
			return nil, err
		}
	}
	for i := range p.repetitions {
		for k := range cases {
			k = (k + i) % len(cases)
			if err := c.results[k].repeat(ctx, cases[k], i+1); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

// valid says what is wrong with cases.
func valid(cases []Case) error {
	if len(cases) == 0 {
		return errors.New("measure: nothing to measure")
	}
	names := map[string]bool{}
	for _, c := range cases {
		if c.Func == nil {
			return fmt.Errorf("measure: %s: no function", c.Name)
		}
		if names[c.Name] {
			return fmt.Errorf("measure: two functions are called %q", c.Name)
		}
		names[c.Name] = true
	}
	return nil
}

// maxCalls bounds the calls of a repetition, for functions that do nothing.
const maxCalls = 1 << 20

// warm calls a function as often as the plan says, and then until it is known how many calls a repetition takes.
func (p *Plan) warm(ctx context.Context, c Case, r *Result) error {
	n, r1 := max(p.calls, 1), task.Now()
	for range p.warmUp {
		r1 = task.Now()
		if err := c.call(ctx, 1, 0); err != nil {
			return err
		}
	}
	if p.calls == 0 && !r.virtual && p.least > 0 {
		took := task.Since(r1)
		if p.warmUp == 0 {
			took = 0
		}
		for took < p.least && n < maxCalls {
			n = more(n, took, p.least)
			begin := task.Now()
			if err := c.call(ctx, n, 0); err != nil {
				return err
			}
			took = task.Since(begin)
			r.warmUp += n
		}
	}
	r.calls = n
	return nil
}

// more returns how many calls to try after n took so long, so that they take at least as long as least.
func more(n int, took, least time.Duration) int {
	next := 100 * n
	if took > 0 {
		next = min(next, int(float64(n)*1.2*float64(least)/float64(took))+1)
	}
	return min(max(next, n+1), maxCalls)
}

// call calls a function n times, in the given repetition.
func (c Case) call(ctx context.Context, n, repetition int) error {
	for range n {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := c.Func(ctx); err != nil {
			return c.failed(err, repetition)
		}
	}
	task.Safepoint()
	return nil
}

func (c Case) failed(err error, repetition int) error {
	if repetition == 0 {
		return fmt.Errorf("measure: %s, warming up: %w", c.Name, err)
	}
	return fmt.Errorf("measure: %s, repetition %d: %w", c.Name, repetition, err)
}

// repeat measures one repetition.
func (r *Result) repeat(ctx context.Context, c Case, i int) error {
	runtime.GC()
	var mem runtime.MemStats
	resetPeak()
	from := before(&mem)
	err := c.call(ctx, r.calls, i)
	to := after(&mem)
	if err != nil {
		return err
	}
	for m, v := range spent(from, to, peakRSS(), r.calls) {
		if r.why[m] == "" {
			r.values[m] = append(r.values[m], v)
		}
	}
	return nil
}
