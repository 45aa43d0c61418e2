package live

import (
	"context"
	"errors"
	"fmt"
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

// endError makes the error of a run that did not end well.
func (s *Session) endError(end task.End) *interp.Error {
	switch {
	case end.Panic != nil:
		return s.panicError(end.Panic)
	case end.Killed:
		e := interrupted()
		for _, t := range end.Abandoned {
			e.Traceback = append(e.Traceback, fmt.Sprintf("a task is still inside library code%s; it ends when that returns", s.startedAt(t.Site)))
		}
		return e
	}
	return nil
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
	return magicError(err)
}
