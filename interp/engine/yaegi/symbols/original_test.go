package symbols_test

import (
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/interp/engine/yaegi/symbols"
	"github.com/traefik/yaegi/stdlib"
)

// TestOriginal asserts that no name is of yaegi's own make, but for the wrappers of interfaces, which begin with an
// underscore.
func TestOriginal(t *testing.T) {
	for key := range stdlib.Symbols {
		path := key[:max(0, strings.LastIndexByte(key, '/'))]
		names, ok := symbols.Package(path)
		if !ok || strings.Contains(path, "yaegi") {
			continue
		}
		for name, v := range names {
			var from string
			switch {
			case name[0] == '_':
			case v.Kind() == reflect.Func && !v.IsNil():
				from = runtime.FuncForPC(v.Pointer()).Name()
			case v.Kind() == reflect.Pointer && v.Type().Elem().Name() != "":
				from = v.Type().Elem().PkgPath()
			}
			if strings.Contains(from, "yaegi") {
				t.Errorf("%s.%s is %s", path, name, from)
			}
		}
	}
}
