package threads

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/exp/trace"

	"github.com/gobraid/gobraid/concurrency/task"
)

// Read reads a trace as package runtime/trace writes it. Of one that [Start] made it takes what lies between Start and Stop, of any
// other all of it. The error is that of r, or says what is wrong with the trace.
func Read(r io.Reader) (*Record, error) {
	in, err := trace.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("threads: %w", err)
	}
	s := newReading()
	for {
		e, err := in.ReadEvent()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("threads: %w", err)
		}
		s.event(&e)
	}
	return s.record(), nil
}

// A reading is a trace while it is read.
type reading struct {
	first, last trace.Time
	began       bool // first has been set
	marked      bool // the mark of Start has been seen
	ended       bool // the mark of Stop has been seen
	procs       map[int64]*lane
	threads     map[int64]*lane
	state       map[trace.GoID]trace.GoState
	ready       map[int64]*waiting
	ranges      map[string]trace.Time
	collector   []Range
}

// A lane is a Lane while it is read.
type lane struct {
	id   int64
	open bool
	now  Span // if open; its times are those of the trace
	all  []Span
}

// waiting is what a goroutine waited for a P.
type waiting struct {
	since, assistSince   trace.Time // 0 while it does not
	sum, longest, assist time.Duration
}

func newReading() *reading {
	return &reading{
		procs: map[int64]*lane{}, threads: map[int64]*lane{}, state: map[trace.GoID]trace.GoState{},
		ready: map[int64]*waiting{}, ranges: map[string]trace.Time{},
	}
}

func (r *reading) event(e *trace.Event) {
	if r.ended {
		return
	}
	if !r.began {
		r.first, r.began = e.Time(), true
	}
	r.last = max(r.last, e.Time())
	r.context(e)
	switch e.Kind() {
	case trace.EventStateTransition:
		switch st := e.StateTransition(); st.Resource.Kind {
		case trace.ResourceGoroutine:
			r.goroutine(e, st)
		case trace.ResourceProc:
			if from, to := st.Proc(); from == trace.ProcRunning && to != from {
				r.stop(r.procs, int64(st.Resource.Proc()), e.Time(), "", 0)
			}
		}
	case trace.EventRangeBegin, trace.EventRangeActive, trace.EventRangeEnd:
		r.span(e)
	case trace.EventLog:
		if l := e.Log(); l.Category == category && l.Message == "begin" {
			r.begin(e.Time())
		} else if l.Category == category && l.Message == "end" {
			r.ended = true
		}
	}
}

// begin forgets what was before the capture.
func (r *reading) begin(now trace.Time) {
	r.first, r.marked = now, true
	r.collector = nil
	for _, lanes := range []map[int64]*lane{r.procs, r.threads} {
		for _, l := range lanes {
			l.all = nil
			l.now.From = time.Duration(now)
		}
	}
	for _, w := range r.ready {
		since, assist := w.since, w.assistSince
		*w = waiting{}
		if since != 0 {
			w.since = now
		}
		if assist != 0 {
			w.assistSince = now
		}
	}
	for name := range r.ranges {
		r.ranges[name] = now
	}
}

// context opens the spans of the goroutine that an event shows to be running: it may have begun before the trace did.
func (r *reading) context(e *trace.Event) {
	g := e.Goroutine()
	if g == trace.NoGoroutine || r.state[g] != trace.GoRunning {
		return
	}
	r.run(e, g)
}

// run notes that a goroutine runs where an event happened.
func (r *reading) run(e *trace.Event, g trace.GoID) {
	p, m := int64(e.Proc()), int64(e.Thread())
	s := Span{From: time.Duration(e.Time()), Goroutine: int64(g), Proc: p, Thread: m}
	r.open(r.procs, p, s)
	r.open(r.threads, m, s)
}

func (r *reading) open(lanes map[int64]*lane, id int64, s Span) {
	if id < 0 {
		return
	}
	l := lanes[id]
	if l == nil {
		l = &lane{id: id}
		lanes[id] = l
	}
	if l.open && l.now.Goroutine == s.Goroutine && l.now.System == s.System {
		return
	}
	l.stop(trace.Time(s.From), "", 0)
	l.now, l.open = s, true
}

func (r *reading) stop(lanes map[int64]*lane, id int64, now trace.Time, why string, site task.Site) {
	if l := lanes[id]; l != nil {
		l.stop(now, why, site)
	}
}

func (l *lane) stop(now trace.Time, why string, site task.Site) {
	if !l.open {
		return
	}
	l.open = false
	l.now.To, l.now.Why, l.now.Site = time.Duration(now), why, site
	l.all = append(l.all, l.now)
}

// goroutine notes that a goroutine has gone from one state into another.
func (r *reading) goroutine(e *trace.Event, st trace.StateTransition) {
	g := st.Resource.Goroutine()
	from, to := st.Goroutine()
	if from == trace.GoUndetermined {
		from = r.state[g]
	}
	r.state[g] = to
	now := e.Time()
	w := r.ready[int64(g)]
	if w == nil {
		w = &waiting{}
		r.ready[int64(g)] = w
	}
	if to != trace.GoRunnable && w.since != 0 {
		d := time.Duration(now - w.since)
		w.sum, w.longest, w.since = w.sum+d, max(w.longest, d), 0
	} else if to == trace.GoRunnable && w.since == 0 {
		w.since = now
	}
	if from == to {
		return
	}
	p, m := int64(e.Proc()), int64(e.Thread())
	why := st.Reason
	if from == trace.GoRunning || from == trace.GoSyscall {
		if to == trace.GoNotExist {
			why = "end"
		}
		if to == trace.GoSyscall {
			why = "system call"
		}
		site := siteOf(st.Stack)
		r.leave(r.procs, p, int64(g), now, why, site)
		r.leave(r.threads, m, int64(g), now, why, site)
	}
	switch to {
	case trace.GoRunning:
		r.run(e, g)
	case trace.GoSyscall:
		s := Span{From: time.Duration(now), Goroutine: int64(g), System: true, Proc: p, Thread: m}
		r.open(r.procs, p, s)
		r.open(r.threads, m, s)
	}
}

// leave ends the span of a goroutine on a lane.
func (r *reading) leave(lanes map[int64]*lane, id, g int64, now trace.Time, why string, site task.Site) {
	if l := lanes[id]; l != nil && l.open && l.now.Goroutine == g {
		l.stop(now, why, site)
	}
}

// siteOf returns the innermost place of a stack that lies in a cell.
func siteOf(s trace.Stack) task.Site {
	if s == trace.NoStack {
		return 0
	}
	for f := range s.Frames() {
		if cell, ok := task.ParseCellFile(f.File); ok {
			return task.At(cell, int(f.Line), 0)
		}
	}
	return 0
}

// span notes what the garbage collector does.
func (r *reading) span(e *trace.Event) {
	x := e.Range()
	if x.Scope.Kind == trace.ResourceGoroutine {
		if w := r.ready[int64(x.Scope.Goroutine())]; w != nil && x.Name == "GC mark assist" {
			if e.Kind() != trace.EventRangeEnd {
				w.assistSince = e.Time()
			} else if w.assistSince != 0 {
				w.assist += time.Duration(e.Time() - w.assistSince)
				w.assistSince = 0
			}
		}
		if !strings.HasPrefix(x.Name, "stop-the-world") {
			return
		}
	} else if x.Scope.Kind != trace.ResourceNone {
		return
	}
	if strings.HasPrefix(x.Name, "stop-the-world (start trace") || strings.HasPrefix(x.Name, "stop-the-world (stop trace") {
		return // our own doing
	}
	key := x.Name + x.Scope.String()
	if e.Kind() != trace.EventRangeEnd {
		r.ranges[key] = e.Time()
		return
	}
	from, ok := r.ranges[key]
	if !ok {
		from = r.first
	}
	delete(r.ranges, key)
	r.collector = append(r.collector, Range{time.Duration(from), time.Duration(e.Time()), x.Name, strings.HasPrefix(x.Name, "stop-the-world")})
}

// record returns what has been read.
func (r *reading) record() *Record {
	rec := &Record{Length: time.Duration(r.last - r.first), Cut: r.ended && !r.marked}
	for key, from := range r.ranges {
		name, _, _ := strings.Cut(key, "Goroutine(")
		name, _, _ = strings.Cut(name, "None")
		r.collector = append(r.collector, Range{time.Duration(from), time.Duration(r.last), name, strings.HasPrefix(name, "stop-the-world")})
	}
	for _, w := range r.ready {
		if w.since != 0 {
			d := time.Duration(r.last - w.since)
			w.sum, w.longest = w.sum+d, max(w.longest, d)
		}
	}
	zero := time.Duration(r.first)
	for _, c := range r.collector {
		c.From, c.To = max(c.From-zero, 0), c.To-zero
		rec.Collector = append(rec.Collector, c)
	}
	slices.SortFunc(rec.Collector, func(a, b Range) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Name, b.Name))
	})
	rec.Procs, rec.Threads = r.lanes(r.procs), r.lanes(r.threads)
	rec.sum(r.ready)
	return rec
}

// lanes returns the lanes on which anything ran.
func (r *reading) lanes(from map[int64]*lane) []Lane {
	var all []Lane
	for _, l := range from {
		l.stop(r.last, "", 0)
		for i := range l.all {
			l.all[i].From -= time.Duration(r.first)
			l.all[i].To -= time.Duration(r.first)
		}
		if len(l.all) > 0 {
			all = append(all, Lane{l.id, l.all})
		}
	}
	slices.SortFunc(all, func(a, b Lane) int { return cmp.Compare(a.ID, b.ID) })
	return all
}
