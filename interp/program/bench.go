package program

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
	"golang.org/x/perf/benchunit"
)

// A BenchLog reads what a run of benchmarks prints, as it comes. What benchmarks print themselves is passed on.
type BenchLog struct {
	// Print gets what is no word of package testing; it may be nil.
	Print func([]byte)
	// Samples are the measurements.
	Samples Samples

	pending string // the name of a benchmark whose result follows later
	line    []byte
}

// Samples are measurements by benchmark.
type Samples struct {
	Names  []string // of the benchmarks, in order
	values map[string]map[string][]float64
	units  map[string][]string // of a benchmark, in order
}

var (
	resultLine = regexp.MustCompile(`^\s*\d+(\t\s*[-+0-9.eEInfNa]+ \S+)+$`)
	nameLine   = regexp.MustCompile(`^(Benchmark\S*)\s*\t(.*)$`)
	configLine = regexp.MustCompile(`^(goos|goarch|pkg|cpu): `)
)

// Write reads output.
func (l *BenchLog) Write(p []byte) {
	l.line = append(l.line, p...)
	for {
		i := bytes.IndexByte(l.line, '\n')
		if i < 0 {
			return
		}
		text := string(l.line[:i])
		l.line = l.line[i+1:]
		l.read(text + "\n")
	}
}

// Close reads what did not end with a line.
func (l *BenchLog) Close() {
	if len(l.line) > 0 {
		l.read(string(l.line))
		l.line = nil
	}
}

func (l *BenchLog) read(line string) {
	text := strings.TrimSuffix(line, "\n")
	if m := nameLine.FindStringSubmatch(text); m != nil {
		l.pending = m[1]
		text = m[2]
		line = m[2] + "\n"
	}
	switch {
	case l.pending != "" && resultLine.MatchString(text):
		l.Samples.add(l.pending + "\t" + text + "\n")
		l.pending = ""
	case configLine.MatchString(text), text == "PASS", text == "" && line != "\n":
	case l.Print != nil:
		l.Print([]byte(line))
	}
}

// gomaxprocs ends the name of a benchmark that ran with several processors.
var gomaxprocs = regexp.MustCompile(`-\d+$`)

// add adds a line of results.
func (s *Samples) add(line string) {
	r := benchfmt.NewReader(strings.NewReader(line), "")
	for r.Scan() {
		res, ok := r.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		name := gomaxprocs.ReplaceAllString(string(res.Name.Full()), "")
		if s.values == nil {
			s.values, s.units = map[string]map[string][]float64{}, map[string][]string{}
		}
		if s.values[name] == nil {
			s.Names = append(s.Names, name)
			s.values[name] = map[string][]float64{}
		}
		for _, v := range res.Values {
			if !slices.Contains(s.units[name], v.Unit) {
				s.units[name] = append(s.units[name], v.Unit)
			}
			s.values[name][v.Unit] = append(s.values[name][v.Unit], v.Value)
		}
	}
}

// Results keep the measurements of a session, to compare later ones with. They are not safe for use by
// several goroutines at once.
type Results struct {
	last  map[string]kept // by benchmark
	saved map[string]set
}

// kept are measurements of one benchmark and where they come from.
type kept struct {
	values map[string][]float64
	from   string
}

type set map[string]kept

// NewResults returns empty results.
func NewResults() *Results { return &Results{last: map[string]kept{}, saved: map[string]set{}} }

// Saved returns the names of what was saved, sorted.
func (r *Results) Saved() []string {
	var names []string
	for name := range r.saved {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Has tells whether something was saved under a name.
func (r *Results) Has(name string) bool { return r.saved[name] != nil }

// Keep keeps measurements as the latest, and under the name save if that is not "". from says where they come
// from, such as "cell 7".
func (r *Results) Keep(s *Samples, from, save string) {
	all := set{}
	for _, name := range s.Names {
		k := kept{s.values[name], from}
		all[name], r.last[name] = k, k
	}
	if save != "" {
		r.saved[save] = all
	}
}

// A Row is a line of the table of results: one metric of one benchmark.
type Row struct {
	Name, Unit string // "Work", "time/op"
	Now        string // the median, such as "12.3 ns"
	Spread     string // half the width of the 95 % confidence interval, "± 2%"; "∞" with too few measurements
	Before     string // the median of the earlier run, "" if there is none
	From       string // where that comes from
	Change     string // "-12.50%", or "~" where the two cannot be told apart
	Test       string // how sure that is: "p=0.002 n=6"
	// Better is 1 when the change is significant and less is better and now is less, -1 for the contrary, else 0.
	Better int
}

// confidence is that of the intervals.
const confidence = 0.95

// Table compares measurements with those saved under the name against, or, if that is "", with the latest of each
// benchmark. warnings is what benchstat has to say about the statistics, each sentence once.
func (r *Results) Table(s *Samples, against string) (rows []Row, warnings []string) {
	warn := func(errs []error) {
		for _, e := range errs {
			if !slices.Contains(warnings, e.Error()) {
				warnings = append(warnings, e.Error())
			}
		}
	}
	for _, name := range s.Names {
		old := r.last[name]
		if against != "" {
			old = r.saved[against][name]
		}
		for _, unit := range s.units[name] {
			now := sample(s.values[name][unit])
			sum := benchmath.AssumeNothing.Summary(now, confidence)
			warn(sum.Warnings)
			row := Row{Name: strings.TrimPrefix(name, "Benchmark"), Unit: unitName(unit), Now: format(sum.Center, unit), Spread: sum.PctRangeString()}
			if before := old.values[unit]; len(before) > 0 {
				b := sample(before)
				was := benchmath.AssumeNothing.Summary(b, confidence)
				c := benchmath.AssumeNothing.Compare(b, now)
				warn(c.Warnings)
				row.Before, row.From, row.Change, row.Test = format(was.Center, unit), old.from, c.FormatDelta(was.Center, sum.Center), c.String()
				row.Better = better(c, was.Center, sum.Center, unit)
			}
			rows = append(rows, row)
		}
	}
	return rows, warnings
}

func sample(values []float64) *benchmath.Sample {
	return benchmath.NewSample(slices.Clone(values), &benchmath.DefaultThresholds)
}

// better tells whether a change is one for the better.
func better(c benchmath.Comparison, old, now float64, unit string) int {
	sign := 1
	if strings.HasSuffix(unit, "/s") {
		sign = -1
	}
	switch {
	case c.P > c.Alpha || old == now:
		return 0
	case now < old:
		return sign
	}
	return -sign
}

// unitName is what a metric is called in the table.
func unitName(unit string) string {
	if unit == "sec/op" {
		return "time/op"
	}
	return unit
}

// format writes a value with its unit.
func format(v float64, unit string) string {
	if v == math.Trunc(v) && math.Abs(v) < 1000 && unit != "sec/op" {
		if unit == "B/op" {
			return fmt.Sprintf("%.0f B", v)
		}
		return fmt.Sprintf("%.0f", v)
	}
	text := benchunit.Scale(v, benchunit.ClassOf(unit))
	i := strings.LastIndexAny(text, "0123456789") + 1
	number, prefix := text[:i], text[i:]
	switch unit {
	case "sec/op":
		prefix += "s"
	case "B/op", "B/s":
		prefix += "B"
	}
	if prefix == "" {
		return number
	}
	return fmt.Sprintf("%s %s", number, prefix)
}
