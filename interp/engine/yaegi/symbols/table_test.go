package symbols_test

import (
	"go/token"
	"go/types"
	"os/exec"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/interp/check/stdtypes"
	"github.com/gobraid/gobraid/interp/engine/yaegi/symbols"
)

// absent are the packages no cell on yaegi can use, with the reason.
var absent = map[string]string{
	"unsafe": "part of the language", "plugin": "refused", "runtime/cgo": "refused", "runtime/race": "no names",
	"testing/cryptotest": "for tests of crypto only", "iter": "generic only", "unique": "generic only", "weak": "generic only",
	"builtin": "no package",
}

// TestComplete looks for every name of the standard library that a table can hold.
func TestComplete(t *testing.T) {
	list, err := exec.Command("go", "list", "std").Output()
	if err != nil {
		t.Skip("needs the Go toolchain")
	}
	imp := stdtypes.NewImporter(token.NewFileSet())
	names := 0
	for _, path := range strings.Fields(string(list)) {
		if strings.Contains(path, "internal") || strings.Contains(path, "vendor/") || absent[path] != "" {
			continue
		}
		pkg, err := imp.Import(path)
		if err != nil {
			continue // no cell can import it either
		}
		have, ok := symbols.Package(path)
		if !ok {
			if hasNames(pkg) {
				t.Errorf("no package %s", path)
			}
			continue
		}
		for _, name := range pkg.Scope().Names() {
			if obj := pkg.Scope().Lookup(name); obj.Exported() && wanted(obj) {
				names++
				if !have[name].IsValid() {
					t.Errorf("no %s.%s", path, name)
				}
			}
		}
	}
	if names < 3000 {
		t.Errorf("only %d names", names)
	}
}

func hasNames(pkg *types.Package) bool {
	for _, name := range pkg.Scope().Names() {
		if obj := pkg.Scope().Lookup(name); obj.Exported() && wanted(obj) {
			return true
		}
	}
	return false
}

// wanted reports whether a table can hold obj: it is no constant, not generic and no constraint.
func wanted(obj types.Object) bool {
	switch obj := obj.(type) {
	case *types.Func:
		return obj.Signature().TypeParams() == nil
	case *types.TypeName:
		if i, ok := obj.Type().Underlying().(*types.Interface); ok && !i.IsMethodSet() {
			return false
		}
		switch t := obj.Type().(type) {
		case *types.Named:
			return t.TypeParams() == nil
		case *types.Alias:
			return t.TypeParams() == nil
		}
		return true
	case *types.Var:
		return true
	}
	return false
}
