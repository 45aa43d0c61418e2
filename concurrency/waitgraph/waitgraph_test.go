package waitgraph_test

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/concurrency/internal/svg/svgtest"
	"github.com/gobraid/gobraid/concurrency/waitgraph"
)

// mutual is two tasks that wait for each other without anything between them, and one that waits for itself.
func mutual() waitgraph.Graph {
	return waitgraph.Graph{
		Nodes: []waitgraph.Node{{Label: "A"}, {Label: "B"}, {Label: "C"}, {Kind: waitgraph.Lock, Label: "mu"}},
		Edges: []waitgraph.Edge{
			{From: 0, To: 1, Kind: waitgraph.Needs, Verb: "waits for a value of"}, {From: 1, To: 0, Kind: waitgraph.Needs, Verb: "waits for a value of"},
			{From: 2, To: 3, Verb: "waits to lock", Where: "line 5"}, {From: 3, To: 2, Kind: waitgraph.Held, Where: "line 4"},
		},
	}
}

func TestGolden(t *testing.T) {
	for name, g := range map[string]waitgraph.Graph{
		"two": two(), "five": table(5), "forty": table(40), "crowd": crowd(5), "crowd300": crowd(300), "mutual": mutual(), "empty": {},
	} {
		t.Run(name, func(t *testing.T) {
			picture := waitgraph.SVG(g)
			svgtest.WellFormed(t, picture)
			svgtest.Golden(t, name+".svg", picture)
			svgtest.Golden(t, name+".txt", []byte(waitgraph.Text(g)))
		})
	}
}

func TestCycles(t *testing.T) {
	for _, c := range []struct {
		g    waitgraph.Graph
		want string
	}{
		{two(), "[[1 5 2 4]]"}, {mutual(), "[[0 1] [2 3]]"}, {table(3), "[[0 4 1 5 2 3]]"}, {crowd(5), "[]"}, {waitgraph.Graph{}, "[]"},
	} {
		if got := fmt.Sprint(c.g.Cycles()); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// shapes finds the boxes of nodes: tasks are rectangles with round corners.
var shapes = regexp.MustCompile(`fill-opacity="\.13"><(?:rect x="([-0-9.]+)" y="([-0-9.]+)"|path d="M([-0-9.]+) ([-0-9.]+)H|ellipse cx="([-0-9.]+)" cy="([-0-9.]+)")`)

// TestBoxes: in graphs of all sizes no two boxes lie at the same place and none outside.
func TestBoxes(t *testing.T) {
	graphs := []waitgraph.Graph{two(), mutual(), crowd(3), crowd(10), crowd(11), crowd(21), crowd(22), crowd(1000)}
	for n := 2; n < 40; n++ {
		graphs = append(graphs, table(n), chain(n), star(n))
	}
	for i, g := range graphs {
		picture := waitgraph.SVG(g)
		svgtest.WellFormed(t, picture)
		found := shapes.FindAllStringSubmatch(string(picture), -1)
		if want := min(len(g.Nodes), 30); len(found) > 30 || len(g.Nodes) <= 18 && len(found) != want {
			t.Errorf("graph %d: %d boxes for %d nodes", i, len(found), len(g.Nodes))
		}
		var places []string
		for _, m := range found {
			places = append(places, strings.Join(m[1:], " "))
			if slices.ContainsFunc(m[1:], func(s string) bool { return strings.HasPrefix(s, "-") }) {
				t.Errorf("graph %d: a box at %v", i, m[1:])
			}
		}
		slices.Sort(places)
		if n := len(slices.Compact(slices.Clone(places))); n != len(places) {
			t.Errorf("graph %d: %d boxes at %d places", i, len(places), n)
		}
		if len(picture) > 100_000 {
			t.Errorf("graph %d: %d bytes", i, len(picture))
		}
		if !bytes.Equal(picture, waitgraph.SVG(g)) {
			t.Errorf("graph %d: two pictures differ", i)
		}
	}
}

// chain is tasks of which each waits for a lock that the next one holds; the last one waits for nothing.
func chain(n int) waitgraph.Graph {
	g := table(n)
	g.Edges = slices.DeleteFunc(g.Edges, func(e waitgraph.Edge) bool { return e.From == n-1 })
	return g
}

// star is two tasks in a circle, and n more that wait for one of the locks.
func star(n int) waitgraph.Graph {
	g := table(2)
	for i := range n {
		g.Nodes = append(g.Nodes, waitgraph.Node{Label: fmt.Sprintf("guest %d", i), Sub: "line 20"})
		g.Edges = append(g.Edges, waitgraph.Edge{From: len(g.Nodes) - 1, To: 2 + i%2, Verb: "waits to lock", Where: "line 21"})
	}
	return g
}

// TestCounts: what a picture leaves out or joins is counted.
func TestCounts(t *testing.T) {
	for _, c := range []struct {
		g    waitgraph.Graph
		want string
	}{
		{crowd(300), "worker ×299"}, {table(40), "and so on ×27"}, {star(400), "guest ×200"}, {chain(40), "25 more tasks are not drawn."},
	} {
		if picture := string(waitgraph.SVG(c.g)); !strings.Contains(picture, c.want) {
			t.Errorf("no %q in %s", c.want, regexp.MustCompile(`×\d+|\d+ more tasks[^<]*`).FindAllString(picture, -1))
		}
	}
}

func TestHostile(t *testing.T) {
	for _, name := range []string{
		`<&"'>]]>`, "a\x00b\x1f", "\xff broken", "שלום", "abc\u202edef", "two\nlines", strings.Repeat("very long ", 300), "", "</svg><script>", "%s%d%!",
	} {
		g := crowd(50)
		g.Title, g.Note = name, name
		for i := range g.Nodes {
			g.Nodes[i].Label, g.Nodes[i].Sub, g.Nodes[i].About = name, name, name
		}
		for i := range g.Edges {
			g.Edges[i].Verb, g.Edges[i].Where, g.Edges[i].About = name, name, name
		}
		svgtest.WellFormed(t, waitgraph.SVG(g))
		waitgraph.Text(g)
	}
	odd := waitgraph.Graph{Nodes: []waitgraph.Node{{Kind: 77}}, Edges: []waitgraph.Edge{{From: 0, To: 5}, {From: -1}, {From: 0, To: 0, Kind: 99}}}
	svgtest.WellFormed(t, waitgraph.SVG(odd))
	waitgraph.Text(odd)
}
