package program

import (
	"fmt"
	"strings"
	"testing"
)

// tree writes results with their logs.
func tree(list []*TestResult, indent string) string {
	var b strings.Builder
	for _, r := range list {
		fmt.Fprintf(&b, "%s%s runs=%d failed=%d skipped=%d %q\n", indent, r.Name, r.Runs, r.Failed, r.Skipped, r.Log)
		b.WriteString(tree(r.Subs, indent+"  "))
	}
	return b.String()
}

func TestTestLog(t *testing.T) {
	const text = "\x16=== RUN   TestA\nno newline    3.go:3: log1\n\x16=== RUN   TestA/sub\n    3.go:3: bad\n        second line\n" +
		"        in a helper\nprinted\n\x16--- FAIL: TestA/sub (0.10s)\n\x16=== NAME  TestA\n\x16=== RUN   TestA/par\n\x16=== PAUSE TestA/par\n" +
		"\x16=== NAME  TestA\n\x16=== CONT  TestA/par\n    3.go:4: later\nopen\x16--- SKIP: TestA/par (0.00s)\n\x16--- FAIL: TestA (0.00s)\n\x16=== NAME  \n" +
		"\x16=== RUN   TestOwn\n\x16=== RUN   TestOwn/fine\n\x16--- PASS: TestOwn/fine (0.00s)\n\x16=== NAME  TestOwn\n    3.go:9: own\n\x16--- FAIL: TestOwn (0.00s)\n" +
		"\x16=== RUN   ExampleX\n\x16--- FAIL: ExampleX (0.00s)\ngot:\nx\nwant:\ny\n\x16=== RUN   TestDied\n\x16FAIL\nthe end"
	const want = `TestA runs=1 failed=1 skipped=0 ["3.go:3: log1"]
  sub runs=1 failed=1 skipped=0 ["3.go:3: bad" "second line" "in a helper"]
  par runs=1 failed=0 skipped=1 ["3.go:4: later"]
TestOwn runs=1 failed=1 skipped=0 ["3.go:9: own"]
  fine runs=1 failed=0 skipped=0 []
ExampleX runs=1 failed=1 skipped=0 ["got:" "x" "want:" "y"]
TestDied runs=0 failed=0 skipped=0 []
`
	for _, size := range []int{1, 7, len(text)} {
		var out strings.Builder
		l := TestLog{Print: func(b []byte) { out.Write(b) }}
		for at := 0; at < len(text); at += size {
			l.Write([]byte(text[at:min(at+size, len(text))]))
		}
		l.Close()
		if got := tree(l.Results, ""); got != want {
			t.Errorf("in pieces of %d:\n%s\nwant\n%s", size, got, want)
		}
		if got := out.String(); got != "no newlineprinted\nopenthe end" {
			t.Errorf("printed %q", got)
		}
		if all, failed, skipped := l.Counts(); all != 6 || failed != 4 || skipped != 1 {
			t.Errorf("%d tests, %d failed, %d skipped", all, failed, skipped)
		}
	}
}

// TestTestBinary runs the tests of a cell.
func TestTestBinary(t *testing.T) {
	n := newNotebook(t)
	n.add("func double(n int) int { return n + n }")
	p, err := n.book.Program(n.check(`import ("fmt"; "os"; "testing")
func TestDouble(t *testing.T) {
	t.Run("two", func(t *testing.T) { if double(2) != 4 { t.Error() } })
	t.Run("bad", func(t *testing.T) { t.Errorf("got %d", double(1)) })
}
func ExampleGood() {
	fmt.Println(double(1))
	// Output: 2
}
func ExampleBad() {
	fmt.Println(double(1))
	// Unordered output: 3
}
func FuzzDouble(f *testing.F) {
	f.Add(1)
	f.Fuzz(func(t *testing.T, n int) { double(n) })
}
func TestMain(m *testing.M) {
	fmt.Println("before")
	m.Run()
	os.Stdout.WriteString("after\n")
}
`), Options{Mode: Test})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	l := TestLog{Print: func(b []byte) { out.Write(b) }}
	c := Command{Exe: build(t, p, false), Args: TestArgs, Stdout: l.Write}
	end, err := c.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	const want = `TestDouble runs=1 failed=1 skipped=0 []
  two runs=1 failed=0 skipped=0 []
  bad runs=1 failed=1 skipped=0 ["2.go:4: got 2"]
FuzzDouble runs=1 failed=0 skipped=0 []
  seed#0 runs=1 failed=0 skipped=0 []
ExampleGood runs=1 failed=0 skipped=0 []
ExampleBad runs=1 failed=1 skipped=0 ["got:" "2" "" "want (unordered):" "3" ""]
`
	if got := tree(l.Results, ""); got != want || end.Status != 1 {
		t.Errorf("status %d\n%s\nwant\n%s", end.Status, got, want)
	}
	if got := out.String(); got != "before\nafter\n" {
		t.Errorf("printed %q", got)
	}
}
