package symbols_test

import (
	"go/token"
	"go/types"
	"testing"

	"github.com/gobraid/gobraid/interp/check/stdtypes"
	"github.com/gobraid/gobraid/interp/engine/yaegi/symbols"
)

// TestOwn asserts that all of gobraid's packages is there that is not generic.
func TestOwn(t *testing.T) {
	for _, name := range []string{"", "/cluster", "/display", "/measure", "/experiment", "/process", "/loop", "/web", "/webtest"} {
		testOwn(t, "github.com/gobraid/gobraid/concurrency"+name)
	}
}

func testOwn(t *testing.T, path string) {
	t.Helper()
	p, err := stdtypes.NewImporter(token.NewFileSet()).Import(path)
	if err != nil {
		t.Fatal(err)
	}
	names, ok := symbols.Package(path)
	if !ok {
		t.Fatal("not there")
	}
	for _, name := range p.Scope().Names() {
		if _, ok := names[name]; !ok && token.IsExported(name) && !isGeneric(p.Scope().Lookup(name).Type()) {
			t.Errorf("%s is missing", name)
		}
	}
}

func isGeneric(t types.Type) bool {
	switch t := t.(type) {
	case *types.Named:
		return t.TypeParams() != nil
	case *types.Signature:
		return t.TypeParams() != nil
	}
	return false
}
