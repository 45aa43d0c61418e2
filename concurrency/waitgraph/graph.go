package waitgraph

// A Graph says who waits for what, and who has what others wait for. It is plain data; the zero Graph is an empty one.
type Graph struct {
	Title string // "Who waits for whom" when empty
	Nodes []Node
	Edges []Edge
	Note  string // said below it
}

// A Node is a task, or something that tasks wait for.
type Node struct {
	Kind  Kind
	Label string // such as "worker 3" or "mu (line 2)"
	Sub   string // a second, fainter label, such as where it was started
	State string // of a task that waits for nothing that can be drawn: what it does, such as "waits for ever in select {}"
	About string // on hover
	Count int    // how many like it the node stands for, 0 and 1 being one
}

// A Kind is what a node stands for, which decides its shape.
type Kind uint8

// The kinds of nodes.
const (
	Task    Kind = iota // a box with round corners
	Lock                // a box
	Channel             // a box with slanted sides
	Group               // an ellipse: a WaitGroup, Cond, Once, or result
	Other               // a box with cut corners
)

// An Edge leads from a node to one that it waits for.
type Edge struct {
	From, To int // indexes of nodes
	Kind     EdgeKind
	Verb     string // such as "waits to lock"; when empty, what Kind says
	Where    string // the place of the waiting or of the locking, such as "line 9"
	About    string // on hover
}

// An EdgeKind says what an edge means.
type EdgeKind uint8

// The kinds of edges.
const (
	Waits EdgeKind = iota // the task From waits for To
	Held                  // From is held by the task To
	Gone                  // From is held by the task To, which has ended and will never let go
	Needs                 // From would be let go on by the task To, which waits itself
)

var verbs = [...]string{Waits: "waits for", Held: "held by", Gone: "held by", Needs: "needs"}

// verb returns the words on the edge.
func (e Edge) verb() string {
	if e.Verb == "" && int(e.Kind) < len(verbs) {
		return verbs[e.Kind]
	}
	return e.Verb
}

// valid returns the graph without edges that lead nowhere.
func (g Graph) valid() Graph {
	var edges []Edge
	for _, e := range g.Edges {
		if e.From >= 0 && e.To >= 0 && e.From < len(g.Nodes) && e.To < len(g.Nodes) {
			edges = append(edges, e)
		}
	}
	g.Edges = edges
	return g
}

// out returns for each node the edges that leave it.
func (g Graph) out() [][]int {
	out := make([][]int, len(g.Nodes))
	for i, e := range g.Edges {
		out[e.From] = append(out[e.From], i)
	}
	return out
}

// knots returns the number of the strongly connected component of each node. A component is numbered after all those
// that can be reached from it.
func (g Graph) knots() (of []int, n int) {
	out := g.out()
	of = make([]int, len(g.Nodes))
	order := make([]int, len(g.Nodes)) // when a node was met, counted from 1
	low := make([]int, len(g.Nodes))
	var stack []int
	met := 0
	var visit func(v int)
	visit = func(v int) {
		met++
		order[v], low[v] = met, met
		stack = append(stack, v)
		of[v] = -1 // on the stack
		for _, e := range out[v] {
			w := g.Edges[e].To
			if order[w] == 0 {
				visit(w)
				low[v] = min(low[v], low[w])
			} else if of[w] == -1 {
				low[v] = min(low[v], order[w])
			}
		}
		if low[v] != order[v] {
			return
		}
		for {
			w := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			of[w] = n
			if w == v {
				break
			}
		}
		n++
	}
	for v := range g.Nodes {
		if order[v] == 0 {
			visit(v)
		}
	}
	return of, n
}

// Cycles returns circles of waiting: each is the indexes of nodes of which every one waits for, or is held by, the next, and
// the last the first. There is one for each part of the graph that has any, the shortest through its first node.
func (g Graph) Cycles() [][]int {
	g = g.valid()
	of, n := g.knots()
	members := make([][]int, n)
	for v, k := range of {
		members[k] = append(members[k], v)
	}
	out := g.out()
	var all [][]int
	for _, list := range members {
		if c := g.cycle(list, of, out); c != nil {
			all = append(all, c)
		}
	}
	// In the order of the nodes, as a reader meets them.
	for i := range all {
		for j := i; j > 0 && all[j][0] < all[j-1][0]; j-- {
			all[j], all[j-1] = all[j-1], all[j]
		}
	}
	return all
}

// cycle returns the shortest circle through the first task of a component, nil when there is none.
func (g Graph) cycle(list []int, of []int, out [][]int) []int {
	start := list[0]
	for _, v := range list {
		if g.Nodes[v].Kind == Task {
			start = v
			break
		}
	}
	from := map[int]int{}
	queue := []int{start}
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		for _, e := range out[v] {
			w := g.Edges[e].To
			if w == start {
				var c []int
				for ; v != start; v = from[v] {
					c = append([]int{v}, c...)
				}
				return append([]int{start}, c...)
			}
			if _, ok := from[w]; !ok && of[w] == of[start] {
				from[w] = v
				queue = append(queue, w)
			}
		}
	}
	return nil
}
