package measure

import (
	"fmt"
	"math"
	"strings"

	"golang.org/x/perf/benchunit"
)

// A Metric is one of the things that are measured.
type Metric uint8

// The metrics. All but PeakRSS are of one call of the function: a repetition with several calls is divided by their number.
const (
	Wall     Metric = iota // seconds that passed
	CPU                    // seconds that processors worked for the process meanwhile, user and system together
	Running                // seconds that tasks ran or were ready to, added up over the tasks of the cell
	Waiting                // seconds that tasks waited: for channels, locks, results, output, libraries
	Sleeping               // seconds that tasks slept
	Allocs                 // objects the process allocated
	Bytes                  // bytes the process allocated
	PeakRSS                // bytes of memory the process had at most, of all that it has
	Tasks                  // tasks that were started
)

const metrics = int(Tasks) + 1

var metricText = [metrics]string{"wall", "CPU", "running", "waiting", "sleeping", "allocations", "allocated", "peak RSS", "tasks"}

var metricUnit = [metrics]string{"s", "s", "s", "s", "s", "", "B", "B", ""}

// Metrics returns all metrics, in the order in which results show them.
func Metrics() []Metric {
	all := make([]Metric, metrics)
	for i := range all {
		all[i] = Metric(i)
	}
	return all
}

// String returns the name of the metric, as the rows of a result have it.
func (m Metric) String() string {
	if int(m) < metrics {
		return metricText[m]
	}
	return fmt.Sprintf("Metric(%d)", uint8(m))
}

// Unit returns what values of the metric are in: "s", "B", or "" for a number of things.
func (m Metric) Unit() string {
	if int(m) < metrics {
		return metricUnit[m]
	}
	return ""
}

// Format writes a value of the metric for people, such as "12.3 ms". NaN, which stands for what is not known, is a dash.
func (m Metric) Format(v float64) string { return format(v, m.Unit()) }

// format writes a value in a unit with four digits.
func format(v float64, unit string) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case math.IsInf(v, 0):
		return "∞"
	case v == 0:
		return "0"
	case unit != "s" && v == math.Trunc(v) && math.Abs(v) < 10_000:
		return strings.TrimSpace(fmt.Sprintf("%.0f %s", v, unit))
	case unit == "s" && math.Abs(v) >= 1000:
		return fmt.Sprintf("%.0f s", v)
	case unit == "" && math.Abs(v) < 10_000:
		return fmt.Sprintf("%.4g", v)
	}
	class := benchunit.Decimal
	if unit == "B" {
		class = benchunit.Binary
	}
	text := benchunit.Scale(v, class)
	i := strings.LastIndexAny(text, "0123456789") + 1
	return strings.TrimSpace(text[:i] + " " + text[i:] + unit)
}
