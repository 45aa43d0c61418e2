package normal

import (
	"go/token"
	"testing"

	"github.com/gobraid/gobraid/interp/check/stdtypes"
)

// The text of the generic part of each package must check on its own.
func TestSources(t *testing.T) {
	importer := stdtypes.NewImporter(token.NewFileSet())
	g := NewGenerics()
	for _, path := range []string{"cmp", "slices", "maps", "sync", "sync/atomic", "math/rand/v2", "errors", concurrencyPath} {
		s := g.source(path, importer)
		if s == nil || s.pkg == nil {
			t.Errorf("no text of %s", path)
			continue
		}
		for _, err := range s.errs {
			t.Errorf("%s: %v", path, err)
		}
	}
	if g.source("os", importer) != nil {
		t.Error("os has no generic part")
	}
}
