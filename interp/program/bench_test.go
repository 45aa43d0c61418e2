package program

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// measured makes a log of one benchmark that took these times.
func measured(name string, ns ...float64) string {
	var b strings.Builder
	for _, x := range ns {
		fmt.Fprintf(&b, "Benchmark%s-2   \t 1000\t%10.3f ns/op\t  16 B/op\t   1 allocs/op\t 3.500 hits/op\n", name, x)
	}
	return b.String()
}

func TestBenchLog(t *testing.T) {
	text := "printed\ngoos: linux\ngoarch: amd64\npkg: main\ncpu: Some CPU\n" + measured("Work", 12, 14) +
		"BenchmarkLoud-2   \tprinted in it\n  100\t  5.0 ns/op\nPASS\nlast"
	for _, size := range []int{1, 7, len(text)} {
		var out strings.Builder
		l := BenchLog{Print: func(b []byte) { out.Write(b) }}
		for at := 0; at < len(text); at += size {
			l.Write([]byte(text[at:min(at+size, len(text))]))
		}
		l.Close()
		if got := out.String(); got != "printed\nprinted in it\nlast" {
			t.Errorf("printed %q", got)
		}
		if !slices.Equal(l.Samples.Names, []string{"Work", "Loud"}) {
			t.Errorf("names %v", l.Samples.Names)
		}
		if got := fmt.Sprintf("%.3g", l.Samples.values["Work"]["sec/op"]); got != "[1.2e-08 1.4e-08]" {
			t.Errorf("values %s", got)
		}
	}
}

func samples(text string) *Samples {
	var l BenchLog
	l.Write([]byte(text))
	l.Close()
	return &l.Samples
}

func TestTable(t *testing.T) {
	r := NewResults()
	old := samples(measured("Work", 100, 101, 99, 100, 102, 98))
	rows, warnings := r.Table(old, "")
	if len(rows) != 4 || len(warnings) != 0 {
		t.Fatalf("%+v %v", rows, warnings)
	}
	want := []Row{
		{Name: "Work", Unit: "time/op", Now: "100.0 ns", Spread: "2%"},
		{Name: "Work", Unit: "B/op", Now: "16 B", Spread: "0%"},
		{Name: "Work", Unit: "allocs/op", Now: "1", Spread: "0%"},
		{Name: "Work", Unit: "hits/op", Now: "3.500", Spread: "0%"},
	}
	if !slices.Equal(rows, want) {
		t.Errorf("%+v", rows)
	}
	r.Keep(old, "cell 1", "first")

	fast := samples(measured("Work", 50, 51, 49, 50, 52, 48))
	rows, warnings = r.Table(fast, "")
	if got := rows[0]; got.Before != "100.0 ns" || got.From != "cell 1" || got.Change != "-50.00%" || got.Better != 1 || got.Test != "p=0.002 n=6" {
		t.Errorf("%+v", got)
	}
	if got := rows[1]; got.Change != "~" || got.Better != 0 {
		t.Errorf("%+v", got)
	}
	if !slices.Equal(warnings, []string{"all samples are equal"}) {
		t.Errorf("warnings %q", warnings)
	}
	r.Keep(fast, "cell 2", "")

	rows, _ = r.Table(old, "")
	if got := rows[0]; got.From != "cell 2" || got.Better != -1 || got.Change != "+100.00%" {
		t.Errorf("against the latest: %+v", got)
	}
	rows, _ = r.Table(fast, "first")
	if got := rows[0]; got.From != "cell 1" || got.Better != 1 {
		t.Errorf("against what was saved: %+v", got)
	}
	if !r.Has("first") || r.Has("second") || !slices.Equal(r.Saved(), []string{"first"}) {
		t.Errorf("saved %v", r.Saved())
	}

	_, warnings = r.Table(samples(measured("Few", 1, 2)), "")
	if len(warnings) != 1 || !strings.Contains(warnings[0], "need >= 6 samples") {
		t.Errorf("warnings %q", warnings)
	}
}

// TestBenchBinary measures a cell.
func TestBenchBinary(t *testing.T) {
	n := newNotebook(t)
	n.add("func double(n int) int { return n + n }")
	p, err := n.book.Program(n.check("x := double(2)\ndouble(x)"), Options{Mode: Bench})
	if err != nil {
		t.Fatal(err)
	}
	var l BenchLog
	c := Command{Exe: build(t, p, false), Args: []string{"-test.run=^$", "-test.bench=.", "-test.benchmem", "-test.count=2", "-test.benchtime=100x"}, Stdout: l.Write}
	if end, err := c.Run(t.Context()); err != nil || end.Status != 0 {
		t.Fatal(end, err)
	}
	l.Close()
	if !slices.Equal(l.Samples.Names, []string{"Cell"}) || len(l.Samples.values["Cell"]["sec/op"]) != 2 || len(l.Samples.values["Cell"]["B/op"]) != 2 {
		t.Errorf("%+v", l.Samples)
	}
}
