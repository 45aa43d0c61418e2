package session

import (
	"context"
	"errors"
	"strings"

	"github.com/gobraid/gobraid/interp"
)

// Aside reports whether a request only looks at what runs, so that Run need not wait for the running cell. It does not
// block.
func (s *Supervisor) Aside(req interp.Request) bool {
	s.mu.Lock()
	p := s.p
	s.mu.Unlock()
	return p != nil && len(req.Expressions) == 0 && p.looks.Load().Aside(req.Source)
}

// Subshells tells the process how many subshells there are, and those that take its place.
func (s *Supervisor) Subshells(n int) {
	s.mu.Lock()
	s.subshells = n
	p := s.p
	s.mu.Unlock()
	if p != nil {
		p.request(kindSubshells, 0, subshellNote{n})
	}
}

// runBeside runs a cell beside what runs.
func (s *Supervisor) runBeside(ctx context.Context, req interp.Request, out interp.Sink) interp.Outcome {
	p, err := s.present(ctx, out)
	switch {
	case ctx.Err() != nil:
		return notBegun()
	case err != nil:
		return failure(interp.ErrSession, "there is no session: "+err.Error())
	}
	r := p.enlist(out, true)
	s.mu.Lock()
	s.beside[r] = true
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.beside, r)
	}()
	if err := p.request(kindBeside, r.id, req); errors.Is(err, errTooLarge) {
		p.withdraw(r)
		return failure(interp.ErrSession, "the cell is too large")
	}
	o, dead := p.await(ctx, r, s.cfg.Grace)
	if dead {
		return s.mourn(p, r, req)
	}
	if !s.Aside(req) { // what only looks leaves nothing behind
		s.record(p, entry{req: req, error: o.Error})
	}
	return o
}

// present returns the living process. If there is none, it waits for its turn as a cell of the main shell does, and starts one.
func (s *Supervisor) present(ctx context.Context, out interp.Sink) (*process, error) {
	s.mu.Lock()
	p := s.p
	s.mu.Unlock()
	if p != nil && p.alive() {
		return p, nil
	}
	if !s.take(ctx) {
		return nil, ctx.Err()
	}
	defer func() { <-s.turn }()
	p, notice, err := s.ensure(ctx)
	if len(notice) > 0 {
		out.Output(interp.Stderr, []byte(strings.Join(notice, "\n")+"\n"))
	}
	return p, err
}

// mourn makes the outcome of a cell beside others whose process died.
func (s *Supervisor) mourn(p *process, r *run, req interp.Request) interp.Outcome {
	d := p.death()
	o := failure(d.name, d.value)
	o.Exit = d.exit
	o.Error.Traceback = d.lines(s.find(req))
	p.mu.Lock()
	begun := r.begun
	p.mu.Unlock()
	if begun && !s.Aside(req) && d.cause != causeRestart && d.cause != causeClose {
		s.record(p, entry{req: req, error: o.Error, deadly: true})
	}
	return o
}
