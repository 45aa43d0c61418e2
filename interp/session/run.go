package session

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gobraid/gobraid/interp"
)

// A run is one run of one cell in one process.
type run struct {
	id         uint64
	sink       interp.Sink
	outcome    chan interp.Outcome // one place
	interrupts chan struct{}       // one place: what counts is that there was another one
	beside     bool                // it does not wait for others, nor they for it
	begun      bool                // the process has begun it; guarded by process.mu
}

// enlist makes a run of the process, which is then to be sent what to run.
func (p *process) enlist(sink interp.Sink, beside bool) *run {
	r := &run{sink: sink, outcome: make(chan interp.Outcome, 1), interrupts: make(chan struct{}, 1), beside: beside}
	p.mu.Lock()
	defer p.mu.Unlock()
	r.id = p.sinks.add(sink)
	p.runs[r.id] = r
	if !beside || p.foreground == nil {
		p.foreground = sink
	}
	return r
}

// withdraw undoes enlist: nothing was sent.
func (p *process) withdraw(r *run) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.runs, r.id)
}

// diedBefore reports whether the process, now dead, died of something else before it began r.
func (p *process) diedBefore(r *run) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !r.begun && p.cause != causeInterrupt && p.cause != causeRestart && p.cause != causeClose
}

// interrupt asks for the end of the run, or insists on it.
func (r *run) interrupt() { offer(r.interrupts, struct{}{}) }

// A stopper is what has been done to stop one run.
type stopper struct {
	p     *process
	r     *run
	grace time.Duration
	asked bool
	told  bool // the user knows that the cell goes on and that the next interrupt is the end of the session
	alone bool // nobody will insist: it was a deadline
	timer *time.Timer
	notes sync.WaitGroup
}

// await waits until the run has its outcome or the process is dead, whatever it takes.
func (p *process) await(ctx context.Context, r *run, grace time.Duration) (o interp.Outcome, dead bool) {
	s := &stopper{p: p, r: r, grace: grace, timer: time.NewTimer(grace)}
	s.timer.Stop()
	defer s.timer.Stop()
	defer s.notes.Wait()
	done := ctx.Done()
	for {
		select {
		case o := <-r.outcome:
			return o, false
		case <-p.dead:
			select {
			case o := <-r.outcome: // it came before the death
				return o, false
			default:
				return interp.Outcome{}, true
			}
		case <-done:
			done, s.alone = nil, errors.Is(ctx.Err(), context.DeadlineExceeded)
			s.interrupt()
		case <-r.interrupts:
			s.interrupt()
		case <-s.timer.C:
			s.overdue()
		}
	}
}

// interrupt stops the run. Only an interrupt that comes after the user has been told what it would do
// ends the session: an impatient second press must not cost anybody their variables.
func (s *stopper) interrupt() {
	switch {
	case s.told:
		s.p.kill(causeInterrupt, "")
	case !s.asked:
		s.asked = true
		s.timer.Reset(s.grace)
		// Sending may take long when the process does not read, and this loop is what would kill it.
		s.notes.Go(func() { s.p.out.write(header{kind: kindInterrupt, run: s.r.id}, nil) })
	}
}

// overdue is called when the run has not ended in time.
func (s *stopper) overdue() {
	if s.told {
		s.p.kill(causeInterrupt, "")
		return
	}
	s.told = true
	advice := "A second interrupt ends the session process; its variables will be lost."
	if s.alone {
		advice = "The session process will be ended; its variables will be lost."
		s.timer.Reset(s.grace)
	}
	text := fmt.Sprintf("\nThe cell could not be stopped in %v. %s\n", s.grace, advice)
	// A sink may block, and the note must not keep the second interrupt from working.
	s.notes.Go(func() { s.r.sink.Output(interp.Stderr, []byte(text)) })
}
