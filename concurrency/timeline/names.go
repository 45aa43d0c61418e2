package timeline

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/concurrency/internal/svg"
	"github.com/gobraid/gobraid/concurrency/task"
)

// Options say how the things of a trace are called. The zero value is usable.
type Options struct {
	Title  string                             // "Timeline" when empty
	Place  func(task.Site) string             // such as "cell 3, line 7"; "" when there is nothing to say
	Source func(task.Site) string             // the text of the line, "" when it is not known
	Object func(tr *task.Trace, n int) string // what the object with a number is called, such as "jobs (line 3)"
	Note   string                             // said below
}

// names finds the words for a trace.
type names struct {
	tr   *task.Trace
	opt  Options
	one  bool               // everything is in one cell
	same map[string][]int64 // the tasks that have a name, in order of their start
	last struct {           // an object and its name, which is asked for again and again
		object int
		text   string
	}
}

func newNames(tr *task.Trace, opt Options) *names {
	n := &names{tr: tr, opt: opt, one: true, same: map[string][]int64{}}
	cell := 0
	see := func(s task.Site) {
		if s == 0 {
			return
		}
		n.one = n.one && (cell == 0 || cell == s.Cell())
		cell = s.Cell()
	}
	for i := range tr.Tasks {
		t := &tr.Tasks[i]
		if name := n.plain(t); name != "main" {
			n.same[name] = append(n.same[name], t.ID)
		}
		see(t.Site)
		for _, s := range t.Spans {
			see(s.Site)
		}
	}
	return n
}

// place says where a site is, "" if that is not known.
func (n *names) place(s task.Site) string {
	switch {
	case s == 0:
		return ""
	case n.opt.Place != nil:
		return svg.Short(svg.Line(n.opt.Place(s)), 60)
	case n.one:
		return fmt.Sprintf("line %d", s.Line())
	}
	return fmt.Sprintf("cell %d, line %d", s.Cell(), s.Line())
}

// source returns ": " and the text of the line of a site, or "".
func (n *names) source(s task.Site) string {
	if s == 0 || n.opt.Source == nil {
		return ""
	}
	text := svg.Line(n.opt.Source(s))
	if text == "" {
		return ""
	}
	return ": " + svg.Short(text, 120)
}

// at returns a line that tells where something stands, with a line's end before it, or "".
func (n *names) at(s task.Site) string {
	where := n.place(s)
	if where == "" {
		return ""
	}
	return "\n" + where + n.source(s)
}

// object names an object, "" when there is none.
func (n *names) object(number int) string {
	if number <= 0 || number > len(n.tr.Objects) {
		return ""
	}
	if n.opt.Object != nil {
		if s := svg.Short(svg.Line(n.opt.Object(n.tr, number)), 80); s != "" {
			return s
		}
	}
	o := n.tr.Objects[number-1]
	name := svg.Short(svg.Line(o.Type), 60)
	if name == "" {
		name = "something"
	}
	if where := n.place(o.Site); where != "" {
		return name + " (" + where + ")"
	}
	return name
}

// task names a task, with a number if others have the same name.
func (n *names) task(t *task.TraceTask) string {
	name := n.plain(t)
	if same := n.same[name]; len(same) > 1 {
		if i := slices.Index(same, t.ID); i >= 0 {
			return fmt.Sprintf("%s #%d", name, i+1)
		}
	}
	return name
}

// plain returns the name of a task, or its number if it has none.
func (n *names) plain(t *task.TraceTask) string {
	switch {
	case strings.TrimSpace(t.Name) != "":
		return svg.Short(svg.Line(t.Name), 80)
	case t.Parent == 0 || t.Site == 0:
		return "main"
	}
	return fmt.Sprintf("task %d", t.ID)
}

// started tells where a task was started.
func (n *names) started(t *task.TraceTask) string {
	if t.Parent == 0 {
		return "the cell"
	}
	return n.place(t.Site)
}

// waits tells what a task does in a span.
func (n *names) waits(s task.Span) string {
	on := n.object(s.Object)
	with := func(verb, word string) string {
		if on == "" {
			return verb
		}
		return verb + word + on
	}
	switch s.Kind {
	case task.WaitSend:
		return with("waits to send", " on ")
	case task.WaitReceive:
		return with("waits to receive", " from ")
	case task.WaitSelect:
		return with("waits in a select", ", until ")
	case task.WaitForever:
		return "waits in select {}"
	case task.WaitLock:
		return with("waits for a lock", ": ")
	case task.WaitRLock:
		return with("waits for a read lock", ": ")
	case task.WaitGroup:
		return with("waits for a group", ": ")
	case task.WaitCond:
		return with("waits for a condition", ": ")
	case task.WaitOnce:
		return with("waits for a Once", ": ")
	case task.WaitSleep:
		return "sleeps"
	case task.WaitOutput:
		return "waits for its output to be taken"
	case task.WaitInput:
		return "waits for input"
	case task.WaitLibrary:
		return "is in a library call"
	case task.WaitResult:
		return with("waits for a result", ": ")
	case task.WaitTurn:
		return "could go on, but it was another's turn"
	case task.WaitNone:
		return "runs"
	}
	return with("waits: "+s.Kind.String(), ", ")
}

// label returns what is written beside a wait: what it is for, and the line it stands on.
func (n *names) label(s task.Span) string {
	if s.Object != n.last.object || n.last.text == "" {
		n.last.object = s.Object
		n.last.text, _, _ = strings.Cut(n.object(s.Object), " (")
	}
	text := n.last.text
	switch s.Kind {
	case task.WaitSend:
		text = "→ " + text
	case task.WaitReceive:
		text = "← " + text
	case task.WaitSelect:
		text = "select"
	}
	if where := n.place(s.Site); where != "" && text != "" {
		return text + ", " + where
	} else if text == "" {
		return where
	}
	return text
}

// lookOf returns how a wait is drawn.
func lookOf(k task.Kind) Look {
	switch k {
	case task.WaitNone:
		return LookRun
	case task.WaitSend, task.WaitReceive, task.WaitSelect, task.WaitForever:
		return LookChannel
	case task.WaitLock, task.WaitRLock:
		return LookLock
	case task.WaitGroup, task.WaitCond, task.WaitOnce, task.WaitResult:
		return LookGroup
	case task.WaitSleep:
		return LookSleep
	case task.WaitTurn:
		return LookTurn
	}
	return LookOther
}

// taskLooks are the looks of tasks, in the order of the legend, and their words.
var taskLooks = []Key{
	{LookRun, "running or ready"}, {LookChannel, "waiting: channel"}, {LookLock, "waiting: lock"},
	{LookGroup, "waiting: group, result"}, {LookOther, "waiting: other"}, {LookSleep, "sleeping"}, {LookTurn, "not its turn"},
}
