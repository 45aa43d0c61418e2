package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
)

// A count counts results. The internal ones are part of the others.
type count struct {
	tests, passed, refused, wrong                                 int
	internalTests, internalPassed, internalRefused, internalWrong int
}

// add counts a result, unless it does not count.
func (c *count) add(r result) {
	if r.Verdict == uncounted {
		return
	}
	numbers := []*int{&c.tests, &c.passed, &c.refused, &c.wrong}
	internal := []*int{&c.internalTests, &c.internalPassed, &c.internalRefused, &c.internalWrong}
	which := 1 + slices.Index([]verdict{passedVerdict, refusedVerdict, wrongVerdict}, r.Verdict)
	for _, i := range []int{0, which} {
		*numbers[i]++
		if r.Internal {
			*internal[i]++
		}
	}
}

// A table holds the counts by directory.
type table struct {
	dirs      []string
	byDir     map[string]*count
	total     count
	uncounted int
}

// tabulate counts results by directory.
func tabulate(results []result) table {
	t := table{byDir: make(map[string]*count)}
	for _, r := range results {
		dir := r.Group
		if t.byDir[dir] == nil {
			t.byDir[dir] = new(count)
			t.dirs = append(t.dirs, dir)
		}
		t.byDir[dir].add(r)
		t.total.add(r)
		if r.Verdict == uncounted {
			t.uncounted++
		}
	}
	slices.Sort(t.dirs)
	return t
}

// String returns the table as text.
func (t table) String() string {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(name string, tests, passed, refused, wrong int) {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t\n", name, tests, passed, refused, wrong)
	}
	fmt.Fprintln(w, "directory\ttests\tpassed\trefused\twrong\t")
	for _, dir := range t.dirs {
		c := t.byDir[dir]
		row(dir, c.tests, c.passed, c.refused, c.wrong)
	}
	c := t.total
	row("all", c.tests, c.passed, c.refused, c.wrong)
	row("of them internals", c.internalTests, c.internalPassed, c.internalRefused, c.internalWrong)
	row("without internals", c.tests-c.internalTests, c.passed-c.internalPassed, c.refused-c.internalRefused, c.wrong-c.internalWrong)
	w.Flush()
	fmt.Fprintf(&b, "\n%d more tests do not succeed natively and are not counted.\n", t.uncounted)
	return b.String()
}

// writeTSV writes a line for each result: test, verdict, whether it is internal, why.
func writeTSV(file string, results []result) error {
	var b bytes.Buffer
	for _, r := range results {
		fmt.Fprintf(&b, "%s\t%s\t%t\t%s\n", r.Test, r.Verdict, r.Internal, strings.ReplaceAll(r.Why, "\t", " "))
	}
	return os.WriteFile(file, b.Bytes(), 0o644)
}

// failed returns the tests that a file of writeTSV says are refused or wrong.
func failed(file string, tests []test) ([]test, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	bad := make(map[string]bool)
	for line := range strings.Lines(string(data)) {
		if f := strings.Split(line, "\t"); len(f) > 1 {
			bad[f[0]] = f[1] == string(refusedVerdict) || f[1] == string(wrongVerdict)
		}
	}
	return slices.DeleteFunc(slices.Clone(tests), func(t test) bool { return !bad[t.Name] }), nil
}
