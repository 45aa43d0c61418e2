package session

import (
	"strings"
	"testing"
)

const dump = "panic: boom\n\ngoroutine 7 [running]:\nmain.main()\n\t/gobraid.cell/3.go:2 +0x1d\nexit status 2\n"

var filterTests = []struct {
	name    string
	in      string
	passed  string // while the process lives
	later   string // what release adds
	atDeath string // the last text
}{
	{"text", "some\ntext", "some\ntext", "", ""},
	{"dump", "text\n" + dump, "text\n", dump, dump},
	{"in a line", "no panic: here\n", "no panic: here\n", "", ""},
	{"only its beginning", "panic: it was caught\nmore\n", "", "panic: it was caught\nmore\n", ""},
	{"cut short", "text\npan", "text\n", "pan", ""},
	{"almost", "panorama\n", "panorama\n", "", ""},
	{"stack overflow", "runtime: goroutine stack exceeds\n" + dump, "", "runtime: goroutine stack exceeds\n" + dump, "runtime: goroutine stack exceeds\n" + dump},
}

// Each text comes whole, byte by byte and in pieces of seven: the filter must not care.
func TestStderrFilter(t *testing.T) {
	for _, test := range filterTests {
		for _, size := range []int{1, 7, 1 << 20} {
			var passed strings.Builder
			f := &stderrFilter{pass: func(b []byte) { passed.Write(b) }}
			feed(f, test.in, size)
			if passed.String() != test.passed {
				t.Errorf("%s by %d: passed %q, want %q", test.name, size, passed.String(), test.passed)
			}
			f.release()
			if passed.String() != test.passed+test.later {
				t.Errorf("%s by %d: released %q, want %q", test.name, size, passed.String(), test.passed+test.later)
			}
			passed.Reset()
			f = &stderrFilter{pass: func(b []byte) { passed.Write(b) }}
			feed(f, test.in, size)
			if got := f.end(); got != test.atDeath {
				t.Errorf("%s by %d: last text %q, want %q", test.name, size, got, test.atDeath)
			}
			if passed.String()+test.atDeath != test.in {
				t.Errorf("%s by %d: passed %q at the end", test.name, size, passed.String())
			}
		}
	}
}

func feed(f *stderrFilter, text string, size int) {
	for len(text) > 0 {
		n := min(size, len(text))
		f.write([]byte(text[:n]))
		text = text[n:]
	}
}

// A long text that is no dump is not held for ever, and a long dump is not kept whole.
func TestLongText(t *testing.T) {
	var passed strings.Builder
	f := &stderrFilter{pass: func(b []byte) { passed.Write(b) }}
	text := "panic: " + strings.Repeat("no dump follows\n", 4000)
	feed(f, text, 100)
	f.release()
	if passed.String() != text {
		t.Errorf("%d bytes passed, not %d", passed.Len(), len(text))
	}
	passed.Reset()
	feed(f, dump+strings.Repeat("goroutine 8 [running]:\n", 40_000), 1000)
	if got := f.end(); len(got) > headSize+1000 || !strings.HasPrefix(got, dump) || passed.Len() > 0 {
		t.Errorf("kept %d bytes, passed %d", len(got), passed.Len())
	}
}

func TestRing(t *testing.T) {
	var r ring
	for range 100 {
		r.write([]byte(strings.Repeat("x", 5000)))
	}
	r.write([]byte("end"))
	if got := r.String(); len(got) != ringSize || !strings.HasSuffix(got, "xend") {
		t.Errorf("%d bytes", len(got))
	}
	if cap(r.b) > 4*ringSize {
		t.Errorf("%d bytes of memory", cap(r.b))
	}
}
