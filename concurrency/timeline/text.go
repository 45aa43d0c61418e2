package timeline

import (
	"fmt"
	"strings"

	"github.com/gobraid/gobraid/concurrency/task"
)

// textLines is how many lines of tasks a text has at most.
const textLines = 24

// Text tells what [SVG] draws, for those who cannot see it: how long it took, for each task or group of tasks what part of its
// time it ran, waited and slept and its longest wait, and where the time went.
func Text(tr *task.Trace, opt Options) string {
	n := newNames(tr, opt)
	b := &builder{names: n}
	var s strings.Builder
	all := make([]int, len(tr.Tasks))
	var total usage
	for i := range tr.Tasks {
		all[i] = i
		total.add(&tr.Tasks[i])
	}
	fmt.Fprintf(&s, "%s.", b.subtitle())
	if len(all) > 1 {
		fmt.Fprintf(&s, " At most %d were alive at a time, and %d running or ready to run.",
			most(tr, all, func(*task.TraceTask, int) bool { return true }), mostRunning(tr, all))
	}
	if len(all) > 0 {
		fmt.Fprintf(&s, "\nAll together: %s.", total.shares())
	}
	s.WriteByte('\n')
	list := rows(tr)
	for k, r := range list {
		if k == textLines && len(list) > textLines+1 {
			fmt.Fprintf(&s, "- and %d more lanes\n", len(list)-k)
			break
		}
		b.line(&s, r)
	}
	if words := between(tr); words != "" {
		fmt.Fprintf(&s, "Between tasks: %s.\n", words)
	}
	if len(tr.Marks) > 0 {
		fmt.Fprintf(&s, "%s printed.\n", were(len(tr.Marks), "line"))
	}
	for _, note := range remarks(tr, opt) {
		s.WriteString(note + "\n")
	}
	return s.String()
}

// line tells of a task or a group.
func (b *builder) line(s *strings.Builder, r row) {
	s.WriteString(strings.Repeat("  ", min(r.depth, maxDepth)) + "- ")
	var u usage
	for _, i := range r.tasks {
		u.add(&b.tr.Tasks[i])
	}
	t := &b.tr.Tasks[r.tasks[0]]
	if len(r.tasks) == 1 {
		s.WriteString(b.task(t))
		if where := b.place(t.Site); where != "" && t.Parent != 0 {
			fmt.Fprintf(s, " (%s)", where)
		}
		fmt.Fprintf(s, ": %s", Short(t.End-t.Start))
	} else {
		fmt.Fprintf(s, "%s ×%d", b.groupName(r.tasks), len(r.tasks))
		if where := b.groupPlace(r.tasks); where != "" {
			fmt.Fprintf(s, " (%s)", where)
		}
		fmt.Fprintf(s, ": up to %d running, %s together", mostRunning(b.tr, r.tasks), Short(u.total))
	}
	if words := u.shares(); words != "" {
		s.WriteString("; " + words)
	}
	b.longest(s, &u, len(r.tasks) > 1)
	if len(r.tasks) > 1 && u.ended[task.Returned] < len(r.tasks) {
		fmt.Fprintf(s, "; %s", u.outcomes())
	} else if len(r.tasks) == 1 && t.Outcome != task.Returned {
		fmt.Fprintf(s, "; %s", outcomes[t.Outcome])
	}
	s.WriteString("\n")
}

// longest tells of the longest wait.
func (b *builder) longest(s *strings.Builder, u *usage, group bool) {
	if u.of == nil || u.longest.To == u.longest.From {
		return
	}
	s.WriteString("; longest wait ")
	fmt.Fprint(s, Short(u.longest.To-u.longest.From))
	if group {
		fmt.Fprintf(s, " of %s", b.task(u.of))
	}
	words := b.waits(u.longest)
	words = strings.TrimPrefix(words, "waits ")
	fmt.Fprintf(s, ", %s", words)
	if where := b.place(u.longest.Site); where != "" {
		fmt.Fprintf(s, ", at %s", where)
	}
}

// between counts the arrows of each kind.
func between(tr *task.Trace) string {
	words := [...]string{"value", "close", "unlock", "completion", "cancellation"}
	var n [len(words)]int
	for _, a := range tr.Arrows {
		if int(a.Kind) < len(n) {
			n[a.Kind]++
		}
	}
	var parts []string
	for k, word := range words {
		if n[k] > 0 {
			parts = append(parts, count(n[k], word))
		}
	}
	return strings.Join(parts, ", ")
}
