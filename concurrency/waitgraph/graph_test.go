package waitgraph_test

import (
	"fmt"

	"github.com/gobraid/gobraid/concurrency/waitgraph"
)

// two is two tasks that lock two mutexes in different order, and a third that waits for one of them, and the main
// task.
func two() waitgraph.Graph {
	return waitgraph.Graph{
		Nodes: []waitgraph.Node{
			{Label: "main", Sub: "the cell"}, {Label: "A", Sub: "line 7"}, {Label: "B", Sub: "line 12", About: "task 20"}, {Label: "task 21", Sub: "line 17"},
			{Kind: waitgraph.Lock, Label: "mu1", Sub: "line 2"}, {Kind: waitgraph.Lock, Label: "mu2", Sub: "line 2"}, {Kind: waitgraph.Group, Label: "wg", Sub: "line 3"},
		},
		Edges: []waitgraph.Edge{
			{From: 0, To: 6, Verb: "waits for", Where: "line 20"},
			{From: 1, To: 5, Verb: "waits to lock", Where: "line 9"}, {From: 5, To: 2, Kind: waitgraph.Held, Where: "line 13"},
			{From: 2, To: 4, Verb: "waits to lock", Where: "line 14"}, {From: 4, To: 1, Kind: waitgraph.Held, Where: "line 8"},
			{From: 3, To: 4, Verb: "waits to lock", Where: "line 18"},
		},
	}
}

// table is n philosophers.
func table(n int) waitgraph.Graph {
	var g waitgraph.Graph
	for i := range n {
		g.Nodes = append(g.Nodes, waitgraph.Node{Label: fmt.Sprintf("philosopher %d", i+1), Sub: "line 8"})
	}
	for i := range n {
		g.Nodes = append(g.Nodes, waitgraph.Node{Kind: waitgraph.Lock, Label: fmt.Sprintf("fork[%d]", i), Sub: "line 3"})
	}
	for i := range n {
		g.Edges = append(g.Edges,
			waitgraph.Edge{From: i, To: n + (i+1)%n, Verb: "waits to lock", Where: "line 10"},
			waitgraph.Edge{From: n + i, To: i, Kind: waitgraph.Held, Where: "line 9"})
	}
	return g
}

// crowd is n workers that wait for a channel that nobody sends on, and one that holds a lock which has been left locked.
func crowd(n int) waitgraph.Graph {
	g := waitgraph.Graph{Title: "Deadlock in cell 4", Note: "No timer, socket or process can wake them.", Nodes: []waitgraph.Node{
		{Label: "main", Sub: "the cell"}, {Kind: waitgraph.Group, Label: "wg", Sub: "line 2"}, {Kind: waitgraph.Channel, Label: "jobs", Sub: "line 3"},
		{Kind: waitgraph.Lock, Label: "mu", Sub: "line 4"}, {Label: "task 17", Sub: "line 9", About: "has ended"}, {Label: "stuck", State: "waits in select {} at line 30"},
		{Kind: waitgraph.Other, Label: "results", Sub: "line 5"}, {Label: "both", Sub: "line 33"},
	}, Edges: []waitgraph.Edge{
		{From: 0, To: 1, Where: "line 22"}, {From: 3, To: 4, Kind: waitgraph.Gone, Where: "line 10"}, {From: 7, To: 6, Verb: "waits for", Where: "line 34"},
		{From: 7, To: 2, Verb: "waits to send on", Where: "line 34"},
	}}
	for i := range n {
		g.Nodes = append(g.Nodes, waitgraph.Node{Label: fmt.Sprintf("worker %d", i+1), Sub: "line 9"})
		e := waitgraph.Edge{From: len(g.Nodes) - 1, To: 2, Verb: "waits to receive from", Where: "line 12"}
		if i == 2 {
			e = waitgraph.Edge{From: len(g.Nodes) - 1, To: 3, Verb: "waits to lock", Where: "line 11"}
		}
		g.Edges = append(g.Edges, e)
	}
	return g
}
