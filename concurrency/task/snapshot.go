package task

import (
	"cmp"
	"slices"
	"time"
)

// Trace returns what has been recorded until now. The trace is the caller's: nothing is added to it. Tasks that are alive and
// waits that go on end in it where it ends. Trace does not block.
func (rec *Recording) Trace() *Trace {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	tr := &Trace{Began: rec.start, Virtual: rec.run.ctl != nil, Steps: rec.run.ctl != nil && rec.run.ctl.byStep, Dropped: rec.dropped, Unmatched: rec.lost, Length: rec.length()}
	for _, l := range rec.tasks {
		if l.ID == 0 { // its goroutine has not run yet
			continue
		}
		tt := l.TraceTask
		tt.Spans = slices.Clone(l.Spans)
		if tt.Outcome == Alive {
			tt.End = tr.Length
			if l.open.kind != WaitNone {
				tt.Spans = append(tt.Spans, rec.span(l.open, tr.Length+rec.began))
			}
		}
		tr.Tasks = append(tr.Tasks, tt)
	}
	for _, a := range rec.arrows {
		if a.doubt != nil && a.doubt.mixed.Load() {
			tr.Unmatched++
			continue
		}
		tr.Arrows = append(tr.Arrows, a.Arrow)
	}
	slices.SortStableFunc(tr.Arrows, func(a, b Arrow) int { return cmp.Compare(a.Got, b.Got) })
	tr.Marks = slices.Clone(rec.marks)
	tr.Objects = slices.Clone(rec.objects)
	return tr
}

// length returns how long the trace is: until now, or until the end of the last task if none is left. rec.mu is held.
func (rec *Recording) length() time.Duration {
	if !rec.begun {
		return 0
	}
	var end time.Duration
	for _, l := range rec.tasks {
		if l.Outcome == Alive {
			return rec.since(rec.until())
		}
		end = max(end, l.End)
	}
	return end
}

// until returns the time up to which the recording knows what happens. rec.mu is held.
func (rec *Recording) until() time.Duration {
	if rec.active {
		return rec.run.now()
	}
	return rec.ended
}
