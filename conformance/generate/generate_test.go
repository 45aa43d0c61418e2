package generate

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"
)

// TestBuilds asserts that programs check.
func TestBuilds(t *testing.T) {
	fset := token.NewFileSet()
	imp := importer.ForCompiler(fset, "source", nil)
	for seed := range uint64(60) {
		text := Program(seed, 8, nil)
		if seed%2 == 1 {
			text = Session(seed, 8, nil)
		}
		f, err := parser.ParseFile(fset, fmt.Sprint(seed, ".go"), text, parser.SkipObjectResolution)
		if err != nil {
			t.Errorf("%v\n%s", err, text)
			continue
		}
		conf := types.Config{Importer: imp, Error: func(err error) { t.Errorf("seed %d: %v", seed, err) }}
		if _, err := conf.Check("main", fset, []*ast.File{f}, nil); err != nil {
			continue
		}
	}
}
