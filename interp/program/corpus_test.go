package program

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/check/stdtypes"
	"github.com/gobraid/gobraid/interp/split"
)

// TestCorpus makes a program of every cell in interp/testdata/cells, after the cells before it, and has the type checker of
// Go look at it: whatever a cell may be, the program is one.
func TestCorpus(t *testing.T) {
	files, _ := filepath.Glob("../testdata/cells/*.txtar")
	programs := 0
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			n := newNotebook(t)
			for _, f := range a.Files {
				n.n++
				cell, errs := n.checker.Check(n.n, task.CellFile(n.n), split.CallMain(string(f.Data)))
				if len(errs) > 0 {
					continue // it is about errors, or has magics
				}
				for _, race := range []bool{false, true} {
					p, err := n.book.Program(cell, Options{Race: race})
					if errors.Is(err, ErrNothing) {
						break
					}
					if err != nil {
						t.Errorf("%s: %v", f.Name, err)
						continue
					}
					programs++
					for _, err := range goErrors(p.Source) {
						t.Errorf("%s: %v\n%s", f.Name, err, p.Source)
					}
				}
				n.checker.Declare(cell, len(cell.Vars))
				n.book.Add(cell)
			}
		})
	}
	if programs < 100 {
		t.Errorf("only %d programs", programs)
	}
}

// goErrors returns what Go's type checker has against a program.
func goErrors(source string) (errs []error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "main.go", source, 0)
	if err != nil {
		return []error{err}
	}
	conf := types.Config{
		GoVersion: check.GoVersion, Importer: stdtypes.NewImporter(fset),
		Error: func(err error) { errs = append(errs, err) },
	}
	_, _ = conf.Check("main", fset, []*ast.File{f}, nil) // the errors are told as they are found
	return errs
}
