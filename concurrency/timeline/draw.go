package timeline

import (
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/svg"
)

// Sizes in units of the picture.
const (
	pageWidth = 900.0
	margin    = 12.0
	plotLeft  = 212.0
	plotRight = pageWidth - 14
	plotWidth = plotRight - plotLeft
	indent    = 12.0
	maxDepth  = 6
)

// maxBytes is what a picture takes at most, as far as leaving out detail can help.
const maxBytes = 380_000

// detail says how much of a chart is drawn.
type detail struct {
	least  float64 // spans that are narrower are drawn together, in units
	about  bool    // they have a text on hover
	arrows int     // how many arrows at most
}

// details are tried in this order until the picture is small enough.
var details = []detail{
	{1, true, 140}, {2, true, 140}, {2, false, 140}, {4, false, 120}, {8, false, 80}, {16, false, 40}, {50, false, 0},
}

// SVG draws the chart. Equal charts give equal bytes. The picture is 900 units wide and stays below 400 kB.
func (c *Chart) SVG() []byte {
	var picture []byte
	for _, d := range details {
		p := newPainter(c, d)
		picture = p.draw()
		if len(picture) <= maxBytes {
			break
		}
	}
	return picture
}

// A painter draws a chart once.
type painter struct {
	*svg.Canvas
	chart *Chart
	detail
	bar      float64   // height of the bar of a lane
	top      []float64 // of each lane, and of what follows the last
	lines    int       // of a label
	labelled bool      // there is room to write below bars
	scale    float64   // units per nanosecond
	notes    []string
	shown    []drawn // arrows
}

func newPainter(c *Chart, d detail) *painter {
	p := &painter{Canvas: svg.New(), chart: c, detail: d, notes: c.Notes}
	p.scale = plotWidth / float64(max(c.Length, 1))
	height, band := 17.0, 38.0
	p.bar, p.lines = 11, 1
	switch n := len(c.Lanes); {
	case n <= 6:
		height, band, p.bar, p.lines, p.labelled = 36, 110, 16, 2, true
	case n <= 10:
		height, band, p.bar, p.lines, p.labelled = 36, 72, 16, 2, true
	case n <= 14:
		height, band, p.bar, p.lines = 32, 72, 16, 2
	case n <= 26:
		height, band, p.bar = 22, 48, 13
	}
	y := 72.0
	for i := range c.Lanes {
		p.top = append(p.top, y)
		if c.Lanes[i].Band != nil {
			y += band
		} else {
			y += height
		}
	}
	p.top = append(p.top, y)
	return p
}

// x returns where a time lies.
func (p *painter) x(t time.Duration) float64 {
	return plotLeft + float64(min(max(t, 0), p.chart.Length))*p.scale
}

// edge returns how far the shapes of a lane reach from its middle.
func (p *painter) edge(lane int) float64 {
	if p.chart.Lanes[lane].Band != nil {
		return (p.top[lane+1]-p.top[lane])/2 - 4
	}
	return p.bar/2 - 1
}

// middle returns the height of the middle of a lane.
func (p *painter) middle(lane int) float64 { return (p.top[lane] + p.top[lane+1]) / 2 }

func (p *painter) draw() []byte {
	c := p.chart
	p.Label(margin, 24, 15, "start", svg.Ink, svg.Fit(c.Title, 560, 15), ` font-weight="600"`)
	p.Label(margin, 42, 11.5, "start", svg.Faint, svg.Fit(c.Subtitle, pageWidth-2*margin, 11.5), "")
	p.axis()
	p.families()
	for i := range c.Lanes {
		p.lane(i)
	}
	p.shown = p.thin()
	p.arrowsOver()
	for i := range c.Lanes {
		p.signs(i)
	}
	bottom := p.top[len(c.Lanes)] + 8
	if len(c.Lanes) > 24 {
		bottom = p.scaleText(bottom + 10)
	}
	bottom = p.legend(bottom + 16)
	bottom = p.footer(bottom)
	return p.Finish(pageWidth, bottom+8, c.Title, c.About)
}

// axis draws the stripes of the lanes, the lines of the time axis and its text.
func (p *painter) axis() {
	n := len(p.chart.Lanes)
	p.Open(svg.Fill(svg.Stripe))
	for i := 0; i < n; i += 2 {
		p.Path(svg.Rect(0, p.top[i], pageWidth, p.top[i+1]-p.top[i]), "")
	}
	p.Close()
	d := ""
	for _, t := range ticks(p.chart.Length, 8) {
		d += "M" + svg.Num(p.x(t)) + " " + svg.Num(p.top[0]-4) + "V" + svg.Num(p.top[n])
	}
	p.Raw(`<path d="%s" %s stroke-width="1"/>`, d, svg.Stroke(svg.Grid))
	p.scaleText(p.top[0] - 8)
}

// scaleText writes the times of the axis and returns y.
func (p *painter) scaleText(y float64) float64 {
	length := p.chart.Length
	for _, t := range ticks(length, 8) {
		anchor := "middle"
		if p.x(t) > plotRight-20 {
			anchor = "end"
		}
		p.Label(p.x(t), y, 10.5, anchor, svg.Faint.As(svg.Tick), tick(t, length), "")
	}
	return y
}

// families draws the lines from lanes to those that began there.
func (p *painter) families() {
	d := ""
	for i, l := range p.chart.Lanes {
		if l.Parent == 0 || p.x(l.Start)-plotLeft < 0.5 && l.Depth == 0 {
			continue
		}
		from, to := p.middle(l.Parent-1), p.middle(i)-p.edge(i)
		d += "M" + svg.Num(p.x(l.Start)) + " " + svg.Num(from) + "V" + svg.Num(to)
	}
	if d != "" {
		p.Raw(`<path d="%s" %s stroke-width="1" stroke-dasharray="1 2"/>`+"\n", d, svg.Stroke(svg.Faint))
	}
}
