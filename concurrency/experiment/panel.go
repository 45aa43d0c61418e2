package experiment

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/gobraid/gobraid/concurrency/internal/svg"
)

// A drawing draws a figure into a panel.
type drawing struct {
	p       *svg.Canvas
	x, y    float64 // of the panel's corner
	figure  *figure
	axis    string
	xs      []float64 // where there are points, sorted
	lo, hi  float64   // of the values
	log     bool      // the axis is logarithmic
	width   float64
	height  float64
	originX float64
	originY float64
}

func (d *drawing) draw() {
	d.measure()
	heading := d.figure.title
	if d.figure.unit != "" {
		heading += ", " + d.figure.unit
	}
	d.p.Label(d.x, d.y+14, 12, "start", svg.Ink.As(svg.Name), svg.Fit(heading, panelWidth, 12), ` font-weight="600"`)
	d.grid()
	shown := d.figure.series[:min(len(d.figure.series), maxSeries)]
	for i, s := range shown {
		d.series(i, s)
	}
	d.names(shown)
}

// names writes the name of each series beside its end, one below the other.
func (d *drawing) names(shown []series) {
	order := make([]int, len(shown))
	for i := range order {
		order[i] = i
	}
	end := func(i int) float64 {
		m := medians(shown[i].points)
		return d.up(m[len(m)-1].y)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(end(a), end(b)) })
	at := math.Inf(-1)
	for _, i := range order {
		if shown[i].name == "" {
			continue
		}
		at = max(end(i)+4, at+12)
		d.p.Raw(`<g %s><path d="%s"/></g>`, svg.Plain(look(i)), mark(i, d.originX+d.width+9, at-4))
		d.p.Label(d.originX+d.width+16, at, 10.5, "start", svg.Ink.As(svg.Name), svg.Fit(shown[i].name, rightWidth-16, 10.5), "")
	}
}

// look returns the colour of series i.
func look(i int) svg.Look { return svg.Tint + svg.Look(i%svg.Tints) }

// measure finds the sizes of the axes.
func (d *drawing) measure() {
	for _, s := range d.figure.series {
		for _, pt := range s.points {
			d.xs = append(d.xs, pt.x)
			d.lo, d.hi = min(d.lo, pt.y), max(d.hi, pt.y) // with 0
		}
	}
	slices.Sort(d.xs)
	d.xs = slices.Compact(d.xs)
	if d.lo == d.hi {
		d.hi = 1
	}
	first, last := d.xs[0], d.xs[len(d.xs)-1]
	d.log = d.axis != "" && first > 0 && last/first >= 8
	d.width, d.height = panelWidth-leftWidth-rightWidth, panelHeight-headHeight-footHeight
	d.originX, d.originY = d.x+leftWidth, d.y+headHeight+d.height
}

// across and up return where a value lies in the picture.
func (d *drawing) across(x float64) float64 {
	first, last := d.xs[0], d.xs[len(d.xs)-1]
	if first == last {
		return d.originX + d.width/2
	}
	if d.log {
		x, first, last = math.Log(x), math.Log(first), math.Log(last)
	}
	return d.originX + 8 + (d.width-16)*(x-first)/(last-first)
}

func (d *drawing) up(y float64) float64 {
	return d.originY - d.height*(y-d.lo)/(d.hi-d.lo)
}

func (d *drawing) grid() {
	for i := range 3 {
		v := d.lo + (d.hi-d.lo)*float64(i)/2
		d.p.Raw(`<path d="M%s %sh%s" %s stroke-width=".8"/>`, svg.Num(d.originX), svg.Num(d.up(v)), svg.Num(d.width), svg.Stroke(svg.Grid))
		d.p.Label(d.originX-6, d.up(v)+4, 10.5, "end", svg.Faint.As(svg.Tick), tick(v), "")
	}
	d.p.Raw(`<path d="M%s %sh%s" %s stroke-width="1"/>`, svg.Num(d.originX), svg.Num(d.up(0)), svg.Num(d.width), svg.Stroke(svg.Faint))
	free := math.Inf(-1)
	for _, x := range d.xs {
		text := tick(x)
		half := 3.2 * float64(len(text))
		if at := d.across(x); at-half > free {
			d.p.Label(at, d.originY+14, 10.5, "middle", svg.Faint.As(svg.Tick), text, "")
			free = at + half
		}
	}
	name := d.axis
	if name == "" {
		name = "run"
	}
	d.p.Label(d.originX+d.width/2, d.originY+27, 10.5, "middle", svg.Faint, svg.Fit(name, d.width, 10.5), "")
}

// series draws the marks and the line of a series.
func (d *drawing) series(i int, s series) {
	d.p.Raw("<g>")
	d.p.Title(strings.TrimSpace(s.name + " " + d.words(s)))
	var line strings.Builder
	for j, m := range medians(s.points) {
		c := 'L'
		if j == 0 {
			c = 'M'
		}
		fmt.Fprintf(&line, "%c%s %s", c, svg.Num(d.across(m.x)), svg.Num(d.up(m.y)))
	}
	d.p.Raw(`<path d="%s" %s stroke-width="1.6"%s/>`, line.String(), svg.Edge(look(i)), dashes[i%len(dashes)])
	d.p.Open(svg.Plain(look(i)))
	for _, pt := range s.points {
		d.p.Raw(`<path d="%s"/>`, mark(i, d.across(pt.x), d.up(pt.y)))
	}
	d.p.Close()
	d.p.Raw("</g>\n")
}

// words says the points of a series.
func (d *drawing) words(s series) string {
	var parts []string
	for _, pt := range s.points {
		parts = append(parts, strings.TrimSpace(tick(pt.x)+": "+tick(pt.y)+" "+d.figure.unit))
	}
	return strings.Join(parts, "; ")
}

// Lines and marks differ also for those who do not see colours.
var dashes = []string{"", ` stroke-dasharray="6 3"`, ` stroke-dasharray="2 3"`, ` stroke-dasharray="8 3 2 3"`}

// mark returns the path of the mark of series i.
func mark(i int, x, y float64) string {
	n := svg.Num
	switch i % 4 {
	case 0:
		return "M" + n(x-3) + " " + n(y) + "a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z"
	case 1:
		return svg.Rect(x-3, y-3, 6, 6)
	case 2:
		return "M" + n(x) + " " + n(y-4) + "l4 7h-8z"
	}
	return "M" + n(x) + " " + n(y-4) + "l4 4l-4 4l-4 -4z"
}

// medians returns for each place the median of its points.
func medians(points []point) []point {
	var out []point
	for i := 0; i < len(points); {
		j := i
		var ys []float64
		for ; j < len(points) && points[j].x == points[i].x; j++ {
			ys = append(ys, points[j].y)
		}
		slices.Sort(ys)
		out = append(out, point{points[i].x, (ys[(len(ys)-1)/2] + ys[len(ys)/2]) / 2})
		i = j
	}
	return out
}

// tick writes a number with four digits.
func tick(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e6 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strings.Replace(strconv.FormatFloat(v, 'g', 4, 64), "e+0", "e", 1)
}
