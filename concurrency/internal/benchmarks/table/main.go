// Command table measures all of it, beside the same work in Python, and writes a table in Markdown.
//
//	cd concurrency/internal/benchmarks && PYTHON=V/bin/python GOBRAID=path/of/gobraid go run ./table >results.md
//
// It does it in pieces of some seconds, and all of them before any again, so that what else the machine does falls on all. With -under, a command is put before
// each piece: one that keeps others quiet meanwhile, say. V has what is in requirements.txt; without PYTHON it is python3, and uvloop is left out if that has it not.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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

// A bench runs pieces of work.
type bench struct {
	under  []string // goes before each
	python string
	dir    string // of built programs
	n      int
}

func main() {
	log.SetFlags(0)
	count := flag.Int("count", 5, "repetitions")
	n := flag.Int("n", 300_000, "items in each; a thirtieth where each goes to another process one by one, ten times as many in a map")
	under := flag.String("under", "", "a command to put before each piece, with its arguments")
	flag.Parse()
	dir, err := os.MkdirTemp("", "table")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	b := &bench{under: strings.Fields(*under), python: os.Getenv("PYTHON"), dir: dir, n: *n}
	if b.python == "" {
		b.python = "python3"
	}
	b.build()
	r := &results{}
	for i := range *count {
		log.Printf("repetition %d of %d", i+1, *count)
		b.inProcess(r)
		b.processes(r)
		b.loops(r)
		b.pythons(r)
	}
	b.once(r)
	r.write(b, *count)
}

// build builds the programs, so that the pieces need not.
func (b *bench) build() {
	output("go", "test", "-c", "-o", b.program("bench"), ".")
	output("go", "build", "-o", b.program("loops"), "./loops")
	process := exec.Command("go", "test", "-c", "-o", b.program("process"), "./concurrency/process")
	process.Dir = filepath.Join("..", "..", "..")
	run(process)
}

func (b *bench) program(name string) string { return filepath.Join(b.dir, name) }

// piece runs a piece and returns what it prints. If it fails, because who keeps others quiet does not do so for long, what it has printed by then counts.
func (b *bench) piece(argv ...string) string {
	argv = append(slices.Clone(b.under), argv...)
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		log.Printf("%s: %v", cmd, err)
	}
	return string(out)
}

// benchmarks runs benchmarks of a built test program, as many times each as is said, in one piece.
func (b *bench) benchmarks(program string, each ...times) string {
	var script strings.Builder
	for _, x := range each {
		fmt.Fprintf(&script, "%s -test.run '^$' -test.bench '^Benchmark%s' -test.benchtime %dx || exit\n", b.program(program), x.match, x.n)
	}
	return b.piece("sh", "-c", script.String())
}

// times is how often benchmarks are run.
type times struct {
	match string
	n     int
}

func (b *bench) inProcess(r *results) {
	r.benchmarks(b.benchmarks("bench", times{"(Submit|Future|Group)$", b.n}, times{"Map$/^(chunks|Map$|MapCell|conc)", 10 * b.n}, times{"Map$/^MapSeq", b.n}))
}

// processes runs what goes to other processes, and the benchmarks of package process, which have their yardsticks with them.
func (b *bench) processes(r *results) {
	r.benchmarks(b.benchmarks("bench", times{"Process$", b.n / 30}, times{"ProcessMap", b.n}))
	r.metrics(b.benchmarks("process", times{"RoundTrip", 30}, times{"Pipelined", b.n}, times{"Map", 10 * b.n}, times{"Bulk", 8}, times{"Start", 10}, times{"Python", 1}))
}

// works are those of ./loops, in pieces.
var works = []string{"gather", "group", "switch", "sleepers,wait_for", "cancel,to_thread", "http 20 ms", "http fast"}

// loops runs the event loops.
func (b *bench) loops(r *results) {
	for _, work := range works {
		r.loops(b.piece(b.program("loops"), "-json", "-rounds", "1", "-only", work))
	}
}

// pythons runs the same work in Python, if there is one.
func (b *bench) pythons(r *results) {
	if _, err := exec.LookPath(b.python); err != nil {
		return
	}
	r.python(b.piece(b.python, "python.py", "1"))
}

// once runs what does not vary.
func (b *bench) once(r *results) { r.benchmarks(b.benchmarks("bench", times{"Parked", 1})) }

// output runs a command and returns what it prints. If it fails so does this program.
func output(name string, args ...string) string { return run(exec.Command(name, args...)) }

func run(cmd *exec.Cmd) string {
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		log.Fatalf("%s: %v\n%s", cmd, err, out)
	}
	return string(out)
}

func digits(v float64) string {
	switch {
	case v < 10:
		return fmt.Sprintf("%.2f", v)
	case v < 100:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}
