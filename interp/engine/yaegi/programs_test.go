package yaegi_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp/engine"
)

var update = flag.Bool("update", false, "write what go run prints into the programs of testdata")

// A program of testdata is a whole program, what it prints and, if it panics, the panic.
type program struct {
	path    string
	archive *txtar.Archive
}

func (p *program) file(name string) string {
	for _, f := range p.archive.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

func (p *program) set(name, text string) {
	for i, f := range p.archive.Files {
		if f.Name == name {
			p.archive.Files[i].Data = []byte(text)
			return
		}
	}
	p.archive.Files = append(p.archive.Files, txtar.File{Name: name, Data: []byte(text)})
}

func programs(t *testing.T, pattern string) []*program {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	var list []*program
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, &program{path, a})
	}
	return list
}

// TestPrograms runs whole programs and compares what they print with what Go printed.
func TestPrograms(t *testing.T) {
	for _, p := range programs(t, "testdata/programs/*.txtar") {
		t.Run(filepath.Base(p.path), func(t *testing.T) {
			text := p.file("main.go")
			skipRacy(t, text)
			if *update {
				updateProgram(t, p)
			}
			out := &buffer{}
			_, end, err := newSession().run(text, out)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, "output", out.text(), p.file("output"))
			got, stack := "", ""
			if end.Panic != nil {
				got, stack = end.Panic.Text()+"\n", frames(end.Panic)
			}
			compare(t, "panic", got, p.file("panic"))
			compare(t, "stack", stack, p.file("stack"))
		})
	}
}

// skipRacy leaves out what starts goroutines in interpreted code when the race detector is on: the
// interpreter has races of its own, see the package comment.
func skipRacy(t *testing.T, text string) {
	t.Helper()
	for _, start := range []string{"go func", "go worker", "wg.Go"} {
		if raceDetector && strings.Contains(text, start) {
			t.Skip("the interpreter has data races of its own")
		}
	}
}

func frames(p *task.PanicError) string {
	var b strings.Builder
	for _, f := range p.Stack {
		fmt.Fprintf(&b, "cell %d line %d", f.Cell, f.Line)
		if f.Func != "" {
			fmt.Fprintf(&b, ", in %s", f.Func)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func compare(t *testing.T, what, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		if i >= len(g) || i >= len(w) || g[i] != w[i] {
			t.Errorf("%s differs from line %d on:\ngot\n%s\nwant\n%s", what, i+1, strings.Join(g[min(i, len(g)):], "\n"), strings.Join(w[min(i, len(w)):], "\n"))
			return
		}
	}
}

// TestGo runs the same programs with the Go compiler: what is recorded is what Go prints.
func TestGo(t *testing.T) {
	if testing.Short() || raceDetector {
		t.Skip("needs the Go toolchain and some seconds")
	}
	for _, p := range programs(t, "testdata/programs/*.txtar") {
		t.Run(filepath.Base(p.path), func(t *testing.T) {
			t.Parallel()
			out, panicked := goRun(t, p.file("main.go"))
			compare(t, "output", out, p.file("output"))
			compare(t, "panic", panicked, p.file("panic"))
		})
	}
}

func updateProgram(t *testing.T, p *program) {
	t.Helper()
	out, panicked := goRun(t, p.file("main.go"))
	p.set("output", out)
	if panicked != "" {
		p.set("panic", panicked)
	}
	if err := os.WriteFile(p.path, txtar.Format(p.archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// goRun runs a program with the Go compiler. It returns its output and the text of its panic.
func goRun(t *testing.T, text string) (out, panicked string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "run", file)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		var status *exec.ExitError
		head, _, ok := strings.Cut(stderr.String(), "\n\ngoroutine ")
		head, _, _ = strings.Cut(head, "\n[signal ")
		if !errors.As(err, &status) || !ok {
			t.Fatalf("go run: %v\n%s", err, stderr.String())
		}
		panicked = strings.TrimSpace(head) + "\n"
	}
	return stdout.String(), panicked
}

// TestRefused takes programs that the engine must not run, and asks for the construct it names.
func TestRefused(t *testing.T) {
	text, err := os.ReadFile("testdata/refused.txt")
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range strings.Split(string(text), "\n---\n") {
		want, code, ok := strings.Cut(strings.TrimSpace(c), "\n")
		if !ok {
			t.Fatalf("case %d has no code", i)
		}
		want = strings.TrimPrefix(want, "// refused: ")
		t.Run(want, func(t *testing.T) {
			_, _, err := newSession().prepare(code)
			var r *engine.Refusal
			if !errors.As(err, &r) {
				t.Fatalf("not refused: %v\n%s", err, code)
			}
			if r.Construct != want {
				t.Errorf("refused %q, want %q", r.Construct, want)
			}
			if !r.Pos.IsValid() || r.Remedy == "" || r.Engine != "yaegi" {
				t.Errorf("the refusal lacks something: %+v", r)
			}
		})
	}
}
