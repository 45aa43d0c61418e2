package normal

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"

	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/lower/normal/source"
)

// sourcePrefix begins the path of a package that was checked from its source text, beside the compiled one
// of the same name. Its types and functions are emitted as if a cell had declared them.
const sourcePrefix = "source:"

// A sourcePackage is the generic part of a compiled package, checked from its text. What the text does
// not declare is the compiled package's own.
type sourcePackage struct {
	pkg   *types.Package
	info  *types.Info
	fset  *token.FileSet
	decls map[types.Object]*ast.FuncDecl
	errs  []error
}

// fromSource reports whether obj is of a package that was checked from its text.
func fromSource(obj types.Object) bool {
	return obj.Pkg() != nil && strings.HasPrefix(obj.Pkg().Path(), sourcePrefix)
}

// source returns the package of the given path, or nil if there is no text of it.
func (g *Generics) source(path string, importer types.Importer) *sourcePackage {
	path = strings.TrimPrefix(path, sourcePrefix)
	if s, ok := g.sources[path]; ok {
		return s
	}
	var s *sourcePackage
	if files := source.Files(path); files != nil && path != "rt" {
		s = checkSource(path, files, importer)
	}
	g.sources[path] = s
	return s
}

func checkSource(path string, files []source.File, importer types.Importer) *sourcePackage {
	s := &sourcePackage{fset: token.NewFileSet(), decls: map[types.Object]*ast.FuncDecl{}}
	s.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Instances: map[*ast.Ident]types.Instance{},
		Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	conf := types.Config{GoVersion: check.GoVersion, Importer: helpers{importer}, Error: s.note}
	trees := s.parse(files)
	if len(trees) == 0 {
		return s
	}
	s.pkg = types.NewPackage(sourcePrefix+path, trees[0].Name.Name)
	if compiled, err := importer.Import(path); err == nil {
		declared := declaredNames(trees)
		for _, name := range compiled.Scope().Names() {
			if obj := compiled.Scope().Lookup(name); obj.Exported() && !declared[name] {
				s.pkg.Scope().Insert(obj)
			}
		}
	}
	// The errors are in s.errs.
	_ = types.NewChecker(&conf, s.fset, s.pkg, s.info).Files(trees)
	for _, tree := range trees {
		for _, d := range tree.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				s.decls[s.info.Defs[f.Name]] = f
			}
		}
	}
	return s
}

// note keeps an error. That an import is not used any more is none.
func (s *sourcePackage) note(err error) {
	if !strings.HasSuffix(err.Error(), "imported and not used") {
		s.errs = append(s.errs, err)
	}
}

// parse returns the trees of the files, without the functions of whose name there is one of our own.
func (s *sourcePackage) parse(files []source.File) (trees []*ast.File) {
	own := map[string]bool{}
	for _, f := range files {
		if f.Own {
			tree := s.parseFile(f)
			for name := range declaredNames([]*ast.File{tree}) {
				own[name] = true
			}
			trees = append(trees, tree)
		}
	}
	for _, f := range files {
		if f.Own {
			continue
		}
		tree := s.parseFile(f)
		var kept []ast.Decl
		for _, d := range tree.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && (own[f.Name.Name] || f.Body == nil) {
				continue
			}
			kept = append(kept, d)
		}
		tree.Decls = kept
		trees = append(trees, tree)
	}
	return trees
}

func (s *sourcePackage) parseFile(f source.File) *ast.File {
	tree, err := parser.ParseFile(s.fset, f.Name, f.Text, parser.SkipObjectResolution)
	if err != nil {
		s.errs = append(s.errs, err)
	}
	return tree
}

func declaredNames(trees []*ast.File) map[string]bool {
	names := map[string]bool{}
	for _, tree := range trees {
		for _, d := range tree.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					names[d.Name.Name] = true
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if t, ok := s.(*ast.TypeSpec); ok {
						names[t.Name.Name] = true
					}
				}
			}
		}
	}
	return names
}

// helpers is an importer that knows the compiled helpers, too.
type helpers struct{ types.Importer }

func (h helpers) Import(path string) (*types.Package, error) {
	if path != "rt" {
		return h.Importer.Import(path)
	}
	fset := token.NewFileSet()
	var trees []*ast.File
	for _, f := range source.Files("rt") {
		tree, err := parser.ParseFile(fset, f.Name, f.Text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		trees = append(trees, tree)
	}
	// Functions without bodies are errors; they are what there is to see.
	conf := types.Config{Importer: h.Importer, Error: func(error) {}}
	pkg, _ := conf.Check("rt", fset, trees, nil)
	return pkg, nil
}

// sourced returns what the text of a compiled package declares in the place of obj, a generic function or type, or
// nil.
func (e *emitter) sourced(obj types.Object) types.Object {
	if obj == nil || obj.Pkg() == nil || obj.Pkg().Path() == "main" || fromSource(obj) {
		return nil
	}
	s := e.generics.source(obj.Pkg().Path(), e.checked.Importer)
	if s == nil || s.pkg == nil {
		return nil
	}
	if own := s.pkg.Scope().Lookup(obj.Name()); own != nil && own.Pkg() == s.pkg {
		return own
	}
	return nil
}

// sourceMethod returns the method of the type that the text of a compiled package declares in the place of
// the type of f's receiver, with the same type arguments, or nil.
func (e *emitter) sourceMethod(f *types.Func) *types.Func {
	recv := e.sigOf(f).Recv()
	if recv == nil || ofCell(f) {
		return nil
	}
	return e.sourceMethodOf(recv.Type(), f.Name())
}

// sourceMethodOf returns the method of a name of the type that the text of a compiled package declares in the place of t, or of what t points to; or nil.
// What is promoted in the one from a field that is not exported is the other's own.
func (e *emitter) sourceMethodOf(t types.Type, name string) *types.Func {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	named, ok := t.(*types.Named)
	if !ok || named.TypeArgs() == nil {
		return nil
	}
	own, ok := e.sourceType(named)
	if !ok {
		return nil
	}
	for m := range own.Methods() {
		if m.Name() == name {
			return m
		}
	}
	return nil
}

// sourceType returns the type that the text of a compiled package declares in the place of a generic type.
func (e *emitter) sourceType(t *types.Named) (*types.Named, bool) {
	obj, ok := e.sourced(t.Origin().Obj()).(*types.TypeName)
	if !ok {
		return nil, false
	}
	var targs []types.Type
	for a := range t.TypeArgs().Types() {
		targs = append(targs, e.subst(a))
	}
	inst, err := types.Instantiate(e.generics.types, obj.Type(), targs, false)
	if err != nil {
		return nil, false
	}
	return inst.(*types.Named), true
}

// canonical returns t with the types that stand in the place of generic types of compiled packages, so that the text of such a package and a
// cell mean the same type.
func (e *emitter) canonical(t types.Type) types.Type {
	switch t := t.(type) {
	case *types.Named:
		if t.TypeArgs() == nil {
			return t
		}
		var targs []types.Type
		same := true
		for a := range t.TypeArgs().Types() {
			c := e.canonical(types.Unalias(a))
			targs = append(targs, c)
			same = same && c == types.Unalias(a)
		}
		if !same {
			if inst, err := types.Instantiate(e.generics.types, t.Origin(), targs, false); err == nil {
				t = inst.(*types.Named)
			}
		}
		if own, ok := e.sourceType(t); ok {
			return own
		}
		return t
	case *types.Pointer:
		if elem := e.canonical(types.Unalias(t.Elem())); elem != t.Elem() {
			return types.NewPointer(elem)
		}
	case *types.Slice:
		if elem := e.canonical(types.Unalias(t.Elem())); elem != t.Elem() {
			return types.NewSlice(elem)
		}
	case *types.Chan:
		if elem := e.canonical(types.Unalias(t.Elem())); elem != t.Elem() {
			return types.NewChan(t.Dir(), elem)
		}
	case *types.Map:
		key, elem := e.canonical(types.Unalias(t.Key())), e.canonical(types.Unalias(t.Elem()))
		if key != t.Key() || elem != t.Elem() {
			return types.NewMap(key, elem)
		}
	}
	return t
}

// isInstance reports whether f, which has no receiver, stands for an instance of a generic function: what is declared has
// a scope.
func isInstance(f *types.Func) bool { return f.Parent() == nil && f.Signature().Recv() == nil }
