package waitgraph

import (
	"fmt"
	"math"
	"strings"

	"github.com/gobraid/gobraid/concurrency/internal/svg"
)

// SVG draws the graph. Equal graphs give equal bytes; of many nodes those that are alike are drawn as one, with their
// number.
func SVG(g Graph) []byte {
	g = g.valid()
	about := Text(g)
	if g.Title == "" {
		g.Title = "Who waits for whom"
	}
	g = g.folded()
	p := &painter{Canvas: svg.New(), g: g, layout: g.arrange(56), circle: map[[2]int]bool{}, written: map[int]bool{}}
	for _, c := range g.Cycles() {
		for i, v := range c {
			p.circle[[2]int{v, c[(i+1)%len(c)]}] = true
		}
	}
	p.Label(margin, 24, 15, "start", svg.Ink, svg.Fit(g.Title, pageWidth-2*margin, 15), ` font-weight="600"`)
	for _, e := range g.Edges {
		p.line(e)
	}
	for v := range g.Nodes {
		p.box(v)
	}
	for _, e := range g.Edges { // on top of all: a text that cannot be read is worse than a line that is cut
		p.words(e)
	}
	bottom := p.legend(p.bottom + 20)
	if g.Note != "" {
		p.Label(margin, bottom, 10.5, "start", svg.Faint, svg.Fit(g.Note, pageWidth-2*margin, 10.5), ` font-style="italic"`)
		bottom += 16
	}
	return p.Finish(pageWidth, bottom, g.Title, about)
}

// A painter draws a graph once.
type painter struct {
	*svg.Canvas
	layout
	g       Graph
	circle  map[[2]int]bool // edges of circles
	written map[int]bool    // nodes of trees beside which their wait is written
}

var kindLooks = [...]svg.Look{Task: svg.Run, Lock: svg.Lock, Channel: svg.Channel, Group: svg.Group, Other: svg.Other}

var kindWords = [...]string{Task: "task", Lock: "lock", Channel: "channel", Group: "group, result", Other: "something else"}

// shape returns the outline of a node of a kind.
func shape(k Kind, x, y, w, h float64) string {
	l, r, t, b := x-w/2, x+w/2, y-h/2, y+h/2
	q := h / 4
	n := svg.Num
	switch k {
	case Task:
		return fmt.Sprintf(`<rect x="%s" y="%s" width="%s" height="%s" rx="%s"/>`, n(l), n(t), n(w), n(h), n(h/3.2))
	case Channel:
		return fmt.Sprintf(`<path d="M%s %sH%sL%s %sH%sz"/>`, n(l+q), n(t), n(r), n(r-q), n(b), n(l))
	case Group:
		return fmt.Sprintf(`<ellipse cx="%s" cy="%s" rx="%s" ry="%s"/>`, n(x), n(y), n(w/2), n(h/2+2))
	case Other:
		return fmt.Sprintf(`<path d="M%s %sH%sL%s %sV%sL%s %sH%sL%s %sV%sz"/>`,
			n(l+q), n(t), n(r-q), n(r), n(t+q), n(b-q), n(r-q), n(b), n(l+q), n(l), n(b-q), n(t+q))
	}
	return fmt.Sprintf(`<rect x="%s" y="%s" width="%s" height="%s"/>`, n(l), n(t), n(w), n(h))
}

// box draws a node.
func (p *painter) box(v int) {
	n, at := p.g.Nodes[v], p.at[v]
	kind := min(n.Kind, Other)
	p.Raw("<g>")
	p.Title(p.hover(n))
	if n.Count > 1 { // another one behind it
		p.Raw("<g %s>%s</g>", svg.Fill(svg.Ground), shape(kind, at.x+4, at.y-4, boxWidth, boxHeight))
		p.Raw(`<g %s stroke-width="1">%s</g>`, svg.Edge(kindLooks[kind]), shape(kind, at.x+4, at.y-4, boxWidth, boxHeight))
	}
	outline := shape(kind, at.x, at.y, boxWidth, boxHeight)
	p.Raw("<g %s>%s</g>", svg.Fill(svg.Ground), outline)
	p.Raw(`<g %s fill-opacity=".13">%s</g>`, svg.Plain(kindLooks[kind]), outline)
	p.Raw(`<g %s stroke-width="1.6">%s</g>`, svg.Edge(kindLooks[kind]), outline)
	name, room := n.Label, boxWidth-22
	if n.Count > 1 {
		count := fmt.Sprintf(" ×%d", n.Count)
		name = svg.Fit(name, room-svg.Width(count, 12), 12) + count
	}
	if n.State != "" {
		n.Sub = n.State
	}
	if n.Sub == "" {
		p.Label(at.x, at.y+4, 12, "middle", svg.Ink, svg.Fit(name, room, 12), "")
	} else {
		p.Label(at.x, at.y-2, 12, "middle", svg.Ink, svg.Fit(name, room, 12), "")
		p.Label(at.x, at.y+12, 9.5, "middle", svg.Faint, svg.Fit(n.Sub, room, 9.5), "")
	}
	p.Raw("</g>\n")
}

func (p *painter) hover(n Node) string {
	s := svg.Short(svg.Line(n.Label), 200)
	if n.Count > 1 {
		s += fmt.Sprintf(" ×%d", n.Count)
	}
	if n.Sub != "" {
		s += "\n" + svg.Short(svg.Line(n.Sub), 200)
	}
	if n.About != "" {
		s += "\n" + svg.Short(n.About, 400)
	}
	return s
}

// edgeStyles tell the kinds of edges apart, by colour and by line.
var edgeStyles = [...]struct{ stroke, fill, dash, text string }{
	Waits: {svg.Edge(svg.Lock), svg.Plain(svg.Lock), "", "waits for"},
	Held:  {svg.Edge(svg.Run), svg.Plain(svg.Run), "6 3", "is held by"},
	Gone:  {svg.Stroke(svg.Alarm), svg.Fill(svg.Alarm), "2 3", "is held by a task that has ended"},
	Needs: {svg.Stroke(svg.Faint), svg.Fill(svg.Faint), "1 3", "could be let go on by"},
}

// ends returns where the line of an edge begins and ends, and by how much it is bent to the side.
func (p *painter) ends(e Edge) (a, b point, bend float64) {
	a, b = p.at[e.From], p.at[e.To]
	if e.From == e.To {
		return point{a.x - 20, a.y - boxHeight/2}, point{a.x + 20, a.y - boxHeight/2}, -30
	}
	for _, o := range p.g.Edges {
		if o.From == e.To && o.To == e.From {
			bend = 18
		}
	}
	a, b = clip(a, b), clip(b, a)
	return a, b, bend
}

// clip returns where the line from the middle of a box to another leaves the box.
func clip(a, b point) point {
	dx, dy := b.x-a.x, b.y-a.y
	t := math.Inf(1)
	if dx != 0 {
		t = (boxWidth/2 + 2) / math.Abs(dx)
	}
	if dy != 0 {
		t = min(t, (boxHeight/2+3)/math.Abs(dy))
	}
	if math.IsInf(t, 1) {
		return a
	}
	return point{a.x + dx*t, a.y + dy*t}
}

// middle returns the control point of the curve of an edge.
func middle(a, b point, bend float64) point {
	length := max(math.Hypot(b.x-a.x, b.y-a.y), 1)
	return point{(a.x+b.x)/2 + (b.y-a.y)/length*bend*2, (a.y+b.y)/2 - (b.x-a.x)/length*bend*2}
}

// branch reports whether an edge leads to the right in a tree.
func (p *painter) branch(e Edge) bool {
	return p.tree[e.From] && p.at[e.To].x-p.at[e.From].x > boxWidth
}

// line draws an edge.
func (p *painter) line(e Edge) {
	style := edgeStyles[min(e.Kind, Needs)]
	a, b, bend := p.ends(e)
	c := middle(a, b, bend)
	angle := math.Atan2(b.y-c.y, b.x-c.x)
	n := svg.Num
	var d string
	if p.branch(e) {
		a, b = p.at[e.From], p.at[e.To]
		a.x, b.x, angle = a.x+boxWidth/2+1, b.x-boxWidth/2-2, 0
		turn := b.x - 60
		if b.x-a.x > p.pitch { // boxes lie between: around them in the first gap
			turn = a.x + p.pitch - boxWidth - 64
		}
		d = fmt.Sprintf("M%s %sH%sC%s %s %s %s %s %sH%s", n(a.x), n(a.y), n(turn), n(turn+34), n(a.y), n(turn+18), n(b.y), n(turn+53), n(b.y), n(b.x-7))
	} else {
		tip := point{b.x - 7*math.Cos(angle), b.y - 7*math.Sin(angle)} // the line ends within the head
		d = fmt.Sprintf("M%s %sQ%s %s %s %s", n(a.x), n(a.y), n(c.x), n(c.y), n(tip.x), n(tip.y))
	}
	width := "1.3"
	if p.circle[[2]int{e.From, e.To}] {
		width = "2.4"
	}
	dash := ""
	if style.dash != "" {
		dash = ` stroke-dasharray="` + style.dash + `"`
	}
	p.Raw("<g>")
	p.Title(p.tells(e))
	p.Raw(`<path d="%s" %s stroke-width="%s"%s/>`, d, style.stroke, width, dash)
	p.Raw(`<path transform="translate(%s %s) rotate(%.0f)" d="M0 0l-10 -4.5v9z" %s/>`, n(b.x), n(b.y), angle*180/math.Pi, style.fill)
	p.Raw("</g>\n")
}

func (p *painter) tells(e Edge) string {
	s := fmt.Sprintf("%s %s %s", short(p.g.Nodes[e.From].Label), e.verb(), short(p.g.Nodes[e.To].Label))
	if e.Where != "" {
		s += "\n" + svg.Short(svg.Line(e.Where), 200)
	}
	if e.About != "" {
		s += "\n" + svg.Short(e.About, 400)
	}
	return s
}

// words writes what an edge means beside it: above one that is level, to the right of one that is upright, on any other.
func (p *painter) words(e Edge) {
	a, b, bend := p.ends(e)
	c := middle(a, b, bend)
	x, y := (a.x+2*c.x+b.x)/4, (a.y+2*c.y+b.y)/4
	verb := e.verb()
	for _, end := range []string{" from", " on", " for"} { // the arrow says it
		if len(verb) > len("waits for") {
			verb = strings.TrimSuffix(verb, end)
		}
	}
	lines := []string{verb}
	if e.Where != "" {
		if e.Kind == Held || e.Kind == Gone {
			lines = append(lines, "since "+e.Where)
		} else {
			lines = append(lines, e.Where)
		}
	}
	const size, high = 10.0, 12.0
	if p.branch(e) { // the line is level where it begins
		if p.written[e.From] {
			return
		}
		p.written[e.From] = true
		x, y := p.at[e.From].x+boxWidth/2+5, p.at[e.From].y
		room := p.pitch - boxWidth - 8
		p.Label(x, y-4, size, "start", svg.Ink, svg.Fit(lines[0], room, size), "")
		if len(lines) > 1 {
			p.Label(x, y+12, size, "start", svg.Faint, svg.Fit(lines[1], room, size), "")
		}
		return
	}
	room := 170.0
	anchor := "middle"
	tall := high * float64(len(lines))
	level, upright := math.Abs(a.y-b.y) < 2, math.Abs(a.x-b.x) < 2
	switch {
	case level:
		room = max(math.Abs(a.x-b.x)-2, 60)
		y -= tall + 3
		if bend != 0 && c.y > a.y {
			y += tall + 8
		}
	case upright:
		x, y, anchor = x+7, y-tall/2, "start"
	default:
		y -= tall / 2
	}
	wide := 0.0
	for i, s := range lines {
		lines[i] = svg.Fit(s, room, size)
		wide = max(wide, svg.Width(lines[i], size))
	}
	if !level && !upright {
		p.Raw(`<path d="%s" %s fill-opacity=".85"/>`, svg.Rect(x-wide/2-2, y, wide+4, tall+1), svg.Fill(svg.Ground))
	}
	for i, s := range lines {
		paint := svg.Ink
		if i > 0 {
			paint = svg.Faint
		}
		p.Label(x, y+9+high*float64(i), size, anchor, paint, s, "")
	}
}

// legend explains the shapes and lines that the graph has, from y on, and returns where what follows may stand.
func (p *painter) legend(y float64) float64 {
	x := margin
	var kinds [len(kindLooks)]bool
	for _, n := range p.g.Nodes {
		kinds[min(n.Kind, Other)] = true
	}
	for k, ok := range kinds {
		if !ok {
			continue
		}
		kind := Kind(k)
		p.Raw(`<g %s stroke-width="1.4">%s</g>`, svg.Edge(kindLooks[kind]), shape(kind, x+11, y-4, 22, 12))
		p.Label(x+28, y, 10.5, "start", svg.Faint, kindWords[kind], "")
		x += 28 + svg.Width(kindWords[kind], 10.5) + 16
	}
	var edges [len(edgeStyles)]bool
	for _, e := range p.g.Edges {
		edges[min(e.Kind, Needs)] = true
	}
	for k, ok := range edges {
		if !ok {
			continue
		}
		s := edgeStyles[k]
		width := 32 + svg.Width(s.text, 10.5) + 16
		if x+width > pageWidth-margin {
			x, y = margin, y+17
		}
		dash := ""
		if s.dash != "" {
			dash = ` stroke-dasharray="` + s.dash + `"`
		}
		p.Raw(`<path d="M%s %sh19" %s stroke-width="1.6"%s/><path d="M%s %sl-8 -3.6v7.2z" %s/>`,
			svg.Num(x), svg.Num(y-4), s.stroke, dash, svg.Num(x+25), svg.Num(y-4), s.fill)
		p.Label(x+31, y, 10.5, "start", svg.Faint, s.text, "")
		x += width
	}
	if len(p.circle) > 0 {
		text := "thick: part of a circle"
		if x+svg.Width(text, 10.5) > pageWidth-margin {
			x, y = margin, y+17
		}
		p.Label(x, y, 10.5, "start", svg.Faint, text, "")
	}
	return y + 20
}
