package live_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobraid/gobraid/interp"
)

// The compiler refuses this, and the type checker does not.
const tooBig = "func big%d(a [1 << 28]int) int { return a[1] }\nfunc refused%[1]d() int { return big%[1]d([1 << 28]int{}) }\n"

// A step is a cell and what is to come of it.
type step struct {
	text   string
	result string
	err    string // in the error
	late   string // in what comes on standard error, also after the cell
}

func TestBackground(t *testing.T) {
	unique := time.Now().UnixNano() // not in the cache of an earlier test run
	for _, c := range []struct {
		name  string
		steps []step
	}{
		{"used at once", []step{
			{text: "func f(n int) int { return n + 1 }"},
			{text: "f(41)", result: "42"},
		}},
		{"used through others", []step{
			{text: "type T struct{ n int }\nfunc (t T) double() int { return 2 * t.n }"},
			{text: "import \"fmt\"\nfunc g(t T) string { return fmt.Sprint(t.double()) }"},
			{text: "type U struct{ T }"},
			{text: "g(U{T{21}}.T)", result: `"42"`},
		}},
		{"variables", []step{
			{text: "const start = 40\nn := start\nvar m, s = 2, \"x\"\nvar zero []int\nfunc inc() int { n++; return n }"},
			{text: "inc() + m", result: "43"},
			{text: "n, m, s, zero == nil", err: "syntax"},
			{text: "n + m", result: "43"},
			{text: "const start = 40\nn := start\nvar m, s = 2, \"x\"\nvar zero []int\nfunc inc() int { n++; return n }"},
			{text: "n", result: "40"},
		}},
		{"the same text again", []step{
			{text: "func f() int { return 1 }"},
			{text: "func f() int { return 1 }"},
			{text: "func g() int { return f() }"},
			{text: "func f() int { return 1 }"},
			{text: "g() + f()", result: "2"},
		}},
		{"redefined", []step{
			{text: "func f() int { return 1 }"},
			{text: "func g() int { return f() }"},
			{text: "func f() int { return 2 }"},
			{text: "10*g() + f()", result: "12"},
		}},
		{"method later", []step{
			{text: "type T struct{ n int }"},
			{text: "func (t T) M() int { return t.n }"},
			{text: "var i interface{ M() int } = T{7}"},
			{text: "i.M()", result: "7"},
		}},
		{"refused by the compiler", []step{
			{text: tooBig, late: "stack frame too large"},
			{text: "refused%[1]d()", err: "cell 1 does not compile, which declares refused"},
			{text: "refused%[1]d()", err: "undefined: refused"},
		}},
		{"an old meaning comes back", []step{
			{text: "func f() int { return 1 }\ntype T int"},
			{text: tooBig + "func f() int { return 2 }\ntype T string", late: "stack frame too large"},
			{text: "func f2() int { return f() }", late: "cell 2 does not compile, which declares f"},
			{text: "f2()", err: "cell 3 does not compile, which declares f2"},
			{text: "func f3() int { return f() }"},
			{text: "f3() + int(T(1))", result: "2"},
		}},
		{"redefined meanwhile", []step{
			{text: tooBig + "func f() int { return 2 }", late: "stack frame too large"},
			{text: "func f() int { return 3 }"},
			{text: "refused%[1]d()", err: "cell 1 does not compile, which declares refused"},
			{text: "f()", result: "3"},
			{text: "refused%[1]d()", err: "undefined: refused"},
		}},
		{"only built with what fails", []step{
			{text: "type S struct{}\nfunc (S) Area() int { return 7 }\n" + tooBig, late: "stack frame too large"},
			{text: "type Shape interface{ Area() int }"},
			{text: "type Q struct{}\nfunc (Q) Area() int { return 8 }"},
			{text: "func area(s Shape) int { return s.Area() }"},
			{text: "area(Q{})", result: "8"},
			{text: "S{}", err: "undefined: S"},
		}},
		{"built at once with what fails", []step{
			{text: "type S struct{}\nfunc (S) Area() int { return 7 }\n" + tooBig, late: "stack frame too large"},
			{text: "type Shape interface{ Area() int }\nvar s Shape\ns == nil", result: "true"},
			{text: "s == nil", result: "true"},
		}},
	} {
		t.Run(c.name, func(t *testing.T) { runSteps(t, unique, c.steps) })
	}
}

func runSteps(t *testing.T, unique int64, steps []step) {
	s := openSession(t)
	if o := s.Run(t.Context(), interp.Request{Number: 100, Source: "1 + 1"}, newSink()); o.Error != nil { // the engine is ready
		t.Fatal(o.Error)
	}
	sinks := make([]*sink, len(steps))
	for i, x := range steps {
		sinks[i] = newSink()
		text := x.text
		if strings.Contains(text, "%") {
			text = fmt.Sprintf(text, unique)
		}
		o := s.Run(t.Context(), interp.Request{Number: i + 1, Source: text}, sinks[i])
		switch {
		case o.Error != nil && (x.err == "" || !strings.Contains(strings.Join(o.Error.Traceback, "\n"), x.err)):
			t.Fatalf("cell %d: %s\nwant %q", i+1, strings.Join(o.Error.Traceback, "\n"), x.err)
		case o.Error == nil && x.err != "":
			t.Errorf("cell %d: no error, want %q", i+1, x.err)
		}
		got := ""
		if o.Result != nil {
			got, _ = o.Result.MIME["text/plain"].(string)
		}
		if got != x.result {
			t.Errorf("cell %d: result %q, want %q", i+1, got, x.result)
		}
	}
	if o := s.Run(t.Context(), interp.Request{Number: 101, Source: "1 + 1"}, newSink()); o.Error != nil {
		t.Error(o.Error)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	for i, x := range steps {
		got := sinks[i].take(interp.Stderr)
		if x.late == "" && got != "" || !strings.Contains(got, x.late) {
			t.Errorf("cell %d: standard error is %q, want %q", i+1, got, x.late)
		}
	}
}

// TestBackgroundInterrupt interrupts a cell that waits for another to be compiled.
func TestBackgroundInterrupt(t *testing.T) {
	s := newSession(t)
	if o := s.Run(t.Context(), interp.Request{Number: 1, Source: "1 + 1"}, newSink()); o.Error != nil {
		t.Fatal(o.Error)
	}
	text := fmt.Sprintf("func f() int { return %d }", time.Now().UnixNano())
	if o := s.Run(t.Context(), interp.Request{Number: 2, Source: text}, newSink()); o.Error != nil {
		t.Fatal(o.Error)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if o := s.Run(ctx, interp.Request{Number: 3, Source: "f()"}, newSink()); o.Error == nil || o.Error.Name != interp.ErrInterrupted {
		t.Errorf("outcome %v, want an interrupt", o.Error)
	}
	if o := s.Run(t.Context(), interp.Request{Number: 4, Source: "f() > 0"}, newSink()); o.Error != nil || o.Result.MIME["text/plain"] != "true" {
		t.Errorf("outcome %v %v, want true", o.Result, o.Error)
	}
}

// TestBackgroundClose closes a session while cells are compiled.
func TestBackgroundClose(t *testing.T) {
	s := openSession(t)
	if o := s.Run(t.Context(), interp.Request{Number: 1, Source: "1 + 1"}, newSink()); o.Error != nil {
		t.Fatal(o.Error)
	}
	out := newSink()
	for i := range 4 {
		text := fmt.Sprintf("func f%d() int { return %d }", i, time.Now().UnixNano())
		if o := s.Run(t.Context(), interp.Request{Number: 2 + i, Source: text}, out); o.Error != nil {
			t.Fatal(o.Error)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if got := out.take(interp.Stderr); got != "" {
		t.Errorf("standard error is %q", got)
	}
}

// TestBackgroundBeside has two shells declare and use at once.
func TestBackgroundBeside(t *testing.T) {
	s := newSession(t)
	if o := s.Run(t.Context(), interp.Request{Number: 1, Source: "1 + 1"}, newSink()); o.Error != nil {
		t.Fatal(o.Error)
	}
	unique := time.Now().UnixNano()
	var shells sync.WaitGroup
	for i, shell := range []string{"", "beside"} {
		shells.Go(func() {
			for n := range 4 {
				number := 10*(i+1) + 2*n
				text := fmt.Sprintf("type T%d struct{ n int }\nfunc f%[1]d(n int) T%[1]d { return T%[1]d{n - %d} }", number, unique)
				if o := s.Run(t.Context(), interp.Request{Number: number, Subshell: shell, Source: text}, newSink()); o.Error != nil {
					t.Error(o.Error)
				}
				text = fmt.Sprintf("f%d(%d).n", number, unique+int64(n))
				o := s.Run(t.Context(), interp.Request{Number: number + 1, Subshell: shell, Source: text}, newSink())
				if o.Error != nil || o.Result.MIME["text/plain"] != fmt.Sprint(n) {
					t.Errorf("%s: %v %v", text, o.Result, o.Error)
				}
			}
		})
	}
	shells.Wait()
}

// TestBackgroundWait has a cell answered when it has been compiled.
func TestBackgroundWait(t *testing.T) {
	s := newSession(t)
	if o := s.Run(t.Context(), interp.Request{Number: 1, Source: "1 + 1"}, newSink()); o.Error != nil {
		t.Fatal(o.Error)
	}
	out := newSink()
	o := s.Run(t.Context(), interp.Request{Number: 2, Source: fmt.Sprintf(tooBig, time.Now().UnixNano()), Wait: true}, out)
	if o.Error == nil || !strings.Contains(o.Error.Value, "stack frame too large") {
		t.Errorf("error %v, want what the compiler says", o.Error)
	}
	if got := out.take(interp.Stderr); got != "" {
		t.Errorf("standard error is %q", got)
	}
}
