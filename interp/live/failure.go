package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/engine"
	"github.com/gobraid/gobraid/interp/engine/compiled"
)

// compileError makes the error of a cell that did not check.
func (s *Session) compileError(errs []check.Error) *interp.Error {
	e := &interp.Error{Name: interp.ErrCompile}
	first, _, _ := strings.Cut(errs[0].Msg, "\n")
	e.Value = s.texts.file(errs[0].Pos.Filename, errs[0].Pos.Line, errs[0].Pos.Column) + ": " + first
	switch n := len(errs) - 1; {
	case n == 1:
		e.Value += " (and 1 more error)"
	case n > 1:
		e.Value += fmt.Sprintf(" (and %d more errors)", n)
	}
	for _, x := range errs {
		msg := strings.Split(x.Msg, "\n")
		e.Traceback = append(e.Traceback, s.texts.file(x.Pos.Filename, x.Pos.Line, x.Pos.Column)+": "+msg[0])
		e.Traceback = append(e.Traceback, msg[1:]...)
		e.Traceback = append(e.Traceback, s.texts.excerpt(x.Pos.Filename, x.Pos.Line, x.Pos.Column)...)
		if x.Hint != "" {
			e.Traceback = append(e.Traceback, "        "+x.Hint)
		}
	}
	return e
}

// prepareError makes the error of a cell that no engine made ready.
func (s *Session) prepareError(ctx context.Context, err error) *interp.Error {
	if ctx.Err() != nil {
		return interrupted()
	}
	if e, ok := errors.AsType[*interp.Error](err); ok {
		return e
	}
	var build *compiled.BuildError
	if errors.As(err, &build) && len(build.Errors) > 0 {
		return s.compileError(build.Errors)
	}
	e := &interp.Error{Name: interp.ErrRefused, Value: err.Error(), Traceback: []string{err.Error()}}
	var all *refusals
	if !errors.As(err, &all) {
		return e
	}
	e.Traceback = nil
	for i, r := range all.list {
		at := s.texts.file(r.Pos.Filename, r.Pos.Line, r.Pos.Column)
		line := fmt.Sprintf("%s: the %s engine cannot run %s", at, r.Engine, r.Construct)
		if !r.Pos.IsValid() {
			line = fmt.Sprintf("the %s engine cannot run %s", r.Engine, r.Construct)
		}
		if i == 0 {
			e.Value = line
		}
		e.Traceback = append(e.Traceback, line)
		e.Traceback = append(e.Traceback, s.texts.excerpt(r.Pos.Filename, r.Pos.Line, r.Pos.Column)...)
		if r.Remedy != "" {
			e.Traceback = append(e.Traceback, "        "+r.Remedy)
		}
	}
	for _, x := range all.unavailable {
		e.Traceback = append(e.Traceback, "the compiled engine is not available: "+x.Error())
	}
	return e
}

// refusals is the error of a cell that every allowed engine refused.
type refusals struct {
	list        []*engine.Refusal
	unavailable []error
}

// spared tells whether an engine refused what it would run if no other did, and takes that off the list.
func (r *refusals) spared() bool {
	n := len(r.list)
	r.list = slices.DeleteFunc(r.list, func(x *engine.Refusal) bool { return x.Spared })
	return len(r.list) < n
}

// Error returns the first refusal.
func (r *refusals) Error() string {
	switch {
	case len(r.list) > 0:
		return r.list[0].Error()
	case len(r.unavailable) > 0:
		return "no engine can run the cell: " + r.unavailable[0].Error()
	}
	return "no engine can run the cell"
}

// endError makes the error of a run that did not end well. What belongs beside it is shown on out, which may be nil.
func (s *Session) endError(end task.End, cell int, out interp.Sink) *interp.Error {
	switch {
	case end.Panic != nil:
		e := s.panicError(end.Panic)
		others := slices.DeleteFunc(slices.Clone(end.Ended), func(i task.Info) bool { return i.ID == end.Panic.Task || isMain(i) })
		n := end.Cancelled
		if len(end.Panic.Started) > 0 {
			n-- // the main task is one of them
		}
		if n > 0 {
			e.Traceback = append(e.Traceback, s.endedWords(others, n, cell, "other task"))
		}
		return e
	case end.Deadlock != nil:
		return s.deadlockError(end.Deadlock, cell, out)
	case end.Killed:
		return s.killedError(end, cell)
	}
	return nil
}

// killedError makes the error of a run that was interrupted.
func (s *Session) killedError(end task.End, cell int) *interp.Error {
	e := interrupted()
	if errors.Is(end.Cause, errKilled) {
		e.Value = "the cell was " + errKilled.Error()
		e.Traceback = []string{"Interrupted: " + e.Value}
	}
	main := slices.IndexFunc(end.Ended, isMain)
	if main >= 0 && end.Ended[main].Wait.Kind != task.WaitNone {
		e.Traceback = append(e.Traceback, "the cell "+s.view().waitWords(end.Ended[main].Wait, cell)+s.atLine(end.Ended[main].Wait.Site, cell))
	}
	others := slices.DeleteFunc(slices.Clone(end.Ended), isMain)
	if n := len(others); n > 0 {
		e.Traceback = append(e.Traceback, s.endedWords(others, n, cell, "task"))
	}
	for _, t := range end.Abandoned {
		e.Traceback = append(e.Traceback, fmt.Sprintf("a task is still inside library code%s; it ends when that returns", s.startedAt(t.Site)))
	}
	return e
}

// endedWords says what tasks have ended with their cell: "3 other tasks of this cell were ended: 2 × worker (line 7), …".
func (s *Session) endedWords(tasks []task.Info, n, cell int, what string) string {
	verb := "were"
	if n == 1 {
		verb = "was"
	}
	text := fmt.Sprintf("%s of this cell %s ended", many(n, what), verb)
	if len(tasks) == 0 {
		return text
	}
	slices.SortFunc(tasks, byPlace)
	return text + ": " + s.endedList(tasks, n, cell)
}

func (s *Session) startedAt(site task.Site) string {
	if site == 0 {
		return ""
	}
	return " (started at " + s.texts.place(site.Cell(), site.Line(), 0) + ")"
}

func interrupted() *interp.Error {
	return &interp.Error{Name: interp.ErrInterrupted, Value: "the cell was interrupted", Traceback: []string{"Interrupted: the cell was interrupted"}}
}

// panicError makes the error of a panic.
func (s *Session) panicError(p *task.PanicError) *interp.Error {
	e := &interp.Error{Name: interp.ErrPanic, Value: p.Text()}
	e.Traceback = append(strings.Split(p.Text(), "\n"), "")
	for _, f := range p.Stack {
		line, file := fmt.Sprintf("%s:%d", f.File, f.Line), f.File
		if f.Cell != 0 {
			line, file = s.texts.place(f.Cell, f.Line, 0), task.CellFile(f.Cell)
		}
		if f.Func != "" {
			line += ", in " + f.Func
		}
		e.Traceback = append(e.Traceback, line)
		e.Traceback = append(e.Traceback, s.texts.excerpt(file, f.Line, 0)...)
	}
	for _, o := range p.Started {
		e.Traceback = append(e.Traceback, "goroutine started at "+s.texts.place(o.Site.Cell(), o.Site.Line(), 0))
		e.Traceback = append(e.Traceback, s.texts.excerpt(task.CellFile(o.Site.Cell()), o.Site.Line(), 0)...)
	}
	return e
}

func magicError(err error) *interp.Error {
	return &interp.Error{Name: interp.ErrMagic, Value: err.Error(), Traceback: strings.Split(err.Error(), "\n")}
}

// magicFailed makes the error of a magic that ran.
func (s *Session) magicFailed(ctx context.Context, err error) *interp.Error {
	if ctx.Err() != nil {
		return interrupted()
	}
	if e, ok := errors.AsType[*interp.Error](err); ok {
		return e
	}
	return magicError(err)
}

// unless returns out, or nil when nothing is to be shown.
func unless(silent bool, out interp.Sink) interp.Sink {
	if silent {
		return nil
	}
	return out
}
