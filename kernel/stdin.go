package kernel

import (
	"context"
	"encoding/json"
	"sync"
)

// stdin asks clients for lines. One question is open at a time; other cells wait their turn.
type stdin struct {
	codec *codec
	send  func(identity string, frames [][]byte) bool
	turn  chan struct{} // holds a value while a question is open
	stop  <-chan struct{}

	mu   sync.Mutex
	open *question
}

// A question waits for its answer.
type question struct {
	id      string // of the input_request
	session string // of the client that was asked
	answer  chan string
}

func newStdin(c *codec, send func(string, [][]byte) bool, stop <-chan struct{}) *stdin {
	return &stdin{codec: c, send: send, turn: make(chan struct{}, 1), stop: stop}
}

// ask sends an input_request to the client of r and waits for the answer, until ctx ends.
func (s *stdin) ask(ctx context.Context, r *request, content inputRequest) (string, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return "", context.Cause(ctx)
	case <-s.stop:
		return "", errStopped
	}
	frames, id := s.codec.encode("input_request", r.header, nil, mustEncode(content))
	q := &question{id: id, session: r.Session, answer: make(chan string, 1)}
	s.set(q)
	defer s.set(nil)
	if !s.send(r.peer.Identity(), frames) {
		return "", ErrNobody
	}
	select {
	case line := <-q.answer:
		return line, nil
	case <-ctx.Done():
		return "", context.Cause(ctx)
	case <-s.stop:
		return "", errStopped
	}
}

func (s *stdin) set(q *question) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = q
}

// receive takes an input_reply and reports whether it answers the open question. Some clients say which
// question they answer; from those that do not, any answer of the session that was asked is taken.
func (s *stdin) receive(m *message) bool {
	var reply inputReply
	if json.Unmarshal(m.content, &reply) != nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.open
	if q == nil || m.Session != q.session {
		return false
	}
	if id := m.parentID(); id != "" && id != q.id {
		return false
	}
	s.open = nil
	q.answer <- reply.Value
	return true
}
