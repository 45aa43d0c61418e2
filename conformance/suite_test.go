package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/tools/txtar"
)

// The test binary is also the gobraid under test: it does what a comment of the file it is given says.
func TestMain(m *testing.M) {
	if os.Getenv("CONFORMANCE_FAKE") != "" {
		fake(os.Args[len(os.Args)-1])
	}
	goleak.VerifyTestMain(m)
}

// fake ends the process as the line "// fake: EXIT STDOUT STDERR" of a file says.
func fake(file string) {
	source, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	var exit int
	var stdout, stderr string
	line := regexp.MustCompile(`(?m)^// fake: (.*)$`).FindStringSubmatch(string(source))
	if _, err := fmt.Sscanf(line[1], "%d %q %q", &exit, &stdout, &stderr); err != nil {
		panic(err)
	}
	if exit == 99 { // hang
		time.Sleep(time.Hour)
	}
	fmt.Print(stdout)
	fmt.Fprint(os.Stderr, stderr)
	os.Exit(exit)
}

// testdata/suite.txtar holds a small GOROOT/test, the expected lines and the expected table.
func TestSuite(t *testing.T) {
	t.Setenv("CONFORMANCE_FAKE", "1")
	archive, err := txtar.ParseFile("testdata/suite.txtar")
	if err != nil {
		t.Fatal(err)
	}
	root, want := t.TempDir(), map[string]string{}
	for _, f := range archive.Files {
		if !strings.HasSuffix(f.Name, ".go") {
			want[f.Name] = string(f.Data)
			continue
		}
		path := filepath.Join(root, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tests, err := runCorpus{root}.tests("")
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := suite{
		native:  native{cache: t.TempDir(), timeout: time.Minute},
		gobraid: gobraid{program: self, engine: "compiled", timeout: time.Minute},
		jobs:    2,
	}
	for range 2 { // the second time from the cache
		results, err := s.run(context.Background(), tests)
		if err != nil {
			t.Fatal(err)
		}
		var lines strings.Builder
		for _, r := range results {
			fmt.Fprintln(&lines, r)
		}
		if lines.String() != want["results"] {
			t.Errorf("results\n%swant\n%s", &lines, want["results"])
		}
		if got := tabulate(results).String(); got != want["table"] {
			t.Errorf("table\n%swant\n%s", got, want["table"])
		}
	}
	if kept, _ := os.ReadDir(s.native.cache); len(kept) != len(tests) {
		t.Errorf("%d answers kept, want %d", len(kept), len(tests))
	}
}

func TestTimeout(t *testing.T) {
	t.Setenv("CONFORMANCE_FAKE", "1")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.go"), []byte("// run\n\n// fake: 99 \"\" \"\"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	got, err := gobraid{program: self, engine: "yaegi", timeout: 50 * time.Millisecond}.run(context.Background(), test{File: filepath.Join(dir, "a.go")})
	if err != nil {
		t.Fatal(err)
	}
	if v, why := judge(test{}, got, ending{}); v != wrongVerdict || why != "timeout: " {
		t.Errorf("%s, %s", v, why)
	}
}

func TestInternals(t *testing.T) {
	tests := []struct {
		test, source string
		want         bool
	}{
		{"a.go", `import "fmt"`, false},
		{"a.go", "import (\n\t\"unsafe\"\n)", true},
		{"a.go", `import _ "unsafe"`, true},
		{"a.go", `var s = "unsafe"`, false},
		{"a.go", `runtime.Gosched()`, false},
		{"a.go", `runtime.Callers(0, pc)`, true},
		{"a.go", `runtime.CallersOfMine()`, false},
		{"a.go", "//go:nosplit\nfunc f()", true},
		{"a.go", `import "runtime/debug"`, true},
		{"abi/a.go", ``, true},
	}
	for _, test := range tests {
		if got := internals(test.test, []byte(test.source)); got != test.want {
			t.Errorf("internals(%s, %q) = %t", test.test, test.source, got)
		}
	}
}

func TestSlice(t *testing.T) {
	all := []string{"a", "b", "c", "d", "e"}
	got := fmt.Sprint(slice(all, 0, 2), slice(all, 1, 2), slice(all, 0, 1), slice(all, 7, 8))
	if got != "[a c e] [b d] [a b c d e] []" {
		t.Error(got)
	}
}

func TestDifference(t *testing.T) {
	tests := []struct{ got, want, text string }{
		{"a\nb\n", "a\nc\n", `line 2 is "b", want "c"`},
		{"a\n", "a\nb\n", `line 2 is "", want "b"`},
		{"a", "a\nb", `line 2 is missing: "b"`},
		{"a\nb", "a", `line 2 is too many: "b"`},
	}
	for _, test := range tests {
		if got := difference(test.got, test.want); got != test.text {
			t.Errorf("difference(%q, %q) = %s, want %s", test.got, test.want, got, test.text)
		}
	}
}

func TestWriteTSV(t *testing.T) {
	file := filepath.Join(t.TempDir(), "out.tsv")
	results := []result{{"a/b.go", "a", wrongVerdict, true, "why\tnot"}, {"c.go", "(top)", passedVerdict, false, ""}, {"d.go", "(top)", refusedVerdict, false, "x"}}
	if err := writeTSV(file, results); err != nil {
		t.Fatal(err)
	}
	const want = "a/b.go\twrong\ttrue\twhy not\nc.go\tpassed\tfalse\t\nd.go\trefused\tfalse\tx\n"
	if got, _ := os.ReadFile(file); string(got) != want {
		t.Errorf("%q", got)
	}
	got, err := failed(file, []test{{Name: "a/b.go"}, {Name: "c.go"}, {Name: "d.go"}, {Name: "e.go"}})
	if err != nil || len(got) != 2 || got[0].Name != "a/b.go" || got[1].Name != "d.go" {
		t.Errorf("failed: %v, %v", got, err)
	}
}
