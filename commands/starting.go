package commands

import (
	"context"
	"errors"
	"sync"

	"github.com/gobraid/gobraid/interp"
)

var (
	errClosed  = errors.New("it was closed before it had started")
	errWaiting = errors.New("interrupted while the session starts")
)

// A starting is a runner that is there before its session is. Cells wait for the session; all else does
// not. Its methods may be called from several goroutines.
type starting struct {
	cancel context.CancelCauseFunc // gives the start up
	ready  chan struct{}           // closed when the start has succeeded or failed
	runner interp.Runner           // valid after ready; nil if the start failed
	err    error                   // valid after ready: why it failed

	// learn is called with the text of every cell that has run. It may be nil, and is set before the
	// first cell.
	learn func(source string)

	telling   sync.Mutex
	subshells int // how many there are; guarded by telling

	mu      sync.Mutex
	waiting map[*context.CancelCauseFunc]bool // of the cells that wait for the session
}

// start begins to open a session, on a goroutine that Close waits for.
func start(open func(context.Context) (interp.Runner, error)) *starting {
	ctx, cancel := context.WithCancelCause(context.Background())
	s := &starting{cancel: cancel, ready: make(chan struct{}), waiting: map[*context.CancelCauseFunc]bool{}}
	go func() {
		defer close(s.ready)
		defer cancel(nil)
		s.runner, s.err = open(ctx)
		if cause := context.Cause(ctx); s.err != nil && cause != nil {
			s.err = cause
		}
		if c, ok := s.runner.(interp.Concurrent); ok && s.err == nil {
			s.telling.Lock()
			defer s.telling.Unlock()
			if s.subshells > 0 {
				c.Subshells(s.subshells)
			}
		}
	}()
	return s
}

// Run waits for the session and runs the cell in it.
func (s *starting) Run(ctx context.Context, req interp.Request, out interp.Sink) interp.Outcome {
	if !s.await(ctx) {
		return failed(interp.ErrInterrupted, "interrupted before it began")
	}
	if s.err != nil {
		return failed(interp.ErrSession, "there is no session: "+s.err.Error())
	}
	o := s.runner.Run(ctx, req, out)
	if s.learn != nil && ran(o.Error) {
		s.learn(req.Source)
	}
	return o
}

// ran tells whether a cell came to be run, so that what it declares exists.
func ran(err *interp.Error) bool {
	if err == nil {
		return true
	}
	switch err.Name {
	case interp.ErrCompile, interp.ErrRefused, interp.ErrMagic:
		return false
	}
	return true
}

// await waits until the session is there or cannot be; false when the cell is interrupted first.
func (s *starting) await(ctx context.Context) bool {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s.mu.Lock()
	s.waiting[&cancel] = true
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.waiting, &cancel)
		s.mu.Unlock()
	}()
	select {
	case <-s.ready:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// Interrupt ends the running cell, or the cells that wait for the session.
func (s *starting) Interrupt() {
	s.mu.Lock()
	for cancel := range s.waiting {
		(*cancel)(errWaiting)
	}
	s.mu.Unlock()
	if r := s.started(); r != nil {
		r.Interrupt()
	}
}

// Aside reports whether a request only looks at what runs: [interp.Concurrent].
func (s *starting) Aside(req interp.Request) bool {
	c, ok := s.started().(interp.Concurrent)
	return ok && c.Aside(req)
}

// Subshells tells the session how many subshells there are, now or when it has started.
func (s *starting) Subshells(n int) {
	s.telling.Lock()
	defer s.telling.Unlock()
	s.subshells = n
	if c, ok := s.started().(interp.Concurrent); ok {
		c.Subshells(n)
	}
}

// Names lists what is in scope: nothing before the session is there.
func (s *starting) Names() []interp.Name {
	if r := s.started(); r != nil {
		return r.Names()
	}
	return nil
}

// Close gives the start up, or closes the session.
func (s *starting) Close() error {
	s.cancel(errClosed)
	<-s.ready
	if s.err != nil {
		return nil
	}
	return s.runner.Close()
}

// started returns the session if it is there, without waiting for it.
func (s *starting) started() interp.Runner {
	select {
	case <-s.ready:
		return s.runner
	default:
		return nil
	}
}

// failed is the outcome of a cell that was not run.
func failed(name, value string) interp.Outcome {
	return interp.Outcome{Error: &interp.Error{Name: name, Value: value, Traceback: []string{value}}}
}
