package session

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/gobraid/gobraid/interp"
)

// ensure returns a living process. If there was none, it starts one, brings the declarations back and
// returns what there is to tell the user.
func (s *Supervisor) ensure(ctx context.Context) (*process, []string, error) {
	s.mu.Lock()
	p := s.p
	s.mu.Unlock()
	if p != nil && p.alive() {
		return p, nil, nil
	}
	var lines []string
	if p != nil {
		d := p.death()
		if s.cfg.Once {
			return nil, nil, errors.New(d.value)
		}
		if d.cause == causeRestart || d.cause == causeClose {
			p, err := s.fresh(ctx)
			return p, nil, err
		}
		lines = d.lines(s.find(interp.Request{Number: -1}))
		lines[0] = "The session process ended after the previous cell: " + lines[0]
	}
	p, more, err := s.revive(ctx, p)
	return p, append(lines, more...), err
}

// bury makes the outcome of a cell whose process died, and sees to a successor.
func (s *Supervisor) bury(ctx context.Context, p *process, req interp.Request, record bool) interp.Outcome {
	d := p.death()
	o := failure(d.name, d.value)
	o.Exit = d.exit
	o.Error.Traceback = d.lines(s.find(req))
	if d.cause == causeRestart || d.cause == causeClose || s.cfg.Once {
		return o
	}
	if record {
		s.record(p, entry{req: req, error: o.Error, deadly: true})
	}
	_, lines, err := s.revive(context.WithoutCancel(ctx), p)
	if err != nil {
		lines = append(lines, "There is no session now: "+err.Error())
	}
	o.Error.Traceback = append(o.Error.Traceback, lines...)
	return o
}

// find looks up the text that a number in a stack stands for. A text that was run again unchanged is not
// compiled again: its stacks have the number of its first run, and people know that of its latest.
func (s *Supervisor) find(running interp.Request) func(int) (interp.Request, bool) {
	s.mu.Lock()
	log := append(slices.Clone(s.log), entry{req: running})
	s.mu.Unlock()
	return func(number int) (interp.Request, bool) {
		first, ok := log.find(number)
		for _, e := range log {
			if ok && e.req.Source == first.Source && e.req.File == first.File {
				first = e.req
			}
		}
		return first, ok
	}
}

// revive starts a process and brings back what the log declares. A process that dies of that gets a
// successor that is asked for less: first without the cells that have killed a process before, then
// without any. One that dies without having been asked for anything is not tried again until the user
// runs another cell, so nothing spins.
func (s *Supervisor) revive(ctx context.Context, dead *process) (*process, []string, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.mu.Lock()
	s.abandon = cancel
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.abandon = nil
		s.mu.Unlock()
	}()
	var before []interp.Name
	if dead != nil {
		before = dead.known()
	}
	var troubles []string
	asked := -1
	for attempt := range 3 {
		p, err := s.fresh(context.WithoutCancel(ctx))
		if err != nil {
			return nil, troubles, err
		}
		cells := s.wanted(attempt)
		if len(cells) == asked {
			continue // no cell of them has killed a process
		}
		asked = len(cells)
		res, err := p.restore(ctx, cells, s.cfg)
		if err == nil {
			return p, append(troubles, s.report(res, len(cells) > 0, before, p.known())...), nil
		}
		if c, _ := p.why(); c == causeRestart || c == causeClose {
			return nil, nil, err
		}
		troubles = append(troubles, fmt.Sprintf("Bringing the declarations of %d cells back failed: %v", len(cells), err))
	}
	return nil, troubles, errors.New("the fresh session process died at once")
}

// wanted returns the cells to bring back at an attempt.
func (s *Supervisor) wanted(attempt int) []interp.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	if attempt == 2 {
		return nil
	}
	return s.log.declaring(attempt == 0)
}

// restore has the process declare what cells declared. A process in which that fails is dead afterwards.
func (p *process) restore(ctx context.Context, cells []interp.Request, cfg Config) (Restored, error) {
	if len(cells) == 0 {
		return Restored{}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, 10*cfg.StartLimit)
	defer cancel()
	if err := p.request(kindRestore, 0, cells); err != nil {
		p.kill(causeConnection, "lost its connection: "+err.Error())
	}
	select {
	case r := <-p.restored:
		return r, nil
	case <-ctx.Done():
		p.kill(causeStart, "")
		<-p.dead
		return Restored{}, context.Cause(ctx)
	case <-p.dead:
		return Restored{}, errors.New(p.death().value)
	}
}
