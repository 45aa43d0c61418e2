package cases

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/doc"
	"go/format"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/session"
)

// vocabulary are the packages whose examples are cells.
var vocabulary = []string{"", "loop", "process", "cluster", "web", "webtest", "measure", "display", "exercise", "experiment"}

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
				if e.Play != nil {
					all = append(all, example{name: pkg + "/" + e.Name, output: e.Output, unordered: e.Unordered, source: cellOf(t, fset, e.Play)})
				}
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

// different are the examples that say in a cell something else than in a program, and why.
var different = map[string]string{
	"process/Sendable":        "package reflect is refused",
	"cluster/Worker":          "it needs a file",
	"measure/ProfileBlocking": "it looks for the name of its test",
	"measure/Timeline":        "there is a cell to show",
	"display/Show":            "it is displayed",
}

// The examples of the vocabulary are cells that the interpreter runs, and print in them what they say.
func TestExamples(t *testing.T) {
	path := program(t)
	for _, e := range examples(t) {
		if different[e.name] != "" {
			continue
		}
		t.Run(e.name, func(t *testing.T) {
			runner, err := session.Start(t.Context(), session.Config{Path: path, Args: []string{"session"}, Engine: "yaegi", Dir: t.TempDir()})
			if err != nil {
				t.Fatal(err)
			}
			out := &sink{text: map[interp.Stream]string{}, leaves: true}
			got := runner.Run(t.Context(), interp.Request{Number: 1, Source: e.source}, out)
			if err := runner.Close(); err != nil {
				t.Error(err)
			}
			if got.Error != nil {
				t.Fatalf("%s\n%s", strings.Join(got.Error.Traceback, "\n"), e.source)
			}
			text, want := strings.TrimSpace(out.get(interp.Stdout)), strings.TrimSpace(e.output)
			if text == "" {
				text = strings.TrimSpace(out.get(displayed))
			}
			if e.unordered {
				text, want = sorted(text), sorted(want)
			}
			if text != want {
				t.Errorf("it prints\n%s\nwant\n%s\nand displays %s%s\n%s", text, want, out.get(displayed), out.get(interp.Stderr), e.source)
			}
		})
	}
}

// sorted returns the lines of a text in order.
func sorted(text string) string {
	return strings.Join(slices.Sorted(strings.SplitSeq(text, "\n")), "\n")
}
