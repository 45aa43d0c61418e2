package toolchain

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

func TestModule(t *testing.T) {
	dir, err := Module(false, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "go.mod")); err != nil || !strings.HasPrefix(string(b), "module github.com/gobraid/gobraid\n") {
		t.Errorf("%s has %q, %v", dir, b, err)
	}
	src := fstest.MapFS{"go.mod": {Data: []byte("module x\n")}, "a/a.go": {Data: []byte("package a\n")}}
	cache := t.TempDir()
	for range 2 { // the second finds it done
		if dir, err = Module(true, src, cache); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := os.ReadFile(filepath.Join(dir, "a", "a.go")); err != nil || string(b) != "package a\n" {
		t.Errorf("%q %v", b, err)
	}
	if _, err := Module(true, nil, cache); err == nil {
		t.Error("no sources, and no error")
	}
}

func TestNoGo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := FindGo(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "no go command") {
		t.Errorf("error %v", err)
	}
}

func TestTool(t *testing.T) {
	g, err := FindGo(t.Context(), "")
	if err != nil {
		t.Skip(err)
	}
	var said *ToolError
	if err := g.Tool(t.Context(), t.TempDir(), nil, "compile", "missing.go"); !errors.As(err, &said) || !strings.Contains(said.Output, "missing.go") {
		t.Errorf("error %v", err)
	}
}
