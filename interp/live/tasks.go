package live

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/magic"
)

// alike is how many tasks of one kind %tasks lists before it puts them on one line.
const alike = 8

// A row is a line of the table of tasks.
type row struct {
	ids   []int64 // more than one for tasks that are alike; none for a heading
	depth int
	tree  string // what leads to the name in the text form
	name  string
	state string
}

// A family is a task with those it started.
type family struct {
	info     task.Info
	children []*family
}

// families sorts tasks by who started them. A task whose parent has ended is one of the first of its cell.
func families(all []task.Info) map[int][]*family {
	byID := map[int64]*family{}
	for _, i := range all {
		byID[i.ID] = &family{info: i}
	}
	roots := map[int][]*family{}
	for _, i := range all {
		f, parent := byID[i.ID], byID[i.Parent]
		if parent != nil && parent.info.Cell == i.Cell && parent != f {
			parent.children = append(parent.children, f)
		} else {
			roots[i.Cell] = append(roots[i.Cell], f)
		}
	}
	return roots
}

// rows lists the tasks of one cell. With each set, tasks that are alike have lines of their own too.
func (v *view) rows(roots []*family, each bool) []row {
	var rows []row
	v.appendRows(&rows, roots, "", 0, each)
	return rows
}

func (v *view) appendRows(rows *[]row, list []*family, lead string, depth int, each bool) {
	most := alike
	if each {
		most = len(list)
	}
	groups := alikes(list, most, v.stuck)
	for i, g := range groups {
		tree, below := "├─ ", "│  "
		switch {
		case depth == 0:
			tree, below = "", ""
		case i == len(groups)-1:
			tree, below = "└─ ", "   "
		}
		cell := g[0].info.Cell
		r := row{depth: depth, tree: lead + tree, name: v.groupName(g, cell), state: v.groupState(g, cell)}
		for _, f := range g {
			r.ids = append(r.ids, f.info.ID)
		}
		*rows = append(*rows, r)
		v.appendRows(rows, g[0].children, lead+below, depth+1, each)
	}
}

// groupName names tasks that are alike, for one who reads beside a text.
func (s *Session) groupName(g []*family, from int) string {
	name := s.titled(g[0].info, from)
	if len(g) > 1 {
		name = fmt.Sprintf("%d × %s", len(g), name)
	}
	return name
}

// groupState says what tasks that are alike do.
func (v *view) groupState(g []*family, from int) string {
	first := g[0].info
	text := v.waitWords(first.Wait, from)
	if first.Wait.Kind != task.WaitNone {
		text += sinceOf(g, v.now) + v.heldBy(first.Wait, from)
	}
	if v.stuck[first.ID] {
		text += ", and will wait for ever"
	}
	if first.Killed {
		text = "is told to end; " + text
	}
	return text
}

// briefWait is the time below which a wait has just begun.
const briefWait = 50 * time.Millisecond

// sinceOf says since when tasks wait that are alike, nothing when they have only begun.
func sinceOf(g []*family, now time.Time) string {
	lo, hi := now.Sub(g[0].info.Wait.Since), now.Sub(g[0].info.Wait.Since)
	for _, f := range g {
		d := now.Sub(f.info.Wait.Since)
		lo, hi = min(lo, d), max(hi, d)
	}
	switch {
	case g[0].info.Wait.Since.IsZero(), hi < briefWait: // a library does not say since when it waits
		return ""
	case span(lo) == span(hi):
		return " since " + span(hi)
	}
	return " since " + span(lo) + " to " + span(hi)
}

// alikes puts tasks together that were started at one place, do the same and have no children, if there are more than most.
func alikes(list []*family, most int, stuck map[int64]bool) [][]*family {
	type kind struct {
		name string
		site task.Site
		wait task.Kind
		at   task.Site
		end  bool
		ever bool
	}
	slices.SortFunc(list, func(a, b *family) int { return byPlace(a.info, b.info) })
	var groups [][]*family
	index := map[kind]int{}
	for _, f := range list {
		k := kind{f.info.Name, f.info.Site, f.info.Wait.Kind, f.info.Wait.Site, f.info.Killed, stuck[f.info.ID]}
		if i, ok := index[k]; ok && len(f.children) == 0 {
			groups[i] = append(groups[i], f)
			continue
		}
		if len(f.children) == 0 {
			index[k] = len(groups)
		}
		groups = append(groups, []*family{f})
	}
	var out [][]*family
	for _, g := range groups {
		if len(g) > most {
			out = append(out, g)
			continue
		}
		for _, f := range g {
			out = append(out, []*family{f})
		}
	}
	slices.SortStableFunc(out, func(a, b []*family) int { return byPlace(a[0].info, b[0].info) })
	return out
}

// byPlace orders tasks by where they were started. Their ids do not tell which was the first.
func byPlace(a, b task.Info) int {
	return cmp.Or(cmp.Compare(a.Site, b.Site), cmp.Compare(a.ID, b.ID))
}

// tasksMagic is %tasks.
func (s *Session) tasksMagic(_ context.Context, call magic.Call, env magic.Env) error {
	want, each, err := s.tasksArgs(call.Args)
	if err != nil {
		return err
	}
	env.Out.Display(interp.Data{MIME: s.listing(want, each)})
	return nil
}

// listing shows the tasks of a cell, or of all if want is 0.
func (s *Session) listing(want int, each bool) map[string]any {
	v := s.view()
	tasks := task.Tasks()
	task.LookInside(tasks)
	roots := families(tasks)
	var cells []int
	for id := range roots {
		if want == 0 || s.texts.number(id) == want {
			cells = append(cells, id)
		}
	}
	slices.SortFunc(cells, func(a, b int) int { return cmp.Compare(s.texts.number(a), s.texts.number(b)) })
	var rows []row
	for _, id := range cells {
		rows = append(rows, row{name: s.heading(id)})
		rows = append(rows, v.rows(roots[id], each)...)
	}
	notes := s.notes(want, v.now)
	if len(rows) == 0 {
		notes = append([]string{"no tasks"}, notes...)
	}
	return map[string]any{"text/plain": textTable(rows, notes), "text/html": htmlTable(rows, notes)}
}

// tasksArgs reads what tasks are asked for: those of a cell, or 0 for all, and whether each is to have a line of its own.
func (s *Session) tasksArgs(args string) (cell int, each bool, err error) {
	switch words := strings.Fields(args); {
	case len(words) == 0:
		return 0, false, nil
	case len(words) == 1 && words[0] == "all":
		return 0, true, nil
	case len(words) == 2 && words[0] == "cell":
		n, err := strconv.Atoi(words[1])
		if err == nil && n > 0 {
			return n, true, nil
		}
	}
	return 0, false, fmt.Errorf("%%tasks takes nothing, all, or cell and a number, not %q", args)
}

// heading says what the tasks of a cell stand under.
func (s *Session) heading(id int) string {
	name := s.texts.cell(id)
	if s.log.running(id) {
		return name + ", running"
	}
	return name + ", ended"
}

// notes says what else there is to say of the tasks of a cell, or of all: what has panicked after its cell had ended, and how many goroutines
// of libraries there are.
func (s *Session) notes(cell int, now time.Time) []string {
	want := func(id int) bool { return cell == 0 || s.texts.number(id) == cell }
	var notes []string
	for _, p := range s.log.panics(want) {
		text, _, _ := strings.Cut(p.text, "\n")
		notes = append(notes, fmt.Sprintf("%s, after it had ended: %d %s ended with a %s, %s ago",
			s.texts.cell(p.cell), p.task.ID, s.titled(p.task, p.cell), text, span(now.Sub(p.at))))
	}
	untracked := 0
	if cell == 0 {
		untracked = task.Untracked()
	} else {
		for _, r := range s.log.of(want) {
			untracked += r.Untracked()
		}
	}
	if untracked > 0 {
		are := "are"
		if untracked == 1 {
			are = "is"
		}
		notes = append(notes, many(untracked, "goroutine")+" that libraries started "+are+" untracked: not listed, and not ended by %kill")
	}
	return notes
}
