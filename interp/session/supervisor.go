package session

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/gobraid/gobraid/interp"
)

// closeGrace is how long a session process has to end in good order.
const closeGrace = 3 * endGrace

var _ interp.Runner = (*Supervisor)(nil)

// A Supervisor runs cells in a session process and outlives that process: whatever a cell does to it,
// Run returns an outcome that says what happened, and the next cell finds a session with the earlier
// cells' declarations. Its methods may be called from several goroutines.
type Supervisor struct {
	cfg      Config
	turn     chan struct{} // held by whoever runs a cell
	starting chan struct{} // held by whoever starts a process

	mu        sync.Mutex
	p         *process           // the latest process, nil if the last one could not be started
	run       *run               // the run that Interrupt means
	beside    map[*run]bool      // the runs beside it
	replaying context.CancelFunc // ends a replay
	abandon   context.CancelFunc // gives up bringing declarations back
	log       cellLog
	subshells int
	lost      []string // names that the user knows to be lost
	closed    bool
}

// Start starts a session process and waits until it is ready. ctx bounds the start only.
func Start(ctx context.Context, cfg Config) (*Supervisor, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("session: %w", err)
	}
	s := &Supervisor{cfg: cfg, turn: make(chan struct{}, 1), starting: make(chan struct{}, 1), beside: map[*run]bool{}}
	if _, err := s.fresh(ctx); err != nil {
		return nil, fmt.Errorf("session: %w", err)
	}
	return s, nil
}

// Run runs a cell, as [interp.Runner] says. A cell whose only content is %replay is not sent to the
// process but runs the earlier cells again, see [Supervisor.Replay].
//
// The end of ctx interrupts the cell as [Supervisor.Interrupt] does. When it was a deadline, a cell that
// does not end is given Config.Grace twice, and then its process is killed.
//
// If the process dies meanwhile, Run starts another one, brings the declarations back, and returns an
// error that says what happened and which variables are lost. Its name is [interp.ErrExit] (and
// Outcome.Exit is set) after os.Exit, [interp.ErrInterrupted] when a second interrupt ended the
// process, and [interp.ErrSession] otherwise.
//
// A request that names a subshell, or only looks ([Supervisor.Aside]), is sent to the process at once, beside what runs there.
// Whether its cell waits for the others is the runner's affair. Should the process die, its outcome says so, and it is left
// to the next cell of the main shell to start another one.
func (s *Supervisor) Run(ctx context.Context, req interp.Request, out interp.Sink) interp.Outcome {
	replay := strings.TrimSpace(req.Source) == replayMagic
	if !replay && (req.Subshell != "" || s.Aside(req)) {
		return s.runBeside(ctx, req, out)
	}
	if !s.take(ctx) {
		return notBegun()
	}
	defer func() { <-s.turn }()
	if replay {
		return s.replay(ctx, req, out)
	}
	return s.runCell(ctx, req, out, true)
}

// take waits for the turn to run a cell, unless ctx ends first.
func (s *Supervisor) take(ctx context.Context) bool {
	select {
	case s.turn <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// runCell runs a cell in the process there is, or in a fresh one.
func (s *Supervisor) runCell(ctx context.Context, req interp.Request, out interp.Sink, record bool) interp.Outcome {
	for first := true; ; first = false {
		p, notice, err := s.ensure(ctx)
		if err != nil {
			return failure(interp.ErrSession, "there is no session: "+err.Error())
		}
		if len(notice) > 0 {
			out.Output(interp.Stderr, []byte(strings.Join(notice, "\n")+"\n"))
		}
		r := p.enlist(out, false)
		s.setRun(r) // before the cell can show any sign of life that somebody answers with an interrupt
		if err := p.request(kindRun, r.id, req); errors.Is(err, errTooLarge) {
			s.setRun(nil)
			p.withdraw(r)
			return failure(interp.ErrSession, "the cell is too large")
		}
		o, dead := p.await(ctx, r, s.cfg.Grace)
		s.setRun(nil)
		switch {
		case !dead:
			if record {
				s.record(p, entry{req: req, error: o.Error})
			}
			return o
		case first && p.diedBefore(r):
			// It was dying when the cell was sent. The cell has not run, so it may be sent again.
		default:
			return s.bury(ctx, p, req, record)
		}
	}
}

func (s *Supervisor) setRun(r *run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.run = r
}

// record notes a cell that p ran, unless Restart has declared the past forgotten.
func (s *Supervisor) record(p *process, e entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, _ := p.why(); c != causeRestart {
		s.log.add(e)
	}
}

// Interrupt ends the running cell, or if the main shell runs none, those of the subshells. If the cell has not ended after Config.Grace, its sink's standard
// error says so; an Interrupt after that ends the process, and Run returns an outcome that says that
// the variables are lost.
func (s *Supervisor) Interrupt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.run != nil {
		s.run.interrupt()
	} else {
		for r := range s.beside {
			r.interrupt()
		}
	}
	for _, end := range []context.CancelFunc{s.replaying, s.abandon} {
		if end != nil {
			end()
		}
	}
}

// Names lists what is in scope after the latest cell that has ended. It never waits.
func (s *Supervisor) Names() []interp.Name {
	s.mu.Lock()
	p := s.p
	s.mu.Unlock()
	if p == nil {
		return nil
	}
	return p.known()
}

func (p *process) known() []interp.Name {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]interp.Name(nil), p.names...)
}

// Restart ends the process, even while a cell runs, and starts a fresh one. Nothing is brought back, and
// the record of cells is empty again. ctx bounds the whole.
func (s *Supervisor) Restart(ctx context.Context) error {
	s.mu.Lock()
	p := s.p
	s.log, s.lost = nil, nil
	if p != nil {
		p.blame(causeRestart, "")
	}
	if s.abandon != nil {
		s.abandon()
	}
	s.mu.Unlock()
	if p != nil {
		p.stop(ctx, closeGrace)
	}
	_, err := s.fresh(ctx)
	if err != nil {
		return fmt.Errorf("session: %w", err)
	}
	return nil
}

// Close ends the process and everything it started and waits for that. A running cell's Run returns.
func (s *Supervisor) Close() error {
	s.mu.Lock()
	s.closed = true
	if s.abandon != nil {
		s.abandon()
	}
	s.mu.Unlock()
	s.starting <- struct{}{} // from now on there is no new process
	defer func() { <-s.starting }()
	s.mu.Lock()
	p := s.p
	s.mu.Unlock()
	if p != nil {
		p.blame(causeClose, "")
		p.stop(context.Background(), closeGrace)
	}
	return nil
}

// fresh starts a process unless there is a living one, and returns the one there is.
func (s *Supervisor) fresh(ctx context.Context) (*process, error) {
	select {
	case s.starting <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() { <-s.starting }()
	s.mu.Lock()
	p, closed := s.p, s.closed
	s.mu.Unlock()
	if closed {
		return nil, errClosed
	}
	if p != nil && p.alive() {
		return p, nil
	}
	p, err := s.spawn(ctx)
	s.mu.Lock()
	s.p = p
	n := s.subshells
	s.mu.Unlock()
	if err == nil && n > 0 {
		p.request(kindSubshells, 0, subshellNote{n})
	}
	return p, err
}

var errClosed = errors.New("the session is closed")

// spawn starts a process and waits until it is ready.
func (s *Supervisor) spawn(ctx context.Context) (*process, error) {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.StartLimit)
	defer cancel()
	p, err := startProcess(s.cfg)
	if err != nil {
		return nil, err
	}
	if err := p.ready(ctx); err != nil {
		p.kill(causeStart, "")
		<-p.dead
		return nil, fmt.Errorf("the session process did not start: %w", err)
	}
	return p, nil
}

func (p *process) alive() bool {
	select {
	case <-p.dead:
		return false
	case <-p.ending.Done(): // dead, and soon cleared away
		<-p.dead
		return false
	default:
		return true
	}
}
