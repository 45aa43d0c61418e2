package experiment

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gobraid/gobraid/concurrency/internal/svg"
)

// A series is the values of one line in a panel: those of runs that agree in all parameters but the one along the axis.
type series struct {
	name   string
	points []point
}

// A point is a value: at x along the axis where that is a number, else at the place of its run.
type point struct{ x, y float64 }

// A figure is the values of one name and unit.
type figure struct {
	title, unit string
	series      []series
}

// varying returns the parameters that have several values, in their order.
func (t *Table) varying() []string {
	var out []string
	for _, p := range t.Parameters {
		for _, r := range t.Rows[1:] {
			if r.Parameters[p] != t.Rows[0].Parameters[p] {
				out = append(out, p)
				break
			}
		}
	}
	return out
}

// axis returns the parameter that goes along the axes: the first that varies and has only numbers; "" if there is none.
func (t *Table) axis(varying []string) string {
	for _, p := range varying {
		if !slices.ContainsFunc(t.Rows, func(r Row) bool { _, ok := parse(r.Parameters[p]); return !ok }) {
			return p
		}
	}
	return ""
}

// parse reads the number of a parameter as Go writes numbers.
func parse(s string) (float64, bool) {
	f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return f, err == nil && f-f == 0
}

// label tells a run from the others by the parameters in names.
func label(r Row, names []string, but string) string {
	var parts []string
	for _, p := range names {
		if p != but {
			parts = append(parts, p+" "+r.Parameters[p])
		}
	}
	return strings.Join(parts, ", ")
}

// figures returns what there is to draw, in the order of the rows.
func (t *Table) figures(varying []string, axis string) []*figure {
	var all []*figure
	for _, r := range t.Rows {
		y, ok := r.Number()
		if !ok {
			continue
		}
		i := slices.IndexFunc(all, func(f *figure) bool { return f.title == r.Name && f.unit == r.Unit })
		if i < 0 {
			i = len(all)
			all = append(all, &figure{title: r.Name, unit: r.Unit})
		}
		x := float64(r.Run)
		if axis != "" {
			x, _ = parse(r.Parameters[axis])
		}
		all[i].add(label(r, varying, axis), point{x, y}, axis == "")
	}
	for _, f := range all {
		for _, s := range f.series {
			slices.SortStableFunc(s.points, func(a, b point) int {
				if a.x < b.x {
					return -1
				}
				if a.x > b.x {
					return 1
				}
				return 0
			})
		}
	}
	return all
}

func (f *figure) add(name string, p point, apart bool) {
	if apart && name == "" {
		name = "run " + svg.Num(p.x)
	}
	i := slices.IndexFunc(f.series, func(s series) bool { return s.name == name })
	if i < 0 {
		i = len(f.series)
		f.series = append(f.series, series{name: name})
	}
	f.series[i].points = append(f.series[i].points, p)
}

// Sizes in units of the picture, which has two columns of panels.
const (
	pageWidth   = 900.0
	margin      = 16.0
	panelWidth  = (pageWidth - 3*margin) / 2
	panelHeight = 210.0
	leftWidth   = 62.0 // the numbers beside the axis
	rightWidth  = 96.0 // the names of the series
	headHeight  = 26.0
	footHeight  = 34.0
	maxFigures  = 24
	maxSeries   = 12
)

// SVG returns a picture: for each name a panel, in it each record as a mark over the first parameter that varies and has only numbers,
// and a line through the medians for each combination of the other parameters. Where no parameter is a number, each run has a place of its
// own. It is "" if no record is a number.
func (t *Table) SVG() string {
	if len(t.Rows) == 0 {
		return ""
	}
	varying := t.varying()
	axis := t.axis(varying)
	figures := t.figures(varying, axis)
	if len(figures) == 0 {
		return ""
	}
	left := max(0, len(figures)-maxFigures)
	figures = figures[:len(figures)-left]
	p := svg.New()
	title := "What the runs recorded"
	p.Label(margin, 24, 15, "start", svg.Ink, title, ` font-weight="600"`)
	what := fmt.Sprintf("%s: a mark is a record, lines go through the medians of equal runs", t.Notebook)
	if left > 0 {
		what += fmt.Sprintf("; %d more are in the table", left)
	}
	p.Label(margin, 42, 11.5, "start", svg.Faint, svg.Fit(what, pageWidth-2*margin, 11.5), "")
	for i, f := range figures {
		d := drawing{p: p, x: margin + float64(i%2)*(panelWidth+margin), y: 56 + float64(i/2)*panelHeight, figure: f, axis: axis}
		d.draw()
	}
	bottom := 56 + float64((len(figures)+1)/2)*panelHeight
	return string(p.Finish(pageWidth, bottom, title, t.String()))
}
