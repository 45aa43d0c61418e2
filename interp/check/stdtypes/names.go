package stdtypes

import (
	"cmp"
	"go/token"
	"maps"
	"slices"
	"strings"
)

// runtimePath is the one package of the data that no cell imports: lowered code calls it.
const runtimePath = "github.com/gobraid/gobraid/concurrency/task"

// preferred orders the paths of one name where the shortest path is not what is most often meant.
var preferred = map[string]int{
	"math/rand":     1,
	"math/rand/v2":  2,
	"runtime/pprof": 1,
	"text/template": 1,
	"text/scanner":  1,
}

// Packages returns the import paths a cell may import, sorted: the standard library with unsafe, and
// gobraid's own packages.
func Packages() []string {
	paths := append(slices.Collect(maps.Keys(entries())), "unsafe")
	paths = slices.DeleteFunc(paths, func(path string) bool { return path == runtimePath })
	slices.Sort(paths)
	return paths
}

// Has reports whether the data hold a package.
func Has(path string) bool { return path == "unsafe" || entries()[path] != nil }

// ByName returns the import paths of the packages called name, the likeliest first: for rand they are
// math/rand, math/rand/v2 and crypto/rand. The name need not be the last element of the path.
func ByName(name string) []string {
	if name == "unsafe" {
		return []string{"unsafe"}
	}
	var paths []string
	for path, f := range entries() {
		if f.Comment == name && path != runtimePath {
			paths = append(paths, path)
		}
	}
	slices.SortFunc(paths, likelier)
	return paths
}

// likelier orders import paths of packages that have the same name.
func likelier(a, b string) int {
	rank := func(path string) int { return cmp.Or(preferred[path], len(preferred)) }
	return cmp.Or(
		cmp.Compare(rank(a), rank(b)),
		cmp.Compare(strings.Count(a, "/"), strings.Count(b, "/")),
		strings.Compare(a, b),
	)
}

// Exporting returns the import paths of the packages called name that export symbol, the likeliest
// first: for rand and IntN that is math/rand/v2 alone. It reads the candidates, which takes some
// milliseconds at most. It may be called from several goroutines.
func Exporting(name, symbol string) []string {
	if !token.IsExported(symbol) {
		return nil
	}
	im := NewImporter(token.NewFileSet())
	var paths []string
	for _, path := range ByName(name) {
		if p, err := im.Import(path); err == nil && p.Scope().Lookup(symbol) != nil {
			paths = append(paths, path)
		}
	}
	return paths
}
