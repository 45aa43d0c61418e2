package timeline

import (
	"fmt"
	"strings"
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/svg"
)

// bandSteps is into how many steps the length of a chart is divided for bands.
const bandSteps = 240

// band draws how many of a group did what, stacked.
func (p *painter) band(i int) {
	l := &p.chart.Lanes[i]
	b := l.Band
	bottom := p.top[i+1] - 3
	height := bottom - p.top[i] - 4
	if b.Top <= 0 || len(b.Levels) == 0 {
		return
	}
	join := max(1, int(p.least/1.5)) // steps drawn as one
	steps := averages(b.Levels, join)
	width := plotWidth / float64(len(b.Levels)) * float64(join)
	base := make([]float64, len(steps))
	high := make([]float64, len(steps))
	for k, look := range b.Looks {
		for s := range steps {
			high[s] = base[s] + steps[s][k]
		}
		d := stairs(base, high, func(s int) string { return svg.Num(min(plotLeft+float64(s)*width, plotRight)) },
			func(level float64) string { return svg.Num(bottom - level/b.Top*height) })
		if d != "" {
			p.Raw(`<path d="%s" %s/>`, d, p.Look(look))
		}
		copy(base, high)
	}
	p.Raw(`<path d="M%s %sH%s" %s stroke-width="1"/>`, svg.Num(plotLeft), svg.Num(bottom), svg.Num(plotRight), svg.Stroke(svg.Faint))
	p.Label(plotLeft-4, p.top[i]+11, 9, "end", svg.Faint.As(svg.Place), thousands(int(b.Top)), "")
	p.Label(plotLeft-4, bottom, 9, "end", svg.Faint.As(svg.Place), "0", "")
	p.bandTitles(b, p.top[i]+1, bottom)
}

// stairs returns the outline of what lies between two levels at each step, in pieces where nothing does.
func stairs(low, high []float64, x func(int) string, y func(float64) string) string {
	var d strings.Builder
	for s := 0; s < len(low); s++ {
		if y(low[s]) == y(high[s]) {
			continue
		}
		first := s
		d.WriteString("M" + x(s) + " " + y(low[s]))
		at := ""
		for ; s < len(low) && y(low[s]) != y(high[s]); s++ {
			if y(high[s]) != at {
				if at != "" {
					d.WriteString("H" + x(s))
				}
				at = y(high[s])
				d.WriteString("V" + at)
			}
		}
		d.WriteString("H" + x(s))
		at = ""
		for t := s - 1; t >= first; t-- {
			if y(low[t]) != at {
				if at != "" {
					d.WriteString("H" + x(t+1))
				}
				at = y(low[t])
				d.WriteString("V" + at)
			}
		}
		d.WriteString("z")
	}
	return d.String()
}

// averages joins n steps at a time.
func averages(levels [][]float64, n int) [][]float64 {
	if n == 1 {
		return levels
	}
	var all [][]float64
	for s := 0; s < len(levels); s += n {
		some := levels[s:min(s+n, len(levels))]
		sum := make([]float64, len(levels[s]))
		for _, step := range some {
			for k, v := range step {
				sum[k] += v / float64(len(some))
			}
		}
		all = append(all, sum)
	}
	return all
}

// bandTitles lays invisible shapes over a band that tell the numbers on hover.
func (p *painter) bandTitles(b *Band, top, bottom float64) {
	const parts = 30
	n := max(1, len(b.Levels)/parts)
	steps := averages(b.Levels, n)
	width := plotWidth / float64(len(b.Levels)) * float64(n)
	p.Open(`fill-opacity="0"`)
	for s, levels := range steps {
		var text strings.Builder
		from := p.chart.Length * time.Duration(s*n) / time.Duration(len(b.Levels))
		to := min(p.chart.Length, p.chart.Length*time.Duration((s+1)*n)/time.Duration(len(b.Levels)))
		fmt.Fprintf(&text, "%s to %s, on average", Short(from), Short(to))
		some := false
		for k, look := range b.Looks {
			if levels[k] >= 0.05 {
				some = true
				fmt.Fprintf(&text, "\n%.1f %s", levels[k], p.word(look))
			}
		}
		if x := plotLeft + float64(s)*width; some {
			p.Path(svg.Rect(x, top, min(width, plotRight-x), bottom-top), text.String())
		}
	}
	p.Close()
}

// word returns the text of the legend for a look.
func (p *painter) word(look Look) string {
	for _, k := range p.chart.Legend {
		if k.Look == look {
			return k.Text
		}
	}
	return "?"
}
