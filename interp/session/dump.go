package session

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A lastText is what a Go process said as it died.
type lastText struct {
	title  string // "fatal error: concurrent map writes"
	stacks []stack
}

// A stack is what the text says of one goroutine, reduced to the user's own frames.
type stack struct {
	state   string // "running", "chan receive"
	frames  []frame
	elided  bool     // there were more frames, in other places or in the same again
	started *frame   // the go statement, nil if it is not the user's
	library []string // the places that are neither the user's nor the runtime's nor ours
}

// A frame is a place in a cell.
type frame struct {
	function   string
	cell, line int
}

// mostFrames is how many frames of a stack are shown.
const mostFrames = 20

var (
	goroutineLine = regexp.MustCompile(`^goroutine \d+ .*\[([^\]\n]*)\]:$`)
	placeLine     = regexp.MustCompile(`^\t(.+):(\d+)(?: \+0x[0-9a-f]+)?(?: .*)?$`)
)

// parseLastText reads the text that the runtime prints for a fatal error or an unrecovered panic.
// parseFile tells which files are cells.
func parseLastText(text string, parseFile func(string) (int, bool)) lastText {
	head, _, _ := strings.Cut(text, "\ngoroutine ")
	t := lastText{title: title(head)}
	var s *stack
	function := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if m := goroutineLine.FindStringSubmatch(line); m != nil {
			t.stacks = append(t.stacks, stack{state: m[1]})
			s = &t.stacks[len(t.stacks)-1]
			continue
		}
		if s == nil {
			continue
		}
		if m := placeLine.FindStringSubmatch(line); m != nil {
			s.add(function, m[1], m[2], parseFile)
			continue
		}
		function = line
	}
	return t
}

// add adds a frame, if its file is a cell.
func (s *stack) add(function, file, line string, parseFile func(string) (int, bool)) {
	cell, ok := parseFile(file)
	if !ok {
		s.addLibrary(function, file, line)
		return
	}
	n, _ := strconv.Atoi(line)
	if by, ok := strings.CutPrefix(function, "created by "); ok {
		by, _, _ = strings.Cut(by, " in goroutine ")
		s.started = &frame{function: task.FuncName(by), cell: cell, line: n}
		return
	}
	f := frame{function: task.FuncName(task.WithoutArguments(function)), cell: cell, line: n}
	if len(s.frames) == mostFrames || slices.Contains(s.frames, f) {
		s.elided = true
		return
	}
	s.frames = append(s.frames, f)
}

// addLibrary keeps a place in a library, for a stack that has no frame of the user's.
func (s *stack) addLibrary(function, file, line string) {
	for _, prefix := range []string{"created by ", "runtime.", "internal/", "panic(", "github.com/gobraid/gobraid/", "github.com/traefik/yaegi/"} {
		if strings.HasPrefix(function, prefix) {
			return
		}
	}
	if len(s.library) < mostFrames {
		s.library = append(s.library, file+":"+line+", in "+task.WithoutArguments(function))
	}
}

// title is the one line that says it: the runtime's own word comes before what it says about it.
func title(head string) string {
	lines := strings.Split(strings.TrimSpace(head), "\n")
	for _, opening := range []string{"fatal error: ", "panic: ", "SIG"} {
		for _, l := range lines {
			if strings.HasPrefix(l, opening) {
				return l
			}
		}
	}
	return lines[0]
}

// telling picks the stacks worth showing: those of a deadlock all matter; else the first with a user's
// frame does, which is the one that failed if that one is the user's; else what the failed one did in
// libraries.
func (t lastText) telling() []stack {
	var found []stack
	for _, s := range t.stacks {
		if len(s.frames) == 0 && s.started == nil {
			continue
		}
		found = append(found, s)
		if !strings.Contains(t.title, "asleep") || len(found) == 10 {
			return found
		}
	}
	if len(found) == 0 && len(t.stacks) > 0 && len(t.stacks[0].library) > 0 {
		return t.stacks[:1]
	}
	return found
}
