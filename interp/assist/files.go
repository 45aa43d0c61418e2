package assist

import (
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"os"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/check/stdtypes"
)

// files are the packages of modules that the session has imported: the files that the compiler made of them, by import path. They
// are what an importer imports beside the standard library.
type files struct {
	importer *stdtypes.Importer
	byPath   map[string]string
}

// newFiles returns an importer that knows no package of a module.
func newFiles() *files {
	f := &files{importer: stdtypes.NewImporter(token.NewFileSet()), byPath: map[string]string{}}
	f.importer.Fallback = f
	return f
}

// Import reads a package.
func (f *files) Import(path string) (*types.Package, error) {
	if pkg := f.importer.Known(path); pkg != nil {
		return pkg, nil
	}
	file, ok := f.byPath[path]
	if !ok {
		return nil, fmt.Errorf("package %s is not in std", path)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return f.importer.Read(b, path)
}

// with returns an importer for the packages among names: the same, if no package is another than it was.
func (f *files) with(names []interp.Name) *files {
	now := map[string]string{}
	for _, n := range names {
		if n.Kind == "package" && n.File != "" {
			now[n.Type] = n.File
		}
	}
	for path, file := range now {
		if old := f.byPath[path]; old != "" && old != file { // a new session
			f = newFiles()
			break
		}
	}
	maps.Copy(f.byPath, now)
	return f
}
