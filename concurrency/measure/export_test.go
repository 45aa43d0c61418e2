package measure

import (
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/google/pprof/profile"
)

// Given returns a result with the given samples, as if they had been measured; what is missing is not known.
func Given(name string, calls, warmUp int, values map[Metric][]float64) *Result {
	r := &Result{name: name, calls: calls, warmUp: warmUp}
	for m := range r.why {
		r.values[m] = values[Metric(m)]
		if r.values[m] == nil {
			r.why[m] = "this is a test"
		}
	}
	return r
}

// Together returns results as a comparison.
func Together(results ...*Result) *Comparison {
	return &Comparison{results: results, repetitions: len(results[0].values[Wall])}
}

// RatioOf compares samples.
func RatioOf(base, values []float64) Ratio { return ratio(base, values) }

// Summary, Spread and More are what results are made with.
func Summary(values []float64) (center, lo, hi float64) { return summary(values) }

// Spread writes how far an interval goes.
func Spread(center, lo, hi float64) string { return spread(center, lo, hi) }

// More is how many calls are tried next.
func More(n int, took, least time.Duration) int { return more(n, took, least) }

// CPUOf makes a profile of given samples.
func CPUOf(name string, read *profile.Profile, key, value string, calls int) *Profile {
	return cpuProfile(name, read, key, value, calls)
}

// BlockingOf makes a profile of the waits of a trace.
func BlockingOf(name string, tr *task.Trace) *Profile {
	return waits{title: name, want: blocks}.of(tr)
}

// LocksOf makes a profile of the waits for locks of a trace.
func LocksOf(name string, tr *task.Trace) *Profile {
	return waits{title: name, want: locks, holder: true}.of(tr)
}

// FrameOf describes a call.
func FrameOf(function, file string, line int) Frame { return frameOf(function, file, line) }

// Wrap breaks a text into lines.
func Wrap(text string, width, size float64) []string { return wrap(text, width, size) }

// FootprintOf returns given measurements as if they had been made.
func FootprintOf(all ...Parked) *Footprint { return &Footprint{all} }
