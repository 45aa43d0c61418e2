package timeline

import (
	"fmt"

	"github.com/gobraid/gobraid/concurrency/internal/svg"
)

// signGap is how near signs may be to each other before they are drawn as one.
const signGap = 5.0

// signs draws the small marks of a lane at its upper edge.
func (p *painter) signs(i int) {
	l := &p.chart.Lanes[i]
	gap := max(signGap, p.least*2)
	if len(l.Signs) > 60 {
		gap = max(gap, 3*signGap)
	}
	y := p.middle(i) - p.bar/2 - 1
	if l.Band != nil {
		y = p.top[i] + 4
	}
	for k := 0; k < len(l.Signs); {
		first, alarm := l.Signs[k], l.Signs[k].Alarm
		text, n := first.Text, 1
		for k+n < len(l.Signs) && p.x(l.Signs[k+n].At)-p.x(first.At) < gap {
			s := l.Signs[k+n]
			alarm = alarm || s.Alarm
			if n < 5 {
				text += "\n" + s.Text
			}
			n++
		}
		if n > 5 {
			text += fmt.Sprintf("\nand %s more lines", thousands(n-5))
		}
		p.sign(p.x(first.At), y, alarm, n > 1, text)
		k += n
	}
}

func (p *painter) sign(x, y float64, alarm, several bool, text string) {
	shape, paint := "m-2.6 -2.6h5.2l-2.6 5z", svg.Ink
	if several {
		shape = "m-3.4 -3.4h6.8l-3.4 6.2z"
	}
	if alarm {
		shape, paint = "m0 -3.6l3.4 3.4l-3.4 3.4l-3.4 -3.4z", svg.Alarm
	}
	p.Raw(`<path d="M%s %s%s" %s><title>%s</title></path>`, svg.Num(x), svg.Num(y), shape, svg.Fill(paint), svg.Text(text))
}
