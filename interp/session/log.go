package session

import (
	"context"
	"fmt"
	"strings"

	"github.com/gobraid/gobraid/interp"
)

// An entry is a cell that was run, and how it ended.
type entry struct {
	req    interp.Request
	error  *interp.Error
	deadly bool // the process died in it
}

// A cellLog is what a session has run, oldest first: what a fresh process has to be told.
type cellLog []entry

// add appends a cell, unless it left nothing behind because it never ran.
func (l *cellLog) add(e entry) {
	if e.error != nil {
		switch e.error.Name {
		case interp.ErrCompile, interp.ErrRefused, interp.ErrMagic:
			return
		}
	}
	if strings.TrimSpace(e.req.Source) != "" {
		*l = append(*l, e)
	}
}

// succeeded returns the cells to replay.
func (l cellLog) succeeded() []interp.Request {
	var cells []interp.Request
	for _, e := range l {
		if e.error == nil && !e.deadly {
			cells = append(cells, e.req)
		}
	}
	return cells
}

// declaring returns the cells whose declarations exist: also of those that failed half-way. A cell that
// was run many times counts the first time, for what others built on it, and the last.
func (l cellLog) declaring(deadly bool) []interp.Request {
	first, last := make(map[string]int), make(map[string]int)
	for i, e := range l {
		if _, ok := first[e.req.Source]; !ok {
			first[e.req.Source] = i
		}
		last[e.req.Source] = i
	}
	var cells []interp.Request
	for i, e := range l {
		if (deadly || !e.deadly) && (first[e.req.Source] == i || last[e.req.Source] == i) {
			cells = append(cells, e.req)
		}
	}
	return cells
}

// find returns the latest cell of a number.
func (l cellLog) find(number int) (interp.Request, bool) {
	for i := len(l) - 1; i >= 0; i-- {
		if l[i].req.Number == number {
			return l[i].req, true
		}
	}
	return interp.Request{}, false
}

// Replay runs every cell that has succeeded since the session was started or restarted again, in order,
// with its output going to out. It stops at the first that fails and returns that one's outcome, which
// says which it was.
func (s *Supervisor) Replay(ctx context.Context, out interp.Sink) interp.Outcome {
	return s.Run(ctx, interp.Request{Source: replayMagic}, out)
}

const replayMagic = "%replay"

// replay is Replay for whoever holds the turn.
func (s *Supervisor) replay(ctx context.Context, req interp.Request, out interp.Sink) interp.Outcome {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.mu.Lock()
	cells := s.log.succeeded()
	s.replaying = cancel // for an interrupt that comes between two cells
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.replaying = nil
		s.mu.Unlock()
	}()
	if len(cells) == 0 {
		out.Output(interp.Stderr, []byte("There is no earlier cell to replay.\n"))
	}
	var o interp.Outcome
	for i, cell := range cells {
		cell.AllowStdin, cell.Expressions = req.AllowStdin, nil
		if ctx.Err() != nil {
			o = notBegun()
		} else {
			o = s.runCell(ctx, cell, out, false)
		}
		if o.Error != nil {
			where := fmt.Sprintf("%%replay stopped at %s (%d of %d):", place(cell), i+1, len(cells))
			o.Error.Traceback = append([]string{where}, o.Error.Traceback...)
			return o
		}
	}
	return interp.Outcome{Engine: o.Engine}
}

// place is what a cell is called.
func place(req interp.Request) string {
	if req.File != "" {
		return req.File
	}
	return fmt.Sprintf("cell %d", req.Number)
}
