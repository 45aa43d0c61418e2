package assist

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/check/stdtypes"
)

// A scope is what earlier cells declared, as a package made from the texts of the types.
type scope struct {
	names    []interp.Name
	lessons  int // how many had been learned
	pkg      *types.Package
	packages map[string]string // import paths by name
}

// inScope returns the session's scope as it is now.
func (a *Assistant) inScope() *scope {
	names := a.names()
	a.mu.Lock()
	defer a.mu.Unlock()
	if s := a.session; s.pkg != nil && s.lessons == a.learned.count && slices.Equal(names, s.names) {
		return s
	}
	s := &scope{names: names, lessons: a.learned.count, pkg: types.NewPackage("main", "main"), packages: map[string]string{}}
	a.session = s
	a.importer = a.importer.with(names)
	for _, n := range names {
		if n.Kind == "package" {
			s.packages[n.Name] = n.Type
		}
	}
	var files []*ast.File
	fset := token.NewFileSet()
	for _, n := range names {
		for _, text := range a.declarations(n) {
			f, err := parser.ParseFile(fset, "", "package main\n"+text, parser.SkipObjectResolution)
			if err != nil {
				continue // a type that has no text in Go, such as one from inside a function
			}
			a.addImports(f, s)
			files = append(files, f)
		}
	}
	a.check(s.pkg, fset, new(types.Info), files)
	return s
}

// declarations returns the text that declares a name of the session, without what it would run.
func (a *Assistant) declarations(n interp.Name) []string {
	switch n.Kind {
	case "var", "const":
		t, untyped := strings.CutPrefix(n.Type, "untyped ")
		if full, ok := map[string]string{"float": "float64", "complex": "complex128"}[t]; untyped && ok {
			t = full
		}
		return []string{"var " + n.Name + " " + t}
	case "func":
		return []string{"func " + n.Name + strings.TrimPrefix(n.Type, "func")}
	case "type":
		if l, ok := a.learned.types[n.Name]; ok {
			return l.texts()
		}
		return []string{"type " + n.Name + " " + n.Type}
	}
	return nil
}

// check type-checks files, whatever errors there are. The checker was made for trees the parser did not
// complain about and for packages whose objects are all their own; if it fails on another, what it has
// found out by then has to do.
func (a *Assistant) check(pkg *types.Package, fset *token.FileSet, info *types.Info, files []*ast.File) {
	defer func() { _ = recover() }()
	conf := types.Config{Importer: a.importer.importer, Error: func(error) {}, DisableUnusedImportCheck: true}
	_ = types.NewChecker(&conf, fset, pkg, info).Files(files) // its errors are the compiler's to tell
}

// addImports imports what a file names before a dot and nothing in the file declares. It returns the
// names of the packages that are not in the session's scope.
func (a *Assistant) addImports(f *ast.File, s *scope) (added map[string]bool) {
	declared := declaredNames(f)
	added = map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		x, ok := sel.X.(*ast.Ident)
		if !ok || declared[x.Name] {
			return true
		}
		path, known := s.packages[x.Name]
		if !known && s.pkg.Scope().Lookup(x.Name) == nil {
			path = a.packageOf(x.Name, sel.Sel.Name)
		}
		if path != "" {
			declared[x.Name] = true
			added[x.Name] = !known
			f.Decls = append([]ast.Decl{importDecl(x.Name, path)}, f.Decls...)
		}
		return true
	})
	return added
}

// packageOf returns the path of the likeliest package of a name, preferably one that has a member of
// which the name or its beginning is known.
func (a *Assistant) packageOf(name, member string) string {
	paths := stdtypes.ByName(name)
	if len(paths) == 0 {
		return ""
	}
	member, partial := strings.CutSuffix(member, mark)
	for _, path := range paths {
		pkg, err := a.importer.importer.Import(path)
		if err != nil {
			continue
		}
		if slices.ContainsFunc(pkg.Scope().Names(), func(m string) bool {
			return m == member || partial && token.IsExported(m) && strings.HasPrefix(m, member)
		}) {
			return path
		}
	}
	return paths[0]
}

func importDecl(name, path string) ast.Decl {
	return &ast.GenDecl{Tok: token.IMPORT, Specs: []ast.Spec{&ast.ImportSpec{
		Name: ast.NewIdent(name),
		Path: &ast.BasicLit{Kind: token.STRING, Value: `"` + path + `"`},
	}}}
}

// declaredNames returns what a file declares and imports, packages by the last element of their paths.
func declaredNames(f *ast.File) map[string]bool {
	names := map[string]bool{}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			names[d.Name.Name] = names[d.Name.Name] || d.Recv == nil
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				specNames(spec, names)
			}
		}
	}
	return names
}

func specNames(spec ast.Spec, names map[string]bool) {
	switch s := spec.(type) {
	case *ast.ValueSpec:
		for _, n := range s.Names {
			names[n.Name] = true
		}
	case *ast.TypeSpec:
		names[s.Name.Name] = true
	case *ast.ImportSpec:
		if s.Name != nil {
			names[s.Name.Name] = true
			return
		}
		names[packageName(strings.Trim(s.Path.Value, "\"`"))] = true
	}
}

// packageName returns the name of the package with a path.
func packageName(path string) string {
	elems := strings.Split(path, "/")
	last := elems[len(elems)-1]
	if n := len(elems); n > 1 && len(last) > 1 && last[0] == 'v' && strings.Trim(last[1:], "0123456789") == "" {
		return elems[n-2]
	}
	return last
}
