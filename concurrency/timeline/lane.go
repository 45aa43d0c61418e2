package timeline

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/svg"
)

// lane draws the labels and the spans of a lane.
func (p *painter) lane(i int) {
	l := &p.chart.Lanes[i]
	p.Raw("<g>")
	p.labels(i)
	if l.Band != nil {
		p.band(i)
	} else {
		p.spans(i)
	}
	p.Raw("</g>\n")
}

// labels writes what stands to the left of a lane.
func (p *painter) labels(i int) {
	l := &p.chart.Lanes[i]
	x := margin + indent*float64(min(l.Depth, maxDepth))
	room := plotLeft - 12 - x
	y, lines := p.middle(i), p.lines
	if l.Band != nil {
		lines = 2
	}
	p.Raw("<g>")
	if l.About != "" {
		p.Title(l.About)
	}
	if lines == 2 && l.Where != "" {
		p.Label(x, y-2, 12, "start", svg.Ink.As(svg.Name), svg.Fit(l.Name, room, 12), "")
		p.Label(x, y+10, 9.5, "start", svg.Faint.As(svg.Place), svg.Fit(l.Where, room, 9.5), "")
	} else {
		name := svg.Fit(l.Name, room, 11)
		p.Label(x, y+4, 11, "start", svg.Ink.As(svg.Name), name, "")
		if rest := room - svg.Width(name, 11) - 10; rest > 36 {
			p.Label(plotLeft-12, y+3.5, 9, "end", svg.Faint.As(svg.Place), svg.Fit(l.Where, rest, 9), "")
		}
	}
	p.Raw("</g>")
}

// spans draws what a single task, or whatever the lane stands for, did.
func (p *painter) spans(i int) {
	l := &p.chart.Lanes[i]
	y := p.middle(i)
	x0, x1 := p.x(l.Start), p.x(l.End)
	p.Raw(`<path d="M%s %sH%s" %s stroke-width="1"/>`, svg.Num(x0), svg.Num(y), svg.Num(max(x1, x0+1)), svg.Stroke(svg.Grid))
	var paths [svg.Looks]looked
	for _, s := range p.compact(l) {
		s.draw(p, l, y, &paths)
	}
	for look := range paths {
		paths[look].write(p, Look(look))
	}
	p.written(l, y)
	p.final(l.Mark, x1, y)
}

// looked collects the shapes of a lane that have the same look.
type looked struct {
	silent strings.Builder // shapes without text, in one path
	titled []titled
}

type titled struct{ d, title string }

func (k *looked) add(d, title string) {
	if title == "" {
		k.silent.WriteString(d)
		return
	}
	k.titled = append(k.titled, titled{d, title})
}

func (k *looked) write(p *painter, look Look) {
	if k.silent.Len() == 0 && len(k.titled) == 0 {
		return
	}
	p.Open(p.Look(look))
	if k.silent.Len() > 0 {
		p.Path(k.silent.String(), "")
	}
	for _, t := range k.titled {
		p.Path(t.d, t.title)
	}
	p.Close()
}

// A piece is what is drawn at once: a span, or several that are too narrow.
type piece struct {
	x0, x1   float64
	from, to time.Duration
	first, n int
	shares   [svg.Looks]time.Duration
}

// compact makes pieces of the spans of a lane, each at least p.least units wide unless it stands between wide ones.
func (p *painter) compact(l *Lane) []piece {
	var all []piece
	var some piece
	flush := func() {
		if some.n > 0 {
			all = append(all, some)
		}
		some = piece{}
	}
	for i, s := range l.Spans {
		x0, x1 := p.x(s.From), p.x(s.To)
		if x1-x0 >= p.least {
			flush()
			one := piece{x0: x0, x1: x1, from: s.From, to: s.To, first: i, n: 1}
			one.shares[s.Look] = s.To - s.From
			all = append(all, one)
			continue
		}
		if some.n > 0 && x0-some.x1 >= p.least {
			flush()
		}
		if some.n == 0 {
			some = piece{x0: x0, from: s.From, first: i}
		}
		some.x1, some.to = x1, s.To
		some.n++
		some.shares[s.Look] += s.To - s.From
		if some.x1-some.x0 >= p.least {
			flush()
		}
	}
	flush()
	return all
}

// draw adds the shapes of a piece. Several spans are stacked, each look with the part of its height that is its share of the time, because none
// of them could be seen beside the others.
func (s *piece) draw(p *painter, l *Lane, y float64, paths *[svg.Looks]looked) {
	width := max(s.x1-s.x0, 0.5)
	if s.n == 1 {
		title := ""
		if l.Describe != nil && (p.about || s.x1-s.x0 >= 3) {
			title = l.Describe(s.first)
		}
		look := l.Spans[s.first].Look
		h := look.Height() * p.bar
		paths[look].add(svg.Rect(s.x0, y-h/2, width, h), title)
		return
	}
	title := ""
	if p.about {
		title = s.words(p)
	}
	part := func(look Look) float64 {
		return look.Height() * p.bar * float64(s.shares[look]) / float64(max(s.to-s.from, 1))
	}
	base := y
	for k := range s.shares {
		base += part(Look(k)) / 2
	}
	for k := range s.shares {
		if h := part(Look(k)); h >= 0.3 {
			base -= h
			paths[k].add(svg.Rect(s.x0, base, width, h), title)
			title = "" // once is enough: the shapes are narrow
		}
	}
}

// words tells what a piece of several spans is made of.
func (s *piece) words(p *painter) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s spans from %s to %s (%s)", thousands(s.n), Short(s.from), Short(s.to), Short(s.to-s.from))
	for _, k := range p.chart.Legend {
		if share := s.shares[k.Look]; share > 0 {
			fmt.Fprintf(&b, "\n%s %s", percent(share, s.to-s.from), k.Text)
		}
	}
	return b.String()
}

// written writes the labels of spans that have room for one: on a full bar, below one that is lower, if the lane is high enough. Of
// a label that does not fit, the number at its end may, or what stands before a comma.
func (p *painter) written(l *Lane, y float64) {
	for _, s := range l.Spans {
		room := p.x(s.To) - p.x(s.From) - 6
		if s.Label == "" || room < 5 {
			continue
		}
		text := svg.Line(s.Label)
		size, dy, paint := math.Min(p.bar-3, 10), 0.36*math.Min(p.bar-3, 10), svg.Paper
		on := s.Look.Height() == 1
		if !on {
			if !p.labelled {
				continue
			}
			size, dy, paint = 8.5, 14.5, svg.Faint.As(svg.Place)
		}
		if svg.Width(text, size) > room {
			if on {
				text = text[len(strings.TrimRight(text, "0123456789")):]
			} else {
				text, _, _ = strings.Cut(text, ", ")
			}
		}
		if text != "" && svg.Width(text, size) <= room {
			p.Label(p.x(s.From)+3, y+dy, size, "start", paint, text, ` pointer-events="none"`)
		}
	}
}

// final draws the sign at the end of a lane.
func (p *painter) final(f Final, x, y float64) {
	h := p.bar / 2
	switch f {
	case FinalEnd:
		p.Raw(`<path d="M%s %sv%s" %s stroke-width="1.5"/>`, svg.Num(x), svg.Num(y-h), svg.Num(2*h), svg.Stroke(svg.Faint))
	case FinalAlive:
		p.Raw(`<path d="M%s %sl6 4l-6 4z" %s><title>still alive</title></path>`, svg.Num(x), svg.Num(y-4), svg.Fill(svg.Faint))
	case FinalBad:
		p.Raw(`<path d="M%s %sl8 8m0 -8l-8 8" %s stroke-width="2.5"><title>panicked</title></path>`,
			svg.Num(x-4), svg.Num(y-4), svg.Stroke(svg.Alarm))
	case FinalKill:
		p.Raw(`<path d="%s" %s><title>told to end</title></path>`, svg.Rect(x-1, y-4, 7, 7), svg.Fill(svg.Alarm))
	}
}
