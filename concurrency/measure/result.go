package measure

import (
	"math"
	"slices"

	"golang.org/x/perf/benchmath"
)

// A Result is what calls of a function have cost. As the last value of a cell it is shown as a table and a picture; its
// methods may be called by many goroutines at once.
type Result struct {
	name    string
	calls   int // in a repetition
	warmUp  int // calls that did not count
	virtual bool
	values  [metrics][]float64
	why     [metrics]string // not known, and why
}

// Name returns the name of the function.
func (r *Result) Name() string { return r.name }

// Calls returns how many calls each repetition was. Values are those of one call, on average.
func (r *Result) Calls() int { return r.calls }

// WarmUp returns how many calls were made before the first that counts.
func (r *Result) WarmUp() int { return r.warmUp }

// Values returns what was measured, a value for each repetition in their order, in the unit of the metric. It is nil if
// the metric is not known here; see [Result.Unknown].
func (r *Result) Values(m Metric) []float64 {
	if int(m) >= metrics {
		return nil
	}
	return slices.Clone(r.values[m])
}

// Unknown says why a metric is not known, and is "" if it is.
func (r *Result) Unknown(m Metric) string {
	if int(m) >= metrics {
		return "there is no such metric"
	}
	return r.why[m]
}

// Median returns the median of the repetitions, NaN if the metric is not known.
func (r *Result) Median(m Metric) float64 {
	center, _, _ := summary(r.Values(m))
	return center
}

// Interval returns between what values the true median lies, with a confidence of 95 % or a little more. With fewer than six
// repetitions nothing can be said, and they are infinite.
func (r *Result) Interval(m Metric) (lo, hi float64) {
	_, lo, hi = summary(r.Values(m))
	return lo, hi
}

// confidence is that of the intervals.
const confidence = 0.95

// summary returns the median of values and the interval it lies in.
func summary(values []float64) (center, lo, hi float64) {
	if len(values) == 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	s := benchmath.AssumeNothing.Summary(benchmath.NewSample(slices.Clone(values), &benchmath.DefaultThresholds), confidence)
	return s.Center, s.Lo, s.Hi
}

// spread writes how far an interval goes from its middle, such as "± 2 %".
func spread(center, lo, hi float64) string {
	switch {
	case math.IsNaN(center), center == 0 && lo != hi:
		return ""
	case math.IsInf(lo, 0) || math.IsInf(hi, 0):
		return "± ∞"
	case lo == hi:
		return "± 0 %"
	}
	s := benchmath.Summary{Center: center, Lo: lo, Hi: hi}.PctRangeString()
	return "± " + s[:len(s)-1] + " %"
}
