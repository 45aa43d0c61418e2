package engine_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/check/stdtypes"
	"github.com/gobraid/gobraid/interp/engine"
)

// TestAdmit has cells admitted one after the other: first the engine, then the text, in which a literal of U is a
// box. What is refused begins with an exclamation mark.
func TestAdmit(t *testing.T) {
	for name, cells := range map[string][]string{
		"numbers are free":            {"y: x := 1; var v any = U{}", "c: x + 1"},
		"a box in a variable":         {"y: var x any = U{}", "!c: x"},
		"a box beside a variable":     {"y: var x, z any; x = U{}", "!c: z"},
		"a variable that is clean":    {"y: var x any = 1", "c: x", "!y: x = U{}", "y: x = 2"},
		"by way of another":           {"y: var x any = U{}", "y: z := x", "!c: z"},
		"by way of a function":        {"y: func f() any { return U{} }\nfunc g() any { return 1 }", "!c: f()", "c: g()"},
		"a function without a result": {"y: func f() { panic(U{}) }", "!c: f()"},
		"joining two":                 {"y: var x any = U{}", "c: var z any", "!y: z = x", "c: z"},
		"by way of a method": {
			"c: var reg any", "y: type P struct{}\nfunc (P) put(v any) { reg = v }", "!y: var p P; p.put(U{})", "c: reg", "y: P{}.put(1)",
		},
		"by way of a method of a part": {
			"y: var reg any\ntype P struct{}\nfunc (P) put(v any) { reg = v }", "y: type Q struct{ p *P }", "y: var q Q", "y: q.p.put(U{})", "!c: reg",
		},
		"by way of a method's result": {
			"y: type M struct{}\nfunc (M) mk() any { return U{} }", "y: type Q struct{}\nfunc (Q) m() M { return M{} }",
			"c: var reg any", "y: var q Q", "!y: reg = q.m().mk()", "c: reg",
		},
		"methods that reach nothing": {
			"y: type P int\nfunc (p P) String() string { return \"\" }\nvar x any = U{}", "c: var z any", "y: _, _ = z, P(1)", "c: z", "!c: x",
		},
		"what libraries hold":  {"import \"sync\"\ny: var m sync.Map; m.Store(1, U{})", "!c: m.Load(1)"},
		"what libraries close": {"import \"sync\"\ny: var m sync.Mutex; var x any = U{}", "c: m.Lock()"},
		"a recursive type":     {"y: type A struct { b *B; x any }; type B struct { a *A }; b := &B{}; var x any = U{}; b.a.x = x", "!c: b.a"},
		"a channel":            {"y: c := make(chan error, 1)", "c: c", "!y: f := func() { var _ any = U{}; <-c }; f()"},
	} {
		t.Run(name, func(t *testing.T) { admit(t, cells) })
	}
}

func admit(t *testing.T, cells []string) {
	checker := check.New(stdtypes.NewImporter(token.NewFileSet()), nil)
	scope := &engine.Scope{Bindings: map[types.Object]*engine.Binding{}}
	cells = append([]string{"y: type U struct{ n int }"}, cells...)
	for i, text := range cells {
		text, refused := strings.CutPrefix(text, "!")
		imports, rest, ok := strings.Cut(text, "\n")
		if !strings.HasPrefix(text, "import") || !ok {
			imports, rest = "", text
		}
		name := "compiled"
		if rest[0] == 'y' {
			name = "yaegi"
		}
		c, errs := checker.Check(i+1, "cell", imports+"\n"+rest[2:])
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		switch r := scope.Admit(name, c, literals(c, "U")); {
		case r == nil && refused:
			t.Errorf("%q is admitted", text)
		case r != nil && !refused:
			t.Errorf("%q: %v", text, r)
		}
		checker.Declare(c, len(c.Vars))
	}
}

// literals returns where a cell has composite literals of a type.
func literals(c *check.Cell, name string) []token.Pos {
	var all []token.Pos
	for x := range c.Info.Types {
		if l, ok := x.(*ast.CompositeLit); ok && c.Info.Types[l].Type.String() == "main."+name {
			all = append(all, l.Pos())
		}
	}
	return all
}
