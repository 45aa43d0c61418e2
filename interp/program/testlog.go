package program

import (
	"regexp"
	"strconv"
	"strings"
)

// TestArgs are the arguments that make a test binary write what a [TestLog] reads.
var TestArgs = []string{"-test.v=test2json", "-test.timeout=0", "-test.paniconexit0"}

// A TestResult is what became of a test, an example or a fuzz target.
type TestResult struct {
	Name    string // the last part of it
	Full    string // with the names of the tests it is part of
	Runs    int    // how often it ended
	Failed  int
	Skipped int
	Seconds float64 // of all runs
	// Log is what it logged, line by line, and an example's difference.
	Log  []string
	Subs []*TestResult

	ended bool
}

// OK tells whether it ran, and never failed.
func (r *TestResult) OK() bool { return r.Runs > 0 && r.Failed == 0 }

// A TestLog reads what a test binary prints, as it comes. What tests print themselves is passed on.
type TestLog struct {
	// Print gets what is no word of package testing; it may be nil.
	Print func([]byte)
	// Results are the tests, in order of their first start.
	Results []*TestResult

	byName  map[string]*TestResult
	current *TestResult
	logged  bool // the line before was logged
	line    []byte
}

var (
	frameLine = regexp.MustCompile(`^(=== [A-Z]+|--- [A-Z]+:) *(.*)$`)
	endLine   = regexp.MustCompile(`^(.*) \((\d+\.\d+)s\)$`)
	// LogLine finds what a test has logged: indentation, file, line and text.
	logLine = regexp.MustCompile(`^(.*?)(?:    )+([^\s/:]+\.go:\d+: ?.*)$`)
)

// frameMark begins what package testing says.
const frameMark = "\x16"

// Write reads output.
func (l *TestLog) Write(p []byte) {
	l.line = append(l.line, p...)
	for {
		i := strings.IndexByte(string(l.line), '\n')
		if i < 0 {
			return
		}
		text := string(l.line[:i])
		l.line = l.line[i+1:]
		l.read(text, "\n")
	}
}

// Close reads what did not end with a line.
func (l *TestLog) Close() {
	if len(l.line) > 0 {
		l.read(string(l.line), "")
		l.line = nil
	}
}

func (l *TestLog) read(text, end string) {
	parts := strings.Split(text, frameMark)
	if len(parts) == 1 {
		l.text(text, end)
		return
	}
	if strings.TrimSpace(parts[0]) != "" {
		l.text(parts[0], "")
	}
	for _, p := range parts[1:] {
		l.frame(p)
	}
}

// frame reads a word of package testing.
func (l *TestLog) frame(text string) {
	l.logged = false
	m := frameLine.FindStringSubmatch(text)
	if m == nil {
		return // PASS or FAIL, of all
	}
	switch what, name := m[1], m[2]; what {
	case "=== RUN", "=== CONT", "=== NAME":
		l.current = l.result(name)
		if what == "=== RUN" {
			l.current.ended = false
		}
	case "--- PASS:", "--- FAIL:", "--- SKIP:":
		if e := endLine.FindStringSubmatch(name); e != nil {
			r := l.result(e[1])
			s, _ := strconv.ParseFloat(e[2], 64) // digits
			r.end(what, s)
			l.current = r
		}
	}
}

func (r *TestResult) end(what string, seconds float64) {
	r.ended = true
	r.Runs++
	r.Seconds += seconds
	switch what {
	case "--- FAIL:":
		r.Failed++
	case "--- SKIP:":
		r.Skipped++
	}
}

// result returns the result of that name, a new one if there is none.
func (l *TestLog) result(full string) *TestResult {
	if full == "" {
		return nil
	}
	if r := l.byName[full]; r != nil {
		return r
	}
	r := &TestResult{Name: full, Full: full}
	if l.byName == nil {
		l.byName = map[string]*TestResult{}
	}
	l.byName[full] = r
	if i := strings.LastIndexByte(full, '/'); i > 0 {
		if parent := l.byName[full[:i]]; parent != nil {
			r.Name = full[i+1:]
			parent.Subs = append(parent.Subs, r)
			return r
		}
	}
	l.Results = append(l.Results, r)
	return r
}

// text reads a line that package testing did not mark: what a test logged, or printed.
func (l *TestLog) text(text, end string) {
	r := l.current
	if m := logLine.FindStringSubmatch(text); m != nil && r != nil {
		if m[1] != "" {
			l.print(m[1], "")
		}
		r.Log = append(r.Log, m[2])
		l.logged = true
		return
	}
	switch {
	case r != nil && l.logged && strings.HasPrefix(text, "        "):
		r.Log = append(r.Log, strings.TrimSpace(text))
	case r != nil && r.ended && r.Failed > 0 && strings.HasPrefix(r.Full, "Example"):
		r.Log = append(r.Log, text)
	default:
		l.logged = false
		l.print(text, end)
	}
}

func (l *TestLog) print(text, end string) {
	if l.Print != nil {
		l.Print([]byte(text + end))
	}
}

// Counts returns how many tests there are in all, how many failed, or did not end, and how many were skipped. The parts of a
// test are counted instead of it, unless it failed and none of them did.
func (l *TestLog) Counts() (all, failed, skipped int) {
	var count func(list []*TestResult)
	count = func(list []*TestResult) {
		for _, r := range list {
			if before := failed; len(r.Subs) > 0 {
				if count(r.Subs); failed > before || r.OK() {
					continue
				} // else it failed by itself
			}
			all++
			switch {
			case !r.OK():
				failed++
			case r.Skipped == r.Runs:
				skipped++
			}
		}
	}
	count(l.Results)
	return all, failed, skipped
}
