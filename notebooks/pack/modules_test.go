package pack_test

import (
	"archive/zip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/notebooks/pack"
)

// publish makes a proxy of the go command that has one module, example.com/geo v1.0.0, and makes the go command use it and nothing else.
func publish(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	at := filepath.Join(dir, "example.com", "geo", "@v")
	put(t, filepath.Join(at, "list"), "v1.0.0\n")
	put(t, filepath.Join(at, "v1.0.0.info"), `{"Version": "v1.0.0"}`)
	put(t, filepath.Join(at, "v1.0.0.mod"), "module example.com/geo\n\ngo 1.26\n")
	f, err := os.Create(filepath.Join(at, "v1.0.0.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for name, text := range map[string]string{
		"go.mod": "module example.com/geo\n\ngo 1.26\n", "geo.go": "package geo\n\nimport _ \"example.com/geo/unit\"\n", "unit/unit.go": "package unit\n", "unused/unused.go": "package unused\n",
	} {
		w, err := z.Create("example.com/geo@v1.0.0/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"GOPROXY": "file://" + filepath.ToSlash(dir), "GOSUMDB": "off", "GOMODCACHE": filepath.Join(t.TempDir(), "mod"), "GOFLAGS": "-modcacherw", "GOWORK": "",
	} {
		t.Setenv(name, value)
	}
}

// TestModules packs what cells import: of the module the notebook is in, of a module in a folder elsewhere, and of one from the proxy.
func TestModules(t *testing.T) {
	publish(t)
	dir := tree(t, `
-- own/go.mod --
module example.com/own

go 1.26
-- own/own.go --
package own

import _ "embed"

//go:embed words.txt
var Words string
-- own/words.txt --
words
-- own/own_test.go --
package own
-- own/unused/unused.go --
package unused
-- course/go.mod --
module course

go 1.26

require example.com/own v0.0.0

replace example.com/own => ../own
-- course/help/help.go --
package help
-- course/other/other.go --
package other
`)
	course := filepath.Join(dir, "course")
	get := exec.Command("go", "get", "example.com/geo@v1.0.0")
	get.Dir = course
	if out, err := get.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	path := notebook(t, filepath.Join(course, "week 1", "a.ipynb"), nil, "import (\n\t\"course/help\"\n\t\"example.com/geo\"\n\t\"example.com/own\"\n\t\"fmt\"\n)", "%get example.com/geo")
	m, err := pack.Collect(t.Context(), path, pack.Options{Vendor: true})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"module go.mod", "module go.sum", "package help/help.go", "module replaced/1/go.mod", "package replaced/1/own.go", "package replaced/1/words.txt",
		"vendor vendor/example.com/geo/geo.go", "vendor vendor/example.com/geo/unit/unit.go", "vendor vendor/example.com/own/own.go", "vendor vendor/example.com/own/words.txt", "vendor vendor/modules.txt",
		"notebook week 1/a.ipynb",
	}
	if got := list(m); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(m.Warnings) != 1 || !strings.Contains(m.Warnings[0], "%get example.com/geo without a version") {
		t.Error(m.Warnings)
	}

	// The go command builds it elsewhere, where there is no proxy and no module cache.
	archive := filepath.Join(t.TempDir(), "a.zip")
	f, err := os.Create(archive)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Write(f, pack.Zip); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	to := t.TempDir()
	if _, err := pack.Extract(archive, to, ""); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOPROXY", "off")
	t.Setenv("GOMODCACHE", t.TempDir())
	build := exec.Command("go", "build", "example.com/geo", "example.com/own", "course/help")
	build.Dir = filepath.Join(to, "week 1")
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestModuleErrors says what keeps a notebook from being packed.
func TestModuleErrors(t *testing.T) {
	publish(t)
	dir := tree(t, "-- mod/go.mod --\nmodule m\n\ngo 1.26\n-- work/go.work --\ngo 1.26\n\nuse .\n-- work/go.mod --\nmodule w\n\ngo 1.26\n-- bad/go.mod --\nnonsense\n")
	for folder, want := range map[string]string{"none": "there is no go.mod", "mod": "package example.com/nowhere", "work": "GOWORK=off", "bad": "go.mod:1"} {
		path := notebook(t, filepath.Join(dir, folder, "a.ipynb"), nil, `import "example.com/nowhere"`)
		if _, err := pack.Collect(t.Context(), path, pack.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", folder, err)
		}
	}
}
