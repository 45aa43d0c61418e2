package session

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"

	"github.com/gobraid/gobraid/interp"
)

// take handles one frame from the process. It is called by the reader alone, so that everything of a
// run arrives in the order in which it was sent.
func (p *process) take(r *bufio.Reader, h header, body []byte) error {
	switch h.kind {
	case kindOutput:
		body, err := gather(r, h, body)
		if s := p.sinkOf(h.run); s != nil {
			s.Output(streamOf(h.stream), body)
		}
		return err
	case kindOutputOf:
		if len(body) < taskSize {
			return errGarbage
		}
		switch s := p.sinkOf(h.run).(type) {
		case interp.TaskSink:
			s.OutputOf(int64(binary.BigEndian.Uint64(body)), streamOf(h.stream), body[taskSize:])
		case interp.Sink:
			s.Output(streamOf(h.stream), body[taskSize:])
		}
		return nil
	case kindDisplay:
		return decode(body, func(d interp.Data) {
			if s := p.sinkOf(h.run); s != nil {
				s.Display(d)
			}
		})
	case kindClear:
		return decode(body, func(n clearNote) {
			if c, ok := p.sinkOf(h.run).(interp.Clearer); ok {
				c.Clear(n.Wait)
			}
		})
	case kindInput:
		return decode(body, func(q inputRequest) { p.ask(h.run, q) })
	case kindInputCancel:
		return decode(body, func(q inputCancel) { p.forget(q.ID) })
	case kindNames:
		return decode(body, func(names []interp.Name) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.names = names
		})
	case kindOutcome:
		return decode(body, func(o interp.Outcome) { p.finish(h.run, o) })
	case kindBegun:
		p.mu.Lock()
		defer p.mu.Unlock()
		if r := p.runs[h.run]; r != nil {
			r.begun = true
		}
		return nil
	case kindHello:
		return decode(body, p.greet)
	case kindRestored:
		return decode(body, func(r Restored) { offer(p.restored, r) })
	case kindExit:
		return decode(body, func(e exitNote) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.exit = &e.Code
		})
	}
	return errGarbage
}

func decode[T any](body []byte, f func(T)) error {
	var v T
	if err := json.Unmarshal(body, &v); err != nil {
		return err
	}
	f(v)
	return nil
}

// offer puts v into a channel of one place that is empty unless the process misbehaves.
func offer[T any](c chan T, v T) {
	select {
	case c <- v:
	default:
	}
}

// gather appends the output frames that have already arrived and continue the same stream, so that a
// cell that prints in small pieces costs its sink little. It never waits.
func gather(r *bufio.Reader, first header, body []byte) ([]byte, error) {
	for r.Buffered() >= headerSize {
		b, err := r.Peek(headerSize)
		if err != nil {
			return body, err
		}
		h, err := parseHeader(b)
		if err != nil {
			return body, err
		}
		if h.kind != kindOutput || h.run != first.run || h.stream != first.stream ||
			r.Buffered() < headerSize+int(h.size) || len(body)+int(h.size) > maxOutput {
			return body, nil
		}
		r.Discard(headerSize)
		n := len(body)
		body = append(body, make([]byte, h.size)...)
		if _, err := io.ReadFull(r, body[n:]); err != nil {
			return body, err
		}
	}
	return body, nil
}

// greet notes that the process is up. From now on its memory is watched: what it maps to get up is
// what later growth is measured from.
func (p *process) greet(h hello) {
	offer(p.greeted, h)
	p.tasks.Go(func() { p.watch(p.ending, p.memory) })
}

// finish ends a run. What the process had printed by other ways than frames before
// it sent the outcome comes first.
func (p *process) finish(id uint64, o interp.Outcome) {
	p.settle()
	p.mu.Lock()
	r := p.runs[id]
	delete(p.runs, id)
	p.mu.Unlock()
	if r != nil {
		r.outcome <- o
	}
}

// settle delivers what is in the pipes. The process has shown that it is alive, so nothing in them is a
// last text.
func (p *process) settle() {
	p.stdout.settle()
	p.stderr.settle()
	p.stderr.mu.Lock()
	defer p.stderr.mu.Unlock()
	p.filter.release()
}

// deliver gives text that names no run to the running cell, else to the most recent one.
func (p *process) deliver(stream interp.Stream, text []byte) {
	p.mu.Lock()
	s := p.foreground
	p.mu.Unlock()
	if s != nil {
		s.Output(stream, text)
	}
}

func (p *process) sinkOf(run uint64) interp.Sink {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sinks.of(run)
}

// ask asks the user for a line, without stopping the reader.
func (p *process) ask(run uint64, q inputRequest) {
	ctx, cancel := context.WithCancel(p.ending)
	s := p.sinkOf(run)
	p.mu.Lock()
	p.inputs[q.ID] = cancel
	p.mu.Unlock()
	p.tasks.Go(func() {
		defer p.forget(q.ID)
		reply := inputReply{ID: q.ID}
		err := errors.New("nobody can be asked")
		if s != nil {
			reply.Text, err = s.Input(ctx, q.Prompt, q.Password)
		}
		if err != nil {
			reply.EOF, reply.Error = errors.Is(err, io.EOF), err.Error()
		}
		if ctx.Err() == nil {
			p.request(kindInputReply, run, reply)
		}
	})
}

func (p *process) forget(id uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if cancel := p.inputs[id]; cancel != nil {
		cancel()
		delete(p.inputs, id)
	}
}
