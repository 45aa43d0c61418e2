//go:build unix

package session_test

import (
	"testing"
	"time"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/session"
)

// beside starts a cell of a subshell and returns where its outcome will be.
func (h *host) beside(source string, r interp.Sink) <-chan interp.Outcome {
	done := make(chan interp.Outcome, 1)
	req := interp.Request{Number: 1000, Source: source, Subshell: "sub"}
	go func() { done <- h.Run(h.t.Context(), req, r) }()
	return done
}

func TestBeside(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *session.Config) { c.Grace = patience })
	main, first, second := newRecorder(), newRecorder(), newRecorder()
	ended := h.running("print main\nwait\nif-interrupted", main)
	main.await(t, "main")
	// One that ends while the other waits, and one that waits too.
	if o := <-h.beside("print one\nvalue 1\nfunc f", first); o.Error != nil || o.Result == nil || first.stdout() != "one\n" {
		t.Errorf("outcome %+v, output %q", o, first.stdout())
	}
	waits := h.beside("print two\nreal past the frames\nwait\nif-interrupted", second)
	second.await(t, "two")
	main.await(t, "past the frames") // text that names no cell is the main shell's
	if names := h.Names(); len(names) != 1 || names[0].Name != "f" {
		t.Errorf("names %v", names)
	}
	// An interrupt is for the main shell, and only without one for the others.
	h.Interrupt()
	if o := <-ended; o.Error == nil || o.Error.Name != interp.ErrInterrupted {
		t.Errorf("outcome %+v", o)
	}
	select {
	case o := <-waits:
		t.Fatalf("the subshell's cell ended with %+v", o)
	default:
	}
	if h.good("print again") != "again\n" {
		t.Error("no other cell")
	}
	h.Interrupt()
	if o := <-waits; o.Error == nil || o.Error.Name != interp.ErrInterrupted {
		t.Errorf("outcome %+v", o)
	}
	if got := main.stdout(); got != "main\npast the frames\n" {
		t.Errorf("the main shell's cell has %q", got)
	}
}

// TestBesideDeath tells the cells of all shells of a death. The main shell's starts the next process.
func TestBesideDeath(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *session.Config) { c.Grace = patience })
	h.good("func f")
	main := newRecorder()
	ended := h.running("print main\nwait", main)
	main.await(t, "main")
	if o := <-h.beside("exit 3", newRecorder()); o.Exit == nil || *o.Exit != 3 {
		t.Errorf("outcome %+v", o)
	}
	if o := <-ended; o.Exit == nil || *o.Exit != 3 {
		t.Errorf("outcome %+v", o)
	}
	if names := h.Names(); len(names) != 1 {
		t.Errorf("names %v", names)
	}
	// Without one, the next cell does, of whatever shell.
	if o := <-h.beside("exit 4", newRecorder()); o.Exit == nil || *o.Exit != 4 {
		t.Errorf("outcome %+v", o)
	}
	r := newRecorder()
	if o := <-h.beside("print alive", r); o.Error != nil || r.stdout() != "alive\n" {
		t.Errorf("outcome %+v, output %q", o, r.stdout())
	}
	contains(t, r.stderr(), "The session process ended after the previous cell")
	if names := h.Names(); len(names) != 1 {
		t.Errorf("names %v", names)
	}
}

// TestAside sends what only looks past the cell that runs, and does not run it again.
func TestAside(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *session.Config) { c.Grace = patience })
	for source, want := range map[string]bool{
		"%look": true, "%look\n%look": true, "%look\nprint x": false, "%other": false, "print x": false, "": false,
	} {
		if got := h.Aside(interp.Request{Source: source}); got != want {
			t.Errorf("Aside(%q) = %v", source, got)
		}
	}
	if h.Aside(interp.Request{Source: "%look", Expressions: map[string]string{"x": "1"}}) {
		t.Error("a request with expressions only looks")
	}
	h.good("print first")
	main := newRecorder()
	ended := h.running("print main\nwait\nif-interrupted", main)
	main.await(t, "main")
	if got := h.good("%look"); got != "looked\n" {
		t.Errorf("it printed %q", got)
	}
	h.Interrupt()
	<-ended
	r := newRecorder()
	h.Replay(t.Context(), r)
	if got := r.stdout(); got != "first\n" {
		t.Errorf("replayed %q", got)
	}
}

// TestBesideCloses ends with cells in all shells.
func TestBesideCloses(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *session.Config) { c.Grace = time.Hour })
	r, other := newRecorder(), newRecorder()
	one, two := h.running("print x\nwait", r), h.beside("print x\nblock", other)
	r.await(t, "x")
	other.await(t, "blocking")
	if err := h.Close(); err != nil {
		t.Error(err)
	}
	if o := <-one; o.Error == nil && o.Result != nil {
		t.Errorf("outcome %+v", o)
	}
	if o := <-two; o.Error == nil {
		t.Errorf("outcome %+v", o)
	}
}

func TestSubshells(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	told := func(want string) {
		t.Helper()
		if got := h.good("subshells"); got != want+"\n" {
			t.Errorf("the process knows of %q subshells, want %s", got, want)
		}
	}
	told("0")
	h.Subshells(2)
	told("2")
	h.bad("exit 1", interp.ErrExit)
	told("2")
	h.Subshells(0)
	told("0")
}
