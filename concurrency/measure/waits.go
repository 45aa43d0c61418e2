package measure

import (
	"slices"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// of makes a profile of the waits of a trace.
func (w waits) of(tr *task.Trace) *Profile {
	p := &Profile{title: w.title, what: "of waiting"}
	byID := map[int64]*task.TraceTask{}
	for i := range tr.Tasks {
		byID[tr.Tasks[i].ID] = &tr.Tasks[i]
	}
	var slept time.Duration
	var all []Stack
	for i := range tr.Tasks {
		t := &tr.Tasks[i]
		path := lineage(t, byID)
		for _, s := range t.Spans {
			if s.Kind == task.WaitSleep {
				slept += s.To - s.From
			}
			if !w.want(s.Kind) {
				continue
			}
			frames := append(slices.Clone(path), at(Frame{Func: s.Kind.String(), Kind: Wait}, s.Site))
			if s.Object > 0 && s.Object <= len(tr.Objects) {
				o := tr.Objects[s.Object-1]
				frames = append(frames, at(Frame{Func: o.Type, Kind: Wait}, o.Site))
			}
			if a, ok := unlock(tr, t, s); w.holder && ok {
				frames = append(frames, at(Frame{Func: "unlocked", Kind: Wait}, a.Site))
			}
			all = append(all, Stack{frames, (s.To - s.From).Seconds(), 1})
		}
	}
	p.stacks = merge(all)
	if slept > 0 && !w.holder {
		p.notes = append(p.notes, "Not in it: "+format(slept.Seconds(), "s")+" of sleeping.")
	}
	if tr.Dropped > 0 {
		p.notes = append(p.notes, "There was too much to record: "+count(tr.Dropped, "event")+" "+is(tr.Dropped)+" missing.")
	}
	if tr.Virtual {
		p.notes = append(p.notes, "Time is virtual.")
	}
	return p
}

// at puts a frame at a site.
func at(f Frame, s task.Site) Frame {
	if s != 0 {
		f.Cell, f.Line = s.Cell(), s.Line()
	}
	return f
}

// lineage returns a task and those that it descends from as frames, the first one outermost.
func lineage(t *task.TraceTask, byID map[int64]*task.TraceTask) []Frame {
	var frames []Frame
	for depth := 0; t != nil && depth < maxDepth; depth++ {
		f := Frame{Func: t.Name, Kind: Task}
		if f.Func == "" {
			f.Func = "task"
		}
		up := byID[t.Parent]
		if up != nil { // the first one is where it is measured
			f = at(f, t.Site)
		}
		frames = append(frames, f)
		t = up
	}
	slices.Reverse(frames)
	return frames
}

// unlock returns the arrow of the unlock that ended a wait.
func unlock(tr *task.Trace, t *task.TraceTask, s task.Span) (task.Arrow, bool) {
	// Arrows are in order of their end, and that of a wait is noted a little before or after the wait itself.
	var best task.Arrow
	found := false
	for _, a := range tr.Arrows {
		if a.Kind == task.ArrowUnlock && a.To == t.ID && a.Object == s.Object && a.Sent >= s.From && a.Sent <= s.To {
			best, found = a, true
		}
	}
	return best, found
}
