package main

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/conformance/generate"
)

// A test is a program and how its output is judged.
type test struct {
	Name      string // of the test in its corpus, with slashes
	Group     string // the row of the table it counts in
	File      string // the program; it runs in the directory of this file
	Internal  bool   // whether it tests the insides of the compiler or the runtime
	Says      []byte // what the test itself says that it prints; nil if it does not
	Session   bool   // whether it is run as the cells of a session: see generate.Cells
	Random    bool   // whether it is of package generate
	Unordered bool   // whether the order of the lines it prints is open
}

// A corpus is a collection of tests.
type corpus interface {
	// tests returns the tests whose names begin with under, sorted by name.
	tests(under string) ([]test, error)
}

// directory returns the first element of a name, "(top)" if there is only one.
func directory(name string) string {
	dir, _, below := strings.Cut(path.Clean(name), "/")
	if !below {
		return "(top)"
	}
	return dir
}

// same compares two outputs of the test.
func (t test) same(got, want []byte) bool {
	if t.Random {
		got, want = generate.Plain(got), generate.Plain(want)
	}
	if t.Unordered {
		return slices.Equal(sortedLines(got), sortedLines(want))
	}
	return bytes.Equal(got, want)
}

// agrees reports whether an output is what the test itself says, by the rules of go test.
func (t test) agrees(got []byte) bool {
	if t.Says == nil {
		return true
	}
	return t.same(bytes.TrimSpace(got), bytes.TrimSpace(t.Says))
}

func sortedLines(text []byte) []string {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	slices.Sort(lines)
	return lines
}
