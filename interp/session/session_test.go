//go:build unix

package session_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/session"
)

func TestRun(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	r := newRecorder()
	o := h.cell("print hello\neprint oops\ndisplay picture\nvalue 42", r)
	if o.Error != nil || o.Engine != "scripted" || o.Result == nil || o.Result.MIME["text/plain"] != "42" {
		t.Errorf("outcome %+v", o)
	}
	if r.stdout() != "hello\n" || r.stderr() != "oops\n" {
		t.Errorf("printed %q and %q", r.stdout(), r.stderr())
	}
	if len(r.data) != 1 || r.data[0].MIME["text/plain"] != "picture" || r.data[0].ID != "d" {
		t.Errorf("displayed %v", r.data)
	}
	h.bad("fail", interp.ErrPanic)
}

func TestNames(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	if names := h.Names(); len(names) != 0 {
		t.Errorf("names %v", names)
	}
	h.good("var y\nfunc f")
	want := []interp.Name{{Name: "f", Kind: "func", Cell: 1}, {Name: "y", Kind: "var", Cell: 1}}
	if names := h.Names(); fmt.Sprint(names) != fmt.Sprint(want) {
		t.Errorf("names %v, want %v", names, want)
	}
}

func TestSetup(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *session.Config) { c.Engine, c.Memory = "compiled", 1<<40 })
	if got := h.good("setup"); got != fmt.Sprintln("compiled", 1<<40) {
		t.Errorf("setup %q", got)
	}
}

// What libraries print to the process's own streams comes before the end of the cell that ran then.
func TestRealStreams(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	for i := range 50 {
		r := newRecorder()
		h.cell(fmt.Sprintf("real out %d\nrealerr err %d\nbuiltin panic: only words", i, i), r)
		if got := r.stdout(); got != fmt.Sprintf("out %d\n", i) {
			t.Fatalf("cell %d printed %q", i, got)
		}
		if got := r.stderr(); got != fmt.Sprintf("err %d\npanic: only words\n", i) {
			t.Fatalf("cell %d printed %q", i, got)
		}
	}
}

func TestManyLines(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	var want strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&want, "line %d\n", i)
	}
	if got := h.good("lines 100000"); got != want.String() {
		t.Errorf("%d bytes arrived, not the %d that were printed", len(got), want.Len())
	}
}

// What a goroutine prints after its cell has ended goes to that cell's sink.
func TestLateOutput(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	first := newRecorder()
	h.cell("print early\nlate", first)
	if first.stdout() != "early\n" {
		t.Errorf("printed %q", first.stdout())
	}
	if got := h.good("release\nprint done"); got != "done\n" {
		t.Errorf("the later cell printed %q", got)
	}
	if first.stdout() != "early\nlate\n" {
		t.Errorf("printed %q", first.stdout())
	}
}

// A slowSink checks at each delivery that the cell has not got further ahead of it than buffers of a
// fixed size allow.
type slowSink struct {
	recorder
	t     *testing.T
	file  string
	taken int
	most  int
}

func (s *slowSink) Output(_ interp.Stream, text []byte) {
	s.taken += len(text)
	var printed int
	b, _ := os.ReadFile(s.file)
	fmt.Sscanf(string(b), "%d", &printed)
	s.most = max(s.most, printed-s.taken)
}

func TestBackPressure(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	s := &slowSink{t: t, file: t.TempDir() + "/printed"}
	if o := h.cell("flood "+s.file, s); o.Error != nil {
		t.Fatal(o.Error)
	}
	if s.taken != 32<<20 {
		t.Errorf("%d bytes arrived", s.taken)
	}
	if s.most > 1<<20 {
		t.Errorf("the cell was %d bytes ahead of its reader", s.most)
	}
}

func TestInput(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	for _, test := range []struct {
		text string
		err  error
		want string
	}{
		{"Ada", nil, "got \"Ada\", <nil>\n"},
		{"", io.EOF, "got \"\", EOF\n"},
		{"", fmt.Errorf("no front end"), "got \"\", no front end\n"},
	} {
		r := newRecorder()
		r.answer = func(_ context.Context, prompt string) (string, error) {
			if prompt != "name?" {
				t.Errorf("prompt %q", prompt)
			}
			return test.text, test.err
		}
		h.cell("input name?", r)
		if r.stdout() != test.want {
			t.Errorf("%q, want %q", r.stdout(), test.want)
		}
	}
}

func TestStdin(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, "word\n")
	w.Close()
	h := start(t, func(c *session.Config) { c.Stdin = r })
	r.Close()
	if got := h.good("stdin"); got != "read \"word\"\n" {
		t.Error(got)
	}
	if got := start(t, nil).good("stdin"); got != "read \"\"\n" {
		t.Error(got)
	}
}

// The runner's own defects and results that cannot be sent end the cell, not the session.
func TestDefects(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	h.good("var x")
	_, text := h.bad("panic oh", interp.ErrSession)
	contains(t, text, "internal error of gobraid, not of the cell: oh", "scripted_test.go")
	_, text = h.bad("unsendable", interp.ErrSession)
	contains(t, text, "the result cannot be sent", "unsupported type: chan int")
	_, text = h.bad(strings.Repeat("x", 65<<20), interp.ErrSession)
	contains(t, text, "the cell is too large")
	if names := h.Names(); len(names) != 1 {
		t.Errorf("names %v", names)
	}
}

func TestRestart(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	h.good("func f\nvar x")
	r := newRecorder()
	done := make(chan interp.Outcome)
	go func() { done <- h.cell("block", r) }()
	r.await(t, "blocking")
	if err := h.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if o := <-done; o.Error == nil || o.Error.Value != "the session was restarted" {
		t.Errorf("outcome %+v", o)
	}
	if names := h.Names(); len(names) != 0 {
		t.Errorf("names %v", names)
	}
	if _, text := h.bad("exit 1", interp.ErrExit); strings.Contains(text, "Lost") {
		t.Errorf("the past is remembered: %s", text)
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	r := newRecorder()
	done := make(chan interp.Outcome)
	go func() { done <- h.cell("block", r) }()
	r.await(t, "blocking")
	var closers sync.WaitGroup
	for range 3 {
		closers.Go(func() { h.Close() })
	}
	closers.Wait()
	if o := <-done; o.Error == nil || o.Error.Value != "the session was closed" {
		t.Errorf("outcome %+v", o)
	}
	_, text := h.bad("print on", interp.ErrSession)
	contains(t, text, "there is no session: the session is closed")
	if err := h.Restart(t.Context()); err == nil {
		t.Error("restarted a closed session")
	}
	h.Interrupt()
}

func TestReplay(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	r := newRecorder()
	h.cell("%replay", r)
	contains(t, r.stderr(), "There is no earlier cell to replay.")
	h.good("print one\nvar x")
	h.bad("fail", interp.ErrPanic)
	h.bad("no-compile", interp.ErrCompile)
	h.good("print two\nvar y")
	h.bad("print dying\nexit 1", interp.ErrExit)
	if got := h.good("  %replay\n"); got != "one\ntwo\n" {
		t.Errorf("replayed %q", got)
	}
	if got := fmt.Sprint(h.Names()); !strings.Contains(got, "{x var") || !strings.Contains(got, "{y var") {
		t.Errorf("names %v", got)
	}
	// A replay is not itself replayed.
	if o := h.Replay(t.Context(), r); o.Error != nil || r.stdout() != "one\ntwo\n" {
		t.Errorf("replayed %q, %v", r.stdout(), o.Error)
	}
	h.good("release")
	_, text := h.bad("%replay", interp.ErrSession) // releasing twice panics
	contains(t, text, "%replay stopped at cell 8 (3 of 3):\n", "close of closed channel")
}
