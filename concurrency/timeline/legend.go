package timeline

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/svg"
)

// tick writes a time of an axis of a length.
func tick(t, length time.Duration) string {
	if t == 0 || length >= time.Minute {
		return Short(t)
	}
	u := unitOf(length)
	return strconv.FormatFloat(float64(t)/float64(u.size), 'g', 6, 64) + " " + u.name
}

// legend explains the looks and arrows that the chart has, from y on, and returns where it ends.
func (p *painter) legend(y float64) float64 {
	x := margin
	place := func(width float64) {
		if x+width > pageWidth-margin && x > margin {
			x, y = margin, y+17
		}
	}
	for _, k := range p.chart.Legend {
		k.Text = svg.Fit(k.Text, 180, 10.5)
		width := 26 + svg.Width(k.Text, 10.5) + 14
		if k.Text == "" { // the next one says it for both
			width = 22
		}
		place(width)
		h := k.Look.Height() * 12
		p.Raw(`<path d="%s" %s/>`, svg.Rect(x, y-4-h/2, 20, h), p.Look(k.Look))
		p.Label(x+26, y, 10.5, "start", svg.Faint, k.Text, "")
		x += width
	}
	var used [arrowKinds]bool
	for _, a := range p.shown {
		used[a.Kind] = true
	}
	for kind, ok := range used {
		if !ok {
			continue
		}
		s := arrowStyles[kind]
		width := 26 + svg.Width(s.text, 10.5) + 14
		place(width)
		dash := ""
		if s.dash != "" {
			dash = ` stroke-dasharray="` + s.dash + `"`
		}
		p.Raw(`<path d="M%s %sh20" %s stroke-width="1.2"%s/>`, svg.Num(x), svg.Num(y-4), s.stroke, dash)
		p.Raw(`<path d="M%s %s%s" %s/>`, svg.Num(x+20), svg.Num(y-4), s.head, s.fill)
		p.Label(x+26, y, 10.5, "start", svg.Faint, s.text, "")
		x += width
	}
	if p.has(func(l *Lane) bool { return l.Parent != 0 }) {
		place(112)
		p.Raw(`<path d="M%s %sv10" %s stroke-width="1" stroke-dasharray="1 2"/>`, svg.Num(x+4), svg.Num(y-9), svg.Stroke(svg.Faint))
		p.Label(x+12, y, 10.5, "start", svg.Faint, "starts a task", "")
		x += 94
	}
	for _, k := range []struct {
		alarm bool
		text  string
	}{{false, p.chart.Sign}, {true, p.chart.Alarm}} {
		if !p.has(func(l *Lane) bool {
			return slices.ContainsFunc(l.Signs, func(s Sign) bool { return s.Alarm == k.alarm })
		}) {
			continue
		}
		width := 14 + svg.Width(k.text, 10.5) + 14
		place(width)
		p.sign(x+6, y-4, k.alarm, false, k.text)
		p.Label(x+14, y, 10.5, "start", svg.Faint, k.text, "")
		x += width
	}
	for _, f := range []struct {
		final Final
		text  string
	}{{FinalAlive, "still alive"}, {FinalBad, "panicked"}, {FinalKill, "told to end"}} {
		if !p.has(func(l *Lane) bool { return l.Mark == f.final }) {
			continue
		}
		place(90)
		bar := p.bar
		p.bar = 10
		p.final(f.final, x+4, y-4)
		p.bar = bar
		p.Label(x+16, y, 10.5, "start", svg.Faint, f.text, "")
		x += 16 + svg.Width(f.text, 10.5) + 14
	}
	return y + 16
}

func (p *painter) has(ok func(*Lane) bool) bool {
	for i := range p.chart.Lanes {
		if ok(&p.chart.Lanes[i]) {
			return true
		}
	}
	return false
}

// footer writes the notes from y on and returns where they end.
func (p *painter) footer(y float64) float64 {
	for _, note := range p.notes {
		for _, line := range wrap(note, 150) {
			p.Label(margin, y, 10.5, "start", svg.Faint, line, ` font-style="italic"`)
			y += 14
		}
	}
	return y
}

// wrap breaks a text into lines of about n characters.
func wrap(text string, n int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		word = svg.Short(word, n)
		if line != "" && len(line)+1+len(word) > n {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		lines = append(lines, line)
	}
	if len(lines) > 6 {
		lines = append(lines[:5], fmt.Sprintf("… (%d more lines)", len(lines)-5))
	}
	return lines
}
