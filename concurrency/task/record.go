package task

import (
	"bytes"
	"reflect"
	"strings"
	"sync"
	"time"
)

// A Recording notes what the tasks of a run do. It is made by [Run.Record]. Its methods may be called from any goroutine.
type Recording struct {
	run *Run

	mu      sync.Mutex
	limit   int
	events  int // how many are kept
	dropped int
	active  bool
	begun   bool
	start   time.Time
	began   time.Duration
	ended   time.Duration // when it was no longer active
	tasks   []*taskLog
	guests  map[int64]*taskLog // visitors by their goroutine
	arrows  []traceArrow
	marks   []Mark
	numbers map[uintptr]int
	objects []TraceObject
	kept    []any // so that no address is used again for something else
	lost    int   // communications without an arrow
}

// A taskLog is what a Recording has seen of one task. The Recording's mu guards it.
type taskLog struct {
	rec *Recording
	TraceTask
	open waitState
	last waitState // the last that has ended, until somebody asks
}

// A traceArrow is an arrow that is drawn unless doubt says that it must not.
type traceArrow struct {
	Arrow
	doubt *shadow
}

// defaultEvents is how many events a Recording keeps if nobody says otherwise.
const defaultEvents = 200_000

// markLength is how much of a printed line a Mark keeps, in bytes.
const markLength = 200

// Record makes a recording of the run, and returns it. It must be called before Do. The recording keeps at most limit events,
// or 200,000 if limit is 0, and what it has seen tasks wait on stays in memory as long as the recording. It ends when
// no task of the run is left, or with [Recording.Stop].
//
// While a recording is going on, what tasks do costs more: a channel operation of the run about 0.5 µs, of others 0.1 µs.
func (r *Run) Record(limit int) *Recording {
	if limit <= 0 {
		limit = defaultEvents
	}
	findLayout()
	rec := &Recording{run: r, limit: limit, guests: map[int64]*taskLog{}, numbers: map[uintptr]int{}}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running || r.census.live() != 0 {
		panic("task: Run.Record called after Run.Do")
	}
	r.rec = rec
	return rec
}

// begin is called when Do begins.
func (rec *Recording) begin() {
	if rec == nil {
		return
	}
	rec.mu.Lock()
	defer rec.mu.Unlock()
	if !rec.begun {
		rec.begun, rec.start, rec.began = true, rec.run.date(), rec.run.now()
	}
	if !rec.active {
		rec.active = true
		watching(1)
	}
}

// Stop ends the recording. What tasks do from now on is not in it.
func (rec *Recording) Stop() {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	if rec.active {
		rec.active, rec.ended = false, rec.run.now()
		watching(-1)
	}
}

// room reports whether there is room for another event. rec.mu is held.
func (rec *Recording) room() bool {
	if !rec.active {
		return false
	}
	if rec.events >= rec.limit {
		rec.dropped++
		return false
	}
	rec.events++
	return true
}

// since returns a time on the recording's clock. rec.mu is held.
func (rec *Recording) since(at time.Duration) time.Duration { return max(at-rec.began, 0) }

// logged notes that t begins.
func (rec *Recording) logged(t *Task) {
	if rec == nil {
		return
	}
	rec.mu.Lock()
	defer rec.mu.Unlock()
	if !rec.room() {
		return
	}
	l := &taskLog{rec: rec, TraceTask: TraceTask{Site: t.site, Start: rec.since(rec.run.now())}}
	if t.up != nil {
		l.Parent = t.up.id
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	l.Name = t.more().name
	t.log = l
	if t.visitor {
		if old := rec.guests[t.id]; old != nil {
			t.log = old
			old.Outcome = Alive
			return
		}
		l.ID = t.id
		rec.guests[t.id] = l
	}
	rec.tasks = append(rec.tasks, l)
}

// identify notes the id of a task whose goroutine runs now.
func (l *taskLog) identify(id int64) {
	if l != nil {
		l.rec.mu.Lock()
		l.ID = id
		l.rec.mu.Unlock()
	}
}

// setName notes the name of a task.
func (l *taskLog) setName(name string) {
	if l != nil {
		l.rec.mu.Lock()
		l.Name = name
		l.rec.mu.Unlock()
	}
}

// ended notes the end of a task.
func (l *taskLog) ended(o Outcome) {
	if l == nil {
		return
	}
	l.rec.mu.Lock()
	defer l.rec.mu.Unlock()
	if l.rec.active {
		l.End, l.Outcome = l.rec.since(l.rec.run.now()), o
	}
}

// outcome returns how t has ended.
func (t *Task) outcome() Outcome {
	switch {
	case t.visitor:
		return Returned
	case t.end != nil:
		return Killed
	case t.panicked:
		return Panicked
	case t.returned:
		return Returned
	}
	return Exited
}

// waits notes what a task begins to wait for.
func (l *taskLog) waits(kind Kind, object any, site Site, since time.Duration) {
	l.rec.mu.Lock()
	l.open = waitState{kind: kind, object: object, site: site, since: since}
	l.rec.mu.Unlock()
}

// waited notes that a wait has ended, of a select because of fired.
func (l *taskLog) waited(fired any, ended time.Duration) {
	l.rec.mu.Lock()
	defer l.rec.mu.Unlock()
	w := l.open
	w.fired = fired
	l.open, l.last = waitState{}, w
	if w.kind == WaitTurn && w.since == ended || w.kind == WaitNone {
		return
	}
	if l.rec.room() {
		l.Spans = append(l.Spans, l.rec.span(w, ended))
	}
}

// span returns a wait as a span. rec.mu is held.
func (rec *Recording) span(w waitState, to time.Duration) Span {
	s := Span{From: rec.since(w.since), To: rec.since(to), Kind: w.kind, Site: w.site}
	object := w.object
	if list, several := object.([]any); several {
		if object = w.fired; object == nil && len(list) == 1 {
			object = list[0]
		}
	}
	s.Object = rec.number(object, w.site)
	return s
}

// number returns the number of an object. rec.mu is held.
func (rec *Recording) number(object any, site Site) int {
	v := reflect.ValueOf(object)
	if k := v.Kind(); k != reflect.Chan && k != reflect.Pointer || v.IsNil() {
		return 0
	}
	n := rec.numbers[v.Pointer()]
	if n == 0 {
		if len(rec.kept) >= rec.limit {
			return 0
		}
		rec.objects = append(rec.objects, TraceObject{Type: objectType(v.Type()), Site: site, Address: v.Pointer()})
		rec.kept = append(rec.kept, object)
		n = len(rec.objects)
		rec.numbers[v.Pointer()] = n
	}
	return n
}

// objectType writes a type that is waited on: a channel's without direction, and what a pointer points to.
func objectType(t reflect.Type) string {
	switch {
	case t.Kind() == reflect.Pointer:
		t = t.Elem()
	case t.Name() == "":
		t = reflect.ChanOf(reflect.BothDir, t.Elem())
	}
	return withoutFolders(t.String())
}

// withoutFolders returns a type as reflect writes it, without what stands before a package's name in type arguments.
func withoutFolders(s string) string {
	var b []byte
	begin := 0 // of the path that is being read, in b
	for _, c := range []byte(s) {
		switch {
		case c == '/':
			b = b[:begin]
			continue
		case strings.IndexByte("[]*, (){};<", c) >= 0:
			begin = len(b) + 1
		}
		b = append(b, c)
	}
	return string(b)
}

// over ends the recording if no task of the run is left and Do has returned.
func (rec *Recording) over() {
	if rec == nil || rec.run.census.live() != 0 {
		return
	}
	rec.run.mu.Lock()
	over := !rec.run.running && rec.run.census.live() == 0
	rec.run.mu.Unlock()
	if over {
		rec.Stop()
	}
}

// mark notes the lines that t prints. t may be nil.
func (t *Task) mark(stream string, p []byte) {
	if t == nil || t.visitor && t.run.rec == nil {
		return
	}
	rec := t.run.rec
	if rec == nil && t.log != nil {
		rec = t.log.rec
	}
	if rec == nil {
		return
	}
	rec.mu.Lock()
	defer rec.mu.Unlock()
	for line := range bytes.Lines(p) {
		if rec.room() {
			line = bytes.TrimRight(line, "\r\n")
			text := string(line[:min(len(line), markLength)])
			rec.marks = append(rec.marks, Mark{t.id, rec.since(rec.run.now()), stream, text})
		}
	}
}

// arrow notes an arrow from one task of the recording to another.
func (rec *Recording) arrow(a Arrow, from, to *taskLog, object any, doubt *shadow) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	if rec.room() {
		a.From, a.To = from.ID, to.ID
		a.Sent, a.Got = rec.since(a.Sent), rec.since(a.Got)
		a.Object = rec.number(object, a.Site)
		rec.arrows = append(rec.arrows, traceArrow{a, doubt})
	}
}

// unmatched counts a communication that gets no arrow.
func (rec *Recording) unmatched() {
	rec.mu.Lock()
	if rec.active {
		rec.lost++
	}
	rec.mu.Unlock()
}
