package program

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func written(t *testing.T, cells ...string) *Program {
	t.Helper()
	n := newNotebook(t)
	for _, c := range cells[:len(cells)-1] {
		n.add(c)
	}
	p, err := n.book.Program(n.check(cells[len(cells)-1]), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestCompileError has the compiler find what the checker of cells lets through.
func TestCompileError(t *testing.T) {
	p := written(t, "func f() int { return 1 }", "var x [1 << 50]int\nif len(x) > f() {\n\tprintln(x[0])\n}")
	_, err := builder.Build(t.Context(), p, false, nil)
	var b *BuildError
	if !errors.As(err, &b) || len(b.Errors) == 0 || b.Errors[0].Pos.Filename != "/gobraid.cell/2.go" || b.Errors[0].Pos.Line != 1 {
		t.Errorf("error %v", err)
	}
}

func TestBuiltOnce(t *testing.T) {
	p := written(t, "println(1)")
	first := build(t, p, false)
	info, err := os.Stat(first)
	if err != nil {
		t.Fatal(err)
	}
	if second := build(t, written(t, "println(1)"), false); second != first {
		t.Errorf("built as %s and as %s", first, second)
	}
	if again, err := os.Stat(first); err != nil || !os.SameFile(info, again) {
		t.Errorf("built twice, error %v", err)
	}
	if other := build(t, written(t, "println(2)"), false); other == first {
		t.Error("another program has the same file")
	}
}

func TestNoGo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	var b Builder
	if _, err := b.Build(t.Context(), written(t, "println(1)"), false, nil); err == nil || !strings.Contains(err.Error(), "install Go") {
		t.Errorf("error %v", err)
	}
}

// TestNoCompiler has go in its PATH, and no C compiler.
func TestNoCompiler(t *testing.T) {
	command, err := exec.LookPath("go")
	if err != nil {
		t.Skip(err)
	}
	t.Setenv("PATH", filepath.Dir(command))
	t.Setenv("CC", "no-such-compiler")
	b := Builder{Cache: t.TempDir()}
	if _, err := b.Build(t.Context(), written(t, "println(1)"), true, nil); err == nil || !strings.Contains(err.Error(), "the race detector needs cgo and a C compiler") {
		t.Errorf("error %v", err)
	}
	if _, err := b.Build(t.Context(), written(t, "println(1)"), false, nil); err != nil {
		t.Errorf("without the race detector: %v", err)
	}
}
