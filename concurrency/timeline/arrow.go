package timeline

import (
	"fmt"
	"math"

	"github.com/gobraid/gobraid/concurrency/internal/svg"
)

// arrowStyles say how arrows are drawn: apart by colour, by line and by head.
var arrowStyles = [arrowKinds]struct {
	stroke, fill string
	dash         string
	head         string // path around the tip, which points to the right
	text         string
}{
	ArrowValue:  {svg.Stroke(svg.Value), svg.Fill(svg.Value), "", "m0 0l-6 -2.6v5.2z", "value"},
	ArrowClose:  {svg.Stroke(svg.Value), svg.Fill(svg.Value), "5 2", "m-1 -3.5h1.6v7h-1.6z", "close"},
	ArrowUnlock: {svg.Stroke(svg.Free), svg.Fill(svg.Free), "2 2", "m0 0l-6 -2.6v5.2z", "unlock"},
	ArrowDone:   {svg.Stroke(svg.Done), svg.Fill(svg.Done), "7 2", "m-5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0z", "done"},
	ArrowCancel: {svg.Stroke(svg.Alarm), svg.Fill(svg.Alarm), "4 2 1 2", "m0 0l-3 -3l-3 3l3 3z", "cancel"},
}

// bandGap is how far arrows from or to a band are apart at least.
const bandGap = 16.0

// drawn is an arrow that is drawn, for itself and for like ones beside it.
type drawn struct {
	Arrow
	index int
	more  int
}

// arrowsOver draws the arrows, as many as can be told from each other.
func (p *painter) arrowsOver() {
	all, shown := p.shown, 0
	for kind := range arrowKinds {
		style := arrowStyles[kind]
		lines, heads, some := "", "", false
		for _, a := range all {
			if int(a.Kind) != kind {
				continue
			}
			some = true
			shown++
			if !p.about {
				line, head := p.arrow(a.Arrow, style.head)
				lines, heads = lines+line, heads+head
			}
		}
		if !some {
			continue
		}
		dash := ""
		if style.dash != "" {
			dash = ` stroke-dasharray="` + style.dash + `"`
		}
		p.Open(`stroke-width="1.2" stroke-opacity=".8"` + dash)
		p.Open(style.stroke)
		if lines != "" {
			p.Path(lines, "")
		}
		for _, a := range all {
			if int(a.Kind) == kind && p.about {
				line, _ := p.arrow(a.Arrow, style.head)
				p.Path(line, p.says(a))
			}
		}
		p.Close()
		p.Close()
		p.Raw("<g %s>", style.fill)
		if heads != "" {
			p.Raw("%s", heads)
		}
		for _, a := range all {
			if int(a.Kind) == kind && p.about {
				_, head := p.arrow(a.Arrow, style.head)
				p.Raw("%s", head)
			}
		}
		p.Close()
	}
	if total := len(p.chart.Arrows); shown < total {
		p.notes = append([]string{fmt.Sprintf("%s of %s arrows are drawn; the others are too close to one of these or stay within a lane.",
			thousands(shown), thousands(total))}, p.notes...)
	}
}

// says returns the text on hover over an arrow.
func (p *painter) says(a drawn) string {
	if p.chart.DescribeArrow == nil {
		return ""
	}
	text := p.chart.DescribeArrow(a.index)
	if a.more > 0 {
		text += fmt.Sprintf("\nand %s more like it", thousands(a.more))
	}
	return text
}

// thin leaves out arrows that would lie on others, more and more until few enough are left.
func (p *painter) thin() []drawn {
	type place struct {
		kind     ArrowKind
		from, to int
		at       int
	}
	limit := p.detail.arrows
	if len(p.chart.Lanes) > 20 { // they are long there
		limit = limit * 2 / 3
	}
	for grid := 5.0; ; grid *= 1.6 {
		index := map[place]int{}
		var all []drawn
		for i, a := range p.chart.Arrows {
			if a.From == a.To || limit == 0 {
				continue
			}
			apart := grid
			if lanes := p.chart.Lanes; lanes[a.From].Band != nil || lanes[a.To].Band != nil {
				apart = max(apart, bandGap)
			}
			at := place{a.Kind, a.From, a.To, int((p.x(a.Got) - plotLeft) / apart)}
			if k, ok := index[at]; ok {
				all[k].more++
				continue
			}
			index[at] = len(all)
			all = append(all, drawn{Arrow: a, index: i})
		}
		if len(all) <= limit {
			return all
		}
		if grid > plotWidth/8 {
			return every(all, limit)
		}
	}
}

// every returns n of the arrows, evenly spread.
func every(all []drawn, n int) []drawn {
	var some []drawn
	for i, a := range all {
		if i*n/len(all) != (i-1)*n/len(all) || i == 0 {
			some = append(some, a)
		}
	}
	return some[:min(len(some), n)]
}

// arrow returns the line and the head of an arrow.
func (p *painter) arrow(a Arrow, head string) (line, tip string) {
	x0, x1 := p.x(a.Sent), p.x(a.Got)
	y0, y1 := p.middle(a.From), p.middle(a.To)
	side := math.Copysign(1, y1-y0)
	y0, y1 = y0+side*p.edge(a.From), y1-side*p.edge(a.To)
	line = "M" + svg.Num(x0) + " " + svg.Num(y0) + "L" + svg.Num(x1) + " " + svg.Num(y1)
	angle := math.Atan2(y1-y0, x1-x0) * 180 / math.Pi
	tip = fmt.Sprintf(`<path transform="translate(%s %s) rotate(%.0f)" d="%s"/>`, svg.Num(x1), svg.Num(y1), angle, "M0 0"+head)
	return line, tip
}
