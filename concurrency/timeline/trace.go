package timeline

import (
	"fmt"
	"strings"
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/svg"
	"github.com/gobraid/gobraid/concurrency/task"
)

// SVG draws a trace. See the package comment for what the picture shows.
func SVG(tr *task.Trace, opt Options) []byte { return NewChart(tr, opt).SVG() }

// NewChart returns the chart that [SVG] draws of a trace.
func NewChart(tr *task.Trace, opt Options) *Chart {
	b := &builder{names: newNames(tr, opt), lane: map[int64]int{}}
	c := &Chart{Title: opt.Title, Length: tr.Length, About: Text(tr, opt)}
	if c.Title == "" {
		c.Title = "Timeline"
	}
	c.Subtitle, c.Sign, c.Alarm = b.subtitle(), "printed a line", "printed to stderr"
	list := rows(tr)
	for i, r := range list {
		for _, k := range r.tasks {
			b.lane[tr.Tasks[k].ID] = i
		}
	}
	for _, r := range list {
		if len(r.tasks) == 1 {
			c.Lanes = append(c.Lanes, b.single(&tr.Tasks[r.tasks[0]], r))
		} else {
			c.Lanes = append(c.Lanes, b.group(r))
		}
	}
	b.marks(c)
	b.arrows(c)
	for _, k := range taskLooks {
		if b.used[k.Look] {
			c.Legend = append(c.Legend, k)
		}
	}
	c.Notes = remarks(tr, opt)
	return c
}

// A builder makes a chart of a trace.
type builder struct {
	*names
	lane map[int64]int // of tasks
	used [svg.Looks]bool
}

func (b *builder) subtitle() string {
	s := fmt.Sprintf("%s in %s", count(len(b.tr.Tasks), "task"), Short(b.tr.Length))
	if b.tr.Steps {
		return fmt.Sprintf("%s, step by step", count(len(b.tr.Tasks), "task"))
	}
	if b.tr.Virtual {
		s += " of virtual time"
	}
	return s
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%s %ss", thousands(n), what)
}

// remarks tells what the picture lacks.
func remarks(tr *task.Trace, opt Options) []string {
	var notes []string
	if tr.Dropped > 0 {
		notes = append(notes, fmt.Sprintf("%s not recorded because there were too many: what comes late is missing.", were(tr.Dropped, "event")))
	}
	if tr.Unmatched > 0 {
		notes = append(notes, fmt.Sprintf("The other end of %s could not be told: no arrow for these.", count(tr.Unmatched, "communication")))
	}
	if tr.Steps {
		notes = append(notes, "One task at a time had its turn. Times are those of a virtual clock, on which each step takes a microsecond.")
	} else if tr.Virtual {
		notes = append(notes, "Times are those of a virtual clock, on which running takes no time.")
	}
	if opt.Note != "" {
		notes = append(notes, opt.Note)
	}
	return notes
}

func were(n int, what string) string {
	if n == 1 {
		return "1 " + what + " was"
	}
	return fmt.Sprintf("%s %ss were", thousands(n), what)
}

// activity returns what a task did from its start to its end, in order and without gaps.
// Each span of the result has the index of the wait it stands for, or -1 while the task ran.
func activity(t *task.TraceTask, visit func(from, to time.Duration, wait int)) {
	at := t.Start
	for i, s := range t.Spans {
		from, to := max(s.From, at), min(max(s.To, at), max(t.End, t.Start))
		if from > at {
			visit(at, from, -1)
		}
		visit(from, max(to, from), i)
		at = max(to, from)
	}
	if t.End > at {
		visit(at, t.End, -1)
	}
}

// single makes the lane of one task.
func (b *builder) single(t *task.TraceTask, r row) Lane {
	l := Lane{
		Name: b.task(t), Where: b.started(t), Depth: r.depth, Parent: r.up, Start: t.Start, End: t.End, Mark: finals[t.Outcome],
	}
	l.About = b.taskWords(t)
	var waits []int
	activity(t, func(from, to time.Duration, wait int) {
		look := LookRun
		if wait >= 0 {
			look = lookOf(t.Spans[wait].Kind)
		}
		b.used[look] = true
		s := Span{From: from, To: to, Look: look}
		if wait >= 0 {
			s.Label = b.label(t.Spans[wait])
		}
		l.Spans = append(l.Spans, s)
		waits = append(waits, wait)
	})
	name := l.Name
	l.Describe = func(i int) string {
		s := l.Spans[i]
		when := fmt.Sprintf(" for %s\n%s to %s", Short(s.To-s.From), Short(s.From), Short(s.To))
		if waits[i] < 0 {
			return name + " runs" + when
		}
		w := t.Spans[waits[i]]
		return name + " " + b.waits(w) + when + b.at(w.Site)
	}
	return l
}

var finals = [...]Final{
	task.Alive: FinalAlive, task.Returned: FinalEnd, task.Exited: FinalEnd, task.Panicked: FinalBad, task.Killed: FinalKill,
}

var outcomes = [...]string{
	task.Alive: "still alive", task.Returned: "returned", task.Exited: "ended by Goexit", task.Panicked: "panicked",
	task.Killed: "told to end",
}

// taskWords tells of a task what stands in its lane.
func (b *builder) taskWords(t *task.TraceTask) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s, task %d", b.task(t), t.ID)
	if where := b.place(t.Site); where != "" && t.Parent != 0 {
		fmt.Fprintf(&s, "\nstarted at %s%s", where, b.source(t.Site))
	}
	fmt.Fprintf(&s, "\n%s to %s, %s", Short(t.Start), Short(t.End), outcomes[t.Outcome])
	u := sum(t)
	for _, k := range taskLooks {
		if d := u.by[k.Look]; d > 0 {
			fmt.Fprintf(&s, "\n%s %s (%s)", percent(d, u.total), k.Text, Short(d))
		}
	}
	return s.String()
}

// marks puts the lines that were printed on the lanes.
func (b *builder) marks(c *Chart) {
	for _, m := range b.tr.Marks {
		i, ok := b.lane[m.Task]
		if !ok {
			continue
		}
		text := svg.Short(svg.Line(m.Text), 100)
		if m.Stream != "" && m.Stream != "stdout" {
			text = m.Stream + ": " + text
		}
		c.Lanes[i].Signs = append(c.Lanes[i].Signs, Sign{m.At, m.Stream == "stderr", Short(m.At) + "  " + text})
	}
}

// arrows puts the arrows on the chart.
func (b *builder) arrows(c *Chart) {
	var shown []*task.Arrow
	for i := range b.tr.Arrows {
		a := &b.tr.Arrows[i]
		from, ok := b.lane[a.From]
		to, ok2 := b.lane[a.To]
		if ok && ok2 && int(a.Kind) < arrowKinds {
			c.Arrows = append(c.Arrows, Arrow{ArrowKind(a.Kind), from, to, a.Sent, a.Got})
			shown = append(shown, a)
		}
	}
	called := map[int64]string{}
	for i := range b.tr.Tasks {
		t := &b.tr.Tasks[i]
		called[t.ID] = b.task(t)
	}
	c.DescribeArrow = func(i int) string {
		a := shown[i]
		text := fmt.Sprintf(arrowWords[a.Kind], called[a.From], called[a.To])
		if o := b.object(a.Object); o != "" {
			text += "\n" + o
		}
		text += "\n" + Short(a.Sent)
		if a.Got != a.Sent {
			text += " to " + Short(a.Got)
		}
		return text + b.at(a.Site)
	}
}

var arrowWords = [...]string{
	task.ArrowValue: "a value goes from %s to %s", task.ArrowClose: "%s closes a channel, %s sees it",
	task.ArrowUnlock: "%s unlocks, %s goes on", task.ArrowDone: "%s is done, %s goes on", task.ArrowCancel: "%s cancels %s",
}
