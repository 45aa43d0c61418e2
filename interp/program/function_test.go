package program

import (
	"go/ast"
	"strings"
	"testing"
)

// functionOf returns the text of the function that is the last argument of a call in the last statement of a cell.
func functionOf(t *testing.T, n *notebook, text string) string {
	t.Helper()
	cell := n.check(text)
	x, ok := cell.Result.(*ast.CallExpr)
	if !ok {
		t.Fatalf("%q does not end with a call", text)
	}
	source, err := n.book.Function(cell, x.Args[len(x.Args)-1])
	if err != nil {
		t.Fatal(err)
	}
	return source
}

func TestFunction(t *testing.T) {
	n := newNotebook(t)
	n.add("import \"strings\"\nfunc take(f any) int { return 0 }\nconst (\n\tsmall = iota\n\tbig\n)")
	n.add("type point struct{ X int }\nfunc (p point) twice() int { return 2 * p.X }\nfunc unused() {}")
	n.add("func old() int { return big }\nfunc uses(p point) int { return old() + p.twice() }")
	n.add("func old() string { return strings.ToUpper(\"new\") }")
	for _, c := range []struct {
		text, name string
		has, not   []string
	}{
		{"take(uses)", "uses", []string{"func uses(p point)", "func old", "small = iota", "func (p point) twice()", "//line "}, []string{"unused", "ToUpper", "take", "gobraid_worker"}},
		{"take(func() string { return old() })", Entry, []string{"func gobraid_worker() string", "ToUpper", "import"}, []string{"iota", "point"}},
		{"func both() { old(); uses(point{}) }\ntake(both)", "both", []string{"func old_cell3() int", "return old_cell3() + p.twice()", "ToUpper"}, []string{"gobraid_worker"}},
		{"func pick[T any](list []T) T { return list[0] }\ntake(pick[point])", Entry, []string{"func gobraid_worker(a []point) (point) { return pick[point](a) }", "func pick[T any]"}, []string{"iota"}},
		{"take((func(p *point) (map[string]point, error))(nil))", Entry, []string{"func gobraid_worker(a *point) (map[string]point, error) {"}, nil},
	} {
		source := functionOf(t, n, c.text)
		if got := FunctionName(source); got != c.name {
			t.Errorf("%s: the function is called %q, want %q", c.text, got, c.name)
		}
		for _, want := range c.has {
			if !strings.Contains(source, want) {
				t.Errorf("%s: no %q in\n%s", c.text, want, source)
			}
		}
		for _, no := range c.not {
			if strings.Contains(source, no) {
				t.Errorf("%s: %q in\n%s", c.text, no, source)
			}
		}
		goErrorsNone(t, source)
	}
}

// goErrorsNone has Go's checker look at a text.
func goErrorsNone(t *testing.T, source string) {
	t.Helper()
	if errs := goErrors(source + "\nfunc main() {}\n"); len(errs) > 0 {
		t.Errorf("%v in\n%s", errs, source)
	}
}

func TestFunctionOfLocalType(t *testing.T) {
	n := newNotebook(t)
	n.add("func take(f any) int { return 0 }")
	cell := n.check("func outer() int {\n\ttype local struct{ X int }\n\treturn take(func(l local) int { return l.X })\n}")
	var lit *ast.FuncLit
	ast.Inspect(cell.Decls[0], func(n ast.Node) bool {
		if x, ok := n.(*ast.FuncLit); ok {
			lit = x
		}
		return true
	})
	if source, err := n.book.Function(cell, lit); err == nil || !strings.Contains(err.Error(), "declared inside a function") {
		t.Errorf("%v\n%s", err, source)
	}
}
