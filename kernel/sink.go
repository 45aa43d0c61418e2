package kernel

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/gobraid/gobraid/interp"
)

// Reasons for which a cell cannot ask the user.
var (
	ErrNoStdin = errors.New("this client does not answer questions from a cell (allow_stdin is false)")
	ErrNobody  = errors.New("no client is connected that could answer a question from a cell")
	ErrEnded   = errors.New("the cell has ended, so nobody would see a question from it")
	errStopped = errors.New("the kernel is shutting down")
)

// A sink receives what one execution gives out. It outlives the execution: what a goroutine prints
// later still belongs to the cell that started it.
type sink struct {
	kernel *Kernel
	req    *request
	out    *outlet
	silent bool // the client wants to see nothing
	stdin  bool
	ended  atomic.Bool
}

// Output implements interp.Sink.
func (s *sink) Output(name interp.Stream, text []byte) {
	if !s.silent {
		s.out.write(name, text)
	}
}

// Display implements interp.Sink.
func (s *sink) Display(d interp.Data) {
	if s.silent {
		return
	}
	kind := "display_data"
	if d.Update {
		kind = "update_display_data"
	}
	if content, ok := s.encode(d, nil); ok {
		s.out.pub.give(kind, s.out, content)
	}
}

// Clear implements interp.Clearer.
func (s *sink) Clear(wait bool) {
	if !s.silent {
		s.out.pub.give("clear_output", s.out, mustEncode(clearContent{wait}))
	}
}

// result publishes the value of the cell.
func (s *sink) result(d interp.Data, count int) {
	if s.silent {
		return
	}
	if content, ok := s.encode(d, &count); ok {
		s.out.pub.give("execute_result", s.out, content)
	}
}

// encode makes the content of a message that shows d. What cannot be encoded is said on stderr, under
// the cell that tried.
func (s *sink) encode(d interp.Data, count *int) ([]byte, bool) {
	c := dataContent{Count: count, Data: orNone(d.MIME), Metadata: orNone(d.Metadata), Transient: map[string]any{}}
	if d.ID != "" {
		c.Transient["display_id"] = d.ID
	}
	content, err := encodeJSON(c)
	if err != nil {
		s.out.write(interp.Stderr, []byte("gobraid: cannot show this: "+err.Error()+"\n"))
		return nil, false
	}
	return content, true
}

// Input implements interp.Sink.
func (s *sink) Input(ctx context.Context, prompt string, password bool) (string, error) {
	switch {
	case !s.stdin:
		return "", ErrNoStdin
	case s.ended.Load():
		return "", ErrEnded
	}
	s.out.pub.sync(s.out)
	return s.kernel.stdin.ask(ctx, s.req, inputRequest{prompt, password})
}

// orNone returns m, or an empty map: the protocol has no null there.
func orNone(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}
