package commands

import (
	"context"
	"errors"
	"testing"

	"go.uber.org/goleak"

	"github.com/gobraid/gobraid/interp"
)

// A still is a session that notes what is done to it.
type still struct {
	interrupts, closes int
	running            chan string
	outcome            interp.Outcome
}

func (s *still) Run(_ context.Context, req interp.Request, _ interp.Sink) interp.Outcome {
	s.running <- req.Source
	return s.outcome
}
func (s *still) Interrupt()           { s.interrupts++ }
func (s *still) Names() []interp.Name { return []interp.Name{{Name: "x"}} }
func (s *still) Close() error         { s.closes++; return errors.New("closed badly") }

func newStill() *still { return &still{running: make(chan string, 10)} }

// gated starts a session that is ready when the gate is closed, and notes what is learned.
func gated(r *still) (s *starting, gate chan struct{}, learned *[]string) {
	gate, learned = make(chan struct{}), new([]string)
	s = start(func(ctx context.Context) (interp.Runner, error) {
		select {
		case <-gate:
			return r, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	})
	s.learn = func(text string) { *learned = append(*learned, text) }
	return s, gate, learned
}

func run(s *starting, ctx context.Context, source string) chan interp.Outcome {
	done := make(chan interp.Outcome, 1)
	go func() { done <- s.Run(ctx, interp.Request{Source: source}, nil) }()
	return done
}

// waits returns when n cells wait for the session.
func waits(t *testing.T, s *starting, n int) {
	t.Helper()
	for t.Context().Err() == nil {
		s.mu.Lock()
		got := len(s.waiting)
		s.mu.Unlock()
		if got == n {
			return
		}
	}
	t.Fatalf("%d cells never waited", n)
}

func TestStartingRunsWhenReady(t *testing.T) {
	defer goleak.VerifyNone(t)
	r := newStill()
	s, gate, learned := gated(r)
	if names := s.Names(); names != nil {
		t.Errorf("names before there is a session: %v", names)
	}
	done := run(s, t.Context(), "a")
	waits(t, s, 1)
	close(gate)
	if o := <-done; o.Error != nil {
		t.Errorf("error %v", o.Error)
	}
	if got := <-r.running; got != "a" {
		t.Errorf("ran %q", got)
	}
	if names := s.Names(); len(names) != 1 {
		t.Errorf("names %v", names)
	}
	s.Interrupt()
	for _, name := range []string{interp.ErrCompile, interp.ErrPanic, interp.ErrMagic, interp.ErrRefused, interp.ErrInterrupted} {
		r.outcome.Error = &interp.Error{Name: name}
		<-run(s, t.Context(), name)
	}
	if want := []string{"a", interp.ErrPanic, interp.ErrInterrupted}; len(*learned) != len(want) || (*learned)[1] != want[1] || (*learned)[2] != want[2] {
		t.Errorf("learned %q, want %q", *learned, want)
	}
	if err := s.Close(); err == nil || err.Error() != "closed badly" {
		t.Errorf("Close: %v", err)
	}
	if r.interrupts != 1 || r.closes != 1 {
		t.Errorf("%d interrupts, %d closes", r.interrupts, r.closes)
	}
}

func TestStartingInterrupted(t *testing.T) {
	defer goleak.VerifyNone(t)
	r := newStill()
	s, gate, _ := gated(r)
	first := run(s, t.Context(), "a")
	waits(t, s, 1)
	s.Interrupt()
	ctx, cancel := context.WithCancel(t.Context())
	second := run(s, ctx, "b")
	cancel()
	for _, done := range []chan interp.Outcome{first, second} {
		if o := <-done; o.Error == nil || o.Error.Name != interp.ErrInterrupted || len(o.Error.Traceback) == 0 {
			t.Errorf("outcome %+v", o.Error)
		}
	}
	waits(t, s, 0)
	close(gate)
	if o := <-run(s, t.Context(), "c"); o.Error != nil {
		t.Errorf("the cell after the interrupt: %v", o.Error)
	}
	if len(r.running) != 1 || r.interrupts != 0 {
		t.Errorf("%d cells ran, %d interrupts reached the session", len(r.running), r.interrupts)
	}
	_ = s.Close()
}

func TestStartingFails(t *testing.T) {
	defer goleak.VerifyNone(t)
	s := start(func(context.Context) (interp.Runner, error) { return nil, errors.New("no memory") })
	for range 2 {
		o := <-run(s, t.Context(), "a")
		if o.Error == nil || o.Error.Name != interp.ErrSession || o.Error.Value != "there is no session: no memory" {
			t.Errorf("outcome %+v", o.Error)
		}
	}
	s.Interrupt()
	if names := s.Names(); names != nil {
		t.Errorf("names %v", names)
	}
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

func TestStartingClosedEarly(t *testing.T) {
	defer goleak.VerifyNone(t)
	s, _, _ := gated(newStill())
	done := run(s, t.Context(), "a")
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if o := <-done; o.Error == nil || o.Error.Name != interp.ErrSession || o.Error.Value != "there is no session: "+errClosed.Error() {
		t.Errorf("outcome %+v", o.Error)
	}
}
