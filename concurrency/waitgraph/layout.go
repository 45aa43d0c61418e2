package waitgraph

import "slices"

// Sizes in units of the picture.
const (
	pageWidth  = 900.0
	margin     = 14.0
	boxWidth   = 144.0
	boxHeight  = 40.0
	columns    = 4
	maxColumns = 4                                                 // of a tree
	pitchX     = (pageWidth - 2*margin - boxWidth) / (columns - 1) // from a box to the next
	pitchY     = 98.0
	treeY      = 60.0 // in trees, where nothing is written between rows
)

// A point is the middle of a box.
type point struct{ x, y float64 }

// A layout is where the nodes of a graph are.
type layout struct {
	at     []point
	tree   []bool  // the node stands in a tree
	pitch  float64 // from a column of a tree to the next
	bottom float64
}

// arrange places the nodes below top. A part of the graph that has a circle becomes a circle with the rest of the part
// around it; any other part a tree, which is read from the left to the right, unless it is too long for that.
func (g Graph) arrange(top float64) layout {
	p := layout{make([]point, len(g.Nodes)), make([]bool, len(g.Nodes)), pitchX, top}
	circles := g.Cycles()
	var trees [][]int
	for _, part := range g.parts() {
		var mine [][]int
		for _, c := range circles {
			if slices.Contains(part, c[0]) {
				mine = append(mine, c)
			}
		}
		if mine == nil {
			trees = append(trees, part)
		} else {
			p.around(g, mine, part)
		}
	}
	var forest []tree
	columns := 1
	for _, part := range trees {
		grown := g.branches(part)
		high := slices.MaxFunc(grown, func(a, b tree) int { return a.depth[a.deepest] - b.depth[b.deepest] })
		if path := g.path(high); len(path) > maxColumns {
			p.around(g, [][]int{path}, part)
			continue
		}
		for _, t := range grown { // their roots stand below each other: what waits for several of them has them all to the right
			t.columns = high.depth[high.deepest]
			forest = append(forest, t)
		}
		columns = max(columns, high.depth[high.deepest])
	}
	p.pitch = min(max(p.pitch, (pageWidth-2*margin-boxWidth)/float64(columns)), 330)
	for _, t := range forest {
		p.plant(t)
	}
	return p
}

// parts returns the nodes that hang together, in their order.
func (g Graph) parts() [][]int {
	near := g.near()
	seen := make([]bool, len(g.Nodes))
	var all [][]int
	for v := range g.Nodes {
		if seen[v] {
			continue
		}
		seen[v] = true
		part := []int{v}
		for i := 0; i < len(part); i++ {
			for _, w := range near[part[i]] {
				if !seen[w] {
					seen[w] = true
					part = append(part, w)
				}
			}
		}
		slices.Sort(part)
		all = append(all, part)
	}
	return all
}

// near returns for each node those that an edge joins with it, in whichever direction.
func (g Graph) near() [][]int {
	near := make([][]int, len(g.Nodes))
	for _, e := range g.Edges {
		near[e.From] = append(near[e.From], e.To)
		near[e.To] = append(near[e.To], e.From)
	}
	return near
}

// A tree is nodes that wait, directly or not, for one that waits for nothing.
type tree struct {
	root    int
	left    map[int][]int // what stands to the left of a node
	depth   map[int]int   // how many columns stand to the right of a node
	deepest int           // the node that has most
	columns int           // how many columns stand to the left of the root
}

// branches returns the trees of a part without circles. What waits for several things stands beside the first of them.
func (g Graph) branches(part []int) []tree {
	left := map[int][]int{}
	var all []tree
	for _, v := range part {
		i := slices.IndexFunc(g.Edges, func(e Edge) bool { return e.From == v && e.To != v })
		if i < 0 {
			all = append(all, tree{v, left, map[int]int{}, v, 0})
			continue
		}
		to := g.Edges[i].To
		left[to] = append(left[to], v)
	}
	for i := range all {
		all[i].measure(all[i].root, 0)
	}
	return all
}

func (t *tree) measure(v, depth int) {
	t.depth[v] = depth
	if depth > t.depth[t.deepest] {
		t.deepest = v
	}
	for _, w := range t.left[v] {
		t.measure(w, depth+1)
	}
}

// path returns the way from the deepest node of a tree to its root.
func (g Graph) path(t tree) []int {
	all := []int{t.deepest}
	for v := t.deepest; v != t.root; {
		i := slices.IndexFunc(g.Edges, func(e Edge) bool { return e.From == v && e.To != v })
		v = g.Edges[i].To
		all = append(all, v)
	}
	return all
}

// plant places a tree: what is waited for to the right of what waits, each that nobody waits for in a row of its own.
func (p *layout) plant(t tree) {

	var place func(v int)
	place = func(v int) {
		p.tree[v] = true
		x := margin + boxWidth/2 + float64(t.columns-t.depth[v])*p.pitch
		left := t.left[v]
		if len(left) == 0 {
			p.at[v] = point{x, p.bottom + boxHeight/2}
			p.bottom += treeY
			return
		}
		for _, w := range left {
			place(w)
		}
		p.at[v] = point{x, (p.at[left[0]].y + p.at[left[len(left)-1]].y) / 2}
	}
	place(t.root)
}

// A cell is a place in a grid of columns and rows.
type cell struct{ c, r int }

// around places a part with circles: each as a rectangle, and what is near a node as near to it as can be.
func (p *layout) around(g Graph, circles [][]int, part []int) {
	grid := &grid{at: map[int]cell{}, taken: map[cell]bool{}}
	next := 0
	for _, c := range circles {
		next = grid.ring(c, next)
	}
	near := g.near()
	for queue := slices.Concat(circles...); len(queue) > 0; queue = queue[1:] {
		v := queue[0]
		for _, w := range near[v] {
			if _, ok := grid.at[w]; !ok {
				grid.put(w, grid.free(grid.at[v]), v)
				queue = append(queue, w)
			}
		}
	}
	bulge := 0.0 // what lines there and back take above and below
	if slices.ContainsFunc(circles, func(c []int) bool { return len(c) <= 2 }) {
		bulge = 20
	}
	p.bottom += bulge
	least, most := 0, 0
	for _, at := range grid.at {
		least, most = min(least, at.r), max(most, at.r)
	}
	for _, v := range part {
		at := grid.at[v]
		p.at[v] = point{margin + boxWidth/2 + float64(at.c)*pitchX, p.bottom + boxHeight/2 + float64(at.r-least)*pitchY}
	}
	p.bottom += float64(most-least)*pitchY + boxHeight + 24 + bulge
}
