package notebooks

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/notebooks/internal/lazy"
)

// A screen shows a run as text. Its methods are called under the run's lock.
type screen struct {
	out, err io.Writer
	terminal bool

	cell    int       // the cell whose output was shown last
	current int       // the cell that runs; 0 between cells
	of      int       // how many there are
	began   time.Time // when it began
	midline bool      // the last thing shown did not end its line
	bar     bool      // the progress line stands at the foot
}

func newScreen(o Options) *screen {
	s := &screen{out: o.Stdout, err: o.Stderr, terminal: o.Terminal}
	if s.out == nil {
		s.out = io.Discard
	}
	if s.err == nil {
		s.err = io.Discard
	}
	return s
}

// begin shows that a cell begins, with its first line.
func (s *screen) begin(cell, of int, source string) {
	s.current, s.cell, s.of, s.began = cell, cell, of, time.Now()
	s.line(s.out, s.faint(fmt.Sprintf("[%d/%d] %s", cell, of, firstLine(source))))
}

// output shows text of a cell; late output of another cell than the one shown last is announced.
func (s *screen) output(cell int, stream interp.Stream, text []byte) {
	s.owner(cell)
	w := s.out
	if stream == interp.Stderr {
		w = s.err
	}
	s.clear()
	s.write(w, string(text))
}

// show shows data as text.
func (s *screen) show(cell int, mime map[string]any) {
	s.owner(cell)
	text, ok := mime["text/plain"].(string)
	if !ok {
		text = fmt.Sprintf("(%s)", strings.Join(slices.Sorted(maps.Keys(mime)), ", "))
	}
	s.line(s.out, text)
}

// failed shows the error of a cell.
func (s *screen) failed(cell int, e *interp.Error) {
	s.owner(cell)
	text := strings.Join(e.Traceback, "\n")
	if text == "" {
		text = e.Name + ": " + e.Value
	}
	s.line(s.err, text)
}

// end shows how a cell ended and how long it took.
func (s *screen) end(cell int, engine string, failed *CellError, took time.Duration) {
	s.owner(cell)
	said := "ok"
	switch {
	case failed != nil && failed.TimedOut:
		said = "timed out"
	case failed != nil && failed.allowed:
		said = failed.Err.Name + " (allowed)"
	case failed != nil:
		said = failed.Err.Name
	}
	if engine != "" {
		said += ", " + engine
	}
	s.line(s.out, s.faint(fmt.Sprintf("[%d/%d] %s, %s", cell, s.of, said, short(took))))
	s.current = 0
}

// summary shows what the run did.
func (s *screen) summary(sum Summary) {
	said := fmt.Sprintf("%d of %d cells in %s", sum.Run, sum.Cells, short(sum.Duration))
	if n := len(sum.Failures); n > 0 {
		said += fmt.Sprintf(", %d failed", n)
	}
	s.line(s.out, s.faint(said))
}

// owner announces a cell that gives out something while another one is at its turn.
func (s *screen) owner(cell int) {
	if s.cell == cell {
		return
	}
	s.cell = cell
	if cell == s.current {
		s.line(s.out, s.faint(fmt.Sprintf("[%d/%d] goes on", cell, s.of)))
	} else {
		s.line(s.out, s.faint(fmt.Sprintf("[%d/%d] later", cell, s.of)))
	}
}

// line shows a text on lines of its own.
func (s *screen) line(w io.Writer, text string) {
	s.clear()
	if s.midline {
		s.write(w, "\n")
	}
	s.write(w, strings.TrimSuffix(text, "\n")+"\n")
}

func (s *screen) write(w io.Writer, text string) {
	if !s.terminal {
		text = ansi.ReplaceAllString(text, "")
	}
	io.WriteString(w, text) // a terminal that went away does not end the run
	s.midline = !strings.HasSuffix(text, "\n")
}

func (s *screen) faint(text string) string {
	if !s.terminal {
		return text
	}
	return "\x1b[2m" + text + "\x1b[0m"
}

var ansi = lazy.Regexp("\x1b\\[[0-9;]*[a-zA-Z]")

// firstLine is the first line of a source that says something, cut to fit on one line of a terminal.
func firstLine(source string) string {
	const width = 60
	for l := range strings.Lines(source) {
		l = strings.TrimSpace(l)
		if l == "" {
			continue
		}
		if utf8.RuneCountInString(l) > width {
			l = string([]rune(l)[:width-1]) + "…"
		}
		return l
	}
	return ""
}

// short prints a duration with three digits or so.
func short(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return d.Round(time.Microsecond).String()
	case d < time.Second:
		return d.Round(100 * time.Microsecond).String()
	}
	return d.Round(10 * time.Millisecond).String()
}
