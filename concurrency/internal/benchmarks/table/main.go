// Command table runs the benchmarks and the same work in Python, and writes a table in Markdown.
//
//	cd concurrency/internal/benchmarks && go run ./table >results.md
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// A row is one way to do the work of a group.
type row struct {
	Group, Name      string
	Wall, CPU, Bytes []float64 // nanoseconds an item, or bytes a unit, of each repetition
}

// groups are the tables, in order; the first row of each is the yardstick.
var groups = []struct{ name, title string }{
	{"Submit", "A function without a result, on 8 workers"},
	{"Group", "A function that returns an error, in a group"},
	{"Future", "A function with a result that is asked for, 1000 at a time, on 8 workers"},
	{"Map", "An item of an ordered map, on 8 workers"},
	{"Process", "A function in another process, of 2"},
	{"ProcessMap", "An item of an ordered map over 2 processes"},
	{"Parked", "Memory of one that waits"},
}

func main() {
	log.SetFlags(0)
	count := flag.Int("count", 5, "repetitions")
	n := flag.Int("n", 300_000, "items in each; a thirtieth where each goes to another process")
	flag.Parse()
	rows := slices.Concat(
		bench("Submit|Group|Future|Map", *n, *count), bench("Process$", *n/30, *count), bench("ProcessMap", *n, *count), bench("Parked", 1, 1),
		python())
	fmt.Printf("%s, %d processors, %s, Go %s, %s. Load before: %s. Medians of %d repetitions, in brackets the least and the most; CPU is what "+
		"the process has worked for an item, children left out, and what can be compared on a machine that has other things to do.\n",
		model(), runtime.NumCPU(), runtime.GOOS+"/"+runtime.GOARCH, strings.TrimPrefix(runtime.Version(), "go"), version("python3", "--version"),
		load(), *count)
	for _, g := range groups {
		write(g.title, slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r.Group != g.name }))
	}
}

// bench runs the benchmarks whose names match.
func bench(match string, n, count int) (rows []row) {
	out := output("go", "test", "-run", "^$", "-bench", "^Benchmark("+match+")", "-benchtime", strconv.Itoa(n)+"x", "-count", strconv.Itoa(count), ".")
	for line := range strings.Lines(out) {
		f := strings.Fields(line)
		if len(f) < 4 || !strings.HasPrefix(f[0], "Benchmark") {
			continue
		}
		name := strings.TrimPrefix(f[0], "Benchmark")
		if i := strings.LastIndex(name, "-"); i > 0 { // the number of processors
			name = name[:i]
		}
		group, name, _ := strings.Cut(name, "/")
		at := slices.IndexFunc(rows, func(r row) bool { return r.Group == group && r.Name == name })
		if at < 0 {
			at, rows = len(rows), append(rows, row{Group: group, Name: name})
		}
		for i := 2; i+1 < len(f); i += 2 {
			v, err := strconv.ParseFloat(f[i], 64)
			if err != nil {
				log.Fatal(err)
			}
			switch r := &rows[at]; f[i+1] {
			case "ns/op":
				r.Wall = append(r.Wall, v)
			case "cpu-ns/op":
				r.CPU = append(r.CPU, v)
			case "bytes/unit":
				r.Bytes = append(r.Bytes, v)
			}
		}
	}
	return rows
}

// python runs the same work in Python, if there is one.
func python() (rows []row) {
	if _, err := exec.LookPath("python3"); err != nil {
		log.Print("no python3: its rows are left out")
		return nil
	}
	s := bufio.NewScanner(strings.NewReader(output("python3", "python.py")))
	for s.Scan() {
		var r row
		if err := json.Unmarshal(s.Bytes(), &r); err != nil {
			log.Fatal(err)
		}
		rows = append(rows, r)
	}
	return rows
}

func write(title string, rows []row) {
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

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

func spread(v []float64) string {
	return fmt.Sprintf("%s (%s–%s)", digits(median(v)), digits(slices.Min(v)), digits(slices.Max(v)))
}

func digits(v float64) string {
	if v < 100 {
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 0, 64)
}

// output runs a command and returns what it prints. If it fails so does this program.
func output(name string, args ...string) string {
	cmd := exec.Command(name, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		log.Fatalf("%s: %v\n%s", cmd, err, out)
	}
	return string(out)
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
