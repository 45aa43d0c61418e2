package display_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/gobraid/gobraid/interp/check/stdtypes"
	"github.com/gobraid/gobraid/interp/display"
)

var update = flag.Bool("update", false, "rewrite the expected texts")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// staticTypes type-checks samples_test.go as a cell would be and returns the types of its variables.
func staticTypes(t testing.TB) *types.Scope {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "samples_test.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	conf := types.Config{Importer: stdtypes.NewImporter(fset)}
	p, err := conf.Check("main", fset, []*ast.File{f}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p.Scope()
}

// testdata/samples.txt holds a chunk for each sample: a line "== name", then the text.
func TestSamples(t *testing.T) {
	const file = "testdata/samples.txt"
	scope := staticTypes(t)
	var names []string
	for name := range samples {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { // in the order of the source
		return int(scope.Lookup(a).Pos() - scope.Lookup(b).Pos())
	})
	var got bytes.Buffer
	for _, name := range names {
		v := reflect.ValueOf(samples[name]).Elem()
		fmt.Fprintf(&got, "== %s\n%s\n", name, display.Text(v, scope.Lookup(name).Type()))
	}
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	g, w := strings.Split(got.String(), "\n== "), strings.Split(string(want), "\n== ")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Errorf("shown as\n%s\nwant\n%s", g[i], w[i])
		}
	}
	if len(g) != len(w) {
		t.Errorf("%d samples, want %d", len(g), len(w))
	}
}
