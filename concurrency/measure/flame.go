package measure

import (
	"cmp"
	"slices"

	"github.com/gobraid/gobraid/concurrency/internal/svg"
)

// A node is a frame in the tree of calls.
type node struct {
	frame Frame
	value float64
	count int64
	calls []*node
	index map[Frame]*node // of calls
}

// tree puts stacks together that begin with the same frames. The root stands for all.
func tree(stacks []Stack) *node {
	root := &node{frame: Frame{Func: "all"}, index: map[Frame]*node{}}
	for _, s := range stacks {
		at := root
		at.value += s.Value
		at.count += s.Count
		for _, f := range s.Frames {
			at = at.call(f.key())
			at.value += s.Value
			at.count += s.Count
		}
	}
	root.sort()
	return root
}

func (n *node) call(f Frame) *node {
	c := n.index[f]
	if c == nil {
		c = &node{frame: f, index: map[Frame]*node{}}
		n.index[f] = c
		n.calls = append(n.calls, c)
	}
	return c
}

func (n *node) sort() {
	slices.SortFunc(n.calls, func(a, b *node) int {
		if c := cmp.Compare(b.value, a.value); c != 0 {
			return c
		}
		return compareFrames(a.frame, b.frame)
	})
	for _, c := range n.calls {
		c.sort()
	}
}

// Sizes of a flame graph.
const (
	flameRow   = 19.0
	flameWidth = pageWidth - 2*margin
	maxDepth   = 40
	maxBytes   = 380_000 // of a picture, as far as leaving out narrow calls helps
)

// leastWidths are how wide a call must be to be drawn; the next one is tried when the picture gets too large.
var leastWidths = []float64{0.8, 2, 4, 8, 20}

var kindLooks = [kinds]svg.Look{Code: svg.Tint, Library: svg.Tint + 2, Runtime: svg.Other, Interpreted: svg.Tint + 3, Task: svg.Tint + 4, Wait: svg.Tint + 1}

// plainKind fills a shape with the colour of a kind, solidly.
func plainKind(k Kind) string { return svg.Plain(kindLooks[k]) }

// SVG returns the profile as a flame graph that hangs from the top: below each call what it calls, as wide as its share.
func (p *Profile) SVG() string {
	root, text := tree(p.stacks), p.String()
	var picture []byte
	for _, least := range leastWidths {
		if picture = p.flame(root, text, least); len(picture) <= maxBytes {
			break
		}
	}
	return string(picture)
}

// flame draws calls that are at least so wide.
func (p *Profile) flame(root *node, text string, least float64) []byte {
	c := svg.New()
	heading(c, p.title, p.amount())
	g := &flame{c: c, total: root.value, least: least, used: map[Kind]bool{}}
	const top = 56.0
	if root.value > 0 {
		g.box(root, margin, top, flameWidth, 0)
	}
	bottom := top + float64(g.depth)*flameRow + 16
	bottom = legend(c, bottom, g.used)
	notes := slices.Clone(p.notes)
	if g.deep > 0 {
		notes = append(notes, count(g.deep, "call")+" further down "+is(g.deep)+" not drawn.")
	}
	if g.narrow > 0 {
		notes = append(notes, count(g.narrow, "call")+" "+is(g.narrow)+" too narrow to be drawn.")
	}
	bottom = footer(c, bottom, notes)
	return c.Finish(pageWidth, bottom+6, p.title, text)
}

func is(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// heading writes the title of a picture and a line below it.
func heading(c *svg.Canvas, title, sub string) {
	c.Label(margin, 24, 15, "start", svg.Ink, svg.Fit(title, flameWidth, 15), ` font-weight="600"`)
	c.Label(margin, 42, 11.5, "start", svg.Faint, svg.Fit(sub, flameWidth, 11.5), "")
}

// legend says what the colours are, and returns where it ends.
func legend(c *svg.Canvas, y float64, used map[Kind]bool) float64 {
	x := margin
	for k := range Kind(kinds) {
		if !used[k] {
			continue
		}
		text := k.String()
		c.Raw(`<g %s><path d="%s"/></g>`, plainKind(k), svg.Rect(x, y-9, 12, 10))
		c.Label(x+17, y, 10.5, "start", svg.Faint, text, "")
		x += 17 + svg.Width(text, 10.5) + 22
	}
	if x == margin {
		return y
	}
	return y + 18
}

// footer writes notes, each in as many lines as it takes, and returns where they end.
func footer(c *svg.Canvas, y float64, notes []string) float64 {
	for _, n := range notes {
		for _, line := range wrap(n, flameWidth, 10.5) {
			c.Label(margin, y, 10.5, "start", svg.Faint, line, ` font-style="italic"`)
			y += 15
		}
	}
	return y
}

// A flame draws a tree.
type flame struct {
	c            *svg.Canvas
	total, least float64
	depth        int
	deep, narrow int
	used         map[Kind]bool
}

// box draws a node and below it what it calls.
func (g *flame) box(n *node, x, y, width float64, depth int) {
	g.depth = max(g.depth, depth+1)
	look := svg.Fill(svg.Grid)
	paint := svg.Ink
	if depth > 0 {
		look, paint = plainKind(n.frame.Kind), svg.Paper
		g.used[n.frame.Kind] = true
	}
	text := n.frame.String()
	g.c.Raw("<g>")
	g.c.Title(text + ": " + format(n.value, "s") + ", " + percent(n.value, g.total) + ", " + count(int(n.count), "time"))
	g.c.Raw(`<g %s><path d="%s"/></g>`, look, svg.Rect(x, y, max(width-0.8, 0.4), flameRow-1))
	if width > 24 {
		if depth == 0 {
			text = "all: " + format(n.value, "s")
		}
		g.c.Label(x+4, y+13, 11, "start", paint, svg.Fit(text, width-8, 11), "")
	}
	g.c.Raw("</g>\n")
	for _, c := range n.calls {
		w := width * c.value / n.value
		switch {
		case depth+1 >= maxDepth:
			g.deep++
		case w < g.least:
			g.narrow++
		default:
			g.box(c, x, y+flameRow, w, depth+1)
		}
		x += w
	}
}
