package program

import (
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// findTests finds the tests and benchmarks of the body.
func (w *writer) findTests() {
	if w.mode == Run {
		return
	}
	for _, d := range w.body.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv != nil {
			continue
		}
		name := f.Name.Name
		obj, _ := w.body.Info.Defs[f.Name].(*types.Func)
		switch {
		case obj == nil:
		case name == "TestMain" && takes(obj, "M"):
			w.ownTestMain = true
		case isTest(name, "Test") && takes(obj, "T"):
			w.tests = append(w.tests, name)
		case isTest(name, "Benchmark") && takes(obj, "B"):
			w.benchmarks = append(w.benchmarks, name)
		case isTest(name, "Fuzz") && takes(obj, "F"):
			w.fuzzers = append(w.fuzzers, name)
		case isTest(name, "Example") && obj.Signature().Params().Len() == 0:
			w.examples = append(w.examples, name)
		}
	}
}

// isTest tells whether a name is prefix, or prefix and then no small letter.
func isTest(name, prefix string) bool {
	rest, ok := strings.CutPrefix(name, prefix)
	r, _ := utf8.DecodeRuneInString(rest)
	return ok && (rest == "" || !unicode.IsLower(r))
}

// takes tells whether the only parameter of a function is a pointer to a type of package testing.
func takes(f *types.Func, name string) bool {
	if f.Signature().Params().Len() != 1 {
		return false
	}
	p, ok := f.Signature().Params().At(0).Type().(*types.Pointer)
	if !ok {
		return false
	}
	n, ok := types.Unalias(p.Elem()).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "testing"
}

// hasTests tells whether functions of the body are run by package testing.
func (w *writer) hasTests() bool { return w.mode == Test || w.mode == Bench && len(w.benchmarks) > 0 }

// testNames returns what a run of the tests runs.
func (w *writer) testNames() []string { return slices.Concat(w.tests, w.fuzzers, w.examples) }

// testMain writes the main of a test binary.
func (w *writer) testMain() string {
	if w.mode == Test && len(w.testNames()) == 0 {
		w.fail("there is no test in this cell: declare func TestXxx(t *testing.T), an ExampleXxx or a FuzzXxx")
		return ""
	}
	testing, deps, osName := w.importName("testing", "testing"), w.importName("testing/internal/testdeps", "testdeps"), w.importName("os", "os")
	var b strings.Builder
	before := ""
	switch {
	case !w.hasTests():
		b.WriteString(w.loop(testing))
	case !w.packageLevel():
		before = w.statements(false)
	}
	fmt.Fprintf(&b, "%sfunc main() {\n%s%s", own, before, own)
	fmt.Fprintf(&b, "m := %s.MainStart(%s.TestDeps{},\n", testing, deps)
	list := func(typ string, names []string) {
		fmt.Fprintf(&b, "\t[]%s.%s{", testing, typ)
		for _, name := range names {
			fmt.Fprintf(&b, "{%q, %s}, ", name, name)
		}
		b.WriteString("},\n")
	}
	list("InternalTest", w.tests)
	list("InternalBenchmark", w.benchmarks)
	list("InternalFuzzTarget", w.fuzzers)
	fmt.Fprintf(&b, "\t[]%s.InternalExample{%s},\n)\n", testing, w.exampleList())
	if w.ownTestMain {
		fmt.Fprintf(&b, "TestMain(m)\n%s.Exit(int(%s.ValueOf(m).Elem().FieldByName(\"exitCode\").Int()))\n}\n", osName, w.importName("reflect", "reflect"))
		return b.String()
	}
	fmt.Fprintf(&b, "%s.Exit(m.Run())\n}\n", osName)
	return b.String()
}

// loop writes the body as a benchmark.
func (w *writer) loop(testing string) string {
	if len(w.body.Stmts) == 0 && w.body.Result == nil {
		w.err = ErrNothing
		return ""
	}
	param := w.fresh("b")
	name := w.fresh("Benchmark" + w.bench)
	w.benchmarks = []string{name}
	defer func() { w.bench = name }()
	return fmt.Sprintf("%sfunc %s(%s *%s.B) {\nfor %[3]s.Loop() {\n%[5]s%[1]s}\n}\n", own, name, param, testing, w.statements(false))
}

// exampleList writes the examples that say what they print; the others are only compiled.
func (w *writer) exampleList() string {
	var b strings.Builder
	w.examples = nil
	for _, d := range w.body.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv != nil || !isTest(f.Name.Name, "Example") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), "", "package main\n"+w.body.Source(f.Pos(), f.End())+"\n", parser.ParseComments)
		if err != nil {
			continue // it parsed before
		}
		for _, e := range doc.Examples(file) {
			if e.Output != "" || e.EmptyOutput {
				w.examples = append(w.examples, f.Name.Name)
				fmt.Fprintf(&b, "{%q, %s, %q, %t}, ", f.Name.Name, f.Name.Name, e.Output, e.Unordered)
			}
		}
	}
	return b.String()
}
