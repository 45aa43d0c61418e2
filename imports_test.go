package main

import (
	"go/build"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// allowed lists what each part of gobraid may import of gobraid; a part may always import itself.
var allowed = map[string][]string{
	"main":        {"commands"},
	"commands":    {"kernel", "interp", "concurrency", "notebooks", "install"},
	"kernel":      {"interp"},
	"notebooks":   {"interp", "concurrency"},
	"install":     {},
	"interp":      {"concurrency"},
	"concurrency": {},
	"conformance": {"notebooks"},
	"speed":       {},
	// The nats-server is a program of its own, and nothing that is linked into gobraid imports it.
	"gobraid-nats": {},
	// Nor what reads Markdown and colours code.
	"gobraid-export": {"notebooks"},
}

// TestImports asserts that imports point one way, kernel → interp → concurrency, and that the kernel
// knows nothing of engines.
func TestImports(t *testing.T) {
	const module = "github.com/gobraid/gobraid"
	seen := 0
	err := filepath.WalkDir(".", func(dir string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if name := d.Name(); dir != "." && (strings.HasPrefix(name, ".") || name == "testdata" || name == "tests") {
			return filepath.SkipDir
		}
		pkg, err := build.ImportDir(dir, 0)
		if err != nil {
			return nil // no Go here
		}
		part, _, _ := strings.Cut(filepath.ToSlash(dir), "/")
		if part == "." {
			part = "main"
		}
		for _, path := range pkg.Imports {
			rest, ok := strings.CutPrefix(path, module+"/")
			if !ok {
				continue
			}
			seen++
			to, _, _ := strings.Cut(rest, "/")
			ok = to == part
			for _, a := range allowed[part] {
				ok = ok || to == a
			}
			if !ok {
				t.Errorf("%s imports %s", dir, path)
			}
			if part == "kernel" && to == "interp" && rest != "interp" {
				t.Errorf("%s imports %s: the kernel knows a session only as an interface", dir, path)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 10 {
		t.Fatalf("only %d imports were looked at", seen)
	}
}

// TestNotLinked asserts that sessions and workers do not carry a server, nor what makes pages: they would cost each a millisecond
// of start, and eight.
func TestNotLinked(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	deps := strings.Fields(string(out))
	if len(deps) < 100 {
		t.Fatalf("only %d packages were looked at", len(deps))
	}
	for _, path := range deps {
		for _, not := range []string{"nats-io/nats-server", "alecthomas/chroma", "yuin/goldmark", "microcosm-cc/bluemonday"} {
			if strings.HasPrefix(path+"/", "github.com/"+not+"/") {
				t.Errorf("gobraid links %s", path)
			}
		}
	}
}
