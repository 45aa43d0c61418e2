package live

import (
	"slices"
	"strings"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/concurrency/waitgraph"
	"github.com/gobraid/gobraid/interp"
)

// excerpts is how many waits of a deadlock are shown with their lines of source.
const excerpts = 10

// deadlockError makes the error of a run none of whose tasks could go on, and shows the picture of it on out, if there is one.
func (s *Session) deadlockError(d *task.Deadlock, cell int, out interp.Sink) *interp.Error {
	text := d.Error()
	d = connected(d, cell)
	g := s.graph(d, cell)
	words := waitgraph.Text(g)
	if out != nil {
		out.Display(picture(waitgraph.SVG(g), "(a picture of who waits for whom; the error says it in words)", "waitgraph", false))
	}
	e := &interp.Error{Name: interp.ErrDeadlock, Value: text}
	e.Traceback = append([]string{text, ""}, strings.Split(strings.TrimSpace(words), "\n")...)
	seen := map[task.Site]bool{}
	for _, i := range d.Tasks {
		site := i.Wait.Site
		if site == 0 || seen[site] || len(seen) == excerpts {
			continue
		}
		seen[site] = true
		words := s.titled(i, cell)
		if isMain(i) {
			words = "main"
		}
		words += " " + s.view().waitWords(i.Wait, cell)
		e.Traceback = append(e.Traceback, "", s.texts.place(site.Cell(), site.Line(), 0)+": "+words)
		e.Traceback = append(e.Traceback, s.texts.excerpt(s.texts.virtual(site.Cell()), site.Line(), site.Column())...)
	}
	return e
}

// connected returns the part of a deadlock that has to do with a cell: its tasks, and those of other cells that wait for the same or have
// what is waited for.
func connected(d *task.Deadlock, cell int) *task.Deadlock {
	tasks, objects := map[int64]bool{}, map[uintptr]bool{}
	for grown := true; grown; {
		grown = false
		for _, i := range d.Tasks {
			at := i.Wait.Objects()
			if tasks[i.ID] || i.Cell != cell && !slices.ContainsFunc(at, func(a uintptr) bool { return objects[a] }) {
				continue
			}
			tasks[i.ID], grown = true, true
			for _, a := range at {
				objects[a] = a != 0
			}
		}
		for _, l := range d.Locks {
			at := task.Wait{Object: l.Object}.Objects()
			if len(at) == 0 || !objects[at[0]] {
				continue
			}
			for _, h := range l.Holders {
				i := slices.IndexFunc(d.Tasks, func(i task.Info) bool { return i.ID == h.Task })
				if i < 0 || tasks[h.Task] {
					continue
				}
				tasks[h.Task], grown = true, true
				for _, a := range d.Tasks[i].Wait.Objects() {
					objects[a] = a != 0
				}
			}
		}
	}
	return &task.Deadlock{
		Tasks: slices.DeleteFunc(slices.Clone(d.Tasks), func(i task.Info) bool { return !tasks[i.ID] }),
		Locks: d.Locks,
	}
}

// graphName names a task where its cell or line is said beside it.
func (s *Session) graphName(i task.Info) string {
	switch name := s.taskName(i); {
	case isMain(i):
		return "main"
	case name == literal(i.Site.Line()):
		return "func"
	default:
		return name
	}
}

// graph returns who waits for whom, for one who reads beside a cell.
func (s *Session) graph(d *task.Deadlock, cell int) waitgraph.Graph {
	clauses := s.clauses(d.Tasks, cell)
	return waitgraph.FromDeadlock(d, waitgraph.Options{
		Title:  "Who waits for whom",
		Task:   s.graphName,
		Place:  func(site task.Site) string { return s.position(site, cell) },
		Source: func(site task.Site) string { return s.texts.line(site.Cell(), site.Line()) },
		Object: func(w task.Wait) string {
			if w.Kind != task.WaitSelect {
				return s.waited(w, cell)
			}
			if at := w.Objects(); len(at) == 1 && clauses[at[0]] != "" {
				return clauses[at[0]]
			}
			if t, ok := s.places.held(w.Object); ok {
				return s.thing(t, cell)
			}
			return ""
		},
	})
}

// clauses names the channels of the selects that tasks wait in.
func (s *Session) clauses(tasks []task.Info, cell int) map[uintptr]string {
	names := map[uintptr]string{}
	for _, i := range tasks {
		list, ok := i.Wait.Object.([]any)
		at, found := s.places.wait(i.Wait)
		if !ok || !found || len(list) != len(at.things) {
			continue
		}
		for n, object := range list {
			if a := (task.Wait{Object: object}).Objects(); len(a) == 1 && names[a[0]] == "" {
				names[a[0]] = s.thing(at.things[n], cell)
			}
		}
	}
	return names
}
