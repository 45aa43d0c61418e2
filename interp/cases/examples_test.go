package cases

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/doc"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/session"
)

// vocabulary are the packages whose examples are cells.
var vocabulary = []string{"", "loop", "process", "cluster", "web", "webtest", "measure", "display"}

// An example is an example of a package as a cell.
type example struct {
	name, source, output string
	unordered            bool
}

// examples returns the examples of the vocabulary that say what they print and need nothing of another file.
func examples(t *testing.T) (all []example) {
	for _, pkg := range vocabulary {
		files, err := filepath.Glob(filepath.Join("../../concurrency", pkg, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, file, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range doc.Examples(f) {
				if e.Play == nil {
					t.Logf("no program: %s %s", pkg, e.Name)
					continue
				}
				x := example{name: pkg + "/" + e.Name, output: e.Output, unordered: e.Unordered, source: cellOf(t, fset, e.Play)}
				all = append(all, x)
			}
		}
	}
	return all
}

// cellOf returns a program as a cell: what it declares, and what main does. That it calls where it returns somewhere else than in a literal.
func cellOf(t *testing.T, fset *token.FileSet, program *ast.File) string {
	var b bytes.Buffer
	for _, d := range program.Decls {
		var text bytes.Buffer
		if err := format.Node(&text, fset, d); err != nil {
			t.Fatal(err)
		}
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "main" {
			body := strings.TrimPrefix(text.String(), "func main() {")
			if returns(f.Body) {
				body = "func() {" + body + "()"
			} else {
				body = strings.TrimSuffix(strings.TrimSpace(body), "}")
			}
			text.Reset()
			text.WriteString(body)
		}
		fmt.Fprintf(&b, "%s\n", &text)
	}
	return b.String()
}

func returns(body *ast.BlockStmt) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = true
		}
		return true
	})
	return found
}

func TestExamples(t *testing.T) {
	path := program(t)
	mode := os.Getenv("MODE")
	if mode == "" {
		mode = "yaegi"
	}
	for _, e := range examples(t) {
		t.Run(e.name, func(t *testing.T) {
			runner, err := session.Start(t.Context(), session.Config{Path: path, Args: []string{"session"}, Engine: mode, Dir: t.TempDir()})
			if err != nil {
				t.Fatal(err)
			}
			out := &sink{text: map[interp.Stream]string{}, leaves: true}
			got := runner.Run(context.Background(), interp.Request{Number: 1, Source: e.source}, out)
			if err := runner.Close(); err != nil {
				t.Error(err)
			}
			text := strings.TrimSpace(out.get(interp.Stdout))
			if e.unordered {
				text = sorted(text)
				e.output = sorted(e.output)
			}
			if got.Error != nil {
				t.Errorf("%s\n%s\n%s", got.Error.Value, strings.Join(got.Error.Traceback, "\n"), e.source)
			} else if strings.TrimSpace(e.output) != text {
				t.Errorf("WRONG got\n%s\nwant\n%s\n%s%s\n%s", text, e.output, out.get(displayed), out.get(interp.Stderr), e.source)
			}
		})
	}
}

func sorted(text string) string {
	l := strings.Split(strings.TrimSpace(text), "\n")
	slices.Sort(l)
	return strings.Join(l, "\n")
}
