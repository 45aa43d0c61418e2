package measure

import (
	"cmp"
	"slices"
	"strings"
)

// A callGraph is the functions of a profile with the most, and which calls which.
type callGraph struct {
	nodes []graphNode
	edges []graphEdge // that with the most first
	left  int         // functions that are not in it
}

type graphNode struct {
	Share
	layer int
	order float64 // in the layer
}

// A graphEdge leads from a caller to what it calls, perhaps through functions that are left out.
type graphEdge struct {
	from, to int
	value    float64
	back     bool // to one that calls the caller
}

// maxNodes is how many functions a call graph has at most.
const maxNodes = 24

// graph makes the call graph.
func (p *Profile) graph() *callGraph {
	shares := p.Shares()
	slices.SortStableFunc(shares, func(a, b Share) int { return cmp.Compare(b.All, a.All) })
	g := &callGraph{left: max(len(shares)-maxNodes, 0)}
	index := map[Frame]int{}
	for i, s := range shares[:len(shares)-g.left] {
		index[s.Frame] = i
		g.nodes = append(g.nodes, graphNode{Share: s})
	}
	values := map[[2]int]float64{}
	for _, s := range p.stacks {
		last, seen := -1, map[[2]int]bool{}
		for _, f := range s.Frames {
			v, ok := index[f.key()]
			if !ok {
				continue
			}
			if e := [2]int{last, v}; last >= 0 && !seen[e] {
				seen[e] = true
				values[e] += s.Value
			}
			last = v
		}
	}
	for e, value := range values {
		g.edges = append(g.edges, graphEdge{from: e[0], to: e[1], value: value})
	}
	slices.SortFunc(g.edges, func(a, b graphEdge) int {
		return cmp.Or(cmp.Compare(b.value, a.value), a.from-b.from, a.to-b.to)
	})
	g.layers()
	g.arrange()
	return g
}

// layers puts each function below those that call it, as far as they do not call each other in a circle: the edge that closes
// one is a back edge.
func (g *callGraph) layers() {
	state := make([]int, len(g.nodes)) // 1: on the way, 2: done
	var visit func(v int)
	visit = func(v int) {
		state[v] = 1
		for i := range g.edges {
			if e := &g.edges[i]; e.from == v {
				switch state[e.to] {
				case 0:
					visit(e.to)
				case 1:
					e.back = true
				}
			}
		}
		state[v] = 2
	}
	called := make([]bool, len(g.nodes))
	for _, e := range g.edges {
		called[e.to] = called[e.to] || e.from != e.to
	}
	for _, roots := range []bool{true, false} {
		for v := range g.nodes {
			if state[v] == 0 && (!roots || !called[v]) {
				visit(v)
			}
		}
	}
	for range g.nodes { // the longest way decides, and is no longer than this
		for _, e := range g.edges {
			if !e.back {
				g.nodes[e.to].layer = max(g.nodes[e.to].layer, g.nodes[e.from].layer+1)
			}
		}
	}
}

// arrange orders the functions of each layer so that they stand below what calls them and above what they call.
func (g *callGraph) arrange() {
	for sweep := range 6 {
		for _, row := range g.rows() {
			for k, v := range row {
				g.nodes[v].order = float64(k) + 0.5 - float64(len(row))/2
			}
		}
		sums, weights := make([]float64, len(g.nodes)), make([]float64, len(g.nodes))
		for _, e := range g.edges {
			if e.back {
				continue
			}
			from, to := e.from, e.to
			if sweep%2 == 1 {
				from, to = to, from
			}
			sums[to] += g.nodes[from].order * e.value
			weights[to] += e.value
		}
		for v := range g.nodes {
			if weights[v] > 0 {
				g.nodes[v].order = sums[v] / weights[v]
			}
		}
	}
}

// rows returns the functions of each layer in their order.
func (g *callGraph) rows() [][]int {
	var rows [][]int
	for v, n := range g.nodes {
		for len(rows) <= n.layer {
			rows = append(rows, nil)
		}
		rows[n.layer] = append(rows[n.layer], v)
	}
	for _, row := range rows {
		slices.SortStableFunc(row, func(a, b int) int { return cmp.Compare(g.nodes[a].order, g.nodes[b].order) })
	}
	return rows
}

// text says who calls whom, function by function.
func (g *callGraph) text(total float64) string {
	var s strings.Builder
	for v, n := range g.nodes {
		s.WriteString(n.Frame.String() + ": self " + percent(n.Self, total) + ", all " + percent(n.All, total))
		sep := "; calls "
		for _, e := range g.edges {
			if e.from == v {
				s.WriteString(sep + g.nodes[e.to].Frame.String() + " (" + percent(e.value, total) + ")")
				sep = ", "
			}
		}
		s.WriteString("\n")
	}
	if g.left > 0 {
		s.WriteString("and " + count(g.left, "function") + " with less\n")
	}
	return s.String()
}
