package loop

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// A ReportKind says what a [Report] tells.
type ReportKind uint8

// The kinds of reports.
const (
	SlowStep         ReportKind = iota // a step has blocked the loop
	NeverRetrieved                     // a task has failed and nobody has asked for its result
	FailedAtEnd                        // a task has failed when it was cancelled because the loop ended
	CallbackPanicked                   // a function that the loop has called
)

// A Report tells what has gone wrong on a loop without any coroutine being told.
type Report struct {
	Kind  ReportKind
	Loop  *Loop
	Task  string        // the name of the task, "" for a callback
	Err   error         // of the task, or the panic of the callback
	Took  time.Duration // of a slow step
	Where string        // the line that has blocked the loop, "" if it is not known
	text  string
}

// String says all of it in a line.
func (r Report) String() string { return r.text }

// print prints a report.
func (l *Loop) print(r Report) { task.PrintError(l.name + ": " + r.text + "\n") }

// slowStep reports a step that has blocked the loop.
func (l *Loop) slowStep(s task.Slow) {
	r := Report{Kind: SlowStep, Loop: l, Took: s.Took, Where: s.Where}
	who := "a callback"
	if s.Coroutine != nil {
		r.Task = s.Coroutine.Body().(*coroutine).title()
		who = r.Task
	}
	r.text = fmt.Sprintf("%s blocked the loop for %v", who, s.Took.Round(time.Millisecond))
	if s.Kind != task.WaitNone {
		r.text += " (" + s.Kind.String() + ")"
	}
	if s.Where != "" {
		r.text += " at " + s.Where
	}
	l.report(r)
}

// A failure is an error of a task that nobody has asked for yet.
type failure struct {
	l        *Loop
	seen     atomic.Bool
	err      error
	name, at string
	leftover bool
}

// failing notes that c ends with an error. Nobody may ever ask for it.
func (c *coroutine) failing(err error) {
	if isCanceled(err) || errors.Is(err, concurrency.ErrExited) || c.main || c.first.w != nil {
		return
	}
	f := &failure{l: c.l, err: err, name: c.title(), at: c.created(), leftover: c.leftover}
	c.fail = f
	l := c.l
	if len(l.failed) >= 64 && len(l.failed) == cap(l.failed) {
		l.failed = slices.DeleteFunc(l.failed, func(f *failure) bool { return f.seen.Load() })
	}
	l.failed = append(l.failed, f)
	if !l.host.Virtual() { // when it is lost depends on the garbage collector
		runtime.AddCleanup(c, func(f *failure) { f.l.post(f.tell) }, f)
	}
}

// tell reports the failure, once.
func (f *failure) tell() {
	if f.seen.Swap(true) {
		return
	}
	kind, how := NeverRetrieved, "failed, and nobody has asked for its result"
	if f.leftover {
		kind, how = FailedAtEnd, "failed when it was cancelled at the end of the loop"
	}
	f.l.report(Report{Kind: kind, Loop: f.l, Task: f.name, Err: f.err, text: fmt.Sprintf("%s%s %s: %v", f.name, f.at, how, f.err)})
}

// lost reports, at the end of the loop, the failures that nobody has asked for.
func (l *Loop) lost() {
	for _, f := range l.failed {
		f.tell()
	}
	l.failed = nil
}
