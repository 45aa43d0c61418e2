package stdtypes

import (
	"go/token"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/interp/check/stdtypes/internal/export"
)

// The embedded data must say what the toolchain says of the source tree as it is.
func TestEmbeddedDataAreCurrent(t *testing.T) {
	t.Run("std", func(t *testing.T) {
		release := open(stdZip).Comment
		if v := runtime.Version(); v != release && !strings.HasPrefix(v, release+".") {
			t.Skipf("the data are of %s, the toolchain is %s", release, v)
		}
		current(t, stdZip, "std")
	})
	t.Run("concurrency", func(t *testing.T) { current(t, gobraidZip, export.Concurrency) })
}

// current compares an archive with the packages that match pattern.
func current(t *testing.T, archive []byte, pattern string) {
	const remedy = "run: go generate ./interp/check/stdtypes"
	set, err := export.Load(pattern)
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, f := range open(archive).File {
		have = append(have, f.Name)
	}
	if !slices.Equal(have, set.Paths) {
		t.Fatalf("the archive holds\n%q\nbut the packages are\n%q\n%s", have, set.Paths, remedy)
	}
	im := NewImporter(token.NewFileSet())
	for _, path := range set.Paths {
		got, err := im.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		want, err := set.Package(path)
		if err != nil {
			t.Fatal(err)
		}
		if line := difference(export.API(got), export.API(want)); line != "" {
			t.Errorf("%s has changed: %s\n%s", path, line, remedy)
		}
	}
}

// difference returns the first line that only one of the sorted lists has, "" when there is none.
func difference(got, want []string) string {
	for _, line := range want {
		if !slices.Contains(got, line) {
			return "missing " + line
		}
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			return "gone: " + line
		}
	}
	return ""
}

func TestDifference(t *testing.T) {
	im := NewImporter(token.NewFileSet())
	api := func(path string) []string {
		p, err := im.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		return export.API(p)
	}
	lines := api("sync")
	for _, want := range []string{"type WaitGroup method (*WaitGroup) Go(f func())", "type Mutex struct comparable=true", "func OnceFunc(f func()) func()"} {
		if !slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, want) }) {
			t.Errorf("the API of sync lacks %q:\n%s", want, strings.Join(lines, "\n"))
		}
	}
	if d := difference(lines[1:], lines); d != "missing "+lines[0] {
		t.Errorf("difference = %q", d)
	}
	if d := difference(lines, lines[1:]); d != "gone: "+lines[0] {
		t.Errorf("difference = %q", d)
	}
}

func BenchmarkImport(b *testing.B) {
	for _, path := range []string{"fmt", "os", "net/http"} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				if _, err := NewImporter(token.NewFileSet()).Import(path); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("again", func(b *testing.B) {
		im := NewImporter(token.NewFileSet())
		for b.Loop() {
			if _, err := im.Import("net/http"); err != nil {
				b.Fatal(err)
			}
		}
	})
}
