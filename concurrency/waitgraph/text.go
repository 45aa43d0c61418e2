package waitgraph

import (
	"fmt"
	"strings"

	"github.com/gobraid/gobraid/concurrency/internal/svg"
)

// textTasks is how many tasks a text lists at most.
const textTasks = 40

// Text tells what [SVG] draws: for each task what it waits for, where, and who holds that since where; and each circle of
// waiting in order.
func Text(g Graph) string {
	g = g.valid()
	out := g.out()
	var s strings.Builder
	listed, left := 0, 0
	for v, n := range g.Nodes {
		if n.Kind != Task || len(out[v]) == 0 && n.State == "" {
			continue
		}
		if listed == textTasks {
			left += max(n.Count, 1)
			continue
		}
		listed++
		fmt.Fprintf(&s, "- %s\n", g.says(v, out))
	}
	if left > 0 {
		fmt.Fprintf(&s, "- and %d more\n", left)
	}
	for _, c := range g.Cycles() {
		fmt.Fprintf(&s, "Circle: %s\n", g.circle(c, out))
	}
	if g.Note != "" {
		fmt.Fprintf(&s, "%s\n", g.Note)
	}
	return s.String()
}

// name names a node, with its count and its second label.
func (g Graph) name(v int) string {
	n := g.Nodes[v]
	name := short(n.Label)
	if n.Count > 1 {
		name += fmt.Sprintf(" ×%d", n.Count)
	}
	if n.Sub != "" {
		name += " (" + short(n.Sub) + ")"
	}
	return name
}

func short(s string) string { return svg.Short(svg.Line(s), 80) }

// says tells of a task what it waits for and who holds that.
func (g Graph) says(v int, out [][]int) string {
	s := g.name(v)
	if len(out[v]) == 0 {
		return s + ": " + svg.Short(svg.Line(g.Nodes[v].State), 160)
	}
	for i, e := range out[v] {
		if i > 0 {
			s += " or"
		}
		if i == 5 && len(out[v]) > 6 {
			s += fmt.Sprintf(" %d others", len(out[v])-i)
			break
		}
		s += " " + g.step(e)
		to := g.Edges[e].To
		for k, h := range out[to] {
			if k > 0 {
				s += " and"
			} else {
				s += ","
			}
			if k == 5 && len(out[to]) > 6 {
				s += fmt.Sprintf(" by %d others", len(out[to])-k)
				break
			}
			s += " " + g.step(h)
		}
	}
	return s
}

// step tells where an edge leads.
func (g Graph) step(i int) string {
	e := g.Edges[i]
	s := e.verb() + " " + short(g.Nodes[e.To].Label)
	where := short(e.Where)
	switch {
	case e.Kind == Gone && where != "":
		s += " since " + where + ", which has ended"
	case e.Kind == Gone:
		s += ", which has ended"
	case e.Kind == Held && where != "":
		s += " since " + where
	case where != "":
		s += " at " + where
	}
	return s
}

// circle tells a circle in order. Of a long one the middle is left out.
func (g Graph) circle(c []int, out [][]int) string {
	const ends = 12
	s := short(g.Nodes[c[0]].Label)
	for i, v := range c {
		if len(c) > 3*ends && i >= ends && i < len(c)-ends {
			if i == ends {
				s += fmt.Sprintf(", and so on for %d steps", len(c)-2*ends)
			}
			continue
		}
		next := c[(i+1)%len(c)]
		if i > 0 && g.Nodes[v].Kind == Task {
			s += ", which"
		} else if i > 0 {
			s += ","
		}
		for _, e := range out[v] {
			if g.Edges[e].To == next {
				s += " " + g.step(e)
				break
			}
		}
	}
	return s + "."
}
