package split

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

var splitTests = []struct {
	name, text string
	decls      int
	stmts      int
	err        string // "line:column: message" of the first error
}{
	{name: "empty", text: " \n// nothing\n"},
	{name: "expression", text: "1+1", stmts: 1},
	{name: "mixture", text: "x := 1\nfunc f() int { return x }\nimport \"fmt\"\nfmt.Println(f())\ntype T struct {\n\ta int\n}\n", decls: 2, stmts: 2},
	{name: "method", text: "func (t *T) m() {}\nfunc (t T[K]) n(a int) {}", decls: 2},
	{name: "literals", text: "func(x int) int { return x }(1)\nfunc() {}()\nfunc(x int) T { return 0 }(2)\nfunc(x int) (a, b int) { return }(2)", stmts: 4},
	{name: "generic", text: "func Map[T any](x T) T { return x }", decls: 1},
	{name: "one line", text: "var a = 1; type T int; const c = 2; a + c", decls: 2, stmts: 2},
	{name: "label", text: "L:\nfor {\n\tbreak L\n}", stmts: 1},
	{name: "headers", text: "for i := 0; ; i++ {\n\tbreak\n}\nfor ; ; {\n\tbreak\n}\nif x := 1; x > 0 {\n}\nswitch ; {\n}\nx := 1;;", stmts: 5},
	{name: "program", text: "package main\nimport \"fmt\"\nfunc main() { fmt.Println() }", decls: 1},
	{name: "raw string", text: "s := `func f() {\n}`\ns", stmts: 2},
	{name: "missing brace", text: "for i := 0; i < 3; i++ {\n\tx(i", err: "2:5: syntax error"},
	{name: "extra brace", text: "x := 1\n}\ny := 2", err: "2:1: syntax error"},
	{name: "late error", text: "x := 1\ny := := 2", err: "2:6: syntax error"},
	{name: "in decl", text: "x := 1\nfunc f() { return 1 2 }", err: "2:21: syntax error"},
}

func TestSplit(t *testing.T) {
	for _, tt := range splitTests {
		t.Run(tt.name, func(t *testing.T) {
			p, errs := Split(token.NewFileSet(), "/cell/1.go", tt.text)
			if tt.err != "" {
				if len(errs) == 0 {
					t.Fatalf("no error, want %s", tt.err)
				}
				if got := strings.TrimPrefix(errs[0].Error(), "/cell/1.go:"); !strings.HasPrefix(got, tt.err) {
					t.Fatalf("error %q, want %q", got, tt.err)
				}
				return
			}
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			if len(p.Decls) != tt.decls || len(p.Stmts) != tt.stmts {
				t.Errorf("%d declarations and %d statements, want %d and %d", len(p.Decls), len(p.Stmts), tt.decls, tt.stmts)
			}
		})
	}
}

func TestPositions(t *testing.T) {
	fset := token.NewFileSet()
	p, errs := Split(fset, "/cell/7.go", "ä := 1; func f() {\n}; b := ä\n  c := 3")
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	for i, want := range []string{"/cell/7.go:1:1", "/cell/7.go:2:4", "/cell/7.go:3:3"} {
		if got := fset.Position(p.Stmts[i].Pos()).String(); got != want {
			t.Errorf("statement %d at %s, want %s", i, got, want)
		}
	}
	if got, want := fset.Position(p.Decls[0].(*ast.FuncDecl).Pos()).String(), "/cell/7.go:1:10"; got != want {
		t.Errorf("function at %s, want %s", got, want)
	}
}

func TestIsComplete(t *testing.T) {
	for text, want := range map[string]Status{
		"1+1": Complete, "x := 3": Complete, "for {\n}": Complete, "": Complete, "return": Complete,
		"for i := 0; i < 3; i++ {": Incomplete, "fmt.Println(": Incomplete, "x :=": Incomplete, "1 +": Incomplete,
		"s := `abc": Incomplete, "/* abc": Incomplete, "}": Invalid, "f())": Invalid, "x := := 3": Invalid,
	} {
		if got, _ := IsComplete(text); got != want {
			t.Errorf("IsComplete(%q) = %s, want %s", text, got, want)
		}
	}
}

func FuzzSplit(f *testing.F) {
	for _, tt := range splitTests {
		f.Add(tt.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, errs := Split(token.NewFileSet(), "/cell/1.go", text)
		if (p == nil) == (len(errs) == 0) {
			t.Fatalf("parts %v and errors %v", p, errs)
		}
		IsComplete(text)
	})
}

func TestDeclarations(t *testing.T) {
	text := "x := 1\nfunc f() int {\n\treturn 1\n}\ny := 2; type T int\n"
	decls := Declarations(text)
	if len(decls) != 2 {
		t.Fatalf("%d declarations, want 2", len(decls))
	}
	if got, want := Keep(text, decls[:1]), "      \nfunc f() int {\n\treturn 1\n}\n                  \n"; got != want {
		t.Errorf("kept %q, want %q", got, want)
	}
}

func TestDirectives(t *testing.T) {
	fset := token.NewFileSet()
	p, errs := Split(fset, "/1.go", "x := 1\n//go:noinline\nfunc f() {}\n")
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if doc := p.Decls[0].(*ast.FuncDecl).Doc; doc == nil || doc.List[0].Text != "//go:noinline" {
		t.Errorf("doc %v", doc)
	}
}

func TestCallMain(t *testing.T) {
	for text, want := range map[string]bool{
		"func main() {\n}": true, "import \"fmt\"\nvar x = 1\nfunc f() {}\nfunc main() { f() }": true,
		"func main() {}\nmain()": false, "func f() {}": false, "func main(x int) {}": false, "package main\nfunc main() {}": false,
		"func (t T) main() {}": false, "": false,
	} {
		if got := CallMain(text) != text; got != want {
			t.Errorf("CallMain(%q) calls it: %v, want %v", text, got, want)
		}
	}
}
