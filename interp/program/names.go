package program

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"slices"

	"github.com/gobraid/gobraid/interp/check"
)

// chooseNames gives a name to every object and import of the program. An object keeps its own, if no later
// one has it.
func (w *writer) chooseNames() {
	used := map[string]bool{"main": true, "init": true, "_": true}
	for _, obj := range w.bodyObjects() {
		w.giveName(obj, used, obj.Name() == "main" && w.packageLevel() && !w.hasTests() || obj.Name() == "init")
	}
	for _, u := range slices.Backward(w.units) {
		for _, id := range u.names() {
			if obj := u.cell.Info.Defs[id]; obj != nil && id.Name != "_" {
				w.giveName(obj, used, false)
			}
		}
	}
	for _, i := range slices.SortedFunc(maps.Keys(w.imports), compareImports) {
		w.imports[i] = w.free(i.name, used, "pkg")
		used[w.imports[i]] = true
	}
}

func compareImports(a, b imported) int {
	return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.name, b.name))
}

// bodyObjects returns what the body declares at package level in the program.
func (w *writer) bodyObjects() []types.Object {
	all := w.packageLevel()
	return slices.DeleteFunc(slices.Clone(w.body.Objects()), func(obj types.Object) bool {
		_, isVar := obj.(*types.Var)
		return isVar && !all && !w.lifted[obj]
	})
}

func (w *writer) giveName(obj types.Object, used map[string]bool, own bool) {
	name := obj.Name()
	if !own {
		cell := w.body.Number
		if u := w.unitOf(obj); u != nil {
			cell = u.cell.Number
		}
		name = w.free(name, used, fmt.Sprintf("cell%d", cell))
	}
	used[name] = true
	w.names[obj] = name
}

// free returns name, or a name like it that occurs nowhere if it is used or is one of Go's own.
func (w *writer) free(name string, used map[string]bool, mark string) string {
	if !used[name] && types.Universe.Lookup(name) == nil {
		return name
	}
	for n := name + "_" + mark; ; n += "_" {
		if !used[n] && !w.taken[n] {
			return n
		}
	}
}

// fresh returns a name that occurs nowhere in the program.
func (w *writer) fresh(name string) string {
	for w.taken[name] {
		name += "_"
	}
	w.taken[name] = true
	return name
}

// importName returns the name of a package that the generated text mentions.
func (w *writer) importName(path, name string) string {
	shadowed := false
	for id, obj := range w.body.Info.Defs {
		_, pkg := obj.(*types.PkgName)
		shadowed = shadowed || id.Name == name && !pkg
	}
	if n, ok := w.imports[imported{name, path}]; ok && n == name && !shadowed {
		return n
	}
	i := imported{"gobraid_" + name, path}
	if w.imports[i] == "" {
		n := name
		if shadowed || w.taken[name] || w.usedAtTop(name) {
			n = w.fresh(i.name)
		}
		w.imports[i] = n
	}
	return w.imports[i]
}

// usedAtTop tells whether something at package level has a name.
func (w *writer) usedAtTop(name string) bool {
	for _, n := range w.names {
		if n == name {
			return true
		}
	}
	for _, n := range w.imports {
		if n == name {
			return true
		}
	}
	return false
}

// nameOf returns what the program calls the object that an identifier of a cell means.
func (w *writer) nameOf(c *check.Cell, id *ast.Ident, qualified bool) string {
	obj := c.Info.Uses[id]
	if obj == nil {
		obj = c.Info.Defs[id]
	}
	switch o := obj.(type) {
	case nil:
		return id.Name
	case *types.PkgName:
		return w.imports[imported{id.Name, o.Imported().Path()}]
	case *types.Var:
		if o.IsField() {
			return w.fieldName(o, id)
		}
	}
	if name, ok := w.names[obj]; ok {
		return name
	}
	if p := obj.Pkg(); p != nil && p.Path() != "main" && !qualified && obj.Parent() == p.Scope() {
		return w.imports[imported{p.Name(), p.Path()}] + "." + id.Name
	}
	return id.Name
}

// fieldName returns the name of a field: that of its type if it is embedded.
func (w *writer) fieldName(v *types.Var, id *ast.Ident) string {
	if !v.Embedded() {
		return id.Name
	}
	t := v.Origin().Type()
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	var obj types.Object
	switch t := t.(type) {
	case *types.Named:
		obj = t.Obj()
	case *types.Alias:
		obj = t.Obj()
	}
	if name, ok := w.names[obj]; ok {
		return name
	}
	return id.Name
}
