package threads

import (
	"cmp"
	"fmt"
	"github.com/gobraid/gobraid/concurrency/timeline"
	"maps"
	"slices"
	"strings"
	"time"
)

// textTasks is how many tasks a text tells of.
const textTasks = 20

// Text tells what [Record.SVG] draws, and for each task what it waited for: a P, or, as Go says when it stops, something else.
func (r *Record) Text(opt Options) string {
	d := newDrawing(r, opt)
	var s strings.Builder
	fmt.Fprintf(&s, "%s on %s and %s in %s.\n", count(d.tasks, "task"), count(len(r.Procs), "P"), count(len(r.Threads), "thread"), short(r.Length))
	var busy []string
	for i := range r.Procs {
		busy = append(busy, fmt.Sprintf("P %d %s", r.Procs[i].ID, percent(r.Procs[i].busy(), r.Length)))
	}
	if len(busy) > 16 {
		busy = append(busy[:16], "and so on")
	}
	if len(busy) > 0 {
		fmt.Fprintf(&s, "Busy: %s.\n", strings.Join(busy, ", "))
	}
	if len(r.Collector) > 0 {
		var work, stop time.Duration
		stops := 0
		for _, c := range r.Collector {
			if c.Stop {
				stop += c.To - c.From
				stops++
			} else {
				work += c.To - c.From
			}
		}
		fmt.Fprintf(&s, "Garbage collector: at work for %s; stopped everything %s, for %s together.\n", short(work), times(stops), short(stop))
	}
	all, rest := d.groups()
	for i, g := range all {
		if i == textTasks {
			n := 0
			for _, h := range all[i:] {
				n += h.tasks
			}
			fmt.Fprintf(&s, "- and %s that ran for a shorter time\n", count(n, "task"))
			break
		}
		d.tell(&s, g)
	}
	if rest > 0 {
		fmt.Fprintf(&s, "Other goroutines of the process ran for %s.\n", short(rest))
	}
	for _, n := range d.notes() {
		s.WriteString(n + "\n")
	}
	return s.String()
}

// A group is tasks that are told of in one line.
type group struct {
	Goroutine // the sum of them
	name      string
	tasks     int
}

// groups returns the tasks, those with the same name together when there are many, and how long all else ran.
func (d *drawing) groups() (all []*group, rest time.Duration) {
	byName := map[string]*group{}
	for _, g := range d.Goroutines {
		name := d.names[g.ID]
		if name == "" {
			rest += g.Running
			continue
		}
		h := byName[name]
		if h == nil || d.tasks <= 8 {
			h = &group{Goroutine: Goroutine{ID: g.ID, Stops: map[string]int{}}, name: name}
			byName[name] = h
			all = append(all, h)
		}
		h.add(g)
	}
	slices.SortStableFunc(all, func(a, b *group) int { return cmp.Compare(b.Running, a.Running) })
	return all, rest
}

func (h *group) add(g *Goroutine) {
	h.tasks++
	h.Running, h.System, h.Ready, h.Assist = h.Running+g.Running, h.System+g.System, h.Ready+g.Ready, h.Assist+g.Assist
	h.LongestWait = max(h.LongestWait, g.LongestWait)
	h.Starts, h.Moves = h.Starts+g.Starts, h.Moves+g.Moves
	for why, n := range g.Stops {
		h.Stops[why] += n
	}
	for _, p := range g.Procs {
		h.Procs = with(h.Procs, p)
	}
	for _, t := range g.Threads {
		h.Threads = with(h.Threads, t)
	}
}

// tell writes the line of a group.
func (d *drawing) tell(s *strings.Builder, g *group) {
	name := g.name
	if g.tasks > 1 {
		name += fmt.Sprintf(" ×%d", g.tasks)
	}
	fmt.Fprintf(s, "- %s: ran %s in %s", name, short(g.Running), count(g.Starts, "piece"))
	if len(g.Procs) > 0 {
		fmt.Fprintf(s, ", on %s", listed("P", g.Procs))
	}
	fmt.Fprintf(s, " and %s", listed("thread", g.Threads))
	if g.Moves > 0 {
		fmt.Fprintf(s, " (changed thread %s)", times(g.Moves))
	}
	if g.Ready > 0 {
		fmt.Fprintf(s, "; waited %s for a P, at most %s", short(g.Ready), short(g.LongestWait))
	}
	if g.System > 0 {
		fmt.Fprintf(s, "; %s in system calls", short(g.System))
	}
	if g.Assist > 0 {
		fmt.Fprintf(s, "; helped the garbage collector for %s", short(g.Assist))
	}
	reasons := slices.Collect(maps.Keys(g.Stops))
	slices.SortFunc(reasons, func(a, b string) int { return cmp.Or(cmp.Compare(g.Stops[b], g.Stops[a]), cmp.Compare(a, b)) })
	for i, why := range reasons[:min(len(reasons), 5)] {
		lead := ", "
		if i == 0 {
			lead = "; stopped by "
		}
		fmt.Fprintf(s, "%s%s (%d)", lead, why, g.Stops[why])
	}
	s.WriteByte('\n')
}

// listed names several things by their numbers.
func listed(what string, ids []int64) string {
	if len(ids) > 4 {
		return count(len(ids), what)
	}
	if len(ids) > 1 {
		what += "s"
	}
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = fmt.Sprint(id)
	}
	return what + " " + strings.Join(parts, ", ")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

func percent(part, whole time.Duration) string {
	if whole <= 0 {
		return "0 %"
	}
	return fmt.Sprintf("%.0f %%", 100*float64(part)/float64(whole))
}

func short(d time.Duration) string { return timeline.Short(d) }
