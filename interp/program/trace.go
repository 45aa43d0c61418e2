package program

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A Frame is a place in a stack trace.
type Frame struct {
	Func string // such as "worker" or "main.func1", of a cell, else with its package
	File string
	Line int
	Cell int // 0 when the place is not in a cell
}

// A Trace is what a Go program said as it died.
type Trace struct {
	Title string // "panic: oh", all lines of it
	// Stack is the stack of the goroutine that failed, reduced to cells; it is that of the first that has one.
	Stack []Frame
	// Started is the go statement that started it, if that is in a cell.
	Started *Frame
}

var (
	goroutineLine = regexp.MustCompile(`^goroutine \d+ .*\[([^\]\n]*)\]:$`)
	placeLine     = regexp.MustCompile(`^\s+(.+):(\d+)(?: \+0x[0-9a-f]+)?(?: .*)?$`)
)

// ParseTrace reads the text that the runtime prints for a fatal error or an unrecovered panic.
func ParseTrace(text string) Trace {
	head, rest, _ := strings.Cut(text, "\ngoroutine ")
	t := Trace{Title: strings.TrimSpace(head)}
	if i := strings.Index(t.Title, "\n[signal "); i > 0 {
		t.Title = t.Title[:i]
	}
	t.Title = strings.ReplaceAll(t.Title, " [recovered, repanicked]", "") // by package testing
	function := ""
	for line := range strings.Lines("goroutine " + rest) {
		line = strings.TrimSuffix(line, "\n")
		if goroutineLine.MatchString(line) {
			if len(t.Stack) > 0 || t.Started != nil {
				return t
			}
			continue
		}
		m := placeLine.FindStringSubmatch(line)
		if m == nil {
			function = line
			continue
		}
		f := frame(function, m[1], m[2])
		if f.Cell == 0 {
			continue
		}
		if strings.HasPrefix(function, "created by ") {
			t.Started = &f
			continue
		}
		t.Stack = append(t.Stack, f)
	}
	return t
}

// frame makes a frame of a function's line and what the line after it says.
func frame(function, file, line string) Frame {
	function = strings.TrimPrefix(function, "created by ")
	function, _, _ = strings.Cut(function, " in goroutine ")
	f := Frame{Func: task.WithoutArguments(function), File: file}
	f.Line, _ = strconv.Atoi(line) // digits
	if f.Cell, _ = task.ParseCellFile(file); f.Cell != 0 {
		f.Func = task.FuncName(f.Func)
	}
	return f
}
