// Command scale runs many distinct compiled cells in one session and tells what they cost: time, memory, file
// descriptors, disk.
//
//	make build && go run ./tests/scale -gobraid .lab/gobraid -cells 200
//
// The cells are of four kinds, in turn: a function and its use, a type with methods of which a later cell uses the fields,
// goroutines with a channel, and a redefinition of the first cell's function that calls the last one. GOBRAID_PLUGINS=whole
// shows what plugins cost that hold all they import.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/session"
)

func main() {
	program := flag.String("gobraid", ".lab/gobraid", "the program")
	cells := flag.Int("cells", 200, "how many cells")
	every := flag.Int("every", 20, "how many cells make a line of the table")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *program, *cells, *every); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

// source returns the text of a cell; salt makes it new to the cache.
func source(n int, salt int64) string {
	switch n % 4 {
	case 0:
		return fmt.Sprintf("import (\"fmt\"; \"strings\")\nfunc f%[1]d(s string) string { return strings.ToUpper(s) + fmt.Sprint(%[2]d) }\nf%[1]d(\"x\")", n, salt)
	case 1:
		return fmt.Sprintf("type T%[1]d struct { name string; next *T%[1]d; salt int }\nfunc (t *T%[1]d) String() string { return fmt.Sprintf(\"<%%s %[2]d>\", t.name) }\nt%[1]d := &T%[1]d{name: \"a\"}\nt%[1]d", n, salt)
	case 2:
		return fmt.Sprintf("c%[1]d := make(chan T%[2]d, 1)\ngo func() { c%[1]d <- T%[2]d{name: t%[2]d.name, salt: %[3]d} }()\nx%[1]d := <-c%[1]d\nx%[1]d.name + strings.Repeat(\"b\", 3)", n, n-1, salt)
	}
	last := "strings.ToLower"
	if n > 4 {
		last = "again"
	}
	return fmt.Sprintf("func again(s string) string { if len(s) > %d { return s }; return s + fmt.Sprint(%d) }\n_ = %s\nagain(f%d(x%d.name))", n%7, salt, last, n-3, n-1)
}

func run(ctx context.Context, out io.Writer, program string, cells, every int) error {
	program, err := filepath.Abs(program)
	if err != nil {
		return err
	}
	s, err := session.Start(ctx, session.Config{Path: program, Args: []string{"session"}, Engine: "compiled"})
	if err != nil {
		return err
	}
	defer s.Close()
	salt := time.Now().UnixNano()
	if o := s.Run(ctx, interp.Request{Number: 1, Source: "1 + 1", Engine: "compiled"}, quiet{}); o.Error != nil {
		return fmt.Errorf("%v", o.Error)
	}
	pid, err := child()
	if err != nil {
		return err
	}
	m, err := measure(pid)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%5s %10s %10s %10s %10s %6s %6s\n", "cells", "median ms", "worst ms", "RSS MB", "own MB", "fds", "maps")
	fmt.Fprintf(out, "%5d %10s %10s %10.1f %10.1f %6d %6d\n", 0, "", "", m.rss, m.private, m.fds, m.maps)
	first := m
	var times []time.Duration
	for n := range cells {
		start := time.Now()
		o := s.Run(ctx, interp.Request{Number: n + 2, Source: source(n, salt+int64(n))}, quiet{})
		times = append(times, time.Since(start))
		if o.Error != nil {
			return fmt.Errorf("cell %d: %v", n, o.Error)
		}
		if o.Engine != "compiled" {
			return fmt.Errorf("cell %d ran on %q", n, o.Engine)
		}
		if (n+1)%every == 0 {
			if m, err = measure(pid); err != nil {
				return err
			}
			slices.Sort(times)
			fmt.Fprintf(out, "%5d %10.0f %10.0f %10.1f %10.1f %6d %6d\n", n+1, ms(times[len(times)/2]), ms(times[len(times)-1]), m.rss, m.private, m.fds, m.maps)
			times = nil
		}
	}
	fmt.Fprintf(out, "per cell: %.2f MB resident, %.2f MB of its own\n", (m.rss-first.rss)/float64(cells), (m.private-first.private)/float64(cells))
	return nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// A measurement is what a process holds.
type measurement struct {
	rss, private float64 // MB
	fds, maps    int
}

func measure(pid int) (m measurement, err error) {
	dir := filepath.Join("/proc", strconv.Itoa(pid))
	b, err := os.ReadFile(filepath.Join(dir, "smaps_rollup"))
	if err != nil {
		return m, err
	}
	for line := range strings.Lines(string(b)) {
		fields := strings.Fields(line)
		if len(fields) < 3 || fields[2] != "kB" {
			continue
		}
		n, err := strconv.ParseFloat(fields[1], 64)
		if err != nil {
			return m, err
		}
		switch fields[0] {
		case "Rss:":
			m.rss = n / 1024
		case "Private_Dirty:":
			m.private = n / 1024
		}
	}
	fds, err := os.ReadDir(filepath.Join(dir, "fd"))
	if err != nil {
		return m, err
	}
	maps, err := os.ReadFile(filepath.Join(dir, "maps"))
	m.fds, m.maps = len(fds), bytes.Count(maps, []byte("\n"))
	return m, err
}

// child returns the one child of this process.
func child() (int, error) {
	own := strconv.Itoa(os.Getpid())
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, err
	}
	for _, file := range all {
		b, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(b), ") ")
		if f := strings.Fields(rest); len(f) > 1 && f[1] == own {
			return strconv.Atoi(filepath.Base(filepath.Dir(file)))
		}
	}
	return 0, fmt.Errorf("no process of a session was found")
}

// quiet takes no output.
type quiet struct{}

func (quiet) Output(interp.Stream, []byte)                        {}
func (quiet) Display(interp.Data)                                 {}
func (quiet) Input(context.Context, string, bool) (string, error) { return "", io.EOF }
