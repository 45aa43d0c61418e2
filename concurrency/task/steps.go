package task

import "time"

// stepTime is what a step takes on the clock of a recording by steps.
const stepTime = time.Microsecond

// RecordSteps is [Run.Record] for a controlled run whose picture is to show whose turn it was: on the clock of the recording each
// step, which is an operation that others can see or the end of a task, takes a microsecond more, and a task that could go on waits for its turn meanwhile
// ([WaitTurn]). The run's own clock, and so what it does, stays as it is. It must be called after [Run.Control]; for a
// live run it is Record.
func (r *Run) RecordSteps(limit int) *Recording {
	if r.ctl != nil {
		r.ctl.byStep = true
	}
	return r.Record(limit)
}

// pay makes the clock of a recording by steps move on by one.
func (c *control) pay() {
	if c.byStep {
		c.spent.Add(int64(stepTime))
	}
}

// drawn returns the time on the clock of the run's recording. One by steps ends with control.
func (c *control) drawn() time.Duration {
	if !c.byStep {
		return c.now()
	}
	return time.Duration(c.time.Load() + c.spent.Load())
}

// pause notes, if the run is recorded by steps, that the task of s waits for its turn at a site from now on.
func (s *seat) pause(site Site) {
	if l := s.t.log; s.c.byStep && l != nil {
		l.waits(WaitTurn, nil, site, s.c.drawn())
	}
}

// resume notes that it has its turn.
func (s *seat) resume() {
	if l := s.t.log; s.c.byStep && l != nil {
		l.waited(nil, s.c.drawn())
	}
}
