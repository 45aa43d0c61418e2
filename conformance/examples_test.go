package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

// testdata/examples.txtar holds a small GOROOT/src, the programs made of its examples and their results when gobraid prints
// what is native.
func TestExamples(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/examples.txtar")
	if err != nil {
		t.Fatal(err)
	}
	src, dir, want := t.TempDir(), t.TempDir(), ""
	for _, f := range archive.Files {
		if f.Name == "results" {
			want = string(f.Data)
			continue
		}
		path := filepath.Join(src, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	n := native{timeout: time.Minute}
	var got strings.Builder
	for range 2 { // the second time over the programs of the first
		got.Reset()
		tests, err := exampleCorpus{src, dir}.tests("a/")
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range tests {
			e, err := n.run(context.Background(), test)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&got, "%s %s exit %d %d bytes agrees %t\n", test.Name, test.Group, e.Exit, len(e.Stdout), test.agrees(e.Stdout))
		}
	}
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", &got, want)
	}
}

func TestSame(t *testing.T) {
	for _, c := range []struct {
		unordered bool
		got, want string
		same      bool
	}{
		{false, "a\nb\n", "a\nb\n", true}, {false, "a\nb\n", "b\na\n", false}, {false, "a\n", "a", false},
		{true, "a\nb\n", "b\na", true}, {true, "a\na\nb\n", "b\na", false},
	} {
		if got := (test{Unordered: c.unordered}).same([]byte(c.got), []byte(c.want)); got != c.same {
			t.Errorf("same(%q, %q) = %t", c.got, c.want, got)
		}
	}
	said := test{Says: []byte("a\n")}
	if !said.agrees([]byte("\na \n")) || said.agrees([]byte("b")) || !(test{}).agrees([]byte("b")) {
		t.Error("agrees")
	}
}
