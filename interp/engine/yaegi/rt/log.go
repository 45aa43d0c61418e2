package rt

import (
	"bytes"
	"go/token"
	"sync"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A Log is the error stream of an interpreter. The interpreter writes a line to it for each function
// that a panic leaves, on the goroutine that panics.
type Log struct {
	mu    sync.Mutex
	funcs map[string]task.Frame
	lines map[string]*uint64

	shells map[string]bool // of functions: see Add
}

// NewLog returns a log that knows no functions.
func NewLog() *Log {
	return &Log{funcs: map[string]task.Frame{}, lines: map[string]*uint64{}, shells: map[string]bool{}}
}

// Add tells where an interpreted function comes from. A shell is one of two halves of a function: a panic that leaves both has left one.
func (l *Log) Add(name string, f task.Frame, shell bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.funcs[name] = f
	if shell {
		l.shells[name] = true
	}
}

// Follow tells that *site is where an interpreted function is at any moment.
func (l *Log) Follow(name string, site *uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines[name] = site
}

// Write takes the interpreter's lines.
func (l *Log) Write(p []byte) (int, error) {
	if _, rest, ok := bytes.Cut(p, []byte(": panic: main.")); ok {
		name := rest
		if i := bytes.IndexAny(rest, ".("); i >= 0 {
			name = rest[:i]
		}
		l.Left(string(name), token.Position{})
	}
	return len(p), nil
}

// Left tells that a panic leaves an interpreted function on this goroutine. at is where in the cell it was, if that is known.
func (l *Log) Left(name string, at token.Position) {
	passed()
	l.mu.Lock()
	f, ok := l.funcs[name]
	if at.Line != 0 && at.Filename == f.File && f.Line != 0 {
		f.Line = at.Line
	}
	if site := l.lines[name]; site != nil && *site != 0 {
		f.Line = task.Site(*site).Line()
	}
	shell := l.shells[name]
	l.mu.Unlock()
	if ok && f.Line != 0 && !(shell && leftLast(f.Func, f.File)) {
		left(f)
	}
}
