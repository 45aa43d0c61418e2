package main

import "fmt"

// A goal is what something is to take at most.
type goal struct {
	what  string
	limit float64
	unit  string
	least bool                     // or at least
	got   func(r *results) float64 // 0 if it was not measured
}

// goals are those of issue 6.
var goals = []goal{
	{"submit, of a pool of goroutines with a buffered channel (CPU)", 2, "×", false, ratio("Submit", "ThreadPool.Go", "channel")},
	{"the same without a limit to the queue", 2, "×", false, ratio("Submit", "ThreadPool.Go-unbounded", "channel")},
	{"a typed future, made and asked (wall)", 200, "ns", false, func(r *results) float64 { return middle(r.row("Future", "Submit").Wall) }},
	{"ordered map, of chunks by hand that promise as little (CPU)", 1.2, "×", false, ratio("Map", "Map", "chunks")},
	{"ordered map, of chunks by hand that promise the same (CPU)", 1.2, "×", false, ratio("Map", "Map", "chunks-heeding")},
	{"gather, a task (wall)", 0.5, "µs", false, wall("gather", "loop")},
	{"the same, CPU", 0.5, "µs", false, cpu("gather", "loop")},
	{"switch (wall)", 0.15, "µs", false, wall("switch", "loop")},
	{"gather from an interpreted cell (wall)", 2.5, "µs", false, wall("gather", "yaegi")},
	{"the same, CPU", 2.5, "µs", false, cpu("gather", "yaegi")},
	{"switch from an interpreted cell (wall)", 0.3, "µs", false, wall("switch", "yaegi")},
	{"round trip to a process, of a raw pipe", 1.3, "×", false, more("RoundTrip", "trip/pipe")},
	{"small tasks a second, pipelined", 1, "M", true, more("Pipelined", "Mtasks/s")},
	{"64 MiB to a process", 1.2, "GiB/s", true, more("Bulk", "GiB/s")},
	{"a worker, to its first result", 15e6, "ns", false, more("Start", "ns/op")},
}

func middle(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	return median(v)
}

func ratio(group, ours, yardstick string) func(r *results) float64 {
	return func(r *results) float64 {
		y := middle(r.row(group, yardstick).CPU)
		if y == 0 {
			return 0
		}
		return middle(r.row(group, ours).CPU) / y
	}
}

func wall(work, runner string) func(r *results) float64 {
	return func(r *results) float64 {
		if t := r.turn(work, runner); t != nil {
			return middle(t.wall)
		}
		return 0
	}
}

func cpu(work, runner string) func(r *results) float64 {
	return func(r *results) float64 {
		if t := r.turn(work, runner); t != nil {
			return middle(t.cpu)
		}
		return 0
	}
}

func more(name, unit string) func(r *results) float64 {
	return func(r *results) float64 {
		for _, m := range r.more {
			if m.name == name && m.unit == unit {
				return middle(m.values)
			}
		}
		return 0
	}
}

func (r *results) writeGoals() {
	fmt.Print("\n### Goals\n\n| | goal | measured | |\n|---|---:|---:|---|\n")
	for _, g := range goals {
		got, sign, met := g.got(r), "≤", ""
		if g.least {
			sign = "≥"
		}
		switch {
		case got == 0:
			met = "not measured"
		case g.least == (got >= g.limit) || !g.least && got == g.limit:
			met = "met"
		default:
			met = "missed"
		}
		fmt.Printf("| %s | %s %s %s | %s %s | %s |\n", g.what, sign, digits(g.limit), g.unit, digits(got), g.unit, met)
	}
}
