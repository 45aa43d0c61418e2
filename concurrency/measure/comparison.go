package measure

import (
	"fmt"
	"math"
	"slices"
)

// A Comparison is what several functions have cost in the same repetitions. As the last value of a cell it is shown as a table and a
// picture; its methods may be called by many goroutines at once.
type Comparison struct {
	results     []*Result
	repetitions int
	virtual     bool
	only        []Metric // what is shown; nil for all
}

// Only returns the same comparison, of which the table and the picture show some metrics only: what the reader is to look at. One
// alone has the whole width. Rows, results and ratios have all of them as before. It panics if no metric is given.
func (c *Comparison) Only(metrics ...Metric) *Comparison {
	if len(metrics) == 0 {
		panic("measure: Comparison: Only without a metric")
	}
	return &Comparison{c.results, c.repetitions, c.virtual, slices.Clone(metrics)}
}

// shown returns the metrics of the table and the picture.
func (c *Comparison) shown() []Metric {
	if c.only == nil {
		return Metrics()
	}
	return c.only
}

// Results returns the result of each function, in the order of the cases.
func (c *Comparison) Results() []*Result { return slices.Clone(c.results) }

// Ratio compares function i with the first. It panics if there is none with that index.
func (c *Comparison) Ratio(i int, m Metric) Ratio {
	return ratio(c.results[0].Values(m), c.results[i].Values(m))
}

// A Ratio is how many times as much one function takes as another.
//
// It is the median of the ratios of the two in each repetition: what slows the machine down for a while is in both and
// falls out. The interval is where the true median lies, with 95 % confidence or a little more, and nothing is assumed of how the
// ratios are distributed. Of twenty comparisons that show a difference by it, one may be chance.
type Ratio struct {
	Center float64 // NaN where it cannot be told
	Lo, Hi float64
	// Equal is set when the two were the same in each repetition, as counts can be.
	Equal bool
}

// ratio compares repetition by repetition. Where there is nothing to divide by there is no ratio.
func ratio(base, values []float64) Ratio {
	none := Ratio{math.NaN(), math.NaN(), math.NaN(), false}
	if len(base) == 0 || len(base) != len(values) {
		return none
	}
	if slices.Equal(base, values) {
		return Ratio{1, 1, 1, true}
	}
	all := make([]float64, len(base))
	for i := range base {
		if all[i] = values[i] / base[i]; base[i] == 0 || math.IsNaN(all[i]) {
			return none
		}
	}
	var r Ratio
	r.Center, r.Lo, r.Hi = summary(all)
	return r
}

// Shown reports whether there is a difference: the interval leaves out 1.
func (r Ratio) Shown() bool { return r.Lo > 1 || r.Hi < 1 }

// String says it in words: "0.50 × (0.48 to 0.52)", "no difference shown (0.97 to 1.04)", "equal".
func (r Ratio) String() string {
	switch {
	case math.IsNaN(r.Center):
		return ""
	case r.Equal:
		return "equal"
	case math.IsInf(r.Lo, 0) || math.IsInf(r.Hi, 0):
		return times(r.Center) + ", too few repetitions to say more"
	case !r.Shown():
		return fmt.Sprintf("no difference shown (%s to %s)", factor(r.Lo), factor(r.Hi))
	}
	return fmt.Sprintf("%s (%s to %s)", times(r.Center), factor(r.Lo), factor(r.Hi))
}

func times(x float64) string { return factor(x) + " ×" }

// factor writes a ratio with as many digits as tell it from 1.
func factor(x float64) string {
	switch d := math.Abs(x - 1); {
	case x >= 100:
		return fmt.Sprintf("%.0f", x)
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	case x < 0.1:
		return fmt.Sprintf("%.2g", x)
	case d < 0.01 && d > 0:
		return fmt.Sprintf("%.4f", x)
	}
	return fmt.Sprintf("%.2f", x)
}
