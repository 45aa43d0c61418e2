package compiled

import (
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	diskcache "github.com/gobraid/gobraid/interp/cache"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/check/stdtypes"
	"github.com/gobraid/gobraid/interp/engine"
)

// A bench runs cells one after the other on an engine, on the goroutine of the test.
type bench struct {
	t       testing.TB
	e       *Engine
	checker *check.Checker
	scope   *engine.Scope
	n       int
	ids     map[string]int
}

func newBench(t testing.TB) *bench { return newBenchWith(t, Options{}) }

func newBenchWith(t testing.TB, opts Options) *bench {
	t.Helper()
	e := New(opts)
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := e.Available(t.Context()); err != nil {
		t.Skip("no toolchain for the compiled engine:", err)
	}
	return &bench{
		t: t, e: e, checker: check.New(stdtypes.NewImporter(token.NewFileSet()), nil),
		scope: &engine.Scope{Bindings: map[types.Object]*engine.Binding{}}, ids: map[string]int{},
	}
}

// prepare checks a cell and has it made ready. The same text has the same number.
func (b *bench) prepare(text string) (*check.Cell, engine.Program, error) {
	b.t.Helper()
	id, ok := b.ids[text]
	if !ok {
		b.n++
		id = b.n
		b.ids[text] = id
	}
	cell, errs := b.checker.Check(id, fmt.Sprintf("/gobraid.cell/%d.go", id), text)
	if len(errs) > 0 {
		b.t.Fatal(errs)
	}
	p, err := b.e.PrepareContext(b.t.Context(), cell, b.scope)
	return cell, p, err
}

// run runs a cell and returns its values as text.
func (b *bench) run(text string) string {
	b.t.Helper()
	cell, p, err := b.prepare(text)
	if err != nil {
		b.t.Fatal(err)
	}
	vals := p.Run()
	for obj, binding := range p.Bindings() {
		b.scope.Bindings[obj] = binding
	}
	b.checker.Declare(cell, len(cell.Vars))
	var out []string
	for _, v := range vals {
		out = append(out, fmt.Sprint(v))
	}
	return strings.Join(out, " ")
}

// archives counts what the engine has built.
func (b *bench) archives() int {
	files, err := filepath.Glob(filepath.Join(b.e.build.dir, "*.so"))
	if err != nil {
		b.t.Fatal(err)
	}
	return len(files)
}

func TestRunAgainBuildsNothing(t *testing.T) {
	b := newBench(t)
	text := fmt.Sprintf("x := %d\nx", time.Now().UnixNano()) // not in the cache of an earlier test run
	want := b.run(text)
	built, loaded := b.archives(), len(b.e.loaded)
	b.run("x = 1")
	if got := b.run(text); got != want {
		t.Errorf("second run gives %s, want %s", got, want)
	}
	if b.archives() != built+1 || len(b.e.loaded) != loaded+1 {
		t.Errorf("%d packages built and %d loaded, want one more than %d and %d", b.archives(), len(b.e.loaded), built, loaded)
	}
	fresh := newBench(t)
	fresh.run(text)
	if fresh.archives() != built+1 {
		t.Error("a new session has built the cell again")
	}
}

func TestDefined(t *testing.T) {
	b := newBench(t)
	_, p, err := b.prepare("a := 1\nb := []int{}[a]\nc := 3")
	if err != nil {
		t.Fatal(err)
	}
	func() {
		defer func() {
			if _, ok := recover().(runtime.Error); !ok {
				t.Error("no runtime.Error")
			}
		}()
		p.Run()
	}()
	if n := p.(engine.Counter).Defined(); n != 1 {
		t.Errorf("%d variables defined, want 1", n)
	}
}

func TestBindings(t *testing.T) {
	b := newBench(t)
	b.run("n := 1\nfunc inc() int { n++; return n }")
	inc := b.scope.Bindings[b.checker.Lookup("inc")]
	if got := inc.Func.Call(nil)[0].Int(); got != 2 {
		t.Errorf("inc() = %d, want 2", got)
	}
	n := b.scope.Bindings[b.checker.Lookup("n")]
	n.Pointer.Elem().SetInt(41)
	if got := b.run("inc()"); got != "42" {
		t.Errorf("inc() = %s, want 42", got)
	}
}

func TestRefusals(t *testing.T) {
	b := newBench(t)
	for text, want := range map[string]string{
		"func f() int":                          "a function without a body",
		"import \"net/http\"\nx := http.NoBody": "a variable of the type noBody",
	} {
		_, _, err := b.prepare(text)
		var r *engine.Refusal
		if !errors.As(err, &r) || !strings.Contains(r.Construct, want) || !r.Pos.IsValid() {
			t.Errorf("%q: error %v, want a refusal of %s", text, err, want)
		}
	}
}

func TestNames(t *testing.T) {
	b := newBench(t)
	b.run("type point struct{ x int }\ntype box[T any] struct{ v T }\nfunc (p point) area() int { panic(p) }")
	got := b.run(`import ("fmt"; "reflect")
type loooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooong struct{}
type pair[A, B any] struct { a A; b B }
t := reflect.TypeFor[pair[loooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooong, point]]()
fmt.Sprintf("%T %T %T %s %s maim.x", point{}, []box[point]{}, map[string]*box[box[point]]{}, reflect.TypeFor[point]().PkgPath(), t)`)
	long := "loooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooong"
	want := "main.point []main.box[main.point] map[string]*main.box[main.box[main.point]] main main.pair[main." + long + ",main.point] maim.x"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	got = b.run("import \"runtime\"\nfunc caller() string { pc, _, _, _ := runtime.Caller(0); return runtime.FuncForPC(pc).Name() }\ncaller()")
	if got != "main.caller" {
		t.Errorf("caller() = %s, want main.caller", got)
	}
	got = b.run(`import "strings"
type shape interface { area() int }
missing := ""
func() {
	defer func() { missing = recover().(error).Error() }()
	_ = any(strings.Builder{}).(shape)
}()
missing`)
	if got != "interface conversion: strings.Builder is not main.shape: missing method area" {
		t.Errorf("message %q", got)
	}
	got = b.run("var m reflect.Method = reflect.TypeOf(stringer(1)).Method(0)\ntype stringer int\nfunc (s stringer) String() string { return \"s\" }\nm.Func.Interface().(func(stringer) string)(2)")
	if got != "s" {
		t.Errorf("method through reflect gives %q", got)
	}
	got = b.run("any(point{1}) == any(point{1}) && reflect.TypeFor[box[point]]() == reflect.TypeOf(box[point]{})")
	if got != "true" {
		t.Errorf("types are not identical across cells: %s", got)
	}
}

func TestBuildError(t *testing.T) {
	err := buildError("# x\n/gobraid.cell/3.go:7:2: undefined: Ʞfoo\n")
	var b *BuildError
	if !errors.As(err, &b) || len(b.Errors) != 1 || b.Errors[0].Pos.Line != 7 || b.Errors[0].Msg != "undefined: foo" {
		t.Errorf("got %+v", err)
	}
	if err := buildError("link: maim.cell/0123456789abcdef0123.Ʞb: out of space"); err.Error() != "go build: link: main.b: out of space" {
		t.Errorf("got %v", err)
	}
}

func TestNoToolchain(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	e := New(Options{})
	defer e.Close()
	if err := e.Available(t.Context()); err == nil || !strings.Contains(err.Error(), "no go command") {
		t.Errorf("error %v", err)
	}
}

// BenchmarkCell measures a cell that is new to the cache, as the 2nd and as the 100th of a session.
func BenchmarkCell(b *testing.B) {
	for _, before := range []int{1, 99} {
		b.Run(fmt.Sprintf("after=%d", before), func(b *testing.B) {
			s := newBench(b)
			for i := range before {
				s.run(fmt.Sprintf("var v%d = %d", i, i))
			}
			salt := time.Now().UnixNano()
			i := 0
			for b.Loop() {
				i++
				s.run(fmt.Sprintf("w := v0 + %d + %d\nw", salt, i))
			}
		})
	}
}

// BenchmarkAgain measures a cell that is run again.
func BenchmarkAgain(b *testing.B) {
	s := newBench(b)
	s.run("1 + 1")
	for b.Loop() {
		s.run("1 + 1")
	}
}

// TestPruned asserts that a session whose cache is emptied goes on with what it has built.
func TestPruned(t *testing.T) {
	dir := t.TempDir()
	b := newBenchWith(t, Options{Cache: dir})
	b.run("type kept struct{ a int }\nfunc double(n int) int { return 2 * n }")
	diskcache.Prune(dir, -1, time.Now())
	if n := b.archives(); n != 0 {
		t.Fatalf("%d files are left", n)
	}
	for range 2 {
		if got := b.run("double(kept{21}.a)"); got != "42" {
			t.Errorf("got %s", got)
		}
	}
}

// TestThin asserts that a plugin holds only what is its own, and that cells see each other's all the same.
func TestThin(t *testing.T) {
	b := newBench(t)
	if b.e.build.thin == nil {
		t.Skip("plugins are not thin here")
	}
	salt := time.Now().UnixNano()
	b.run(fmt.Sprintf("import \"bytes\"\ntype pair[T any] struct { a, b T }\ntype list struct { *list; n int; buf bytes.Buffer }\nfunc (l list) Len() int { return l.n }\nvar all [3]list\n_ = %d", salt))
	for _, c := range [][2]string{
		{"all[1].n = 7; all[1].list = &all[0]; all[1].Len()", "7"},
		{"all[1].list.Len()", "0"},
		{"type more struct { list; p pair[list] }\nvar m more\nm.p.a.n = 3\nm.p.a.Len() + m.Len()", "3"},
		{"any(all[1]).(interface{ Len() int }).Len()", "7"},
		{"len(pair[string]{\"x\", \"yz\"}.b)", "2"},
	} {
		if got := b.run(c[0]); got != c[1] {
			t.Errorf("%s: got %s, want %s", c[0], got, c[1])
		}
	}
	files, err := filepath.Glob(filepath.Join(b.e.hold.Dir(), "*.so"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > 1<<20 {
			t.Errorf("%s has %d bytes", filepath.Base(file), info.Size())
		}
	}
}
