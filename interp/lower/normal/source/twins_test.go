package source_test

import (
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// twins are packages of gobraid that have generic names, and where they lie from here. Cells that are interpreted get the text
// beneath _own in their place.
var twins = map[string]string{
	"concurrency":         "../../../../concurrency",
	"concurrency/cluster": "../../../../concurrency/cluster",
	"concurrency/loop":    "../../../../concurrency/loop",
	"concurrency/process": "../../../../concurrency/process",
}

// Of every generic name that a package exports there is a twin, with the same parameters, results and type parameters, and there are
// no others.
func TestTwins(t *testing.T) {
	for name, dir := range twins {
		want := genericNames(t, dir)
		got := genericNames(t, filepath.Join("_own/github.com/gobraid/gobraid", name))
		if len(want) == 0 {
			t.Errorf("%s: no generic names", name)
		}
		for _, n := range slices.Sorted(maps.Keys(want)) {
			if got[n] != want[n] {
				t.Errorf("%s: the twin of %s is\n\t%q, want\n\t%q", name, n, got[n], want[n])
			}
			delete(got, n)
		}
		for n := range got {
			t.Errorf("%s: a twin of nothing: %s", name, n)
		}
	}
}

// genericNames returns the exported generic functions and types of the package in dir, with the methods of those: what is declared, by
// name. Fields that are not exported are left out.
func genericNames(t *testing.T, dir string) map[string]string {
	t.Helper()
	names, embeds := map[string]string{}, map[string][]string{}
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			declared(fset, d, names, embeds)
		}
	}
	for of, inner := range embeds {
		for _, name := range inner { // what is promoted a twin has itself
			for n, text := range names {
				if m, ok := strings.CutPrefix(n, name+"."); ok && names[of+"."+m] == "" {
					names[of+"."+m] = text
				}
			}
		}
	}
	maps.DeleteFunc(names, func(n, _ string) bool { return !token.IsExported(n) })
	return names
}

func declared(fset *token.FileSet, d ast.Decl, names map[string]string, embeds map[string][]string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if !d.Name.IsExported() {
			return
		}
		if d.Recv == nil && d.Type.TypeParams != nil {
			names[d.Name.Name] = text(fset, d.Type)
			return
		}
		if d.Recv == nil {
			return
		}
		if of := receiver(d.Recv.List[0].Type); of != "" {
			names[of+"."+d.Name.Name] = text(fset, d.Type)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			s, ok := s.(*ast.TypeSpec)
			if !ok || s.TypeParams == nil || !s.Name.IsExported() {
				continue
			}
			names[s.Name.Name] = text(fset, s.TypeParams)
			if st, ok := s.Type.(*ast.StructType); ok {
				for _, f := range st.Fields.List {
					if id, ok := f.Type.(*ast.Ident); ok && f.Names == nil {
						embeds[s.Name.Name] = append(embeds[s.Name.Name], id.Name)
					}
					for _, n := range f.Names {
						if n.IsExported() {
							names[s.Name.Name+"."+n.Name] = text(fset, f.Type)
						}
					}
				}
			}
		}
	}
}

// receiver returns the name of the generic exported type, or the type that is not exported, that a method is of, "" if it is of another.
func receiver(x ast.Expr) string {
	if p, ok := x.(*ast.StarExpr); ok {
		x = p.X
	}
	var of ast.Expr
	switch x := x.(type) {
	case *ast.IndexExpr:
		of = x.X
	case *ast.IndexListExpr:
		of = x.X
	case *ast.Ident:
		if x.IsExported() {
			return ""
		}
		of = x
	}
	if id, ok := of.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// text returns a type or type parameters as they are written, but for the names of parameters.
func text(fset *token.FileSet, n ast.Node) string {
	if list, ok := n.(*ast.FieldList); ok {
		n = &ast.FuncType{TypeParams: list, Params: &ast.FieldList{}}
	}
	if f, ok := n.(*ast.FuncType); ok {
		n = &ast.FuncType{TypeParams: f.TypeParams, Params: nameless(f.Params), Results: nameless(f.Results)}
	}
	var b strings.Builder
	if err := printer.Fprint(&b, fset, n); err != nil {
		return err.Error()
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func nameless(list *ast.FieldList) *ast.FieldList {
	if list == nil {
		return nil
	}
	bare := &ast.FieldList{}
	for _, f := range list.List {
		for range max(len(f.Names), 1) {
			bare.List = append(bare.List, &ast.Field{Type: f.Type})
		}
	}
	return bare
}
