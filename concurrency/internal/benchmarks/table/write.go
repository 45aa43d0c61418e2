package main

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
)

// write prints the tables.
func (r *results) write(b *bench, count int) {
	fmt.Printf("# Package concurrency beside other libraries and Python\n\nWritten by `go run ./table` in this folder.\n\n"+
		"%s, %d processors, %s, Go %s, %s. Load after: %s. Medians of %d repetitions, in brackets the least and the most. The machine was shared: what others did "+
		"was stopped while a piece ran, but not what they had begun in the kernel, nor other virtual machines. So the CPU time, what the process has worked for an item, children left out, says more "+
		"than the wall time.\n",
		model(), runtime.NumCPU(), runtime.GOOS+"/"+runtime.GOARCH, strings.TrimPrefix(runtime.Version(), "go"), version(b.python, "--version"), load(), count)
	r.writeGoals()
	for _, g := range groups {
		writeGroup(g.title, slices.DeleteFunc(slices.Clone(r.rows), func(x row) bool { return x.Group != g.name }))
	}
	r.writeLoops()
	r.writeMore()
}

func writeGroup(title string, rows []row) {
	if len(rows) == 0 {
		return
	}
	fmt.Printf("\n### %s\n\n", title)
	if rows[0].Bytes != nil {
		fmt.Print("| | bytes |\n|---|---:|\n")
		for _, r := range rows {
			fmt.Printf("| %s | %.0f |\n", r.Name, median(r.Bytes))
		}
		return
	}
	fmt.Print("| | wall, ns | CPU, ns | CPU, of the first |\n|---|---:|---:|---:|\n")
	for _, r := range rows {
		fmt.Printf("| %s | %s | %s | %.2f |\n", r.Name, spread(r.Wall), spread(r.CPU), median(r.CPU)/median(rows[0].CPU))
	}
}

// titles are what loops are called.
var titles = map[string]string{"loop": "package loop", "compiled": "compiled cell", "yaegi": "interpreted cell"}

func (r *results) writeLoops() {
	if len(r.loop) == 0 {
		return
	}
	fmt.Print("\n### Event loops, each in a new process: wall, µs, and in brackets CPU\n\n|")
	for _, k := range r.kinds {
		fmt.Printf(" | %s", cmp.Or(titles[k], k))
	}
	fmt.Printf(" |\n|---|%s\n", strings.Repeat("---:|", len(r.kinds)))
	var done []string
	for _, t := range r.loop {
		if slices.Contains(done, t.Work) {
			continue
		}
		done = append(done, t.Work)
		fmt.Printf("| %s", strings.TrimSuffix(t.Work, ", a all"))
		for _, k := range r.kinds {
			if x := r.turn(t.Work, k); x != nil {
				fmt.Printf(" | %s (%s)", digits(median(x.wall)), digits(median(x.cpu)))
			} else {
				fmt.Print(" |")
			}
		}
		fmt.Println(" |")
	}
}

// units are what figures of package process are called.
var units = map[string]string{
	"ns/pipe": "ns, a byte there and back through two pipes", "ns/trip": "ns", "trip/pipe": "of the pipe, in the same round",
	"trip/pipe-q1": "of the pipe, first quartile", "trip/pipe-q3": "of the pipe, third quartile", "ns/op": "ns from a pool without workers to the first result",
	"GiB/s": "GiB/s", "GiB/s-socket": "GiB/s, a socket and nothing else", "ratio": "of the socket's time",
}

func (r *results) writeMore() {
	if len(r.more) == 0 {
		return
	}
	fmt.Print("\n### Processes: the benchmarks of package process, one worker (Map: two)\n\n| | | |\n|---|---:|---|\n")
	for _, m := range r.more {
		fmt.Printf("| %s | %s | %s |\n", m.name, spread(m.values), cmp.Or(units[m.unit], m.unit))
	}
}

func median(v []float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

func spread(v []float64) string {
	if len(v) == 0 {
		return ""
	}
	return fmt.Sprintf("%s (%s–%s)", digits(median(v)), digits(slices.Min(v)), digits(slices.Max(v)))
}

func version(name string, args ...string) string {
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		return "no " + name
	}
	return strings.TrimSpace(string(out))
}

// model returns what the processor is called.
func model() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range bytes.Lines(info) {
		if k, v, ok := bytes.Cut(line, []byte(":")); ok && strings.TrimSpace(string(k)) == "model name" {
			return strings.TrimSpace(string(v))
		}
	}
	return "unknown processor"
}

func load() string {
	avg, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(avg), " ")
	return cmp.Or(first, "unknown")
}
