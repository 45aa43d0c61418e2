package cases

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/interp/split"
)

// TestNative asks the Go toolchain whether the expectations of the cases marked native are Go's.
func TestNative(t *testing.T) {
	for _, name := range archives(t) {
		s := load(t, name)
		if !s.native {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			program, err := assemble(s.cells)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "main.go")
			if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command("go", "run", file)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%v\n%s\n%s", err, &stderr, program)
			}
			var want []string
			for _, c := range s.cells {
				want = append(want, c.stdout...)
			}
			if got := lines(string(out)); !slices.Equal(got, want) {
				t.Errorf("Go prints %q, the case says %q\n%s", got, want, program)
			}
		})
	}
}

// assemble makes one program of cells: their declarations, and a main of their statements. Variables of
// cells become local to it.
func assemble(cells []cell) (string, error) {
	var imports, decls, stmts strings.Builder
	seen := map[string]bool{}
	for _, c := range cells {
		fset := token.NewFileSet()
		parts, errs := split.Split(fset, "cell", c.source)
		if len(errs) > 0 {
			return "", errs[0]
		}
		text := func(n ast.Node) string {
			var b strings.Builder
			if err := format.Node(&b, fset, n); err != nil {
				panic(err)
			}
			return b.String() + "\n"
		}
		for _, spec := range parts.Imports {
			if line := "import " + text(spec); !seen[line] {
				seen[line] = true
				imports.WriteString(line)
			}
		}
		for _, d := range parts.Decls {
			decls.WriteString(text(d))
		}
		for _, s := range parts.Stmts {
			if e, ok := s.(*ast.ExprStmt); ok {
				if _, call := e.X.(*ast.CallExpr); !call {
					stmts.WriteString("_ = ")
				}
			}
			stmts.WriteString(text(s))
			for _, name := range defined(s) {
				fmt.Fprintf(&stmts, "_ = %s\n", name)
			}
		}
	}
	return "package main\n" + imports.String() + decls.String() + "func main() {\n" + stmts.String() + "}\n", nil
}

// defined returns the variables that a statement defines.
func defined(s ast.Stmt) []string {
	var ids []*ast.Ident
	switch s := s.(type) {
	case *ast.AssignStmt:
		for _, e := range s.Lhs {
			if id, ok := e.(*ast.Ident); ok && s.Tok == token.DEFINE {
				ids = append(ids, id)
			}
		}
	case *ast.DeclStmt:
		for _, spec := range s.Decl.(*ast.GenDecl).Specs {
			if v, ok := spec.(*ast.ValueSpec); ok {
				ids = append(ids, v.Names...)
			}
		}
	}
	var names []string
	for _, id := range ids {
		if id.Name != "_" {
			names = append(names, id.Name)
		}
	}
	return names
}

// lines returns the lines of an output that ends in a line end; an unfinished last line counts.
func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}
