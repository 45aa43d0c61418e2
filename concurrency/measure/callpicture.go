package measure

import (
	"math"
	"strings"

	"github.com/gobraid/gobraid/concurrency/internal/svg"
)

// Sizes of a call graph.
const (
	boxHeight = 36.0
	boxGap    = 30.0
	layerGap  = 46.0
	maxBox    = 180.0
	perRow    = 5
)

// CallGraph returns the profile as a graph: each function once, with arrows to what it calls, as thick as what goes through them. Of many
// functions those with the most are in it. What is written in a box is its own share, and that with all it calls.
func (p *Profile) CallGraph() *Picture {
	g := p.graph()
	c := svg.New()
	total := p.Total()
	title := p.title + ", who calls whom"
	heading(c, title, p.amount())
	d := &graphPainter{c: c, g: g, total: total, used: map[Kind]bool{}}
	bottom := d.place(60)
	for i := range g.edges {
		d.arrow(g.edges[len(g.edges)-1-i]) // the thickest on top
	}
	for v := range g.nodes {
		d.box(v)
	}
	bottom = legend(c, bottom+18, d.used)
	notes := p.notes
	if g.left > 0 {
		notes = append(notes[:len(notes):len(notes)], count(g.left, "function")+" with less "+is(g.left)+" left out; arrows go through them.")
	}
	bottom = footer(c, bottom, notes)
	text := p.title + ": " + p.amount() + "\n" + g.text(total) + strings.Join(p.notes, "\n")
	text = strings.TrimSuffix(text, "\n")
	return &Picture{string(c.Finish(pageWidth, bottom+6, title, text)), text}
}

type graphPainter struct {
	c     *svg.Canvas
	g     *callGraph
	total float64
	x, y  []float64 // of the middle of each box
	width []float64
	used  map[Kind]bool
}

// place puts the boxes of each layer into one or more rows, and returns where they end.
func (d *graphPainter) place(top float64) float64 {
	n := len(d.g.nodes)
	d.x, d.y, d.width = make([]float64, n), make([]float64, n), make([]float64, n)
	y := top
	for _, layer := range d.g.rows() {
		rows := (len(layer) + perRow - 1) / perRow
		for r := range rows {
			row := layer[r*len(layer)/rows : (r+1)*len(layer)/rows]
			w := min(maxBox, (flameWidth+boxGap)/float64(len(row))-boxGap)
			x := pageWidth/2 - (float64(len(row))*(w+boxGap)-boxGap)/2
			for _, v := range row {
				d.x[v], d.y[v], d.width[v] = x+w/2, y+boxHeight/2, w
				x += w + boxGap
			}
			y += boxHeight
			if r < rows-1 {
				y += boxGap
			}
		}
		y += layerGap
	}
	return max(y-layerGap, top)
}

// box draws a function.
func (d *graphPainter) box(v int) {
	n := d.g.nodes[v]
	k := n.Frame.Kind
	d.used[k] = true
	rect := svg.Rect(d.x[v]-d.width[v]/2, d.y[v]-boxHeight/2, d.width[v], boxHeight)
	shares := "self " + percent(n.Self, d.total) + " · all " + percent(n.All, d.total)
	d.c.Raw("<g>")
	d.c.Title(n.Frame.String() + ": " + shares + ", " + format(n.All, "s"))
	d.c.Raw(`<g %s><path d="%s"/></g>`, svg.Fill(svg.Ground), rect)
	share := 0.0
	if d.total > 0 {
		share = n.Self / d.total
	}
	d.c.Raw(`<g %s fill-opacity="%.2f"><path d="%s"/></g>`, plainKind(k), 0.08+0.4*share, rect)
	d.c.Raw(`<path d="%s" %s stroke-width="1.4"/>`, rect, svg.Edge(kindLooks[k]))
	d.c.Label(d.x[v], d.y[v]-3, 11, "middle", svg.Ink, svg.Fit(n.Frame.String(), d.width[v]-8, 11.8), ` font-weight="600"`)
	d.c.Label(d.x[v], d.y[v]+12, 10, "middle", svg.Ink, svg.Fit(shares, d.width[v]-6, 10), "")
	d.c.Raw("</g>\n")
}

// arrow draws a call.
func (d *graphPainter) arrow(e graphEdge) {
	thick := 1.0
	if d.total > 0 {
		thick += 6 * e.value / d.total
	}
	n := svg.Num
	x1, y1 := d.x[e.from], d.y[e.from]+boxHeight/2
	x2, y2 := d.x[e.to], d.y[e.to]-boxHeight/2-5
	path := "M" + n(x1) + " " + n(y1) + "C" + n(x1) + " " + n(y1+layerGap*0.6) + " " + n(x2) + " " + n(y2-layerGap*0.6) + " " + n(x2) + " " + n(y2)
	dash, angle := "", 0.0
	if e.back { // up along the right side
		x1, y1 = d.x[e.from]+d.width[e.from]/2, d.y[e.from]+6
		x2, y2 = d.x[e.to]+d.width[e.to]/2+5, d.y[e.to]-8
		out := math.Max(x1, x2) + 20
		path = "M" + n(x1) + " " + n(y1) + "C" + n(out) + " " + n(y1) + " " + n(out) + " " + n(y2) + " " + n(x2) + " " + n(y2)
		dash, angle = ` stroke-dasharray="4 3"`, 90
	}
	d.c.Raw("<g>")
	d.c.Title(d.g.nodes[e.from].Frame.String() + " → " + d.g.nodes[e.to].Frame.String() + ": " + format(e.value, "s") + ", " + percent(e.value, d.total))
	d.c.Raw(`<path d="%s" %s stroke-width="%s"%s/>`, path, svg.Stroke(svg.Faint), n(thick), dash)
	size := 3 + thick/2
	d.c.Raw(`<g %s><path d="M%s 0h%sL0 %sz" transform="translate(%s %s) rotate(%s)"/></g></g>`+"\n",
		svg.Fill(svg.Faint), n(-size), n(2*size), n(6+thick/2), n(x2), n(y2-1), n(angle))
}
