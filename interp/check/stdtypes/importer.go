package stdtypes

import (
	"bytes"
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/gcexportdata"
)

// An Importer imports packages from the embedded type data. All packages it returns belong together:
// a type is identical however it is reached. It must be used by one goroutine at a time.
type Importer struct {
	// Fallback imports the packages the data do not hold; nil means there are none. For types to be
	// identical it must import the standard library through this importer.
	Fallback types.Importer

	fset     *token.FileSet
	packages map[string]*types.Package // complete ones, and incomplete ones that others refer to
}

// NewImporter returns an importer with no fallback. The objects it imports have no positions, so fset
// stays as it is.
func NewImporter(fset *token.FileSet) *Importer {
	return &Importer{fset: fset, packages: make(map[string]*types.Package)}
}

// Import returns the package with the given import path, reading it at the first call.
func (im *Importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	f := entries()[path]
	if f == nil && im.Fallback != nil {
		return im.Fallback.Import(path)
	}
	if p := im.packages[path]; p != nil && p.Complete() {
		return p, nil
	}
	if f == nil {
		return nil, fmt.Errorf("package %s is not in std", path)
	}
	data, err := read(f)
	if err != nil {
		return nil, fmt.Errorf("stdtypes: %s: %w", path, err)
	}
	p, err := gcexportdata.Read(bytes.NewReader(data), im.fset, im.packages, path)
	if err != nil {
		return nil, fmt.Errorf("stdtypes: %s: %w", path, err)
	}
	p.SetImports(slices.DeleteFunc(p.Imports(), hidden))
	return p, nil
}

// Read returns the package with the given import path from the file that the compiler made of it, with the types
// it shares with others. A package that was read or imported before stays as it is.
func (im *Importer) Read(file []byte, path string) (*types.Package, error) {
	if p := im.packages[path]; p != nil && p.Complete() {
		return p, nil
	}
	r, err := gcexportdata.NewReader(bytes.NewReader(file)) //lint:ignore SA1019 as in internal/export
	if err != nil {
		return nil, fmt.Errorf("stdtypes: %s: %w", path, err)
	}
	p, err := gcexportdata.Read(r, im.fset, im.packages, path)
	if err != nil {
		return nil, fmt.Errorf("stdtypes: %s: %w", path, err)
	}
	p.SetImports(slices.DeleteFunc(p.Imports(), func(p *types.Package) bool { return standard(p.Path()) && hidden(p) }))
	return p, nil
}

// Known returns the package with the given import path if it has been imported, nil if not.
func (im *Importer) Known(path string) *types.Package {
	if p := im.packages[path]; p != nil && p.Complete() {
		return p
	}
	return nil
}

// standard reports whether a path can only be one of the standard library.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// Hint says what to do about an import that failed, if Fallback has a method of this name; else it returns "".
func (im *Importer) Hint(path string) string {
	if f, ok := im.Fallback.(interface{ Hint(path string) string }); ok {
		return f.Hint(path)
	}
	return ""
}

// hidden reports whether p is a package that no program imports. Such packages are left out of the
// imports, for go/types writes "sync".Mutex instead of sync.Mutex when internal/sync is among them.
func hidden(p *types.Package) bool { return entries()[p.Path()] == nil && p != types.Unsafe }
