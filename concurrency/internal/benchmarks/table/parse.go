package main

import (
	"encoding/json"
	"log"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// results is what was measured.
type results struct {
	rows  []row
	more  []*metric // of package process
	loop  []*turn
	kinds []string // of loops, in order
}

// A metric is a figure that is not the time of an item.
type metric struct {
	name, unit string
	values     []float64
}

// A turn is what a loop has done.
type turn struct {
	Work, Runner string
	wall, cpu    []float64
}

// row returns the row of a name.
func (r *results) row(group, name string) *row {
	at := slices.IndexFunc(r.rows, func(x row) bool { return x.Group == group && x.Name == name })
	if at < 0 {
		at, r.rows = len(r.rows), append(r.rows, row{Group: group, Name: name})
	}
	return &r.rows[at]
}

// A figure is one of a benchmark.
type figure struct {
	bench, unit string
	value       float64
}

// figures returns what the benchmarks in a text say.
func figures(text string) (all []figure) {
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) < 4 || !strings.HasPrefix(f[0], "Benchmark") {
			continue
		}
		name := strings.TrimPrefix(f[0], "Benchmark")
		if i := strings.LastIndex(name, "-"); i > 0 { // the number of processors
			name = name[:i]
		}
		for i := 2; i+1 < len(f); i += 2 {
			v, err := strconv.ParseFloat(f[i], 64)
			if err != nil {
				log.Fatal(err)
			}
			all = append(all, figure{name, f[i+1], v})
		}
	}
	return all
}

// benchmarks takes the figures of this module's benchmarks.
func (r *results) benchmarks(text string) {
	for _, f := range figures(text) {
		group, name, _ := strings.Cut(f.bench, "/")
		switch x := r.row(group, name); f.unit {
		case "ns/op":
			x.Wall = append(x.Wall, f.value)
		case "cpu-ns/op":
			x.CPU = append(x.CPU, f.value)
		case "bytes/unit":
			x.Bytes = append(x.Bytes, f.value)
		}
	}
}

var said = regexp.MustCompile(`([a-zA-Z0-9 ]+?)(?: at)? ([0-9.]+) (ms|us|Mtasks/s|MB/s)`)

// metrics takes the figures of package process, and what its benchmark of Python prints.
func (r *results) metrics(text string) {
	for _, f := range figures(text) {
		if f.unit == "B/op" || f.unit == "allocs/op" || f.value == 0 || f.bench == "Python" || f.unit == "ns/op" && f.bench != "Start" {
			continue
		}
		r.metric(f.bench, f.unit, f.value)
	}
	if _, words, ok := strings.Cut(text, "python: "); ok {
		words, _, _ = strings.Cut(words, "\n")
		for _, m := range said.FindAllStringSubmatch(words, -1) {
			if v, err := strconv.ParseFloat(m[2], 64); err == nil {
				r.metric("Python ProcessPoolExecutor, "+strings.TrimSpace(m[1]), m[3], v)
			}
		}
	}
}

func (r *results) metric(name, unit string, v float64) {
	for _, m := range r.more {
		if m.name == name && m.unit == unit {
			m.values = append(m.values, v)
			return
		}
	}
	r.more = append(r.more, &metric{name, unit, []float64{v}})
}

// loops takes what ./loops prints.
func (r *results) loops(text string) {
	for line := range strings.Lines(text) {
		var x struct {
			Work, Runner string
			Wall, CPU    float64
		}
		if err := json.Unmarshal([]byte(line), &x); err != nil {
			log.Printf("%v: %s", err, line)
			continue
		}
		t := r.turn(x.Work, x.Runner)
		if t == nil {
			t = &turn{Work: x.Work, Runner: x.Runner}
			r.loop = append(r.loop, t)
		}
		t.wall, t.cpu = append(t.wall, x.Wall), append(t.cpu, x.CPU)
		if !slices.Contains(r.kinds, x.Runner) {
			r.kinds = append(r.kinds, x.Runner)
		}
	}
}

func (r *results) turn(work, runner string) *turn {
	for _, t := range r.loop {
		if strings.HasPrefix(t.Work, work) && t.Runner == runner {
			return t
		}
	}
	return nil
}

// python takes what python.py prints.
func (r *results) python(text string) {
	for line := range strings.Lines(text) {
		var x row
		if err := json.Unmarshal([]byte(line), &x); err != nil {
			log.Fatal(err)
		}
		to := r.row(x.Group, x.Name)
		to.Wall, to.CPU, to.Bytes = append(to.Wall, x.Wall...), append(to.CPU, x.CPU...), append(to.Bytes, x.Bytes...)
	}
}
