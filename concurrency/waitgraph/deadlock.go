package waitgraph

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/gobraid/gobraid/concurrency/internal/svg"
	"github.com/gobraid/gobraid/concurrency/task"
)

// Options say how things are called. The zero value is usable; a function may return "" where it does not know.
type Options struct {
	Title  string
	Note   string
	Task   func(task.Info) string // such as "worker"; its name or number when nil
	Place  func(task.Site) string // such as "line 7"
	Source func(task.Site) string // the text of the line
	// Object names what a task waits for, such as "jobs (line 3)". Of a select it is called for each of its
	// channels, as the Object of the Wait.
	Object func(task.Wait) string
}

// FromDeadlock returns the graph of a deadlock: its tasks, what they wait for, and who holds that, be it a task that has
// ended or code that is no task.
func FromDeadlock(d *task.Deadlock, opt Options) Graph { return FromTasks(d.Tasks, d.Locks, opt) }

// FromTasks returns the graph of tasks and locks as [task.Tasks] and [task.Locks] give them. Tasks that do not wait are in it
// when they hold what others wait for.
func FromTasks(tasks []task.Info, locks []task.LockInfo, opt Options) Graph {
	b := &builder{Graph: Graph{Title: opt.Title, Note: opt.Note}, opt: opt, tasks: map[int64]int{}, objects: map[uintptr]int{}}
	b.one = b.inOne(tasks)
	for _, i := range tasks {
		b.tasks[i.ID] = len(b.Nodes)
		b.Nodes = append(b.Nodes, b.task(i))
	}
	for v, i := range tasks {
		b.waits(v, i.Wait)
	}
	for _, l := range locks {
		if to, ok := b.objects[address(l.Object)]; ok {
			for _, h := range l.Holders {
				b.holds(to, h)
			}
		}
	}
	b.distinguish()
	b.drop(tasks)
	return b.Graph
}

// A builder makes a graph of tasks.
type builder struct {
	Graph
	opt     Options
	one     bool // everything is in one cell
	tasks   map[int64]int
	objects map[uintptr]int
}

// inOne reports whether all places of tasks are in one cell.
func (b *builder) inOne(tasks []task.Info) bool {
	cell := 0
	for _, i := range tasks {
		for _, s := range []task.Site{i.Site, i.Wait.Site} {
			if s != 0 && cell != 0 && cell != s.Cell() {
				return false
			}
			if s != 0 {
				cell = s.Cell()
			}
		}
	}
	return true
}

func (b *builder) place(s task.Site) string {
	switch {
	case s == 0:
		return ""
	case b.opt.Place != nil:
		return svg.Short(svg.Line(b.opt.Place(s)), 60)
	}
	if b.one {
		return fmt.Sprintf("line %d", s.Line())
	}
	return fmt.Sprintf("cell %d, line %d", s.Cell(), s.Line())
}

// source returns the place and the text of a line, for a text on hover.
func (b *builder) source(s task.Site) string {
	where := b.place(s)
	if where == "" || b.opt.Source == nil {
		return where
	}
	if text := svg.Line(b.opt.Source(s)); text != "" {
		where += ": " + svg.Short(text, 120)
	}
	return where
}

// task makes the node of a task.
func (b *builder) task(i task.Info) Node {
	n := Node{Label: b.name(i), Sub: b.place(i.Site), About: fmt.Sprintf("task %d of cell %d", i.ID, i.Cell)}
	if n.Sub == "" && i.Cell != 0 {
		n.Sub = fmt.Sprintf("cell %d", i.Cell)
	}
	if where := b.source(i.Site); where != "" {
		n.About += "\nstarted at " + where
	}
	if i.Wait.Object == nil && i.Wait.Kind != task.WaitNone {
		n.State = states[i.Wait.Kind]
		if where := b.place(i.Wait.Site); where != "" {
			n.State += ", " + where
		}
		n.About += "\n" + n.State
	}
	return n
}

func (b *builder) name(i task.Info) string {
	if b.opt.Task != nil {
		if s := svg.Line(b.opt.Task(i)); s != "" {
			return s
		}
	}
	switch {
	case i.Name != "":
		return i.Name
	case i.Parent == 0 && i.Site == 0:
		return "main"
	}
	return fmt.Sprintf("task %d", i.ID)
}

// states tell of waits that are for no object.
var states = map[task.Kind]string{
	task.WaitForever: "blocks in select {}", task.WaitSleep: "sleeps", task.WaitOutput: "waits for its output to be taken",
	task.WaitInput: "waits for input", task.WaitLibrary: "is in a library call", task.WaitSelect: "waits in a select without channels",
	task.WaitSend: "waits to send on a nil channel", task.WaitReceive: "waits to receive from a nil channel", task.WaitResult: "waits for a result",
}

// waitVerbs and kinds tell of waits for an object.
var waitVerbs = map[task.Kind]string{
	task.WaitSend: "waits to send on", task.WaitReceive: "waits to receive from", task.WaitSelect: "waits in a select for",
	task.WaitLock: "waits to lock", task.WaitRLock: "waits to read-lock",
}

var kinds = map[task.Kind]Kind{
	task.WaitSend: Channel, task.WaitReceive: Channel, task.WaitSelect: Channel, task.WaitLock: Lock, task.WaitRLock: Lock,
	task.WaitGroup: Group, task.WaitCond: Group, task.WaitOnce: Group, task.WaitResult: Group,
}

// waits adds what a task waits for, and edges to it.
func (b *builder) waits(v int, w task.Wait) {
	if w.Object == nil {
		return
	}
	list, several := w.Object.([]any)
	if !several {
		list = []any{w.Object}
	}
	for _, object := range list {
		one := w
		one.Object = object
		if several {
			one.Detail = ""
		}
		about := b.source(w.Site)
		if several && w.Detail != "" {
			about += "\n" + w.Detail
		}
		b.Edges = append(b.Edges, Edge{From: v, To: b.object(one), Verb: waitVerbs[w.Kind], Where: b.place(w.Site), About: about})
	}
}

// object returns the node of what a task waits for.
func (b *builder) object(w task.Wait) int {
	at := address(w.Object)
	if i, ok := b.objects[at]; ok && at != 0 {
		return i
	}
	n := Node{Kind: Other, Label: typeOf(w.Object), Sub: w.Detail, About: typeOf(w.Object)}
	if k, ok := kinds[w.Kind]; ok {
		n.Kind = k
	}
	if b.opt.Object != nil {
		if s := svg.Line(b.opt.Object(w)); s != "" {
			n.Label = s
		}
	}
	if at == 0 && n.Kind == Channel {
		n.Sub = "nil"
	}
	if at != 0 {
		b.objects[at] = len(b.Nodes)
	}
	b.Nodes = append(b.Nodes, n)
	return len(b.Nodes) - 1
}

// holds adds an edge from a lock to its holder, which may be no task that is known.
func (b *builder) holds(lock int, h task.Holder) {
	v, ok := b.tasks[h.Task]
	if !ok {
		n := Node{Label: b.name(task.Info{ID: h.Task, Name: h.Name, Parent: 1}), About: "holds a lock"}
		switch {
		case h.Ended:
			n.Sub, n.About = "has ended", "It has ended and has not unlocked."
		case h.Cell == 0:
			n.Label, n.Sub = fmt.Sprintf("goroutine %d", h.Task), "no task"
		}
		v = len(b.Nodes)
		b.tasks[h.Task] = v
		b.Nodes = append(b.Nodes, n)
	}
	e := Edge{From: lock, To: v, Kind: Held, Where: b.place(h.Site), About: b.source(h.Site)}
	if h.Ended {
		e.Kind = Gone
	}
	if h.Read {
		e.Verb = "read-locked by"
	}
	b.Edges = append(b.Edges, e)
}

// drop leaves out tasks that neither wait nor hold anything.
func (b *builder) drop(tasks []task.Info) {
	used := make([]bool, len(b.Nodes))
	for _, e := range b.Edges {
		used[e.From], used[e.To] = true, true
	}
	to := make([]int, len(b.Nodes))
	var nodes []Node
	for v, n := range b.Nodes {
		to[v] = len(nodes)
		if used[v] || v < len(tasks) && tasks[v].Wait.Kind != task.WaitNone {
			nodes = append(nodes, n)
		}
	}
	b.Nodes = nodes
	for i, e := range b.Edges {
		b.Edges[i].From, b.Edges[i].To = to[e.From], to[e.To]
	}
}

// distinguish numbers things that have the same name.
func (b *builder) distinguish() {
	index := map[string][]int{}
	for v, n := range b.Nodes {
		if n.Kind != Task {
			index[n.Label] = append(index[n.Label], v)
		}
	}
	for _, list := range index {
		if len(list) < 2 {
			continue
		}
		for i, v := range list {
			b.Nodes[v].Label += fmt.Sprintf(" #%d", i+1)
		}
	}
}

// address returns what an object is known by, 0 if it has no address.
func address(object any) uintptr {
	if a := (task.Wait{Object: object}).Objects(); len(a) == 1 {
		return a[0]
	}
	return 0
}

// typeOf returns the type of an object as one writes it, such as "chan int" or "sync.Mutex".
func typeOf(object any) string {
	t := strings.TrimPrefix(strings.TrimPrefix(reflect.TypeOf(object).String(), "*"), "<-")
	name, _, _ := strings.Cut(strings.Replace(t, "chan<-", "chan", 1), "[")
	return name
}
