package measure

import (
	"math"

	"github.com/gobraid/gobraid/concurrency/internal/svg"
)

// Sizes in units of the picture, which has two columns of panels.
const (
	pageWidth  = 900.0
	margin     = 14.0
	halfPage   = (pageWidth - 3*margin) / 2
	nameWidth  = 104.0
	longName   = 260.0 // in a panel that has the whole width
	valueWidth = 74.0
	rowHeight  = 20.0
	panelHead  = 22.0
	panelFoot  = 12.0
)

// maxChartRows is how many functions a panel has at most.
const maxChartRows = 24

// SVG returns a picture: for each metric that is more than 0 somewhere a panel, in it for each function a bar up to the median, with
// the interval of the median as a bracket and each repetition as a dot.
func (c *Comparison) SVG() string {
	p := svg.New()
	title := "What it costs"
	if len(c.results) == 1 {
		title = c.results[0].name
	}
	p.Label(margin, 24, 15, "start", svg.Ink, svg.Fit(title, pageWidth-2*margin, 15), ` font-weight="600"`)
	p.Label(margin, 42, 11.5, "start", svg.Faint, svg.Fit(c.heading(), pageWidth-2*margin, 11.5), "")
	rows := min(len(c.results), maxChartRows)
	height := panelHead + float64(rows)*rowHeight + panelFoot
	n, top := 0, 56.0
	columns, width, name := 2, halfPage, nameWidth
	if len(c.shown()) == 1 {
		columns, width, name = 1, pageWidth-2*margin, longName
	}
	for _, m := range c.shown() {
		if most := c.most(m); most > 0 {
			x := margin + float64(n%columns)*(width+margin)
			g := panel{title: m.String(), unit: m.Unit(), most: most, width: width, label: name}
			for _, r := range c.results[:rows] {
				g.names, g.values = append(g.names, r.name), append(g.values, r.values[m])
			}
			g.draw(p, x, top+float64(n/columns)*height)
			n++
		}
	}
	bottom := top + float64((n+columns-1)/columns)*height
	note := "Bars end at the median, brackets are its 95 % interval, dots are repetitions. All axes begin at 0."
	if left := len(c.results) - rows; left > 0 {
		note += " " + count(left, "further function") + ": see the table."
	}
	p.Label(margin, bottom+10, 10.5, "start", svg.Faint, svg.Fit(note, pageWidth-2*margin, 10.5), ` font-style="italic"`)
	return string(p.Finish(pageWidth, bottom+22, title, c.String()))
}

// most returns the largest value of a metric.
func (c *Comparison) most(m Metric) float64 {
	most := 0.0
	for _, r := range c.results {
		for _, v := range r.values[m] {
			most = max(most, v)
		}
	}
	return most
}

// A panel is a metric of several things.
type panel struct {
	title, unit string
	names       []string
	values      [][]float64
	most        float64
	width       float64 // of the panel
	label       float64 // of the names in it
}

func (g *panel) draw(p *svg.Canvas, x, y float64) {
	left, right := x+g.label, x+g.width-valueWidth
	at := func(v float64) float64 { return left + (right-left)*min(max(v, 0), g.most)/g.most }
	p.Label(x, y+13, 12, "start", svg.Ink.As(svg.Name), g.title, ` font-weight="600"`)
	p.Raw(`<path d="M%s %sV%s" %s stroke-width="1"/>`, svg.Num(left), svg.Num(y+panelHead-3), svg.Num(y+panelHead+float64(len(g.names))*rowHeight), svg.Stroke(svg.Faint))
	for i, name := range g.names {
		center, lo, hi := summary(g.values[i])
		top := y + panelHead + float64(i)*rowHeight
		middle := top + rowHeight/2 - 2
		p.Raw("<g>")
		p.Title(name + ": " + g.title + " " + format(center, g.unit) + " " + spread(center, lo, hi))
		p.Label(left-6, middle+4, 11, "end", svg.Ink.As(svg.Name), svg.Fit(name, g.label-8, 11), "")
		if !math.IsNaN(center) {
			p.Raw(`<g %s fill-opacity=".5"><path d="%s"/></g>`, svg.Plain(look(i)), svg.Rect(left, middle-5, max(at(center)-left, 0.6), 10))
		}
		if !math.IsInf(lo, 0) && !math.IsInf(hi, 0) && lo < hi {
			p.Raw(`<path d="M%s %sv8m0 -4H%sm0 -4v8" %s stroke-width="1.3"/>`, svg.Num(at(lo)), svg.Num(middle-4), svg.Num(at(hi)), svg.Stroke(svg.Ink))
		}
		dots(p, g.values[i], at, middle, look(i))
		p.Label(right+6, middle+4, 10.5, "start", svg.Faint.As(svg.Tick), format(center, g.unit), "")
		p.Raw("</g>\n")
	}
}

// maxDots is how many repetitions are drawn of a function.
const maxDots = 60

// dots draws repetitions, one below the other so that equal ones can be told apart.
func dots(p *svg.Canvas, values []float64, at func(float64) float64, middle float64, l svg.Look) {
	p.Open(svg.Plain(l))
	step := (len(values) + maxDots - 1) / maxDots
	for i := 0; i < len(values); i += max(step, 1) {
		offset := float64(i%5-2) * 1.6
		p.Raw(`<circle cx="%s" cy="%s" r="1.5"/>`, svg.Num(at(values[i])), svg.Num(middle+offset))
	}
	p.Close()
}

// look returns the colour of function i.
func look(i int) svg.Look { return svg.Tint + svg.Look(i%svg.Tints) }
