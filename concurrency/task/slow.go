package task

import (
	"bytes"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A Slow tells of a step of a host that has taken too long: meanwhile none of its other coroutines could go on.
type Slow struct {
	Coroutine *Coroutine // nil for a step of the host itself
	Took      time.Duration
	Kind      Kind   // what it waited for the longest, WaitNone if it did not wait as far as is known
	Site      Site   // where it was then; 0 when that is not in a cell or not known
	Where     string // the same in words, such as "cell 3 line 7" or "main.go:12"; "" when it is not known
}

// blocked is the longest wait of a coroutine's step that was not for its host.
type blocked struct {
	kind Kind
	site Site
	d    time.Duration
}

// noteBlocked notes that a coroutine, or a host, has waited for something else than the other. t.mu is held.
func (t *Task) noteBlocked(w waitState, ended time.Duration) {
	d := ended - w.since
	if t.seat != nil {
		d = t.run.ctl.now() - w.virtual
	}
	if d > t.rare.blocked.d {
		t.rare.blocked = blocked{w.kind, w.site, d}
	}
}

// longest returns the longest wait of the step that has just ended. t.mu is held.
func (t *Task) longest() blocked {
	if t.rare == nil {
		return blocked{}
	}
	if t.rare.blocked.d > 0 {
		return t.rare.blocked
	}
	return t.rare.last
}

// A slowness watches for steps that take long. What they do is seen while they do it: by a timer that goes off three times in the limit, and looks at
// the stack of the host if no step has begun since it went off before. So all that a step has to do for it, when it begins, is to see whether the timer has gone off
// since another did. In a controlled run, whose clock only moves while tasks wait, there is none.
type slowness struct {
	limit  time.Duration
	report func(Slow)
	every  time.Duration
	still  bool        // there is no timer
	begun  atomic.Bool // a step has, since the timer went off, or need not tell

	mu      sync.Mutex
	timer   *time.Timer
	ticking bool // the timer is set
	resting bool // there is no step
	closed  bool
	looked  bool // at the stack of the step that goes on, and this is what was seen
	site    Site
	where   string
}

// Watch has report called when a step has taken limit or longer, at its end, by who begins the next.
func (h *Host) Watch(limit time.Duration, report func(Slow)) {
	h.slow = &slowness{limit: limit, report: report, every: max(limit/3, time.Millisecond), resting: true, still: h.t != nil && h.t.seat != nil}
	h.slow.begun.Store(h.slow.still)
}

// begin notes that a step begins, the first since the timer went off or the host has rested.
func (s *slowness) begin(h *Host) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begun.Store(true)
	s.looked, s.resting = false, false
	switch {
	case s.ticking, s.closed:
		return
	case s.timer == nil:
		s.timer = time.AfterFunc(s.every, func() { s.look(h) })
	default:
		s.timer.Reset(s.every)
	}
	s.ticking = true
}

// rest notes that there is no step.
func (s *slowness) rest() {
	if s.still {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.resting, s.looked = true, false
	s.begun.Store(false)
}

func (s *slowness) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.timer != nil {
		s.timer.Stop()
	}
}

// look looks at the stack of the step if that has begun before the last look, and once.
func (s *slowness) look(h *Host) {
	s.mu.Lock()
	old := !s.begun.Swap(false) && !s.looked
	over := s.over()
	s.mu.Unlock()
	if over {
		return
	}
	var site Site
	var where string
	if old {
		site, where = h.whereabouts()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over() {
		return
	}
	if old && !s.begun.Load() {
		s.looked, s.site, s.where = true, site, where
	}
	s.timer.Reset(s.every)
}

// over reports whether the timer is to stand still, and notes that it does. s.mu is held.
func (s *slowness) over() bool {
	s.ticking = !s.resting && !s.closed
	return !s.ticking
}

// maxLooked is with how many goroutines the stack of one is still looked at: all of them have to be, while the world is stopped.
const maxLooked = 5000

// whereabouts returns where the coroutine is that runs.
func (h *Host) whereabouts() (Site, string) {
	c := h.current.Load()
	if runtime.NumGoroutine() > maxLooked || c == nil {
		return 0, ""
	}
	head := []byte("goroutine " + strconv.FormatInt(c.id.Load(), 10) + " ")
	for one := range bytes.SplitSeq(dumpStacks(), []byte("\n\n")) {
		if bytes.HasPrefix(one, head) {
			if _, site := innermost(one); site != 0 {
				return site, site.String()
			}
			if bytes.Contains(one, interpreter) { // which keeps its lines to itself
				return 0, c.origin()
			}
			return 0, lineOf(one)
		}
	}
	return 0, ""
}

// interpreter is what the stack of interpreted code has in it.
var interpreter = []byte("\ngithub.com/traefik/yaegi/")

// origin says of a coroutine whose line is not known where it was started.
func (c *Coroutine) origin() string {
	if c.t == nil || c.t.site == 0 {
		return ""
	}
	return "a line of what was started at " + c.t.site.String()
}

// stdPackages are packages of the standard library in which a step may spend its time, and whose paths have no slash.
var stdPackages = []string{
	"runtime", "time", "sync", "sort", "slices", "strings", "bytes", "strconv", "fmt", "reflect", "regexp", "math", "os", "io", "bufio",
	"syscall", "errors", "maps", "iter", "net", "log", "panic", "goexit", "unicode", "context",
}

// lineOf returns the innermost line of a stack that is neither the runtime's nor of this module or the standard library.
func lineOf(stack []byte) string {
	name := ""
	for line := range strings.Lines(string(stack)) {
		text, ok := strings.CutPrefix(line, "\t")
		if !ok {
			name = line
			continue
		}
		file, _, _ := strings.Cut(strings.TrimSpace(text), " ")
		pkg, _, _ := strings.Cut(name[strings.LastIndexByte(name, '/')+1:], ".")
		first, _, _ := strings.Cut(name, "/")
		std := strings.Contains(name, "/") && !strings.Contains(first, ".") || slices.Contains(stdPackages, pkg)
		if std && pkg != "main" || strings.HasPrefix(name, module) && !strings.Contains(name, "_test.") {
			continue
		}
		return file[strings.LastIndexByte(file, '/')+1:]
	}
	return ""
}

// took reports a step.
func (s *slowness) took(h *Host, d time.Duration) {
	c := h.current.Load()
	slow := Slow{Coroutine: c, Took: d}
	t := h.t
	if c != nil {
		t = c.t
	}
	if t != nil {
		t.mu.Lock()
		if b := t.longest(); b.d > d/2 {
			slow.Kind, slow.Site = b.kind, b.site
		}
		t.mu.Unlock()
	}
	if slow.Site != 0 {
		slow.Where = slow.Site.String()
	}
	s.mu.Lock()
	if s.looked && slow.Site == 0 {
		slow.Site, slow.Where = s.site, s.where
	}
	s.mu.Unlock()
	s.report(slow)
}
