package task

import (
	"bytes"
	"runtime/pprof"
	"strconv"
	"strings"
)

// Untracked returns how many goroutines libraries have started on behalf of runs that are not tasks now: neither listed by
// [Tasks] nor ended by a kill before they come back to code of a cell. It takes a profile of all
// goroutines, which costs about a microsecond for each.
func Untracked() int {
	n := 0
	for _, k := range untracked() {
		n += k
	}
	return n
}

// Untracked returns how many of these goroutines the run has. It costs as much as the function of that name.
func (r *Run) Untracked() int {
	if r.label == nil {
		return 0
	}
	return untracked()[r.label.number()]
}

// untracked returns the number of untracked goroutines by the number of their run.
func untracked() map[string]int {
	counts := labelled()
	each(func(t *Task) {
		if t.run.label != nil {
			counts[t.run.label.number()]--
		}
	})
	for k, n := range counts {
		// Between the profile and the count of the tasks a goroutine may become a task or cease to be one.
		if n <= 0 {
			delete(counts, k)
		}
	}
	return counts
}

// labelled counts the goroutines that carry labels of runs, tasks and all. In the text of the profile, a line with a number and
// addresses stands for that many goroutines; the line after it has their labels.
func labelled() map[string]int {
	var text bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&text, 1); err != nil {
		return map[string]int{}
	}
	counts, n := map[string]int{}, 0
	for line := range strings.Lines(text.String()) {
		if number, _, ok := strings.Cut(line, " @ "); ok {
			n, _ = strconv.Atoi(number)
		} else if _, rest, ok := strings.Cut(line, strconv.Quote(runKey)+":\""); ok && strings.HasPrefix(line, "# labels: ") {
			run, _, _ := strings.Cut(rest, "\"")
			counts[run] += n
		}
	}
	return counts
}
