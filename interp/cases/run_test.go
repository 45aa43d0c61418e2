package cases

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/session"
)

// buildDir is where gobraid is built.
var buildDir string

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		os.RemoveAll(buildDir)
		os.Exit(code)
	}))
}

// built builds gobraid, once.
var built = sync.OnceValues(func() (path string, err error) {
	if buildDir, err = os.MkdirTemp("", "cases"); err != nil {
		return "", err
	}
	path = filepath.Join(buildDir, "gobraid")
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", path, "github.com/gobraid/gobraid")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return path, nil
})

// program returns the path of gobraid: what the environment variable GOBRAID names, or a fresh build.
func program(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("GOBRAID"); path != "" {
		return path
	}
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCells(t *testing.T) {
	path := program(t)
	// As the installation does: a first compiled cell would wait, and say so on the standard error.
	if out, err := exec.CommandContext(t.Context(), path, "prebuild").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range archives(t) {
		s := load(t, name)
		for _, mode := range []string{"compiled", "yaegi", "auto"} {
			if s.compiled && mode != "compiled" {
				continue
			}
			t.Run(name+"/"+mode, func(t *testing.T) { s.run(t, path, mode) })
		}
	}
}

// run runs a case in a session whose cells run on the engine mode.
func (s *script) run(t *testing.T, path, mode string) {
	ctx := t.Context()
	dir := t.TempDir()
	runner, err := session.Start(ctx, session.Config{Path: path, Args: []string{"session"}, Engine: mode, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	outs := make([]*sink, len(s.cells))
	for i, c := range s.cells {
		for _, f := range c.files {
			writeFile(t, filepath.Join(dir, filepath.FromSlash(f.Name)), f.Data)
		}
		outs[i] = &sink{text: map[interp.Stream]string{}, leaves: c.leaves}
		if c.interrupt {
			outs[i].first = runner.Interrupt
		}
		req := interp.Request{Number: c.number, Source: c.source, Engine: c.engine}
		got := runner.Run(ctx, req, outs[i])
		if refused(got) && mode == "yaegi" && c.engine == "" && !expectsRefusal(c) {
			if s.interpreted {
				t.Errorf("cell %d is refused: %s", c.number, got.Error.Value)
			}
			req.Engine = "compiled"
			got = runner.Run(ctx, req, outs[i])
			if refused(got) { // it needs what the interpreter keeps to itself
				t.Logf("both engines refuse cell %d: %s", c.number, got.Error.Value)
				break
			}
		}
		outs[i].notes(got)
		for limit := time.Now().Add(patience); c.until && !likeAll(lines(outs[i].get(displayed)), c.displays) && time.Now().Before(limit); {
			outs[i] = &sink{text: map[interp.Stream]string{}, leaves: c.leaves}
			got = runner.Run(ctx, req, outs[i])
			outs[i].notes(got)
		}
		if c.compare(t, got); t.Failed() {
			break // what follows would fail because of it
		}
	}
	if err := runner.Close(); err != nil {
		t.Error(err)
	}
	for i, c := range s.cells {
		if outs[i] == nil {
			break
		}
		equal(t, c.number, "standard output", lines(outs[i].get(interp.Stdout)), c.stdout)
		equal(t, c.number, "standard error", lines(outs[i].get(interp.Stderr)), c.stderr)
		similar(t, c.number, lines(outs[i].get(displayed)), c.displays)
	}
}

func writeFile(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

func refused(o interp.Outcome) bool { return o.Error != nil && o.Error.Name == interp.ErrRefused }

func expectsRefusal(c cell) bool {
	return len(c.errors) > 0 && c.errors[0].name == interp.ErrRefused
}

// compare compares an outcome with what the cell expects.
func (c cell) compare(t *testing.T, got interp.Outcome) {
	t.Helper()
	var result []string
	if got.Result != nil {
		text, _ := got.Result.MIME["text/plain"].(string)
		result = strings.Split(text, "\n")
	}
	equal(t, c.number, "the result", result, c.result)
	if got.Error == nil {
		if len(c.errors) > 0 {
			t.Errorf("cell %d: no error, want %v", c.number, c.errors)
		}
		return
	}
	trace := strings.Join(got.Error.Traceback, "\n")
	if err := c.compareError(got.Error); err != nil {
		t.Errorf("cell %d: %v\nthe error is %s: %s\n%s", c.number, err, got.Error.Name, got.Error.Value, trace)
	}
	for _, want := range c.trace {
		if !strings.Contains(trace, want) {
			t.Errorf("cell %d: the traceback lacks %q:\n%s", c.number, want, trace)
		}
	}
}

// compareError returns what is wrong with an error.
func (c cell) compareError(got *interp.Error) error {
	if len(c.errors) == 0 {
		return errors.New("want no error")
	}
	at := positions(got.Traceback, c.number)
	switch got.Name {
	case interp.ErrCompile:
		if len(at) != len(c.errors) {
			return fmt.Errorf("want %d errors", len(c.errors))
		}
	case interp.ErrPanic, interp.ErrRefused:
		at = at[:min(1, len(at))]
	default: // without a position
		at = []position{{c.errors[0].line, got.Value}}
	}
	for i, want := range c.errors {
		switch {
		case want.name != got.Name:
			return fmt.Errorf("want %s", want.name)
		case i >= len(at) || at[i].line != want.line:
			return fmt.Errorf("want it at line %d", want.line)
		case !strings.Contains(at[i].text, want.text) && !(i == 0 && strings.Contains(got.Value, want.text)):
			return fmt.Errorf("want %q at line %d", want.text, want.line)
		}
	}
	return nil
}

// A position is a place in a cell that a traceback names, with the text that follows.
type position struct {
	line int
	text string
}

var placed = regexp.MustCompile(`^cell (\d+), line (\d+)(?::\d+)?(?:[:,] (.*))?$`)

// positions returns the places in a cell that the lines of a traceback begin with.
func positions(trace []string, number int) []position {
	var all []position
	for _, line := range trace {
		m := placed.FindStringSubmatch(line)
		if m == nil || m[1] != strconv.Itoa(number) {
			continue
		}
		n, _ := strconv.Atoi(m[2])
		all = append(all, position{n, m[3]})
	}
	return all
}

func equal(t *testing.T, number int, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("cell %d: %s is\n%s\nwant\n%s", number, what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// similar compares what was displayed with patterns.
func similar(t *testing.T, number int, got, want []string) {
	t.Helper()
	if !likeAll(got, want) {
		t.Errorf("cell %d displays\n%s\nwant\n%s", number, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func likeAll(got, want []string) bool { return slices.EqualFunc(got, want, matches) }

// patience is how long a cell is run again.
const patience = 2 * time.Minute

// matches tells whether a line is like a pattern, in which … stands for anything.
func matches(line, pattern string) bool {
	parts := strings.Split(pattern, "…")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile("^" + strings.Join(parts, ".*") + "$").MatchString(line)
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		line, pattern string
		want          bool
	}{
		{"a (1)", "a (1)", true}, {"a (12)", "a (…)", true}, {"a", "a…", true}, {"ba", "a…", false},
		{"ab", "a", false}, {"a.b", "a.b", true}, {"axb", "a.b", false}, {"1…2", "…", true},
	} {
		if got := matches(c.line, c.pattern); got != c.want {
			t.Errorf("matches(%q, %q) = %v", c.line, c.pattern, got)
		}
	}
}

// displayed is where a sink keeps what is displayed, as text.
const displayed interp.Stream = "display"

// A sink keeps what a cell prints and displays.
type sink struct {
	mu     sync.Mutex
	text   map[interp.Stream]string
	first  func() // called at the first output
	leaves bool
}

func (s *sink) Output(stream interp.Stream, text []byte) {
	s.mu.Lock()
	s.text[stream] += string(text)
	first := s.first
	s.first = nil
	s.mu.Unlock()
	if first != nil {
		first()
	}
}

func (s *sink) get(stream interp.Stream) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text[stream]
}

// Display keeps the text of what is displayed; what has none shows as its types.
func (s *sink) Display(d interp.Data) {
	about, _ := d.Metadata["gobraid"].(map[string]any)
	if about["kind"] == "stats" || about["kind"] == "left" && s.leaves {
		return
	}
	text, ok := d.MIME["text/plain"].(string)
	if !ok {
		text = strings.Join(slices.Sorted(maps.Keys(d.MIME)), " ")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text[displayed] += strings.TrimSuffix(text, "\n") + "\n"
}

// notes keeps the text of the notes of an outcome.
func (s *sink) notes(o interp.Outcome) {
	for _, d := range o.Notes {
		s.Display(d)
	}
}

func (s *sink) Input(context.Context, string, bool) (string, error) {
	return "", errors.New("a case has no input")
}
