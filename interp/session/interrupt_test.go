//go:build unix

package session_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/session"
)

// running starts a cell and returns where its outcome will be.
func (h *host) running(source string, r interp.Sink) <-chan interp.Outcome {
	done := make(chan interp.Outcome, 1)
	go func() { done <- h.cell(source, r) }()
	return done
}

func TestInterrupt(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *session.Config) { c.Grace = patience })
	h.Interrupt() // nothing runs: nothing happens
	h.good("var x")
	for _, cell := range []string{"print ready\nwait", "print ready\nchatter"} {
		r := newRecorder()
		done := h.running(cell+"\nif-interrupted", r)
		r.await(t, "ready")
		h.Interrupt()
		h.Interrupt() // an impatient second press costs nothing
		if o := <-done; o.Error == nil || o.Error.Value != "interrupted" {
			t.Errorf("outcome %+v", o)
		}
	}
	if len(h.Names()) != 1 {
		t.Errorf("names %v", h.Names())
	}
}

func TestInterruptInput(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *session.Config) { c.Grace = patience })
	asked := make(chan bool)
	cancelled := make(chan bool, 1)
	r := newRecorder()
	r.answer = func(ctx context.Context, _ string) (string, error) {
		asked <- true
		<-ctx.Done()
		cancelled <- true
		return "", io.EOF
	}
	done := h.running("input name?\nif-interrupted", r)
	<-asked
	h.Interrupt()
	if o := <-done; o.Error == nil || o.Error.Name != interp.ErrInterrupted {
		t.Errorf("outcome %+v", o)
	}
	<-cancelled
}

func TestSecondInterrupt(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *session.Config) { c.Grace = 50 * time.Millisecond })
	h.good("func f\nvar x")
	r := newRecorder()
	done := h.running("block", r)
	r.await(t, "blocking")
	h.Interrupt()
	r.await(t, "The cell could not be stopped in 50ms. A second interrupt ends the session process; its variables will be lost.\n")
	h.Interrupt()
	o := <-done
	if o.Error == nil || o.Error.Name != interp.ErrInterrupted {
		t.Fatalf("outcome %+v", o)
	}
	contains(t, strings.Join(o.Error.Traceback, "\n"), "could not be stopped", "Lost variables: x.")
	if names := h.Names(); len(names) != 1 || names[0].Name != "f" {
		t.Errorf("names %v", names)
	}
}

// A stopped process reads nothing, and still the second interrupt works.
func TestInterruptStopped(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *session.Config) { c.Grace = 50 * time.Millisecond })
	r := newRecorder()
	done := h.running("print ready\nkill 19", r) // SIGSTOP
	r.await(t, "ready")
	h.Interrupt()
	r.await(t, "could not be stopped")
	h.Interrupt()
	if o := <-done; o.Error == nil || o.Error.Name != interp.ErrInterrupted {
		t.Errorf("outcome %+v", o)
	}
}

// The end of Run's context is an interrupt, and another interrupt insists.
func TestContext(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		cell, value string
		grace       time.Duration
	}{
		{"print ready\nwait\nif-interrupted", "interrupted", patience},
		{"print ready\nblock", "interrupted: the cell could not be stopped, so its session process was ended", 50 * time.Millisecond},
	} {
		h := start(t, func(c *session.Config) { c.Grace = test.grace })
		ctx, cancel := context.WithCancel(t.Context())
		r := newRecorder()
		done := make(chan interp.Outcome)
		go func() { done <- h.Run(ctx, interp.Request{Number: 1, Source: test.cell}, r) }()
		r.await(t, "ready")
		cancel()
		if test.grace != patience {
			r.await(t, "could not be stopped")
			h.Interrupt()
		}
		if o := <-done; o.Error == nil || o.Error.Value != test.value {
			t.Errorf("%q: outcome %+v", test.cell, o)
		}
	}
}

// After a deadline nobody can insist, so the supervisor does.
func TestDeadline(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *session.Config) { c.Grace = 50 * time.Millisecond })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	r := newRecorder()
	o := h.Run(ctx, interp.Request{Number: 1, Source: "block"}, r)
	if o.Error == nil || o.Error.Name != interp.ErrInterrupted {
		t.Errorf("outcome %+v", o)
	}
	contains(t, r.stderr(), "The cell could not be stopped in 50ms. The session process will be ended; its variables will be lost.")
}

// A cell that waits for its turn when its context ends never runs.
func TestContextBeforeTurn(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := newRecorder()
	waiting := h.running("print ready\nwait", r)
	r.await(t, "ready")
	if o := h.Run(ctx, interp.Request{Source: "exit 1"}, newRecorder()); o.Error == nil || o.Error.Name != interp.ErrInterrupted {
		t.Errorf("outcome %+v", o)
	}
	h.Interrupt()
	<-waiting
}

// An interrupt ends a replay, not only the cell that happens to run.
func TestInterruptReplay(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *session.Config) { c.Grace = patience })
	path := fifo(t)
	first := h.running("open "+path, newRecorder())
	awaitWriter(t, path)
	if o := <-first; o.Error != nil {
		t.Fatal(o.Error)
	}
	h.good("print second")
	r := newRecorder()
	done := h.running("%replay", r)
	awaitWriter(t, path)
	h.Interrupt()
	o := <-done
	if o.Error == nil || o.Error.Name != interp.ErrInterrupted || o.Error.Traceback[0] != "%replay stopped at cell 2 (2 of 2):" {
		t.Errorf("outcome %+v, printed %q", o, r.stdout())
	}
}
