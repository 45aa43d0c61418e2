package timeline

import (
	"fmt"
	"strings"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// group makes the lane of several tasks.
func (b *builder) group(r row) Lane {
	first := &b.tr.Tasks[r.tasks[0]]
	l := Lane{Depth: r.depth, Parent: r.up, Start: first.Start, End: first.End}
	var u usage
	for _, i := range r.tasks {
		t := &b.tr.Tasks[i]
		l.Start, l.End = min(l.Start, t.Start), max(l.End, t.End)
		u.add(t)
	}
	l.Name = fmt.Sprintf("%s ×%d", b.groupName(r.tasks), len(r.tasks))
	l.Band = b.density(r.tasks)
	most := mostRunning(b.tr, r.tasks)
	l.Where = fmt.Sprintf("up to %d running", most)
	where := b.groupPlace(r.tasks)
	if where != "" {
		l.Where = where + " · " + l.Where
	}
	l.About = fmt.Sprintf("%s, up to %d alive and %d running or ready at a time", l.Name, int(l.Band.Top), most)
	if where != "" {
		l.About += "\nstarted at " + where + b.source(first.Site)
	}
	l.About += "\n" + u.outcomes()
	for _, k := range taskLooks {
		if d := u.by[k.Look]; d > 0 {
			l.About += fmt.Sprintf("\n%s %s", percent(d, u.total), k.Text)
		}
	}
	return l
}

// groupName returns the name that all tasks have, or the beginning that their names share.
func (b *builder) groupName(tasks []int) string {
	name := ""
	for n, i := range tasks {
		s := b.tr.Tasks[i].Name
		if n == 0 {
			name = s
			continue
		}
		for len(name) > len(s) || name != s[:len(name)] {
			name = name[:len(name)-1]
		}
	}
	name = trimNumber(strings.ToValidUTF8(name, ""))
	if name == "" {
		return "tasks"
	}
	t := b.tr.Tasks[tasks[0]]
	t.Name = name
	return b.plain(&t)
}

// groupPlace tells where all tasks were started, "" when they were not in one place.
func (b *builder) groupPlace(tasks []int) string {
	site := b.tr.Tasks[tasks[0]].Site
	for _, i := range tasks {
		if b.tr.Tasks[i].Site != site {
			return "several places"
		}
	}
	return b.place(site)
}

// density adds up what the tasks did at each step.
func (b *builder) density(tasks []int) *Band {
	band := &Band{}
	column := map[Look]int{}
	for _, k := range taskLooks {
		column[k.Look] = len(band.Looks)
		band.Looks = append(band.Looks, k.Look)
	}
	band.Levels = make([][]float64, bandSteps)
	for i := range band.Levels {
		band.Levels[i] = make([]float64, len(band.Looks))
	}
	step := float64(max(b.tr.Length, 1)) / bandSteps
	for _, i := range tasks {
		t := &b.tr.Tasks[i]
		activity(t, func(from, to time.Duration, wait int) {
			look := LookRun
			if wait >= 0 {
				look = lookOf(t.Spans[wait].Kind)
			}
			b.used[look] = true
			spread(band.Levels, column[look], float64(from)/step, float64(to)/step)
		})
	}
	band.Top = float64(most(b.tr, tasks, func(*task.TraceTask, int) bool { return true }))
	return band
}

// spread adds one to the levels between two steps, and to those at the ends as much as is between.
func spread(levels [][]float64, column int, from, to float64) {
	for s := max(int(from), 0); s < len(levels) && float64(s) < to; s++ {
		levels[s][column] += min(to, float64(s+1)) - max(from, float64(s))
	}
}

// mostRunning returns how many of the tasks ran or were ready at a time, at most.
func mostRunning(tr *task.Trace, tasks []int) int {
	return most(tr, tasks, func(_ *task.TraceTask, wait int) bool { return wait < 0 })
}
