package session

import (
	"context"
	"errors"
	"io"

	"github.com/gobraid/gobraid/interp"
)

// A childSink sends what a run gives out to the host. It stays good after the run's end.
type childSink struct {
	s   *server
	run uint64
}

// Output writes through to the host. It blocks while the host is busy: that is the back-pressure.
func (c *childSink) Output(stream interp.Stream, text []byte) {
	c.s.out.output(c.run, streamByte(stream), text)
}

// OutputOf writes through to the host with the number of the task.
func (c *childSink) OutputOf(task int64, stream interp.Stream, text []byte) {
	c.s.out.outputOf(c.run, task, streamByte(stream), text)
}

func (c *childSink) Display(d interp.Data) {
	if err := c.s.out.send(kindDisplay, c.run, d); err != nil && !c.s.broken() {
		c.Output(interp.Stderr, []byte("cannot be displayed: "+err.Error()+"\n"))
	}
}

// Clear asks the host to forget what the run has given out.
func (c *childSink) Clear(wait bool) { c.s.out.send(kindClear, c.run, clearNote{Wait: wait}) }

func (c *childSink) Input(ctx context.Context, prompt string, password bool) (string, error) {
	id, reply := c.s.expect()
	defer c.s.forget(id)
	req := inputRequest{ID: id, Prompt: prompt, Password: password}
	if err := c.s.out.send(kindInput, c.run, req); err != nil {
		return "", err
	}
	select {
	case r := <-reply:
		return r.result()
	case <-ctx.Done():
		c.s.out.send(kindInputCancel, c.run, inputCancel{ID: id})
		return "", context.Cause(ctx)
	}
}

func (r inputReply) result() (string, error) {
	switch {
	case r.EOF:
		return r.Text, io.EOF
	case r.Error != "":
		return r.Text, errors.New(r.Error)
	}
	return r.Text, nil
}

// expect makes the place where the reply to a new input request will arrive.
func (s *server) expect() (uint64, <-chan inputReply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastID++
	c := make(chan inputReply, 1)
	s.inputs[s.lastID] = c
	return s.lastID, c
}

func (s *server) forget(id uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.inputs, id)
}

func (s *server) reply(r inputReply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.inputs[r.ID]; c != nil {
		c <- r // buffered, and asked for once
		delete(s.inputs, r.ID)
	}
}
