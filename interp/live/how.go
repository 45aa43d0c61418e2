package live

import (
	"strings"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/magic"
)

// how says in what way the Go text of a cell is run: what the wrapping magics at its head ask for.
type how struct {
	record  bool // draw the timeline of its tasks
	threads bool // and of the threads that ran them
	hover   bool // put the pictures into the page
	virtual bool // on a fake clock
	seed    uint64
}

// A wrapper is a cell magic that changes how the Go text after it is run. Several may follow each other.
type wrapper struct {
	magic.Magic
	apply func(args string, h *how) error
}

// unwrap takes the wrapping magics off the head of a cell. What is left has blanks in their place.
func (s *Session) unwrap(source string) (string, how, error) {
	var h how
	for {
		calls, _ := magic.Parse(source)
		if len(calls) == 0 || !calls[0].Cell || calls[0].Late {
			return source, h, nil
		}
		w, ok := s.wrappers[calls[0].Name]
		if !ok {
			return source, h, nil
		}
		if err := w.apply(calls[0].Args, &h); err != nil {
			return source, h, err
		}
		source = blankLine(source, calls[0].Line)
	}
}

// blankLine replaces a line, counted from 1, by blanks.
func blankLine(source string, line int) string {
	lines := strings.SplitAfter(source, "\n")
	text := strings.TrimRight(lines[line-1], "\r\n")
	lines[line-1] = strings.Repeat(" ", len(text)) + lines[line-1][len(text):]
	return strings.Join(lines, "")
}

// dress prepares a run for the way it is to go, and returns what records it, nil when nothing does.
func (s *Session) dress(run *task.Run, h how) *recorded {
	h.dressVirtual(run)
	return h.recording(run)
}

// conclude says what there is to say about a run that has ended, and adds it to the outcome.
func (s *Session) conclude(run *task.Run, end task.End, rec *recorded, silent bool, outcome *interp.Outcome) {
	var behind []task.Info
	var stuck map[int64]bool
	if !end.Killed && end.Panic == nil && leaves(run) {
		stuck = stuckOf(run) // what a task waits for must not be held here meanwhile: it would count as reachable
		behind = run.Tasks()
		task.LookInside(behind)
	}
	stats := run.Stats()
	about := figures(stats)
	about["engine"] = outcome.Engine
	about["left"], about["stuck"] = len(behind), len(stuck)
	outcome.Metadata = map[string]any{"gobraid": about}
	pictures := rec.pictures(s, run.Cell())
	if silent {
		return
	}
	outcome.Notes = append(outcome.Notes, pictures...)
	outcome.Notes = append(outcome.Notes, s.statsNote(stats, about)...)
	if d := s.leftNote(behind, stuck, run.Cell()); d != nil {
		outcome.Notes = append(outcome.Notes, *d)
	}
}
