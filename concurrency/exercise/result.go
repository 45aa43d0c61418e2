package exercise

import (
	"fmt"
	"html"
	"strings"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/concurrency/timeline"
)

// A Result is what came of a check. As the last value of a cell it is shown, with the timeline of the first run that was wrong.
type Result struct {
	name, hint              string
	runs, controlled, wrong int
	first                   int // the number of the first run that was wrong
	try                     try // it
}

// add counts a run.
func (r *Result) add(n int, t try) {
	r.runs++
	if t.seed != 0 {
		r.controlled++
	}
	if t.err == nil {
		return
	}
	if r.wrong++; r.wrong == 1 {
		r.first, r.try = n, t
	}
}

// Passed reports whether no run was wrong.
func (r *Result) Passed() bool { return r.wrong == 0 }

// Runs returns how many runs were made, and how many of them were wrong.
func (r *Result) Runs() (made, wrong int) { return r.runs, r.wrong }

// Err returns what was wrong in the first run that was, nil if none was. It wraps what the function returned, a
// [*task.PanicError] or a [*task.Deadlock].
func (r *Result) Err() error {
	if r.wrong == 0 {
		return nil
	}
	return &Failure{Name: r.name, Run: r.first, Seed: r.try.seed, Err: r.try.err}
}

// Seed returns the seed with which %%virtual repeats the first run that was wrong: 0 if that was a live one, or none.
func (r *Result) Seed() uint64 { return r.try.seed }

// Output returns what the first run that was wrong printed, up to 4 kB.
func (r *Result) Output() string {
	if r.wrong == 0 {
		return ""
	}
	return r.try.output.String()
}

// Trace returns what the tasks of the first run that was wrong did, nil if none was.
func (r *Result) Trace() *task.Trace { return r.try.trace }

// Must panics with a [*Failure] if a run was wrong, so that the cell fails, and returns r otherwise.
func (r *Result) Must() *Result {
	if err := r.Err(); err != nil {
		panic(err)
	}
	return r
}

// A Failure is what was wrong in a run.
type Failure struct {
	Name string // of the check
	Run  int    // the number of the run, from 1
	Seed uint64 // for %%virtual, 0 if the run was live
	Err  error
}

// Error names the check, the run and what was wrong.
func (f *Failure) Error() string { return fmt.Sprintf("%s: run %d: %v", f.Name, f.Run, f.Err) }

// Unwrap returns what was wrong.
func (f *Failure) Unwrap() error { return f.Err }

// verdict is the first line of what is shown.
func (r *Result) verdict() string {
	if r.Passed() {
		return fmt.Sprintf("✔ %s: right in %s (%d with random orders of steps, %d live)", r.name, count(r.runs), r.controlled, r.runs-r.controlled)
	}
	how := "a live one"
	if r.try.seed != 0 {
		how = fmt.Sprintf("%%%%virtual %d repeats it", r.try.seed)
	}
	return fmt.Sprintf("✘ %s: wrong in %d of %s; first in run %d (%s)", r.name, r.wrong, count(r.runs), r.first, how)
}

func count(runs int) string {
	if runs == 1 {
		return "1 run"
	}
	return fmt.Sprintf("%d runs", runs)
}

// body is what is shown below that, without the picture.
func (r *Result) body() string {
	if r.Passed() {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%v\n", r.try.err)
	if out := r.Output(); out != "" {
		fmt.Fprintf(&b, "It printed:\n%s\n", strings.TrimRight(indent(out), " \n"))
	}
	if r.hint != "" {
		fmt.Fprintf(&b, "Hint: %s\n", r.hint)
	}
	return b.String()
}

func indent(s string) string { return "  " + strings.ReplaceAll(s, "\n", "\n  ") }

func (r *Result) options() timeline.Options {
	return timeline.Options{Title: fmt.Sprintf("Run %d", r.first)}
}

// String returns the result in words, those of the timeline included.
func (r *Result) String() string {
	if r.Passed() {
		return r.verdict()
	}
	return r.verdict() + "\n" + r.body() + "\n" + timeline.Text(r.try.trace, r.options())
}

// SVG returns the timeline of the first run that was wrong, "" if none was. It has no scripts, and a dark form for dark pages.
func (r *Result) SVG() string {
	if r.Passed() {
		return ""
	}
	return string(timeline.SVG(r.try.trace, r.options()))
}

// HTML returns the result as part of a page: the verdict, what was wrong, and the timeline of that run with its words folded away.
func (r *Result) HTML() string {
	if r.Passed() {
		return "<p><strong>" + html.EscapeString(r.verdict()) + "</strong></p>"
	}
	return "<p><strong>" + html.EscapeString(r.verdict()) + "</strong></p>\n<pre>" + html.EscapeString(r.body()) + "</pre>\n<div>" +
		r.SVG() + "</div>\n<details><summary>In words</summary><pre>" +
		html.EscapeString(timeline.Text(r.try.trace, r.options())) + "</pre></details>"
}
