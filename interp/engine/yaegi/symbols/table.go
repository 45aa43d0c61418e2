package symbols

import (
	"maps"
	"path"
	"reflect"
	"strings"

	"github.com/traefik/yaegi/stdlib"
)

// added are the names yaegi's tables lack, by import path and name.
var added = map[string]map[string]reflect.Value{}

// Package returns the names of the package of the standard library, or of gobraid's own, with the given import path, without
// copying: the caller must not change the map. It reports false for a path that is not known.
func Package(importPath string) (map[string]reflect.Value, bool) {
	if names, ok := own[importPath]; ok {
		return names, true
	}
	old, ok := stdlib.Symbols[importPath+"/"+path.Base(importPath)]
	if !ok {
		old, ok = versioned(importPath)
	}
	more, isNew := added[importPath]
	other, isOther := original[importPath]
	if !isNew && !isOther {
		return old, ok
	}
	merged := make(map[string]reflect.Value, len(old)+len(more))
	maps.Copy(merged, old)
	maps.Copy(merged, more)
	maps.Copy(merged, other)
	return merged, true
}

// versioned finds packages such as math/rand/v2, whose name is not the last element of their path.
func versioned(importPath string) (map[string]reflect.Value, bool) {
	dir, last := path.Split(importPath)
	if len(last) < 2 || last[0] != 'v' || strings.Trim(last[1:], "0123456789") != "" {
		return nil, false
	}
	m, ok := stdlib.Symbols[importPath+"/"+path.Base(path.Clean(dir))]
	return m, ok
}
