// Command speed measures the same work in five ways, side by side, and prints a table:
//
//	go run ./speed -gobraid .lab/gobraid [-rounds 3] [NAME…]
//
// The work is in the folder testdata/programs, NAME.go and, for Python, NAME.py. Each program prints how many seconds its work
// took. The ways are: built by the Go compiler (native), run by the bare interpreter yaegi with nothing of gobraid
// around it, by gobraid's engines yaegi and compiled, and by CPython. They take turns, and of each the best
// round counts, so that what else the machine does falls on all of them.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("speed: ")
	if len(os.Args) == 3 && os.Args[1] == "bare" {
		if err := bare(os.Args[2]); err != nil {
			log.Fatal(err)
		}
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		log.Fatal(err)
	}
}

// bare runs a program with the interpreter alone.
func bare(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	vm := interp.New(interp.Options{})
	if err := vm.Use(stdlib.Symbols); err != nil {
		return err
	}
	_, err = vm.Eval(string(text))
	return err
}

// A way is a way to run a program: the name of a column, and the command for a file.
type way struct {
	name    string
	suffix  string
	command func(file string) []string
}

func run(ctx context.Context) error {
	var (
		program = flag.String("gobraid", ".lab/gobraid", "the program to measure")
		dir     = flag.String("dir", filepath.Join("speed", "testdata", "programs"), "the folder of the programs")
		python  = flag.String("python", "python3", "the Python to compare with")
		rounds  = flag.Int("rounds", 3, "how often each program is run in each way")
		limit   = flag.Duration("timeout", 2*time.Minute, "time for one run")
	)
	flag.Parse()
	gobraid, err := filepath.Abs(*program)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	built, err := os.MkdirTemp("", "speed")
	if err != nil {
		return err
	}
	defer os.RemoveAll(built)
	ways := []way{
		{"native", ".go", func(file string) []string {
			return []string{filepath.Join(built, filepath.Base(file)+".exe")}
		}},
		{"bare yaegi", ".go", func(file string) []string { return []string{self, "bare", file} }},
		{"yaegi", ".go", func(file string) []string { return []string{gobraid, "exec", "--engine", "yaegi", file} }},
		{"compiled", ".go", func(file string) []string { return []string{gobraid, "exec", "--engine", "compiled", file} }},
		{"CPython", ".py", func(file string) []string { return []string{*python, file} }},
	}
	names, err := programs(*dir, flag.Args())
	if err != nil {
		return err
	}
	for _, name := range names {
		out := filepath.Join(built, name+".go.exe")
		if text, err := exec.CommandContext(ctx, "go", "build", "-o", out, filepath.Join(*dir, name+".go")).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", name, err, text)
		}
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "seconds\tnative\tbare yaegi\tyaegi\tcompiled\tCPython\tyaegi/bare\tcompiled/native\tyaegi/CPython\t")
	for _, name := range names {
		best := make([]float64, len(ways))
		for range *rounds {
			for i, way := range ways {
				file := filepath.Join(*dir, name+way.suffix)
				if _, err := os.Stat(file); err != nil {
					continue
				}
				took, err := measure(ctx, *limit, way.command(file))
				if err != nil {
					return fmt.Errorf("%s by %s: %w", name, way.name, err)
				}
				if best[i] == 0 || took < best[i] {
					best[i] = took
				}
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", name, seconds(best[0]), seconds(best[1]), seconds(best[2]),
			seconds(best[3]), seconds(best[4]), ratio(best[2], best[1]), ratio(best[3], best[0]), ratio(best[2], best[4]))
	}
	return w.Flush()
}

// programs returns the names of the programs in a folder, or those that are wanted.
func programs(dir string, wanted []string) ([]string, error) {
	if len(wanted) > 0 {
		return wanted, nil
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(f), ".go"))
	}
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("no programs in %s", dir)
	}
	return names, err
}

// measure runs a command and returns the seconds it prints.
func measure(ctx context.Context, limit time.Duration, command []string) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return 0, fmt.Errorf("%w\n%s", err, stderr.Bytes())
	}
	return strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
}

func seconds(s float64) string {
	if s == 0 {
		return "–"
	}
	return strconv.FormatFloat(s, 'f', 4, 64)
}

func ratio(a, b float64) string {
	if a == 0 || b == 0 {
		return "–"
	}
	return strconv.FormatFloat(a/b, 'f', 2, 64)
}
