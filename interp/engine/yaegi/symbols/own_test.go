package symbols_test

import (
	"go/token"
	"testing"

	"github.com/gobraid/gobraid/interp/check/stdtypes"
	"github.com/gobraid/gobraid/interp/engine/yaegi/symbols"
)

// TestOwn asserts that all of package display is there.
func TestOwn(t *testing.T) {
	const path = "github.com/gobraid/gobraid/concurrency/display"
	p, err := stdtypes.NewImporter(token.NewFileSet()).Import(path)
	if err != nil {
		t.Fatal(err)
	}
	names, ok := symbols.Package(path)
	if !ok {
		t.Fatal("not there")
	}
	for _, name := range p.Scope().Names() {
		if _, ok := names[name]; !ok && token.IsExported(name) {
			t.Errorf("%s is missing", name)
		}
	}
}
