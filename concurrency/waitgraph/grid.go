package waitgraph

import "math"

// A grid is where the nodes of a part with circles are.
type grid struct {
	at    map[int]cell
	taken map[cell]bool
	lines [][2]cell
}

// put places a node that has an edge to or from another one, which stands already.
func (g *grid) put(v int, at cell, other int) {
	g.at[v] = at
	g.taken[at] = true
	g.lines = append(g.lines, [2]cell{at, g.at[other]})
}

// ring places the nodes of a circle clockwise around a rectangle that begins at a row, and returns the row below it.
func (g *grid) ring(circle []int, row int) int {
	k := len(circle)
	wide := min(columns, max(2, (k+1)/2))
	rows := max(2, (k+5)/2-wide)
	if k <= 2 {
		rows = 1
	}
	left := 0
	if wide == 2 && k > 2 {
		left = 1
	}
	for i, v := range circle {
		at := clockwise(i, wide, rows)
		if k == 2 { // both lines are written on: they need room
			at.c *= 2
		}
		at.c += left
		at.r += row
		g.at[v] = at
		g.taken[at] = true
		if i > 0 {
			g.lines = append(g.lines, [2]cell{g.at[circle[i-1]], at})
		}
	}
	g.lines = append(g.lines, [2]cell{g.at[circle[k-1]], g.at[circle[0]]})
	return row + rows
}

// clockwise returns the i-th place on the edge of a rectangle, from the upper left.
func clockwise(i, wide, rows int) cell {
	switch {
	case i < wide:
		return cell{i, 0}
	case i < wide+rows-1:
		return cell{wide - 1, i - wide + 1}
	case i < 2*wide+rows-2:
		return cell{wide - 1 - (i - wide - rows + 2), rows - 1}
	}
	return cell{0, max(rows-1-(i-2*wide-rows+3), 0)}
}

// free returns the best free place for something that has an edge to a place: near, in sight of it, and not on a line.
func (g *grid) free(to cell) cell {
	best, cost := to, math.Inf(1)
	reach := len(g.taken) + 2
	for r := to.r - reach; r <= to.r+reach; r++ {
		for c := range columns {
			at := cell{c, r}
			if g.taken[at] {
				continue
			}
			dx, dy := math.Abs(float64(c-to.c)), math.Abs(float64(r-to.r))
			sum := dx + dy
			if dx > 0 && dy > 0 {
				sum -= 0.3 // a slanted line is short, but what is written on it lies in the way
			}
			if r < to.r {
				sum += 0.2
			}
			for other := range g.taken {
				if other != to && onLine(other, at, to) {
					sum += 6
				}
			}
			for _, l := range g.lines {
				if onLine(at, l[0], l[1]) {
					sum += 6
				}
				if crosses(l, [2]cell{at, to}) {
					sum += 2
				}
			}
			if sum < cost {
				best, cost = at, sum
			}
		}
	}
	return best
}

// onLine reports whether the box of a place lies on the line between two others.
func onLine(at, a, b cell) bool {
	if at == a || at == b {
		return false
	}
	const steps = 40
	for i := range steps {
		t := float64(i) / steps
		x := float64(a.c) + t*float64(b.c-a.c) - float64(at.c)
		y := float64(a.r) + t*float64(b.r-a.r) - float64(at.r)
		if math.Abs(x)*pitchX < boxWidth/2 && math.Abs(y)*pitchY < boxHeight/2+6 {
			return true
		}
	}
	return false
}

// crosses reports whether two lines cross between their ends.
func crosses(a, b [2]cell) bool {
	side := func(l [2]cell, p cell) int {
		return (l[1].c-l[0].c)*(p.r-l[0].r) - (l[1].r-l[0].r)*(p.c-l[0].c)
	}
	return side(a, b[0])*side(a, b[1]) < 0 && side(b, a[0])*side(b, a[1]) < 0
}
