package live

import (
	"context"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/magic"
	"github.com/gobraid/gobraid/interp/program"
)

// raceMagic is the magic race.
func (s *Session) raceMagic(ctx context.Context, call magic.Call, env magic.Env) error {
	verbose, err := onlyVerbose(call)
	if err != nil {
		return err
	}
	j, err := s.prepareProgram(ctx, call, env, program.Options{Race: true}, verbose)
	if err != nil {
		return err
	}
	end, races, err := j.runForRaces(ctx, j.print, nil)
	if err != nil {
		return err
	}
	j.remark(j.remarks(end))
	if len(races) == 0 {
		j.show(noRace, "<div>"+noRace+"</div>")
	}
	if err := j.death(end); err != nil {
		return err
	}
	return s.raceError(races)
}

const noRace = "no data race seen in this run; that proves nothing about runs with another schedule, or through code that this one did not reach"

// atExit is for how many milliseconds the detector lets the program's goroutines go on when main has returned. Go's own default is
// a second: a race with a goroutine that main did not wait for is seen if that comes to run at all.
const atExit = 100

// runForRaces runs a program that was built with the race detector, and shows the races that it found.
func (j *job) runForRaces(ctx context.Context, stdout func([]byte), args []string) (program.End, []*program.Race, error) {
	dir, err := os.MkdirTemp("", "gobraid-race")
	if err != nil {
		return program.End{}, nil, err
	}
	defer os.RemoveAll(dir)
	settings := fmt.Sprintf("GORACE=%s halt_on_error=0 atexit_sleep_ms=%d exitcode=0 log_path='%s'", os.Getenv("GORACE"), atExit, filepath.Join(dir, "race"))
	end, failed := j.runTo(ctx, stdout, args, []string{settings}) // also of a run that was interrupted the races are shown
	var log strings.Builder
	files, _ := filepath.Glob(filepath.Join(dir, "race.*")) // the pattern is a good one
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return end, nil, err
		}
		log.Write(text)
	}
	races := program.ParseRaces(log.String())
	for _, r := range races {
		j.prog.Explain(r)
	}
	if len(races) > 0 {
		j.show(j.s.racesText(races), j.s.racesHTML(races))
	}
	return end, races, failed
}

// raceError makes the error of a cell in which races were found, nil if none were.
func (s *Session) raceError(races []*program.Race) error {
	if len(races) == 0 {
		return nil
	}
	e := &interp.Error{Name: interp.ErrRace, Value: "1 data race"}
	if len(races) > 1 {
		e.Value = fmt.Sprintf("%d data races", len(races))
	}
	for _, r := range races {
		e.Traceback = append(e.Traceback, s.raceTitle(r))
	}
	e.Value += ": " + strings.TrimPrefix(e.Traceback[0], "data race on ")
	if len(races) > 1 {
		e.Value += " …"
	}
	return e
}

// raceTitle says in a line what a race is.
func (s *Session) raceTitle(r *program.Race) string {
	title := "data race"
	if len(r.Names) > 0 {
		title += " on " + strings.Join(r.Names, " or ")
	}
	var places []string
	for i := range r.Accesses {
		if at := r.Accesses[i].At(); at != nil {
			places = append(places, s.texts.file(at.File, at.Line, 0))
		}
	}
	switch {
	case len(places) == 2 && places[0] == places[1]:
		title += " at " + places[0]
	case len(places) > 0:
		title += " between " + strings.Join(places, " and ")
	}
	if r.Count > 1 {
		title += fmt.Sprintf(" (reported %d times)", r.Count)
	}
	return title
}

// accessHead says in words what an access is: "write by a goroutine started at cell 3, line 7".
func (s *Session) accessHead(a *program.Access) string {
	kind := "read"
	if a.Write {
		kind = "write"
	}
	switch at := a.StartedAt(); {
	case a.Goroutine == "main goroutine":
		return kind + " by the main goroutine"
	case at != nil:
		return fmt.Sprintf("%s by %s, started at %s", kind, a.Goroutine, s.texts.file(at.File, at.Line, 0))
	default:
		return kind + " by " + a.Goroutine
	}
}

// accessLines are the places of an access, from the library function that made it, if one did, to the line
// of the cell that called that, and where the goroutine was started.
func (s *Session) accessLines(a *program.Access) []string {
	if len(a.Stack) == 0 {
		return []string{"the detector no longer knows where: too much happened since"}
	}
	var out []string
	at := a.At()
	if f := a.Stack[0]; f.Cell == 0 && !strings.HasPrefix(f.Func, "runtime.") {
		out = append(out, "in "+f.Func)
	}
	if at != nil {
		out = append(out, s.frameLines(*at, "")...)
		for _, f := range a.Stack {
			if f.Cell != 0 && f != *at {
				out = append(out, "called at "+s.texts.file(f.File, f.Line, 0))
			}
		}
	}
	if st := a.StartedAt(); st != nil {
		out = append(out, s.frameLines(*st, "started at ")...)
	}
	return out
}

// raceHeads are the heads of the two accesses.
func (s *Session) raceHeads(r *program.Race) [2]string {
	return [2]string{s.accessHead(&r.Accesses[0]), "and an earlier " + s.accessHead(&r.Accesses[1])}
}

func (s *Session) racesText(races []*program.Race) string {
	var b strings.Builder
	for i, r := range races {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(s.raceTitle(r) + "\n")
		for i, head := range s.raceHeads(r) {
			b.WriteString("  " + head + "\n")
			for _, line := range s.accessLines(&r.Accesses[i]) {
				b.WriteString("    " + line + "\n")
			}
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (s *Session) racesHTML(races []*program.Race) string {
	var b strings.Builder
	for _, r := range races {
		fmt.Fprintf(&b, `<div style="margin:.4em 0"><b>%s</b><table style="margin:.2em 0"><tr>`, html.EscapeString(s.raceTitle(r)))
		for _, head := range s.raceHeads(r) {
			fmt.Fprintf(&b, `<th style="text-align:left">%s</th>`, html.EscapeString(head))
		}
		b.WriteString("</tr><tr>")
		for i := range r.Accesses {
			fmt.Fprintf(&b, `<td style="text-align:left;vertical-align:top"><pre style="margin:0">%s</pre></td>`,
				html.EscapeString(strings.Join(s.accessLines(&r.Accesses[i]), "\n")))
		}
		b.WriteString("</tr></table></div>")
	}
	return b.String()
}
