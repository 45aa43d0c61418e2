package measure

import (
	"fmt"
	"html"
	"strconv"
	"strings"

	"github.com/gobraid/gobraid/concurrency/internal/svg"
)

// A Footprint is what parked units take. As the last value of a cell it is shown as a table and a picture; its methods may be called by many
// goroutines at once.
type Footprint struct{ parked []Parked }

// Parked is what one number of units took, each of them on average.
type Parked struct {
	Unit string  `json:"unit"`
	N    int     `json:"n"`
	Go   float64 `json:"go"`    // bytes of objects and stacks, as Go counts them
	RSS  float64 `json:"rss"`   // bytes of the process's memory; NaN where the system does not tell. The kernel's own is not in it
	Time float64 `json:"start"` // seconds to start one
}

// Rows returns all measurements.
func (f *Footprint) Rows() []Parked { return append([]Parked(nil), f.parked...) }

// CSV returns the rows as a table with a header.
func (f *Footprint) CSV() string {
	return toCSV([]string{"unit", "n", "go", "rss", "start"}, f.parked, func(p Parked) []string {
		return []string{p.Unit, strconv.Itoa(p.N), number(p.Go), number(p.RSS), number(p.Time)}
	})
}

// footprintColumns are what there is of each unit.
var footprintColumns = [...]struct {
	title, unit string
	of          func(Parked) float64
}{
	{"Go's memory", "B", func(p Parked) float64 { return p.Go }},
	{"resident memory", "B", func(p Parked) float64 { return p.RSS }},
	{"time to start", "s", func(p Parked) float64 { return p.Time }},
}

// units returns the names of the units.
func (f *Footprint) units() []string {
	var names []string
	for i, p := range f.parked {
		if i == 0 || p.Unit != f.parked[i-1].Unit {
			names = append(names, p.Unit)
		}
	}
	return names
}

// values returns what was measured of a unit.
func (f *Footprint) values(unit string, of func(Parked) float64) []float64 {
	var all []float64
	for _, p := range f.parked {
		if v := of(p); p.Unit == unit && v == v { // not NaN
			all = append(all, v)
		}
	}
	return all
}

// Median returns the median over the numbers of a unit that were parked: bytes as Go counts them, bytes that are resident, and seconds to start
// one. What is not known is NaN.
func (f *Footprint) Median(unit string) (goBytes, resident, start float64) {
	var m [len(footprintColumns)]float64
	for i, c := range footprintColumns {
		m[i], _, _ = summary(f.values(unit, c.of))
	}
	return m[0], m[1], m[2]
}

// cells returns the table: a row for each unit, with its name first.
func (f *Footprint) cells() [][]string {
	head := []string{""}
	for _, c := range footprintColumns {
		head = append(head, c.title)
	}
	rows := [][]string{head}
	for _, u := range f.units() {
		row := []string{u}
		for _, c := range footprintColumns {
			row = append(row, within(f.values(u, c.of), c.unit))
		}
		rows = append(rows, row)
	}
	return rows
}

// within writes the median of values and between which they are.
func within(values []float64, unit string) string {
	if len(values) == 0 {
		return "–"
	}
	center, _, _ := summary(values)
	lo, hi := values[0], values[0]
	for _, v := range values {
		lo, hi = min(lo, v), max(hi, v)
	}
	return fmt.Sprintf("%s (%s to %s)", format(center, unit), format(lo, unit), format(hi, unit))
}

const footprintHeading = "What one takes while it waits: medians of several numbers of them, and least to most"

// String returns the table as text.
func (f *Footprint) String() string {
	rows := f.cells()
	widths := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, c := range r {
			widths[i] = max(widths[i], len([]rune(c)))
		}
	}
	var s strings.Builder
	s.WriteString(footprintHeading + "\n")
	for _, r := range rows {
		line := ""
		for i, c := range r {
			line += fmt.Sprintf("  %-*s", widths[i], c)
		}
		s.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return strings.TrimSuffix(s.String(), "\n")
}

// HTML returns the table and the picture below it.
func (f *Footprint) HTML() string {
	var s strings.Builder
	s.WriteString("<table><caption>" + footprintHeading + "</caption>\n")
	for i, r := range f.cells() {
		tag := "td"
		if i == 0 {
			tag = "th"
		}
		s.WriteString("<tr>")
		for _, c := range r {
			s.WriteString("<" + tag + ">" + html.EscapeString(c) + "</" + tag + ">")
		}
		s.WriteString("</tr>\n")
	}
	return s.String() + "</table>\n<div>" + f.SVG() + "</div>"
}

// SVG returns a picture: a panel for each column of the table, with a bar for each unit up to its median, and a dot for each number of them.
func (f *Footprint) SVG() string {
	c := svg.New()
	const title = "What waiting takes"
	heading(c, title, footprintHeading)
	units := f.units()
	height := panelHead + float64(len(units))*rowHeight + panelFoot
	n := 0
	for _, col := range footprintColumns {
		g := panel{title: col.title, unit: col.unit, names: units, width: halfPage, label: nameWidth}
		for _, u := range units {
			values := f.values(u, col.of)
			g.values = append(g.values, values)
			for _, v := range values {
				g.most = max(g.most, v)
			}
		}
		if g.most > 0 {
			g.draw(c, margin+float64(n%2)*(halfPage+margin), 56+float64(n/2)*height)
			n++
		}
	}
	bottom := footer(c, 66+float64((n+1)/2)*height, []string{"Bars end at the median, dots are numbers of them. All axes begin at 0. The kernel's own memory is not in it."})
	return string(c.Finish(pageWidth, bottom+6, title, f.String()))
}
