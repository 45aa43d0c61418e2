package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"

	"github.com/gobraid/gobraid/interp/split"
)

// GoVersion is the language version cells are checked at.
const GoVersion = "go1.26"

// A Checker checks cells against the names earlier cells declared.
type Checker struct {
	fset     *token.FileSet
	importer types.Importer
	suggest  func(pkg, symbol string) []string
	dir      string // where the files are that cells embed

	names     map[string]types.Object       // in scope, by name
	cells     map[types.Object]int          // the cell that declared an object
	imports   map[string]string             // package name in scope → import path
	preloaded map[string]string             // package name → import path
	dots      map[string]bool               // paths imported with a dot
	types     map[string]*typeDecl          // declarations of the named types in scope
	lost      map[string]string             // names that were lost with a session → why
	replaced  map[string]int                // types declared more than once → the first cell
	sources   map[*token.File][]byte        // what was parsed
	aliases   map[types.Object]types.Object // alias made for an old meaning → the object meant
	past      map[string][]meaning          // what names have meant since Keep, the present meaning last
}

// A typeDecl is how a named type was declared, kept to declare it again with another method.
type typeDecl struct {
	spec    *ast.TypeSpec
	methods []*ast.FuncDecl
}

// New returns a checker with nothing in scope. suggest, which may be nil, returns the import paths of
// packages called pkg that export symbol, the likeliest first.
func New(importer types.Importer, suggest func(pkg, symbol string) []string) *Checker {
	return &Checker{
		fset:      token.NewFileSet(),
		importer:  importer,
		suggest:   suggest,
		dir:       ".",
		names:     map[string]types.Object{},
		cells:     map[types.Object]int{},
		imports:   map[string]string{},
		preloaded: map[string]string{},
		dots:      map[string]bool{},
		types:     map[string]*typeDecl{},
		lost:      map[string]string{},
		replaced:  map[string]int{},
		sources:   map[*token.File][]byte{},
		aliases:   map[types.Object]types.Object{},
	}
}

// Folder sets the folder with the files that cells embed; at first it is the working directory.
func (c *Checker) Folder(dir string) { c.dir = dir }

// Preload puts an import in scope as if an earlier cell had it. A cell may also import the package by its bare name.
func (c *Checker) Preload(path string) error {
	pkg, err := c.importer.Import(path)
	if err != nil {
		return err
	}
	c.imports[pkg.Name()] = path
	c.preloaded[pkg.Name()] = path
	return nil
}

// Preloaded reports whether a path is the bare name of a preloaded package.
func (c *Checker) Preloaded(name string) bool { return c.preloaded[name] != "" }

// Check checks the text of a cell. file is the name positions carry and number the cell's number. It
// returns the checked cell, or what is wrong with it, everything at once and by position. Nothing is
// declared yet: see [Checker.Declare].
func (c *Checker) Check(number int, file, text string) (*Cell, []Error) {
	embeds, wrong := embedDirectives(file, text)
	wrong = append(wrong, linknames(file, text)...)
	if len(wrong) > 0 {
		return nil, wrong
	}
	parts, errs := split.Split(c.fset, file, text)
	if len(errs) > 0 {
		return nil, fromSplit(errs)
	}
	maps.Copy(c.sources, parts.Sources)
	d := newDraft(c, number, parts)
	cell, wrong := d.check()
	if cell != nil && len(embeds) > 0 {
		if cell.Embeds, wrong = d.embed(embeds); len(wrong) > 0 {
			return nil, wrong
		}
	}
	return cell, wrong
}

// Declare makes what the cell declared visible to later cells. Of its variables only the first
// defined are: the ones whose definitions were reached before the cell failed.
func (c *Checker) Declare(cell *Cell, defined int) {
	missed := map[types.Object]bool{}
	for _, v := range cell.Vars[min(defined, len(cell.Vars)):] {
		missed[v] = true
	}
	for _, obj := range cell.Objects() {
		if !missed[obj] {
			c.change(cell, obj.Name(), func() { c.declare(cell, obj.Name(), obj) })
		}
	}
	for _, spec := range cell.Imports {
		c.declareImport(cell, spec)
	}
}

func (c *Checker) declare(cell *Cell, name string, obj types.Object) {
	if old, ok := c.names[name].(*types.TypeName); ok {
		if _, seen := c.replaced[name]; !seen {
			c.replaced[name] = c.cells[old]
		}
	}
	c.names[name] = obj
	c.cells[obj] = cell.Number
	delete(c.imports, name)
	delete(c.lost, name)
	delete(c.types, name)
	if decl := cell.types[name]; decl != nil {
		c.types[name] = decl
	}
}

func (c *Checker) declareImport(cell *Cell, spec *ast.ImportSpec) {
	path, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return // the parser let only good literals through
	}
	name := ""
	if spec.Name != nil {
		name = spec.Name.Name
	}
	switch name {
	case "_":
		return
	case ".":
		c.dots[path] = true
		return
	case "":
		if pkg, err := c.importer.Import(path); err == nil {
			name = pkg.Name()
		}
	}
	c.change(cell, name, func() {
		c.imports[name] = path
		delete(c.names, name)
		delete(c.types, name)
	})
}

// Lose takes a name out of scope and keeps why, to be told when it is used.
func (c *Checker) Lose(name, why string) {
	c.change(nil, name, func() {
		delete(c.names, name)
		delete(c.types, name)
		c.lost[name] = why
	})
}

// Lookup returns the object a name means to the next cell, or nil.
func (c *Checker) Lookup(name string) types.Object { return c.names[name] }

// CellOf returns the number of the cell that declared an object of the session, 0 if none did.
func (c *Checker) CellOf(obj types.Object) int { return c.cells[obj] }

// Imports returns the packages in scope, import paths by name.
func (c *Checker) Imports() map[string]string { return maps.Clone(c.imports) }

// Objects returns the objects in scope, sorted by name.
func (c *Checker) Objects() []types.Object {
	out := make([]types.Object, 0, len(c.names))
	for _, name := range slices.Sorted(maps.Keys(c.names)) {
		out = append(out, c.names[name])
	}
	return out
}
