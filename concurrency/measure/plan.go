package measure

import (
	"fmt"
	"sync/atomic"
	"time"
)

// A Plan says how something is to be measured. It is made by [NewPlan]; its With methods change it and return it, and panic
// when it has been used. A plan that has been used may be used again, also by several goroutines at once, which then
// disturb each other's measurements.
type Plan struct {
	used        atomic.Bool
	warmUp      int
	repetitions int
	calls       int // 0: as many as it takes
	least       time.Duration
	time        time.Duration // of a profile
}

// NewPlan returns the plan that [Measure], [Compare] and the profiles use: 10 repetitions after one call to warm up, each of as
// many calls as take a millisecond; a profile of a second.
func NewPlan() *Plan {
	return &Plan{warmUp: 1, repetitions: 10, least: time.Millisecond, time: time.Second}
}

// change panics when the plan has been used, or when what is asked for is wrong.
func (p *Plan) change(method string, ok bool, v any) {
	if !ok {
		panic(fmt.Sprintf("measure: Plan: %s(%v)", method, v))
	}
	if p.used.Load() {
		panic("measure: Plan: " + method + " after it was used")
	}
}

// WithRepetitions measures n times. Six are the least of which a median's interval can be told; fewer are for a first look.
// It panics if n is less than 1.
func (p *Plan) WithRepetitions(n int) *Plan {
	p.change("WithRepetitions", n >= 1, n)
	p.repetitions = n
	return p
}

// WithWarmUp calls each function n times before anything counts: the first calls fill caches and make what is made once. It
// panics if n is negative.
func (p *Plan) WithWarmUp(n int) *Plan {
	p.change("WithWarmUp", n >= 0, n)
	p.warmUp = n
	return p
}

// WithCalls has each repetition be n calls, and none be made to find out how many it takes; 1 is for functions that do not
// bear being called often. It panics if n is less than 1.
func (p *Plan) WithCalls(n int) *Plan {
	p.change("WithCalls", n >= 1, n)
	p.calls = n
	return p
}

// WithLeast has each repetition be as many calls as take d. What is much shorter than a millisecond is measured badly: reading
// the counters takes some ten microseconds. It panics if d is negative.
func (p *Plan) WithLeast(d time.Duration) *Plan {
	p.change("WithLeast", d >= 0, d)
	p.least = d
	return p
}

// WithTime has a profile call the function again until d has passed; with 0 it is called once. It panics if d is negative.
func (p *Plan) WithTime(d time.Duration) *Plan {
	p.change("WithTime", d >= 0, d)
	p.time = d
	return p
}
