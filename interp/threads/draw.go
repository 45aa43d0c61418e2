package threads

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/concurrency/timeline"
)

// Options say how things are called. The zero value is usable.
type Options struct {
	Title string
	// Name names a goroutine that is a task. For others it returns "", and they are drawn as others. When it is nil all
	// goroutines are named by their numbers.
	Name  func(goroutine int64) string
	Place func(task.Site) string // such as "cell 3, line 7"
	Note  string                 // said below
}

// maxThreads is how many threads have a lane.
const maxThreads = 24

// SVG draws the record: a lane for the garbage collector if it worked, one for each P and one for each thread.
func (r *Record) SVG(opt Options) []byte { return r.Chart(opt).SVG() }

// Chart returns what [Record.SVG] draws.
func (r *Record) Chart(opt Options) *timeline.Chart {
	d := newDrawing(r, opt)
	c := &timeline.Chart{
		Title: cmp.Or(opt.Title, "Threads"), Length: r.Length, About: r.Text(opt), Notes: d.notes(), Alarm: "all stood still for the collector",
		Subtitle: fmt.Sprintf("%s on %s and %s in %s", count(d.tasks, "task"), count(len(r.Procs), "P"), count(len(r.Threads), "thread"), short(r.Length)),
	}
	if len(r.Collector) > 0 {
		c.Lanes = append(c.Lanes, d.collector())
	}
	for i := range r.Procs {
		l := d.lane(&r.Procs[i])
		l.Name = fmt.Sprintf("P %d", r.Procs[i].ID)
		c.Lanes = append(c.Lanes, l)
	}
	shown := slices.Clone(r.Threads)
	slices.SortStableFunc(shown, func(a, b Lane) int { return cmp.Compare(b.busy(), a.busy()) })
	shown = shown[:min(len(shown), maxThreads)]
	slices.SortFunc(shown, func(a, b Lane) int { return cmp.Compare(a.ID, b.ID) })
	for i := range shown {
		l := d.lane(&shown[i])
		l.Name = fmt.Sprintf("thread %d", shown[i].ID)
		c.Lanes = append(c.Lanes, l)
	}
	c.Legend = d.legend()
	return c
}

// A drawing makes a chart of a record.
type drawing struct {
	*Record
	opt   Options
	tasks int // goroutines that have a name
	names map[int64]string
	looks map[int64]timeline.Look
	keys  []timeline.Key // of tasks
	used  map[timeline.Look]bool
}

func newDrawing(r *Record, opt Options) *drawing {
	d := &drawing{Record: r, opt: opt, names: map[int64]string{}, looks: map[int64]timeline.Look{}, used: map[timeline.Look]bool{}}
	byID := slices.SortedFunc(slices.Values(r.Goroutines), func(a, b *Goroutine) int { return cmp.Compare(a.ID, b.ID) })
	for _, g := range byID {
		name := fmt.Sprintf("goroutine %d", g.ID)
		if opt.Name != nil {
			name = cut(opt.Name(g.ID))
		}
		d.names[g.ID] = name
		if name == "" {
			d.looks[g.ID] = timeline.LookOther
			continue
		}
		look := timeline.LookTint + timeline.Look(d.tasks%timeline.Tints)
		d.looks[g.ID] = look
		d.keys = append(d.keys, timeline.Key{Look: look, Text: name})
		d.tasks++
	}
	return d
}

func (d *drawing) name(g int64) string {
	if n := d.names[g]; n != "" {
		return n
	}
	return fmt.Sprintf("another goroutine (%d)", g)
}

// lane makes the lane of a P or a thread.
func (d *drawing) lane(from *Lane) timeline.Lane {
	l := timeline.Lane{End: d.Length, Where: "busy " + percent(from.busy(), d.Length)}
	l.About = l.Where
	for _, s := range from.Spans {
		look := d.looks[s.Goroutine]
		label := d.names[s.Goroutine]
		if s.System {
			look, label = timeline.LookSystem, ""
		}
		d.used[look] = true
		l.Spans = append(l.Spans, timeline.Span{From: s.From, To: s.To, Look: look, Label: label})
	}
	l.Describe = func(i int) string {
		s := from.Spans[i]
		verb := "runs"
		if s.System {
			verb = "is in a system call"
		}
		text := fmt.Sprintf("%s %s for %s", d.name(s.Goroutine), verb, short(s.To-s.From))
		if s.Proc >= 0 {
			text += fmt.Sprintf(" on P %d", s.Proc)
		}
		if s.Thread >= 0 {
			text += fmt.Sprintf(", thread %d", s.Thread)
		}
		text += fmt.Sprintf("\n%s to %s", short(s.From), short(s.To))
		if s.Why != "" {
			text += "\nthen: " + s.Why
		}
		if where := d.place(s.Site); where != "" {
			text += ", " + where
		}
		return text
	}
	return l
}

func (d *drawing) place(s task.Site) string {
	switch {
	case s == 0:
		return ""
	case d.opt.Place != nil:
		return cut(d.opt.Place(s))
	}
	return s.String()
}

// collector makes the lane of the garbage collector.
func (d *drawing) collector() timeline.Lane {
	l := timeline.Lane{Name: "garbage collector", End: d.Length}
	var spans []Range
	var stopped time.Duration
	at := time.Duration(0)
	for _, c := range d.Collector {
		if c.Stop {
			stopped += c.To - c.From
			l.Signs = append(l.Signs, timeline.Sign{At: c.From, Alarm: true,
				Text: fmt.Sprintf("%s: everything stood still for %s", c.Name, short(c.To-c.From))})
			continue
		}
		if c.From < at { // one at a time is drawn
			continue
		}
		at = c.To
		d.used[timeline.LookCollect] = true
		spans = append(spans, c)
		l.Spans = append(l.Spans, timeline.Span{From: c.From, To: c.To, Look: timeline.LookCollect})
	}
	l.Where = "stopped the rest for " + short(stopped)
	l.About = l.Where
	l.Describe = func(i int) string {
		return fmt.Sprintf("%s for %s\n%s to %s", spans[i].Name, short(spans[i].To-spans[i].From), short(spans[i].From), short(spans[i].To))
	}
	return l
}

func (d *drawing) legend() []timeline.Key {
	var keys []timeline.Key
	if d.tasks <= timeline.Tints {
		keys = append(keys, d.keys...)
	} else {
		for i := range timeline.Tints {
			keys = append(keys, timeline.Key{Look: timeline.LookTint + timeline.Look(i), Text: ""})
		}
		keys[len(keys)-1].Text = "one task each, colours repeat"
	}
	for _, k := range []timeline.Key{
		{Look: timeline.LookOther, Text: "other goroutines"}, {Look: timeline.LookSystem, Text: "in a system call"}, {Look: timeline.LookCollect, Text: "collecting garbage"},
	} {
		if d.used[k.Look] {
			keys = append(keys, k)
		}
	}
	return keys
}

func (d *drawing) notes() []string {
	var notes []string
	if d.Cut {
		notes = append(notes, fmt.Sprintf("The beginning is missing: only about the last %d MB of the trace are kept.", maxTrace>>20))
	}
	if n := len(d.Threads) - maxThreads; n > 0 {
		notes = append(notes, fmt.Sprintf("The %d busiest of %d threads are drawn.", maxThreads, len(d.Threads)))
	}
	if d.opt.Note != "" {
		notes = append(notes, d.opt.Note)
	}
	return notes
}

// cut makes a short line of a text.
func cut(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 60 {
		s = string(r[:59]) + "…"
	}
	return s
}
