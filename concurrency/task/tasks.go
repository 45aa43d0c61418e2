package task

import (
	"bytes"
	"cmp"
	"runtime"
	"slices"
	"strconv"
	"time"
)

// Info describes a task at one moment.
type Info struct {
	ID      int64
	Name    string
	Cell    int
	Parent  int64     // the task that started it, 0 for the main task of a run and for what a library started
	Visitor bool      // a goroutine of a library, which is a task as long as it waits
	Site    Site      // where it was started
	Killed  bool      // it was told to end
	Started time.Time // when
	Locks   int       // how many locks it holds
	Wait    Wait      // what it waits for; Kind is WaitNone while it runs
}

// Tasks returns the tasks that have begun to run and have not ended, the oldest first. Others come and go while it
// looks.
func Tasks() []Info {
	var all []Info
	each(func(t *Task) { all = append(all, t.Info()) })
	return sorted(all)
}

// Tasks returns the tasks of the run, as the function of that name does for all.
func (r *Run) Tasks() []Info { return r.tasks() }

func (r *Run) tasks() []Info {
	var all []Info
	each(func(t *Task) {
		if t.run == r {
			all = append(all, t.Info())
		}
	})
	return sorted(all)
}

func sorted(all []Info) []Info {
	slices.SortFunc(all, func(a, b Info) int { return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.ID, b.ID)) })
	return all
}

// Info returns what there is to know about the task now.
func (t *Task) Info() Info {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := Info{
		ID: t.id, Cell: t.run.cell, Site: t.site, Killed: t.stopping.Load(), Visitor: t.visitor,
		Started: epoch.Add(rate().at(t.began)),
	}
	if t.peek().lock != nil {
		i.Locks++
	}
	if t.up != nil {
		i.Parent = t.up.id
	}
	if t.rare == nil {
		return i
	}
	i.Name = t.rare.name
	i.Locks += len(t.rare.held)
	if w := t.rare.wait; w.kind != WaitNone {
		i.Wait = Wait{w.kind, w.object, w.site, epoch.Add(w.since), detail(w.object)}
	}
	return i
}

// maxLocated bounds the stacks that locate asks for: taking them stops the world.
const maxLocated = 1 << 20

// locate finds where in the cell the tasks are that seem to run but are inside library code. It
// reads it off the stacks of all goroutines.
func locate(tasks []Info) {
	buf := make([]byte, maxLocated)
	buf = buf[:runtime.Stack(buf, true)]
	sites := map[int64]Site{}
	for _, block := range bytes.Split(buf, []byte("\n\n")) {
		if id, site := innermost(block); site != 0 {
			sites[id] = site
		}
	}
	for i := range tasks {
		w := &tasks[i].Wait
		if w.Kind != WaitNone && w.Kind != WaitLibrary {
			continue
		}
		w.Kind = WaitLibrary
		if site, ok := sites[tasks[i].ID]; ok {
			w.Site = site
		}
	}
}

// innermost returns the id of the goroutine of a stack and the site of the innermost frame in a cell.
func innermost(stack []byte) (id int64, site Site) {
	head, frames, _ := bytes.Cut(stack, []byte("\n"))
	number, _, _ := bytes.Cut(bytes.TrimPrefix(head, []byte("goroutine ")), []byte(" "))
	id, _ = strconv.ParseInt(string(number), 10, 64)
	for line := range bytes.Lines(frames) {
		text, ok := bytes.CutPrefix(line, []byte("\t"))
		if !ok {
			continue
		}
		text, _, _ = bytes.Cut(bytes.TrimSpace(text), []byte(" "))
		colon := bytes.LastIndexByte(text, ':')
		if colon < 0 {
			continue
		}
		if cell, ok := ParseCellFile(string(text[:colon])); ok {
			n, _ := strconv.Atoi(string(text[colon+1:]))
			return id, At(cell, n, 0)
		}
	}
	return id, 0
}
