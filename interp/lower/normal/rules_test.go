package normal_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"go/format"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
	"golang.org/x/tools/txtar"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/check/stdtypes"
	"github.com/gobraid/gobraid/interp/engine"
	"github.com/gobraid/gobraid/interp/engine/compiled"
	"github.com/gobraid/gobraid/interp/engine/yaegi"
	"github.com/gobraid/gobraid/interp/engine/yaegi/rt"
	"github.com/gobraid/gobraid/interp/engine/yaegi/symbols"
	"github.com/gobraid/gobraid/interp/lower/normal"
)

var update = flag.Bool("update", false, "rewrite the cases of testdata: normal forms, what go run prints, what bare yaegi does")

// A rule is a case of testdata: see "Cases" in the package comment.
type rule struct {
	path    string
	archive *txtar.Archive
}

func rules(t *testing.T) []*rule {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	var list []*rule
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, &rule{path, a})
	}
	return list
}

// each runs f on all rules, side by side.
func each(t *testing.T, f func(t *testing.T, r *rule)) {
	for _, r := range rules(t) {
		t.Run(strings.TrimSuffix(filepath.Base(r.path), ".txtar"), func(t *testing.T) { f(t, r) })
	}
}

func (r *rule) file(name string) (string, bool) {
	for _, f := range r.archive.Files {
		if f.Name == name {
			return string(f.Data), true
		}
	}
	return "", false
}

// set replaces a file, or adds it.
func (r *rule) set(name, text string) {
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	for i, f := range r.archive.Files {
		if f.Name == name {
			r.archive.Files[i].Data = []byte(text)
			return
		}
	}
	r.archive.Files = append(r.archive.Files, txtar.File{Name: name, Data: []byte(text)})
}

// cells returns the program, or the cells.
func (r *rule) cells() []string {
	var list []string
	for _, f := range r.archive.Files {
		if f.Name == "main.go" || f.Name == "cell" {
			list = append(list, string(f.Data))
		}
	}
	return list
}

func (r *rule) save(t *testing.T) {
	t.Helper()
	if err := os.WriteFile(r.path, txtar.Format(r.archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// concurrent reports whether the rule's program starts goroutines, with which the race detector finds the interpreter's
// own races.
func (r *rule) concurrent() bool {
	return regexp.MustCompile(`\bgo \w|wg\.Go\(|AfterFunc`).MatchString(strings.Join(r.cells(), "\n"))
}

// TestForms compares the normal forms with those of testdata.
func TestForms(t *testing.T) {
	each(t, func(t *testing.T, r *rule) {
		env := newSurroundings()
		var out *normal.Output
		for i, f := range r.archive.Files {
			text := string(f.Data)
			if f.Name == "main.go" || f.Name == "cell" {
				var err error
				if out, err = env.lower(text); err != nil {
					t.Fatal(err)
				}
				continue
			}
			name, ok := strings.CutPrefix(f.Name, "normal ")
			if !ok {
				continue
			}
			got := form(t, out, strings.Fields(name))
			if *update {
				r.archive.Files[i].Data = []byte(got)
			} else if got != text {
				t.Errorf("the normal form of %s is\n%s\nwant\n%s", name, got, text)
			}
		}
		if *update {
			r.save(t)
		}
	})
}

// TestGo compares the outputs of the programs with what the Go compiler makes of them.
func TestGo(t *testing.T) {
	if testing.Short() || raceDetector {
		t.Skip("needs the Go toolchain and some seconds")
	}
	each(t, func(t *testing.T, r *rule) {
		text, ok := r.file("main.go")
		if !ok {
			t.Skip("cells, which are no program")
		}
		got := goRun(t, text)
		if *update {
			r.set("output", got)
			r.save(t)
		} else if want, _ := r.file("output"); got != want {
			t.Errorf("go run prints\n%s\nwant\n%s", got, want)
		}
	})
}

// TestEngines runs the cases on both engines.
func TestEngines(t *testing.T) {
	t.Run("yaegi", func(t *testing.T) {
		each(t, func(t *testing.T, r *rule) {
			if raceDetector && r.concurrent() {
				t.Skip("the interpreter has data races of its own")
			}
			r.compare(t, yaegi.New())
		})
	})
	t.Run("compiled", func(t *testing.T) {
		if testing.Short() || raceDetector {
			t.Skip("takes some seconds")
		}
		e := compiled.New(compiled.Options{})
		defer e.Close()
		if err := e.Available(t.Context()); err != nil {
			t.Skip("no toolchain for the compiled engine:", err)
		}
		each(t, func(t *testing.T, r *rule) { r.compare(t, e) })
	})
}

// compare runs the case on an engine and compares what it prints.
func (r *rule) compare(t *testing.T, e engine.Engine) {
	t.Helper()
	want, _ := r.file("output")
	got, err := r.run(t, e)
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// run runs the cells of the case in one session and returns what they print.
func (r *rule) run(t *testing.T, e engine.Engine) (string, error) {
	t.Helper()
	checker := check.New(stdtypes.NewImporter(token.NewFileSet()), nil)
	scope := &engine.Scope{Bindings: map[types.Object]*engine.Binding{}}
	out := &buffer{}
	for i, text := range r.cells() {
		cell, errs := checker.Check(i+1, task.CellFile(i+1), text)
		if len(errs) > 0 {
			return "", fmt.Errorf("%v: %s", errs[0].Pos, errs[0].Msg)
		}
		p, err := e.Prepare(cell, scope)
		if err != nil {
			return "", err
		}
		run := task.NewRun(i+1, out)
		end := run.Do(func() { p.Run() })
		for obj, b := range p.Bindings() {
			scope.Bindings[obj] = b
		}
		checker.Declare(cell, len(cell.Vars))
		if end.Panic != nil {
			out.Write("stdout", []byte(end.Panic.Text()+"\n"))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		err = run.Close(ctx)
		cancel()
		if err != nil {
			return "", err
		}
	}
	return out.text(), nil
}

// TestBare shows that the interpreter alone still has the faults that the rules are for. If it fails because the
// interpreter now does what Go does, the rule can go.
func TestBare(t *testing.T) {
	if raceDetector {
		t.Skip("the interpreter has data races of its own")
	}
	each(t, func(t *testing.T, r *rule) {
		text, ok := r.file("main.go")
		if !ok {
			t.Skip("cells, which are no program")
		}
		want, exact := r.file("bare")
		_, differs := r.file("bare differs")
		if !exact && !differs {
			t.Skip("no fault of the interpreter is recorded")
		}
		right, _ := r.file("output")
		got := bareRun(t, text)
		for range 20 {
			if differs && got == right {
				got = bareRun(t, text)
			}
		}
		switch {
		case got == right:
			t.Errorf("the interpreter alone does this right: can the rule go?")
		case differs:
		case *update:
			r.set("bare", got)
			r.save(t)
		case got != want:
			t.Errorf("the interpreter alone gives\n%s\nwant\n%s", got, want)
		}
	})
}

// bareRun runs a program with the interpreter alone and returns what comes of it.
func bareRun(t *testing.T, text string) string {
	t.Helper()
	out := &buffer{}
	vm := interp.New(interp.Options{Stdout: out.stream(), Stderr: io.Discard})
	if err := vm.Use(stdlib.Symbols); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	err := func() (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("the interpreter panics: %v", r)
			}
		}()
		_, err = vm.EvalWithContext(ctx, text)
		return err
	}()
	var thrown interp.Panic
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return out.text() + "hangs\n"
	case errors.As(err, &thrown):
		return out.text() + fmt.Sprintf("panics with a %T: %v\n", thrown.Value, thrown.Value)
	case err != nil:
		return out.text() + "error: " + err.Error() + "\n"
	}
	return out.text()
}

// goRun runs a program with the Go compiler and returns what it prints, the text of its panic last.
func goRun(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, "go", "run", file)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		head, _, ok := strings.Cut(stderr.String(), "\n\ngoroutine ")
		if head, _, _ = strings.Cut(head, "\n[signal "); !ok {
			t.Fatalf("go run: %v\n%s", err, stderr.String())
		}
		return stdout.String() + strings.TrimSpace(head) + "\n"
	}
	return stdout.String()
}

// surroundings is an Env that has every package, and what earlier cells declared.
type surroundings struct {
	n        int
	checker  *check.Checker
	cells    int
	names    map[types.Object]string
	generics *normal.Generics
}

func newSurroundings() *surroundings {
	return &surroundings{checker: check.New(stdtypes.NewImporter(token.NewFileSet()), nil), names: map[types.Object]string{}, generics: normal.NewGenerics()}
}

var runtimeSymbols = sync.OnceValue(rt.Symbols)

func (s *surroundings) Symbol(path, name string) (string, reflect.Value, bool) {
	table, ok := runtimeSymbols(), true
	if path != "rt" {
		table, ok = symbols.Package(path)
	}
	v, found := table[name]
	return filepath.Base(path), v, ok && found
}

func (s *surroundings) Object(obj types.Object) (string, bool) {
	name, ok := s.names[obj]
	return name, ok
}

func (s *surroundings) Generics() *normal.Generics { return s.generics }

func (s *surroundings) Fresh() int { s.n++; return s.n }

func (s *surroundings) Real(*types.TypeName) (normal.Real, bool)           { return normal.Real{}, false }
func (s *surroundings) Rehash(reflect.Type) bool                           { return true }
func (s *surroundings) Field(*types.TypeName, int) (address, value string) { return "", "" }
func (*surroundings) Compiled(types.Object) bool                           { return false }

func (s *surroundings) Type(t types.Type) string {
	return "v.Y_" + regexp.MustCompile(`\W`).ReplaceAllString(types.TypeString(t, nil), "_")
}

func (s *surroundings) TypeID(t types.Type) int { return len(t.String()) }

func (s *surroundings) TypeName(t types.Type) string { return rt.TypeName(t) }

func (s *surroundings) Adapts(_, _ types.Type) bool { return true }

func (s *surroundings) Registered(types.Type, string) string { return "" }

func (s *surroundings) Described() []types.Type { return nil }

// lower returns the normal form of the next cell.
func (s *surroundings) lower(text string) (*normal.Output, error) {
	s.cells++
	cell, errs := s.checker.Check(s.cells, task.CellFile(s.cells), text)
	if len(errs) > 0 {
		return nil, fmt.Errorf("%v: %s", errs[0].Pos, errs[0].Msg)
	}
	out, err := normal.Lower(cell, s)
	if err != nil {
		return nil, err
	}
	for obj, name := range out.Names {
		s.names[obj] = name
	}
	s.generics.Add(cell, out)
	s.checker.Declare(cell, len(cell.Vars))
	return out, nil
}

// form returns the normal forms of the functions of a cell that have the given names, with the literals in them, or of its
// types for the name "types". To be easily read and to change seldom, numbers are left out of names where
// that makes no difference, others count from 1, and positions are written line:column.
func form(t *testing.T, out *normal.Output, names []string) string {
	t.Helper()
	var parts []string
	for _, name := range names {
		if name == "types" {
			parts = append(parts, strings.TrimPrefix(out.Types, "package main\n"))
		}
	}
	all := functions(out.Funcs)
	chosen := map[string]bool{}
	for _, f := range all {
		outer, _, _ := strings.Cut(out.Sites[f.name].Name, ".func")
		chosen[f.name] = slices.Contains(names, outer)
	}
	for _, f := range slices.Backward(all) { // what is only there for a function comes before it
		chosen[f.name] = chosen[f.name] || out.Sites[f.name].Name == "" && slices.ContainsFunc(all, func(g function) bool {
			return chosen[g.name] && strings.Contains(g.text, f.name+"(")
		})
	}
	for _, f := range all {
		if chosen[f.name] {
			parts = append(parts, f.text)
		}
	}
	pretty, err := format.Source([]byte(strings.Join(parts, "\n")))
	if err != nil {
		t.Fatalf("%v\n%s", err, strings.Join(parts, "\n"))
	}
	return strings.TrimLeft(readable(string(pretty)), "\n")
}

// A function is a top-level function of a normal form.
type function struct{ name, text string }

var head = regexp.MustCompile(`(?m)^func (\w+)\(`)

func functions(text string) []function {
	var list []function
	heads := head.FindAllStringSubmatchIndex(text, -1)
	for i, h := range heads {
		end := len(text)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		list = append(list, function{text[h[2]:h[3]], text[h[0]:end]})
	}
	return list
}

var (
	counted  = regexp.MustCompile(`\b([A-Zpt])(\d+)\b`)
	suffixed = regexp.MustCompile(`\b([A-Za-z]\w*)_(\d+)(p?)\b`)
	prefixed = regexp.MustCompile(`\b[FT]\d+_(\w+)\b`)
	position = regexp.MustCompile(`\b\d{10,}\b`)
)

// readable makes names and positions readable.
func readable(text string) string {
	text = position.ReplaceAllStringFunc(text, func(s string) string {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil || task.Site(n).Cell() == 0 || task.Site(n).Cell() > 99 {
			return s
		}
		return fmt.Sprintf("%d:%d", task.Site(n).Line(), task.Site(n).Column())
	})
	text = prefixed.ReplaceAllString(text, "$1")
	numbers := map[string]map[string]string{}
	order := func(kind, n string) string {
		if numbers[kind] == nil {
			numbers[kind] = map[string]string{}
		}
		if numbers[kind][n] == "" {
			numbers[kind][n] = fmt.Sprint(len(numbers[kind]) + 1)
		}
		return numbers[kind][n]
	}
	text = suffixed.ReplaceAllStringFunc(text, func(s string) string {
		m := suffixed.FindStringSubmatch(s)
		if n := order(m[1], m[2]); n != "1" {
			return m[1] + "_" + n + m[3]
		}
		return m[1] + m[3]
	})
	return counted.ReplaceAllStringFunc(text, func(s string) string {
		m := counted.FindStringSubmatch(s)
		return m[1] + order("."+m[1], m[2])
	})
}

// buffer is an Output that keeps standard output.
type buffer struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (b *buffer) Write(stream string, p []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if stream == "stdout" {
		b.out.Write(p)
	}
}

func (b *buffer) Input(context.Context, string, bool) (string, error) { return "", io.EOF }

func (b *buffer) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.out.String()
}

// stream returns a writer to standard output.
func (b *buffer) stream() io.Writer { return stream{b} }

type stream struct{ b *buffer }

func (s stream) Write(p []byte) (int, error) {
	s.b.Write("stdout", p)
	return len(p), nil
}
