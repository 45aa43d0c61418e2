// Command loops puts package loop beside asyncio and uvloop, and the web client beside aiohttp and httpx, on the same work in one run.
//
//	python3 -m venv V && V/bin/pip install -r requirements.txt
//	PYTHON=V/bin/python GOBRAID=path/of/gobraid go run ./loops
//
// All do a piece of work before any does it again, so that what else the machine does falls on all of them; the figures are medians of the rounds, of
// the time that passed and of the processor time. With GOBRAID, compiled and interpreted cells are measured too. The server of the requests is a process of
// its own, whose time is not counted.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/gobraid/gobraid/concurrency/webtest"
)

// A row is a piece of work.
type row struct {
	name  string
	n     int  // how many things it does
	cells bool // cells do it too
	unit  string
}

var rows = []row{
	{"gather", 100_000, true, "task"},
	{"group", 100_000, true, "task"},
	{"switch", 200_000, true, "switch"},
	{"sleepers", 20_000, true, "task"},
	{"wait_for", 20_000, true, "call"},
	{"cancel", 20_000, true, "task"},
	{"to_thread", 5_000, true, "call"},
	{"http 20 ms", 1_000, true, "all"},
	{"http fast", 10_000, true, "request"},
}

// A runner does a piece of work and says how long it took, in seconds, and how much processor time.
type runner struct {
	name string
	argv func(r row, url string) []string
}

func main() {
	rounds := flag.Int("rounds", 5, "how often each does each piece of work")
	asJSON := flag.Bool("json", false, "print each measurement as a line of JSON, in µs an item, and no table")
	only := flag.String("only", "", "the names of the work to do, with commas between them")
	flag.Parse()
	if flag.Arg(0) == "serve" {
		serve()
		return
	}
	if flag.NArg() == 3 { // work n url, for the process of its own
		n, _ := strconv.Atoi(flag.Arg(1))
		report(flag.Arg(0), n, flag.Arg(2))
		return
	}
	url, stop := start()
	defer stop()
	runners := []runner{{"loop", func(r row, url string) []string {
		return []string{os.Args[0], r.name, strconv.Itoa(r.n), url}
	}}}
	here := folder()
	if python := os.Getenv("PYTHON"); python != "" {
		for _, kind := range []string{"asyncio", "uvloop", "httpx"} {
			runners = append(runners, runner{kind, func(r row, url string) []string {
				if kind == "httpx" && !strings.HasPrefix(r.name, "http") {
					return nil
				}
				return []string{python, filepath.Join(here, "loops.py"), kind, r.name, strconv.Itoa(r.n), url}
			}})
		}
	}
	if gobraid := os.Getenv("GOBRAID"); gobraid != "" {
		dir, err := os.MkdirTemp("", "loops")
		if err != nil {
			log.Fatal(err)
		}
		defer os.RemoveAll(dir)
		for _, engine := range []string{"compiled", "yaegi"} {
			runners = append(runners, runner{engine, func(r row, url string) []string {
				if !r.cells {
					return nil
				}
				return []string{gobraid, "exec", "--engine", engine, cell(dir, here, r, url)}
			}})
		}
	}
	if !*asJSON {
		fmt.Printf("%-12s", "µs, wall/cpu")
		for _, x := range runners {
			fmt.Printf(" %19s", x.name)
		}
		fmt.Println()
	}
	for _, r := range rows {
		if *only != "" && !slices.Contains(strings.Split(*only, ","), r.name) {
			continue
		}
		wall, cpu := map[string][]float64{}, map[string][]float64{}
		per := 1e6 / float64(r.n)
		if r.unit == "all" {
			per = 1e6
		}
		for round := range *rounds {
			for _, x := range runners {
				argv := x.argv(r, url)
				if argv == nil || x.name == "httpx" && (round > 0 || *asJSON) { // it takes minutes
					continue
				}
				w, c, err := measure(argv)
				if err != nil {
					log.Printf("%s: %s: %v", x.name, r.name, err)
					continue
				}
				wall[x.name], cpu[x.name] = append(wall[x.name], w*per), append(cpu[x.name], c*per)
				if *asJSON {
					line, err := json.Marshal(map[string]any{"Work": r.name + ", a " + r.unit, "Runner": x.name, "Wall": w * per, "CPU": c * per})
					if err != nil {
						log.Fatal(err)
					}
					fmt.Printf("%s\n", line)
				}
			}
		}
		if *asJSON {
			continue
		}
		fmt.Printf("%-12s", r.name)
		for _, x := range runners {
			if len(wall[x.name]) == 0 {
				fmt.Printf(" %19s", "-")
				continue
			}
			fmt.Printf(" %9.3f/%9.3f", median(wall[x.name]), median(cpu[x.name]))
		}
		fmt.Printf("  per %s\n", r.unit)
	}
}

// measure runs a process that prints the seconds that its work took and the processor time of that, as its last line.
func measure(argv []string) (wall, cpu float64, err error) {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return 0, 0, err
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	_, err = fmt.Sscan(lines[len(lines)-1], &wall, &cpu)
	return wall, cpu, err
}

func median(xs []float64) float64 {
	xs = slices.Sorted(slices.Values(xs))
	return xs[len(xs)/2]
}

// start starts the server, in a process of its own.
func start() (url string, stop func()) {
	cmd := exec.Command(os.Args[0], "serve")
	in, err := cmd.StdinPipe()
	if err != nil {
		log.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		log.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		log.Fatal(err)
	}
	url, err = bufio.NewReader(out).ReadString('\n')
	if err != nil {
		log.Fatal(err)
	}
	return strings.TrimSpace(url), func() {
		in.Close()
		_ = cmd.Wait()
	}
}

// serve is the server's process. It ends with its standard input.
func serve() {
	s := webtest.New()
	defer s.Close()
	fmt.Println(strings.TrimSuffix(s.URL("/"), "/"))
	_, _ = bufio.NewReader(os.Stdin).ReadByte()
}

// cell writes the cell that does a piece of work and returns its path.
func cell(dir, here string, r row, url string) string {
	text, err := os.ReadFile(filepath.Join(here, "cell.txt"))
	if err != nil {
		log.Fatal(err)
	}
	s := strings.NewReplacer("WORK", strconv.Quote(r.name), "TIMES", strconv.Itoa(r.n), "SERVER", strconv.Quote(url)).Replace(string(text))
	path := filepath.Join(dir, "cell.go")
	if err := os.WriteFile(path, []byte(s), 0o644); err != nil {
		log.Fatal(err)
	}
	return path
}

// folder returns where this file is.
func folder() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(file)
}
