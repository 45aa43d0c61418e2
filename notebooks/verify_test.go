package notebooks_test

import (
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/notebooks"
)

// verifyTests have the cell that was run, what takes its place for the second run, and what differs then, "" if nothing does.
var verifyTests = []struct {
	name, tags, was, is, differs string
}{
	{"same", "", "print a b\nvalue 1", "print a b\nvalue 1", ""},
	{"another number", "", "print n 41", "print n 42", "stdout"},
	{"a line more", "", "print a\nprint b", "print a", "stdout"},
	{"order", "", "print a\nprint b", "print b\nprint a", "stdout"},
	{"spaces", "", "print a  b", "print a b", "stdout"},
	{"another stream", "", "print a", "complain a", "stdout"},
	{"stderr", "", "complain a", "complain b", "stderr"},
	{"result", "", "value 1", "value 2", "result"},
	{"no result", "", "value 1", "cost x", "result"},
	{"a result more", "", "cost x", "value 1", "result"},
	{"display", "", "display x 1", "display x 2", "display"},
	{"displays in order", "", "display x 1\ndisplay y 2", "display y 2\ndisplay x 1", "display"},
	{"display before text", "", "display x 1\nprint a", "print a\ndisplay x 1", "display"},
	{"fails", "raises-exception", "print a", "print a\npanic oh", "error"},
	{"fails no more", "raises-exception", "panic oh", "print a", "error"},
	{"another error", "raises-exception", "panic oh", "panic no", "error"},
	{"record", "", "record sum 3", "record sum 4", ""}, // in seconds
	{"another record", "", "record sum 3", "record total 3", "display, record"},
	{"a record less", "", "record a 3\nrecord b 3", "record a 3", "display"},
	{"picture", "", "picture <svg/> words", "picture <svg></svg> others", ""},
	{"no picture", "", "picture <svg/> words", "display x words", "display"},
	{"cost", "", "display x 12.3 ms · running 1 ms · CPU 2 ms", "cost x", ""},

	{"durations", "", "print took 12.3ms, 4 s, 1h2m3.5s", "print took 800µs, 5 s, 2m0s", ""},
	{"no durations", "", "print v2s and 12 sheep", "print v3s and 12 sheep", "stdout"},
	{"columns", "", "print time  1.5ms  end", "print time  12.75ms  end", ""},
	{"time of day", "", "print at 2026-11-21T06:32:58.75Z, 12:01:02", "print at 2027-01-01T00:00:00Z, 23:59:59", ""},
	{"log", "", "complain 2026/11/21 23:48:45 log", "complain 2027/11/21 13:48:45 log", ""},
	{"address", "", "print &x = 0xc000123456", "print &x = 0xc0000a0010", ""},
	{"no address", "", "print 0xbeef", "print 0xbeee", "stdout"},
	{"port", "", "print 127.0.0.1:43211", "print 127.0.0.1:1024", ""},
	{"host", "", "print 127.0.0.1:43211", "print 10.0.0.1:43211", "stdout"},
	{"ids", "", "print goroutine 17, pid 4, task 3", "print goroutine 18, pid 5, task 2", ""},
	{"uuid", "", "print 01234567-89ab-cdef-0123-456789abcdef", "print 11234567-89ab-cdef-0123-456789abcde0", ""},
	{"temporary", "", "print /tmp/run123456/data.txt", "print /tmp/run98765432/data.txt", ""},
	{"no temporary", "", "print /tmp/run123456/data.txt", "print /tmp/run98765432/date.txt", "stdout"},
	{"made ready", "", "complain The compiled engine is being made ready. Wait.\nprint a", "print a", ""},
	{"late", "", "print a", "print [after the cell ended]\nprint a", ""},

	{"tasks", "", "by 1 a\nby 2 x\nby 1 b", "by 1 a\nby 1 b\nby 2 x", ""},
	{"order of a task", "", "by 1 a\nby 2 x\nby 1 b", "by 1 b\nby 2 x\nby 1 a", "stdout"},
	{"a line of a task", "", "by 1 a\nby 2 x", "by 1 a\nby 2 y", "stdout"},
	{"twice", "", "by 1 a\nby 2 a", "by 1 a\nby 2 a\nby 2 a", "stdout"},
	{"alike", "", "by 1 a\nby 2 b\nby 1 b\nby 2 a", "by 2 b\nby 1 a\nby 2 a\nby 1 b", ""},
	{"one task", "", "by 1 a\nby 1 b", "by 1 b\nby 1 a", "stdout"},

	{"virtual", "", "%%virtual\nprint 10ms", "%%virtual\nprint 11ms", "stdout"},
	{"listing", "", "%tasks\nprint 12 func at line 9", "%tasks\nprint 14 func at line 9", ""},
	{"listed line", "", "%tasks\nprint 12 func at line 9", "%tasks\nprint 12 func at line 8", "stdout"},

	{"ignored", "compare:ignore", "print a", "print b\nvalue 1", ""},
	{"ignored failure", "compare:ignore raises-exception", "print a", "panic b", "error"},
	{"exact", "compare:exact", "print 1 ms", "print 2 ms", "stdout"},
	{"unordered", "compare:unordered", "print a\nprint b", "print b\nprint a", ""},
	{"unordered line", "compare:unordered", "print a\nprint b", "print b\nprint b", "stdout"},
	{"unordered displays", "compare:unordered", "display x 1\ndisplay y 2", "display y 2\ndisplay x 1", ""},
	{"numbers", "compare:numbers=20%", "print 100 of 3.0 in 10ms", "print 119 of 2.5 in 11ms", ""},
	{"share", "compare:numbers=0.2", "print 100", "print 81", ""},
	{"numbers too far", "compare:numbers=20%", "print 100 of 3.0", "print 121 of 2.5", "stdout"},
	{"durations too far", "compare:numbers=20%", "print 1ms", "print 1.3ms", "stdout"},
	{"units", "compare:numbers=20%", "print 1ms", "print 990µs", ""},
	{"other units", "compare:numbers=20%", "print 1ms", "print 1s", "stdout"},
	{"words", "compare:numbers=20%", "print 100 a", "print 100 b", "stdout"},
	{"shape", "compare:shape", "print 100 of -3.0, 1ms", "print 7 of 2e9, 1h", ""},
	{"shape of words", "compare:shape", "print 100 of 3", "print 100 in 3", "stdout"},
	{"shape of lines", "compare:shape", "print 1\nprint 2", "print 1", "stdout"},
	{"shape, unordered", "compare:shape compare:unordered", "print a 1\nprint b 2", "print b 3\nprint a 4", ""},
}

func TestVerify(t *testing.T) {
	for _, tt := range verifyTests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "a.ipynb")
			if err := cells("---" + tt.tags + "\n" + tt.was + "\n").Write(path); err != nil {
				t.Fatal(err)
			}
			if _, err := notebooks.Run(t.Context(), path, newFake(), notebooks.Options{Out: path}); err != nil {
				t.Fatal(err)
			}
			for _, source := range []string{tt.was, tt.is} {
				change(t, path, func(c *notebooks.Cell) { c.Source = source + "\n" })
				v := notebooks.Verify(t.Context(), path, newFake(), notebooks.Options{})
				if v.Err != nil {
					t.Fatal(v.Err)
				}
				want := tt.differs
				if source == tt.was {
					want = ""
				}
				got := ""
				if d := v.Cells[0].Differences; len(d) > 0 {
					got = d[0].What
				}
				if short, _, _ := strings.Cut(got, ","); short == want && want != "" {
					continue
				}
				if got != want {
					t.Errorf("differs: %q, want %q\n%s", got, want, v)
				}
			}
		})
	}
}

func change(t *testing.T, path string, f func(c *notebooks.Cell)) {
	t.Helper()
	nb, err := notebooks.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	f(nb.Cells[0])
	if err := nb.Write(path); err != nil {
		t.Fatal(err)
	}
}

// What is found is shown with its cell, and a changed source is noted.
func TestVerdict(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.ipynb")
	nb := cells("---\nprint first\n\n---raises-exception\nprint a\nprint b\nprint c\nprint d\nprint e\npanic oh\n")
	nb.Cells[1].Metadata["gobraid"] = map[string]any{"section": "0.7"}
	if err := nb.Write(path); err != nil {
		t.Fatal(err)
	}
	if _, err := notebooks.Run(t.Context(), path, newFake(), notebooks.Options{Out: path}); err != nil {
		t.Fatal(err)
	}
	nb, err := notebooks.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	nb.Cells[1].Outputs[0].Text = "a\nB\nc\nd\ne\n"
	nb.Cells[0].Source += "cost x\n"
	if err := nb.Write(path); err != nil {
		t.Fatal(err)
	}
	v := notebooks.Verify(t.Context(), path, newFake(), notebooks.Options{})
	want := "a.ipynb: cell 2 (c1, section 0.7): print a\n    stdout: it differs\n      a\n    - B\n    + b\n      c\n      d\n      …\n" +
		"a.ipynb: note: cell c0 is not what the notebook's run record is of: it was changed since\na.ipynb: 1 of 2 cells differ, TIME\n"
	want = strings.Replace(want, "      d\n      …\n", "      d\n", 1)
	if got := duration.ReplaceAllString(v.String(), "TIME"); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	b, err := notebooks.JUnit([]*notebooks.Verdict{v, {Path: "b.ipynb", Err: os.ErrNotExist}})
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Suites   []struct {
			Cases []struct {
				Name    string  `xml:"name,attr"`
				Failure *string `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(b, &report); err != nil {
		t.Fatal(err)
	}
	if report.Tests != 3 || report.Failures != 1 || report.Errors != 1 || report.Suites[0].Cases[1].Failure == nil || !strings.Contains(*report.Suites[0].Cases[1].Failure, "+ b") {
		t.Errorf("%s", b)
	}
}

func TestVerifyErrors(t *testing.T) {
	dir := t.TempDir()
	for _, tag := range []string{"compare:nothing", "compare:numbers", "compare:numbers=many", "compare:exact compare:shape"} {
		path := filepath.Join(dir, "a.ipynb")
		if err := cells("---" + tag + "\nprint a\n").Write(path); err != nil {
			t.Fatal(err)
		}
		if v := notebooks.Verify(t.Context(), path, newFake(), notebooks.Options{}); v.Err == nil || v.Same() || !strings.Contains(v.Err.Error(), "cell c0") {
			t.Errorf("%s: %v", tag, v.Err)
		}
	}
	if v := notebooks.Verify(t.Context(), filepath.Join(dir, "none.ipynb"), newFake(), notebooks.Options{}); v.Err == nil {
		t.Error("a missing notebook is verified")
	}
}

// What was never run is not the same as what gives something out; and of many lines the difference is short.
func TestVerifyLong(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.ipynb")
	var b strings.Builder
	for i := range 600 {
		fmt.Fprintf(&b, "print line %d\n", i)
	}
	if err := cells("---\n" + b.String()).Write(path); err != nil {
		t.Fatal(err)
	}
	if v := notebooks.Verify(t.Context(), path, newFake(), notebooks.Options{}); v.Differing() != 1 || v.Cells[0].Differences[0].What != "cell" {
		t.Error(v)
	}
	if _, err := notebooks.Run(t.Context(), path, newFake(), notebooks.Options{Out: path}); err != nil {
		t.Fatal(err)
	}
	change(t, path, func(c *notebooks.Cell) { c.Outputs[0].Text = strings.ReplaceAll(c.Outputs[0].Text, "line 1", "lime 1") })
	v := notebooks.Verify(t.Context(), path, newFake(), notebooks.Options{})
	if n := strings.Count(v.String(), "\n"); v.Same() || n > 70 {
		t.Errorf("%d lines", n)
	}
}
