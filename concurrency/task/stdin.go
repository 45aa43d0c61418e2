package task

import (
	"context"
	"os"
	"sync"
)

// stdin is the input of a run: a pipe that a goroutine, the feeder, fills with what the user types.
type stdin struct {
	mu     sync.Mutex
	opened bool // within Do
	ctx    context.Context
	cancel context.CancelFunc
	r      *os.File
	done   chan struct{} // closed when the feeder has ended
}

func (s *stdin) open(r *Run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ctx, s.cancel = context.WithCancel(r.ctx)
	s.opened, s.r = true, nil
}

// close ends the input: who reads it then gets what was typed and an end of file.
func (s *stdin) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opened {
		s.opened = false
		s.cancel()
	}
}

// file returns the file to read from. After Do has returned it is at its end.
func (s *stdin) file(r *Run) *os.File {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.r != nil {
		return s.r
	}
	in, w, err := os.Pipe()
	if err != nil {
		return processStdin
	}
	s.r = in
	own(s.r)
	if !s.opened {
		w.Close()
		return s.r
	}
	s.done = make(chan struct{})
	go feed(s.ctx, r.out, s.r, w, s.done)
	return s.r
}

// wait waits until the feeder has ended, after close.
func (s *stdin) wait(ctx context.Context) error {
	s.mu.Lock()
	done := s.done
	s.mu.Unlock()
	if done == nil {
		return nil
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
