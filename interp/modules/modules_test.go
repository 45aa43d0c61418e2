package modules_test

import (
	"archive/zip"
	"context"
	"errors"
	"go/token"
	"go/types"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"golang.org/x/tools/txtar"

	"github.com/gobraid/gobraid/interp/check/stdtypes"
	"github.com/gobraid/gobraid/interp/modules"
	"github.com/gobraid/gobraid/interp/toolchain"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// published is what the proxy of the tests has: files of modules by module@version/name.
const published = `
-- example.com/geo@v1.0.0/go.mod --
module example.com/geo

go 1.26
-- example.com/geo@v1.0.0/geo.go --
package geo

import "example.com/geo/unit"

// Version is the version.
const Version = "v1.0.0"

// Mile returns a length.
func Mile() unit.Meter { return 1609.344 }
-- example.com/geo@v1.0.0/unit/unit.go --
package unit

// A Meter is a length.
type Meter float64
-- example.com/geo@v1.1.0/go.mod --
module example.com/geo

go 1.26
-- example.com/geo@v1.1.0/geo.go --
package geo

// Version is the version.
const Version = "v1.1.0"
-- example.com/maps@v0.3.0/go.mod --
module example.com/maps

go 1.26

require example.com/geo v1.0.0
-- example.com/maps@v0.3.0/draw/draw.go --
package draw

import "example.com/geo"

// Version is that of package geo.
const Version = geo.Version
`

// publish makes the go command's proxy a folder with the published modules, and its module cache one of the test's.
func publish(t *testing.T) {
	t.Helper()
	if _, err := toolchain.FindGo(t.Context(), ""); err != nil {
		t.Skip(err)
	}
	proxy := t.TempDir()
	zips := map[string]*zip.Writer{}
	for _, f := range txtar.Parse([]byte(published)).Files {
		module, rest, _ := strings.Cut(f.Name, "@")
		version, name, _ := strings.Cut(rest, "/")
		dir := filepath.Join(proxy, module, "@v")
		base := filepath.Join(dir, version)
		if zips[base] == nil {
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			file, err := os.Create(base + ".zip")
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			zips[base] = zip.NewWriter(file)
			defer zips[base].Close()
			write(t, base+".info", `{"Version":"`+version+`"}`)
			list, _ := os.ReadFile(filepath.Join(dir, "list"))
			write(t, filepath.Join(dir, "list"), string(list)+version+"\n")
		}
		if name == "go.mod" {
			write(t, base+".mod", string(f.Data))
		}
		w, err := zips[base].Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(f.Data); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("GOPROXY", (&url.URL{Scheme: "file", Path: filepath.ToSlash(proxy)}).String())
	t.Setenv("GOSUMDB", "off")
	t.Setenv("GOFLAGS", "-modcacherw")
	t.Setenv("GOMODCACHE", t.TempDir())
	t.Setenv("GOWORK", "off")
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(b)
}

// fresh returns a set for a folder.
func fresh(dir string, opts modules.Options) (*modules.Set, *stdtypes.Importer) {
	opts.Dir, opts.Importer = dir, stdtypes.NewImporter(token.NewFileSet())
	set := modules.New(opts)
	opts.Importer.Fallback = set
	return set, opts.Importer
}

func resolve(t *testing.T, set *modules.Set, im *stdtypes.Importer, path string) (pkg *types.Package, lines []string, err error) {
	t.Helper()
	lines, err = set.Resolve(t.Context(), []string{path, "fmt"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err = im.Import(path)
	return pkg, lines, err
}

func get(t *testing.T, set *modules.Set, args ...string) string {
	t.Helper()
	lines, err := set.Get(t.Context(), args)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

func version(pkg *types.Package) string {
	return pkg.Scope().Lookup("Version").(*types.Const).Val().ExactString()
}

func TestGet(t *testing.T) {
	publish(t)
	dir := t.TempDir()
	set, im := fresh(dir, modules.Options{})
	file := filepath.Join(dir, "go.mod")
	if _, _, err := resolve(t, set, im, "example.com/geo"); err == nil || err.Error() != "there is no go.mod beside the notebook" {
		t.Errorf("error %v", err)
	}
	if got := set.Hint("example.com/geo"); got != "%get example.com/geo@latest makes one" {
		t.Errorf("hint %q", got)
	}
	if got, want := get(t, set, "example.com/geo@v1.0.0"), "made "+file+"\nadded example.com/geo@v1.0.0"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if mod := read(t, file); !strings.HasSuffix(mod, "\nrequire example.com/geo v1.0.0\n") || !strings.Contains(read(t, filepath.Join(dir, "go.sum")), "example.com/geo v1.0.0 h1:") {
		t.Errorf("go.mod is\n%s", mod)
	}
	pkg, lines, err := resolve(t, set, im, "example.com/geo")
	if err != nil || len(lines) > 0 || version(pkg) != `"v1.0.0"` {
		t.Errorf("%v %q %v", pkg, lines, err)
	}
	var needs []string
	for _, p := range set.Needs("example.com/geo") {
		needs = append(needs, p.Path+" "+p.Version)
		if _, err := os.Stat(p.File); err != nil {
			t.Error(err)
		}
	}
	if want := []string{"example.com/geo/unit v1.0.0", "example.com/geo v1.0.0"}; !slices.Equal(needs, want) {
		t.Errorf("it needs %q, want %q", needs, want)
	}
	where, all, err := set.Requirements(t.Context())
	if err != nil || where != file || len(all) != 1 || all[0] != (modules.Requirement{Path: "example.com/geo", Version: "v1.0.0"}) {
		t.Errorf("%s requires %+v, %v", where, all, err)
	}

	// Another version is for another session.
	if got, want := get(t, set, "example.com/geo"), "example.com/geo@v1.1.0, was v1.0.0"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	_, _, err = resolve(t, set, im, "example.com/geo")
	if err == nil || err.Error() != "the session uses example.com/geo@v1.0.0, and go.mod now says example.com/geo@v1.1.0" || !strings.Contains(set.Hint("example.com/geo"), "restart") {
		t.Errorf("error %v", err)
	}
	if _, err := set.Resolve(t.Context(), nil, nil); err != nil { // the next cell does not import it
		t.Fatal(err)
	}
	if again, err := im.Import("example.com/geo"); again != pkg {
		t.Errorf("the package is %v now, %v", again, err)
	}
	other, im := fresh(dir, modules.Options{})
	if pkg, _, err := resolve(t, other, im, "example.com/geo"); err != nil || version(pkg) != `"v1.1.0"` {
		t.Errorf("%v %v", pkg, err)
	}

	// What cannot be done leaves go.mod as it was.
	before := read(t, file)
	if lines, err := set.Get(t.Context(), []string{"example.com/geo@v1.0.0", "example.com/nowhere@v1.0.0"}); err == nil || !strings.Contains(err.Error(), "example.com/nowhere") {
		t.Errorf("%q %v", lines, err)
	}
	if after := read(t, file); after != before {
		t.Errorf("go.mod is\n%s\nwas\n%s", after, before)
	}
	if got, want := get(t, set, "example.com/geo@none"), "removed example.com/geo"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	_, _, err = resolve(t, other, im, "example.com/geo/unit")
	if err == nil || !strings.HasPrefix(err.Error(), "no required module provides package example.com/geo/unit") || other.Hint("example.com/geo/unit") != "%get example.com/geo/unit@latest" {
		t.Errorf("error %v, hint %q", err, other.Hint("example.com/geo/unit"))
	}
}

// TestOffline asserts that nothing is downloaded that is in the module cache.
func TestOffline(t *testing.T) {
	publish(t)
	dir := t.TempDir()
	set, _ := fresh(dir, modules.Options{})
	get(t, set, "example.com/geo@v1.0.0")
	t.Setenv("GOPROXY", "off")
	set, im := fresh(dir, modules.Options{})
	if pkg, _, err := resolve(t, set, im, "example.com/geo/unit"); err != nil || pkg.Scope().Lookup("Meter") == nil {
		t.Errorf("%v %v", pkg, err)
	}
	other := t.TempDir()
	set, _ = fresh(other, modules.Options{})
	get(t, set, "example.com/geo@v1.0.0")
	if _, err := set.Get(t.Context(), []string{"example.com/geo@v1.1.0"}); err == nil || !strings.Contains(err.Error(), "GOPROXY=off") {
		t.Errorf("error %v", err)
	}
}

// TestComplete asserts that a module's packages can be imported when only the module was asked for, and that what they need is
// taken at the versions that the module requires.
func TestComplete(t *testing.T) {
	publish(t)
	dir := t.TempDir()
	set, im := fresh(dir, modules.Options{})
	get(t, set, "example.com/maps")
	pkg, lines, err := resolve(t, set, im, "example.com/maps/draw")
	if err != nil || version(pkg) != `"v1.0.0"` {
		t.Errorf("%v %v", pkg, err)
	}
	if len(lines) != 1 || !strings.HasPrefix(lines[0], "go.") {
		t.Errorf("said is %q", lines)
	}
	if mod := read(t, filepath.Join(dir, "go.mod")); !strings.Contains(mod, "example.com/geo v1.0.0 // indirect") || !strings.Contains(mod, "example.com/maps v0.3.0\n") {
		t.Errorf("go.mod is\n%s", mod)
	}
}

// TestHost asserts that a package which the running binary holds cannot be had at another version.
func TestHost(t *testing.T) {
	publish(t)
	opts := modules.Options{
		Host: func(path string) (string, bool) { return "another build", path == "example.com/geo" },
		HostVersion: func(module string) string {
			return map[string]string{"example.com/geo": "v1.1.0"}[module]
		},
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), "module notebook\n\ngo 1.26\n\nrequire example.com/geo v1.0.0\n")
	set, im := fresh(dir, opts)
	if _, err := set.Get(t.Context(), []string{"example.com/geo@v1.0.0"}); err == nil || !strings.Contains(err.Error(), "example.com/geo@v1.1.0 is what gobraid itself is built with") {
		t.Errorf("error %v", err)
	}
	if mod := read(t, filepath.Join(dir, "go.mod")); !strings.Contains(mod, "require example.com/geo v1.0.0") {
		t.Errorf("go.mod is\n%s", mod)
	}
	_, _, err := resolve(t, set, im, "example.com/geo")
	const want = "package example.com/geo is example.com/geo@v1.0.0 here, and gobraid itself is built with example.com/geo@v1.1.0: a process holds a package only once"
	if err == nil || err.Error() != want || set.Hint("example.com/geo") != "%get example.com/geo@v1.1.0" {
		t.Errorf("error %v, hint %q", err, set.Hint("example.com/geo"))
	}
	if pkg, _, err := resolve(t, set, im, "example.com/geo/unit"); err != nil {
		t.Errorf("what the binary does not hold: %v %v", pkg, err)
	}
	if got := get(t, set, "example.com/maps"); !strings.Contains(got, "added example.com/maps@v0.3.0") || !strings.Contains(got, "example.com/geo@v1.1.0, was v1.0.0") {
		t.Errorf("said is %q", got)
	}
}

func TestInterrupted(t *testing.T) {
	publish(t)
	dir := t.TempDir()
	set, _ := fresh(dir, modules.Options{})
	get(t, set, "example.com/geo")
	stop := errors.New("stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(stop)
	if _, err := set.Resolve(ctx, []string{"example.com/geo"}, nil); !errors.Is(err, stop) {
		t.Errorf("Resolve: %v", err)
	}
	if _, err := set.Get(ctx, []string{"example.com/geo"}); !errors.Is(err, stop) {
		t.Errorf("Get: %v", err)
	}
	if _, err := set.Archives(ctx, []string{"example.com/geo"}, nil); !errors.Is(err, stop) {
		t.Errorf("Archives: %v", err)
	}
}

// TestAbove asserts that go.mod may be above the notebook's folder, and that the packages of its module can be imported.
func TestAbove(t *testing.T) {
	publish(t)
	top := t.TempDir()
	write(t, filepath.Join(top, "go.mod"), "module mine\n\ngo 1.26\n")
	write(t, filepath.Join(top, "tools", "tools.go"), "package tools\n\nconst Version = 1\n")
	write(t, filepath.Join(top, "internal", "inner", "inner.go"), "package inner\n")
	dir := filepath.Join(top, "notebooks")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	set, im := fresh(dir, modules.Options{})
	for path, name := range map[string]string{"mine/tools": "tools", "mine/internal/inner": "inner"} {
		if pkg, _, err := resolve(t, set, im, path); err != nil || pkg.Name() != name || set.File(path) == "" {
			t.Errorf("%s: %v %v", path, pkg, err)
		}
	}
	if file, _, err := set.Requirements(t.Context()); err != nil || file != filepath.Join(top, "go.mod") {
		t.Errorf("%s %v", file, err)
	}
}

func ExampleSet() {
	importer := stdtypes.NewImporter(token.NewFileSet())
	set := modules.New(modules.Options{Importer: importer})
	importer.Fallback = set
	// Before a cell is checked that imports it:
	if _, err := set.Resolve(context.Background(), []string{"example.com/geo"}, nil); err != nil {
		return // interrupted
	}
	// The type checker then asks importer, whose error says why the package cannot be imported.
}
