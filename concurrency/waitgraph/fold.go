package waitgraph

import (
	"fmt"
	"slices"
)

// maxNodes is how many nodes a picture has at most.
const maxNodes = 30

// plenty is how many nodes a graph has before those that are alike are joined.
const plenty = 18

// folded returns a graph of at most maxNodes nodes that stands for g: first tasks that wait for the same, at the same place,
// and hold nothing, become one; then the middle of long circles and what is left over are left out, and the note says so.
func (g Graph) folded() Graph {
	if len(g.Nodes) <= plenty {
		return g
	}
	g = g.alike()
	if len(g.Nodes) <= maxNodes {
		return g
	}
	return g.cut()
}

// alike joins tasks that nobody waits for and that wait for the same at the same place.
func (g Graph) alike() Graph {
	out := g.out()
	held := make([]bool, len(g.Nodes))
	for _, e := range g.Edges {
		held[e.To] = true
	}
	to := make([]int, len(g.Nodes))
	index := map[string]int{}
	folded := Graph{Title: g.Title, Note: g.Note}
	for v, n := range g.Nodes {
		key := fmt.Sprintf("%d %s", n.Kind, n.Sub)
		for _, e := range out[v] {
			key += fmt.Sprintf("|%d %d %s %s", g.Edges[e].To, g.Edges[e].Kind, g.Edges[e].Verb, g.Edges[e].Where)
		}
		i, ok := index[key]
		if n.Kind != Task || held[v] || !ok {
			to[v] = len(folded.Nodes)
			if n.Kind == Task && !held[v] {
				index[key] = to[v]
			}
			n.Count = max(n.Count, 1)
			folded.Nodes = append(folded.Nodes, n)
			continue
		}
		to[v] = i
		first := &folded.Nodes[i]
		first.Count += max(n.Count, 1)
		first.Label = common(first.Label, n.Label)
	}
	for _, e := range g.Edges {
		e.From, e.To = to[e.From], to[e.To]
		if !slices.Contains(folded.Edges, e) {
			folded.Edges = append(folded.Edges, e)
		}
	}
	return folded
}

// common returns what two names begin with, without the number that follows, or "tasks".
func common(a, b string) string {
	x, y := []rune(a), []rune(b)
	n := 0
	for n < min(len(x), len(y)) && x[n] == y[n] {
		n++
	}
	for n > 0 && (x[n-1] == ' ' || x[n-1] == '-' || x[n-1] == '#' || x[n-1] >= '0' && x[n-1] <= '9') {
		n--
	}
	if n == 0 {
		return "tasks"
	}
	return string(x[:n])
}

// cut leaves nodes out until there are few enough. Circles come first; of one that is too long the middle becomes one
// node that stands for all in it.
func (g Graph) cut() Graph {
	keep := make([]bool, len(g.Nodes))
	kept := 0
	use := func(v int) {
		if !keep[v] && kept < maxNodes-1 {
			keep[v] = true
			kept++
		}
	}
	type bridge struct{ from, to, tasks int }
	var bridges []bridge
	for _, c := range g.Cycles() {
		if room := maxNodes - 1 - kept; len(c) > room {
			if room < 8 {
				continue
			}
			half := room/2 - 1
			b := bridge{from: c[half-1], to: c[len(c)-half]}
			for _, v := range c[half : len(c)-half] {
				if g.Nodes[v].Kind == Task {
					b.tasks++
				}
			}
			bridges = append(bridges, b)
			c = slices.Concat(c[:half], c[len(c)-half:])
		}
		for _, v := range c {
			use(v)
		}
	}
	out := g.out()
	for v := range g.Nodes { // then tasks with what they wait for
		for !keep[v] && kept < maxNodes-1 {
			use(v)
			if len(out[v]) > 0 {
				v = g.Edges[out[v][0]].To
			}
		}
	}
	small := Graph{Title: g.Title, Note: g.Note}
	to := make([]int, len(g.Nodes))
	left := 0
	for v, n := range g.Nodes {
		to[v] = len(small.Nodes)
		if keep[v] {
			small.Nodes = append(small.Nodes, n)
		} else if n.Kind == Task {
			left += max(n.Count, 1)
		}
	}
	for _, e := range g.Edges {
		if keep[e.From] && keep[e.To] {
			e.From, e.To = to[e.From], to[e.To]
			small.Edges = append(small.Edges, e)
		}
	}
	for _, b := range bridges {
		left -= b.tasks
		v := len(small.Nodes)
		small.Nodes = append(small.Nodes, Node{Kind: Task, Label: "and so on", Count: b.tasks, About: "The middle of a long circle."})
		small.Edges = append(small.Edges, Edge{From: to[b.from], To: v}, Edge{From: v, To: to[b.to]})
	}
	if left > 0 {
		note := fmt.Sprintf("%d more tasks are not drawn.", left)
		if small.Note != "" {
			note = small.Note + " " + note
		}
		small.Note = note
	}
	return small
}
