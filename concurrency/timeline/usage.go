package timeline

import (
	"slices"
	"strings"
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/svg"
	"github.com/gobraid/gobraid/concurrency/task"
)

// usage is what tasks spent their time with.
type usage struct {
	total   time.Duration
	by      [svg.Looks]time.Duration
	ended   [task.Killed + 1]int
	longest task.Span       // the longest wait that is not sleep
	of      *task.TraceTask // who waited so
}

func sum(t *task.TraceTask) *usage {
	u := &usage{}
	u.add(t)
	return u
}

func (u *usage) add(t *task.TraceTask) {
	activity(t, func(from, to time.Duration, wait int) {
		look := LookRun
		if wait >= 0 {
			look = lookOf(t.Spans[wait].Kind)
			if look != LookSleep && (u.of == nil || to-from > u.longest.To-u.longest.From) {
				u.longest, u.of = t.Spans[wait], t
				u.longest.From, u.longest.To = from, to
			}
		}
		u.by[look] += to - from
		u.total += to - from
	})
	u.ended[t.Outcome]++
}

// outcomes tells how the tasks ended.
func (u *usage) outcomes() string {
	var parts []string
	for o, n := range u.ended {
		if n > 0 {
			parts = append(parts, thousands(n)+" "+outcomes[o])
		}
	}
	return strings.Join(parts, ", ")
}

// shares tells what part of the time went where.
func (u *usage) shares() string {
	var parts []string
	for _, k := range taskLooks {
		if d := u.by[k.Look]; d > 0 {
			word := k.Text
			if k.Look == LookRun {
				word = "running"
			}
			parts = append(parts, word+" "+percent(d, u.total))
		}
	}
	return strings.Join(parts, ", ")
}

// most returns how many of the tasks did at a time what ok accepts, at most.
func most(tr *task.Trace, tasks []int, ok func(t *task.TraceTask, wait int) bool) int {
	var starts, ends []time.Duration
	for _, i := range tasks {
		t := &tr.Tasks[i]
		first := len(starts)
		activity(t, func(from, to time.Duration, wait int) {
			switch {
			case !ok(t, wait) || to <= from:
			case len(starts) > first && ends[len(ends)-1] == from:
				ends[len(ends)-1] = to
			default:
				starts, ends = append(starts, from), append(ends, to)
			}
		})
	}
	slices.Sort(starts)
	slices.Sort(ends)
	top, ended := 0, 0
	for n, at := range starts {
		for ends[ended] <= at { // what ends makes room for what begins
			ended++
		}
		top = max(top, n+1-ended)
	}
	return top
}

// trimNumber cuts what counts off the end of a name.
func trimNumber(s string) string {
	t := strings.TrimRight(s, "0123456789")
	return strings.TrimRight(t, " -_#:/(")
}
