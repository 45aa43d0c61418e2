package session

import (
	"bytes"
	"regexp"
	"strings"
)

// A stderrFilter passes the standard error of a session process on, except what the Go runtime says
// when the process is about to die: that is held back, to become a report in the user's own terms.
//
// Only the death of the process proves that a text was its last. So whatever begins like a last text is
// held until it cannot be one, or until the process shows that it is alive (release), or is dead (end).
// The filter is not safe for use by several goroutines.
type stderrFilter struct {
	pass    func([]byte)
	held    []byte
	holding bool // held begins with an opening
	midLine bool // the last byte passed on was not a newline
	recent  ring // everything, for reports about a process that had nobody to tell
}

// openings begin the first line of a last text.
var openings = []string{
	"panic: ", "fatal error: ", "runtime: ", "unexpected fault address ", "SIGABRT: ", "SIGBUS: ",
	"SIGFPE: ", "SIGILL: ", "SIGQUIT: ", "SIGSEGV: ", "SIGSYS: ", "SIGTRAP: ",
}

const (
	undecided = 16 << 10 // as long as this, a last text shows its first goroutine
	headSize  = 64 << 10 // as much of a last text is kept
	ringSize  = 64 << 10
)

// dumpStart is what every last text contains and hardly anything else does.
var dumpStart = regexp.MustCompile(`(?m)^goroutine \d+ .*\[[^\]\n]*\]:$`)

func (f *stderrFilter) write(p []byte) {
	f.recent.write(p)
	f.held = append(f.held, p...)
	if !f.holding {
		var n int
		n, f.holding = f.passable()
		f.emit(n)
	}
	if f.holding && len(f.held) > undecided {
		f.decide()
	}
}

// passable counts the bytes of held before a line that is, or may become, an opening.
func (f *stderrFilter) passable() (n int, opening bool) {
	i := 0
	if f.midLine {
		i = f.nextLine(0)
	}
	for ; i < len(f.held); i = f.nextLine(i) {
		rest := f.held[i:]
		for _, o := range openings {
			if bytes.HasPrefix(rest, []byte(o)) {
				return i, true
			}
			if len(rest) < len(o) && strings.HasPrefix(o, string(rest)) {
				return i, false
			}
		}
	}
	return i, false
}

// nextLine finds the start of the line after the one that i is in, or the end.
func (f *stderrFilter) nextLine(i int) int {
	if n := bytes.IndexByte(f.held[i:], '\n'); n >= 0 {
		return i + n + 1
	}
	return len(f.held)
}

// decide looks at a long text: a last text is cut to its head, anything else is passed on.
func (f *stderrFilter) decide() {
	if !dumpStart.Match(f.held) {
		f.release()
		return
	}
	if len(f.held) > headSize {
		f.held = f.held[:headSize]
	}
}

func (f *stderrFilter) emit(n int) {
	if n == 0 {
		return
	}
	f.midLine = f.held[n-1] != '\n'
	f.pass(f.held[:n])
	f.held = f.held[n:]
	if len(f.held) == 0 {
		f.held = nil
	}
}

// release passes on what is held: the process is alive, so it was no last text.
func (f *stderrFilter) release() {
	f.holding = false
	f.emit(len(f.held))
}

// end returns the last text of a process that has died, or "" after passing on what was none.
func (f *stderrFilter) end() string {
	if f.holding && dumpStart.Match(f.held) {
		text := string(f.held)
		f.held, f.holding = nil, false
		return text
	}
	f.release()
	return ""
}

// A ring keeps the last bytes written to it.
type ring struct{ b []byte }

func (r *ring) write(p []byte) {
	r.b = append(r.b, p...)
	if len(r.b) > 2*ringSize {
		r.b = append([]byte(nil), r.b[len(r.b)-ringSize:]...)
	}
}

func (r *ring) String() string { return string(r.b[max(0, len(r.b)-ringSize):]) }
