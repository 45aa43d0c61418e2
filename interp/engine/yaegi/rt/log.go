package rt

import (
	"bytes"
	"sync"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A Log is the error stream of an interpreter. The interpreter writes a line to it for each function
// that a panic leaves, on the goroutine that panics.
type Log struct {
	mu    sync.Mutex
	funcs map[string]task.Frame
	lines map[string]*uint64
}

// NewLog returns a log that knows no functions.
func NewLog() *Log { return &Log{funcs: map[string]task.Frame{}, lines: map[string]*uint64{}} }

// Add tells where an interpreted function comes from.
func (l *Log) Add(name string, f task.Frame) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.funcs[name] = f
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
		l.Left(string(name))
	}
	return len(p), nil
}

// Left tells that a panic leaves an interpreted function on this goroutine.
func (l *Log) Left(name string) {
	passed()
	l.mu.Lock()
	f, ok := l.funcs[name]
	if site := l.lines[name]; site != nil && *site != 0 {
		f.Line = task.Site(*site).Line()
	}
	l.mu.Unlock()
	if ok && f.Line != 0 {
		left(f)
	}
}
