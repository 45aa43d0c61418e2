package thin

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestMangle(t *testing.T) {
	for name, want := range map[string]string{
		"type:int":                       "type:int",
		"type:runtime.moduledata":        "type:runtime.moduledata",
		"fmt.Println":                    "fmt.Println",
		"type:map[string]*bytes.Buffer":  "type:" + short("map[string]*bytes.Buffer"),
		"type:.eq.struct { a, b string}": "type:." + short(".eq.struct { a, b string}"),
		"p.F[go.shape.int@x]":            "p.F[" + short("go.shape.int@x") + "]",
	} {
		if got := mangle(name); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	if got := short("map[string]*bytes.Buffer"); len(got) != 8 {
		t.Errorf("got %q", got)
	}
}

// compile compiles a package, as the go command told to be thorough would, and returns its archive and the packages.
func compile(t *testing.T, source string) (file string, packages map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module x\n\ngo 1.26\n", "x.go": source} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "list", "-export", "-deps", "-f", "{{if .Export}}{{.ImportPath}}={{.Export}}{{end}}", ".")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=", "GOWORK=off", "GO111MODULE=on")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Skipf("go list: %v\n%s", err, out)
	}
	packages = map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "=")
		packages[path] = file
	}
	return packages["x"], packages
}

const sample = `package x

import ("bytes"; "fmt"; "os"; "strings")

var B bytes.Buffer

func F(s string) string {
	m := map[string]int{}
	m[s]++
	fmt.Fprintln(os.Stdout, strings.TrimSpace(s), m)
	return strings.Repeat(s, len(os.Args))
}
`

func read(t *testing.T, file string) *archive {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a, err := parseArchive(b)
	if err != nil {
		t.Fatal(err)
	}
	if got := a.bytes(); !bytes.Equal(got, b) {
		t.Errorf("written again, the archive has %d bytes, not %d, or others", len(got), len(b))
	}
	return a
}

// TestByName asserts that an object file that refers to others by name only is one the toolchain reads, and refers
// to the same symbols.
func TestByName(t *testing.T) {
	file, packages := compile(t, sample)
	a := read(t, file)
	l := &Linker{}
	defer l.archives.close()
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip(err)
	}
	l.readBuiltins(strings.TrimSpace(string(goroot)))
	find := func(pkg string, i uint32) (ref, error) {
		if pkg == "" {
			return l.builtins[i], nil
		}
		x, err := l.archives.read(packages[pkg])
		if err != nil {
			return ref{}, err
		}
		return x.members[1].object.define(i)
	}
	var all []ref
	for i := range a.members {
		if o := a.members[i].object; o != nil {
			refs, err := o.byName(find)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, refs...)
		}
	}
	for _, want := range []ref{{"fmt.Fprintln", abiInternal}, {"strings.Repeat", abiInternal}, {"os.Args", abi0}, {"type:bytes.Buffer", abi0}} {
		if !slices.Contains(all, want) {
			t.Errorf("%v is not among the references", want)
		}
	}
	for i := range a.members {
		o := a.members[i].object
		if o == nil {
			continue
		}
		again, err := parseObject(o.b)
		if err != nil {
			t.Fatal(err)
		}
		if again.off != o.off {
			t.Error("read again, the object file has other offsets")
		}
		_, err = again.byName(func(pkg string, i uint32) (ref, error) { return ref{}, errors.New("there is one left: " + pkg) })
		if err != nil {
			t.Error(err)
		}
	}
	changed := filepath.Join(t.TempDir(), "x.a")
	if err := os.WriteFile(changed, a.bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "tool", "nm", changed).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "U strings.Repeat") || !strings.Contains(string(out), "T x.F") {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestBroken asserts that files that are cut off or changed are errors, not panics.
func TestBroken(t *testing.T) {
	file, _ := compile(t, sample)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	try := func(b []byte) {
		a, err := parseArchive(b)
		if err != nil {
			return
		}
		for _, m := range a.members {
			if m.object != nil {
				_, _ = m.object.assembly()
				_, _ = m.object.define(1 << 30)
				_, _ = m.object.byName(func(string, uint32) (ref, error) { return ref{"x", abi0}, nil })
			}
		}
	}
	for n := 0; n < len(b); n += 97 {
		try(b[:n])
	}
	start := bytes.Index(b, []byte(magic))
	for i := start; i < start+headerSize; i++ {
		x := bytes.Clone(b)
		x[i] ^= 0x41
		try(x)
	}
}

// TestImage asserts that symbols are found by their names, and others are not.
func TestImage(t *testing.T) {
	im, err := Open("/proc/self/exe")
	if err != nil {
		t.Skip(err) // a test binary need not export anything
	}
	defer im.Close()
	if im.buildID() == "" {
		t.Error("no build id")
	}
	n := 0
	for i := uint32(1); i < 50; i++ {
		s, ok := im.symbol(i)
		if !ok {
			continue
		}
		n++
		if got, ok := im.lookup(s.name); !ok || got != s {
			t.Errorf("%s: got %v, want %v", s.name, got, s)
		}
		if _, ok := im.lookup(s.name + "?"); ok {
			t.Errorf("found %s?", s.name)
		}
	}
	t.Log(n, "symbols")
}
