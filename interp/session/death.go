package session

import (
	"fmt"
	"strings"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp"
)

// A death is what is known of the end of a process.
type death struct {
	name   string // interp.Err…
	value  string
	exit   *int
	stacks []stack
	cause  cause
}

// death says how the process ended. It is called after dead is closed.
func (p *process) death() death {
	p.mu.Lock()
	defer p.mu.Unlock()
	d := death{name: interp.ErrSession, cause: p.cause}
	switch p.cause {
	case causeInterrupt:
		d.name = interp.ErrInterrupted
		d.value = "interrupted: the cell could not be stopped, so its session process was ended"
	case causeMemory, causeConnection:
		d.value = "the session process " + p.causeText
	case causeStart:
		d.value = "the session process was not ready in time"
	case causeRestart:
		d.value = "the session was restarted"
	case causeClose:
		d.value = "the session was closed"
	default:
		p.ownDeath(&d)
	}
	return d
}

// ownDeath tells of a death that the host had no part in.
func (p *process) ownDeath(d *death) {
	signal, kill, signalled := signalOf(p.state)
	switch {
	case p.exit != nil:
		d.exited(*p.exit)
	case p.lastText != "":
		t := parseLastText(p.lastText, task.ParseCellFile)
		d.value, d.stacks = t.title, t.telling()
	case signalled:
		d.value = "the session process was ended by a signal: " + signal
		if kill {
			d.value += " (if not by you, then perhaps by the system, short of memory)"
		}
	default:
		d.exited(p.state.ExitCode())
	}
}

func (d *death) exited(code int) {
	d.name, d.exit = interp.ErrExit, &code
	d.value = fmt.Sprintf("exit status %d", code)
}

// lines is the report of a death: what happened, and where in the user's cells, in the form that the
// tracebacks of panics have.
func (d death) lines(find func(int) (interp.Request, bool)) []string {
	lines := []string{d.value}
	for _, s := range d.stacks {
		lines = append(lines, "")
		if len(d.stacks) > 1 {
			lines = append(lines, "goroutine, "+s.state+":")
		}
		for _, f := range s.frames {
			lines = append(lines, f.lines("", inFunction(f.function), find)...)
		}
		if len(s.frames) == 0 {
			lines = append(lines, s.library...)
		}
		if s.elided {
			lines = append(lines, "and so on")
		}
		if s.started != nil {
			lines = append(lines, s.started.lines("goroutine started at ", "", find)...)
		}
	}
	return lines
}

func inFunction(name string) string {
	if name == "" {
		return ""
	}
	return ", in " + name
}

// lines names the place, between two texts, and shows the source there.
func (f frame) lines(before, after string, find func(int) (interp.Request, bool)) []string {
	req, ok := find(f.cell)
	if !ok {
		req.Number = f.cell
	}
	at := fmt.Sprintf("%s:%d", req.File, f.line)
	if req.File == "" {
		at = fmt.Sprintf("cell %d, line %d", req.Number, f.line)
	}
	lines := []string{before + at + after}
	source := strings.Split(req.Source, "\n")
	if f.line >= 1 && f.line <= len(source) {
		lines = append(lines, fmt.Sprintf("%5d | %s", f.line, strings.TrimRight(source[f.line-1], " \t\r")))
	}
	return lines
}

func failure(name, value string) interp.Outcome {
	return interp.Outcome{Error: &interp.Error{Name: name, Value: value, Traceback: []string{value}}}
}

func notBegun() interp.Outcome {
	return failure(interp.ErrInterrupted, "interrupted before it began")
}
