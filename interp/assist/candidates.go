package assist

import (
	"context"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/check/stdtypes"
)

// A candidate is something that a name at the cursor could mean.
type candidate struct {
	name    string
	kind    string         // as Match has it
	obj     types.Object   // nil for keywords, packages and names whose types are not understood
	session *interp.Name   // set if an earlier cell declared it
	path    string         // of a package
	unknown bool           // a package that nobody has imported
	of      *types.Package // to whose readers it is to be described
}

// signature returns the type as Go writes it.
func (c candidate) signature() string {
	switch {
	case c.unknown:
		return `import "` + c.path + `"`
	case c.path != "":
		return c.path
	case c.session != nil:
		return c.session.Type
	case c.obj == nil || c.obj.Type() == nil:
		return ""
	}
	if _, ok := c.obj.(*types.TypeName); ok {
		return underlying(c.obj.Type(), c.of)
	}
	if b, ok := c.obj.(*types.Builtin); ok {
		return predeclared[b.Name()].usage
	}
	return types.TypeString(c.obj.Type(), qualifier(c.of))
}

// candidates returns what a name at a place could be, the likeliest first.
func (a *Assistant) candidates(ctx context.Context, p place, code string, at int) []candidate {
	c := a.checked(p, code[:at], code[at:])
	if ctx.Err() != nil {
		return nil
	}
	if p.kind == afterDot {
		return a.members(c, p)
	}
	found := append(c.fields(), c.locals()...)
	found = append(found, c.inSession()...)
	found = append(found, universe()...)
	if p.name != "" {
		found = append(found, a.notImported()...)
		for t := token.BREAK; t <= token.VAR; t++ {
			found = append(found, candidate{name: t.String(), kind: "keyword"})
		}
	}
	return found
}

// notImported returns the packages that a cell could import, of several of one name the likeliest.
func (a *Assistant) notImported() []candidate {
	if a.packages == nil {
		for _, path := range stdtypes.Packages() {
			name := packageName(path)
			if all := stdtypes.ByName(name); len(all) > 0 {
				path = all[0]
			}
			a.packages = append(a.packages, candidate{name: name, kind: "module", path: path, unknown: true})
		}
	}
	return a.packages
}

// members returns the members of what stands before the dot.
func (a *Assistant) members(c *cell, p place) []candidate {
	if sel, ok := c.at(1).(*ast.SelectorExpr); ok {
		x, _ := sel.X.(*ast.Ident)
		if x != nil {
			if pkg, ok := c.info.Uses[x].(*types.PkgName); ok {
				return packageMembers(pkg.Imported())
			}
		}
		if tv := c.info.Types[sel.X]; known(tv.Type) {
			return typeMembers(tv.Type, tv.IsType())
		}
	}
	// The text is too broken, or it defines a variable by what it meant before.
	if p.last(1).tok != token.IDENT || p.last(2).tok == token.PERIOD {
		return nil
	}
	return a.membersOf(c.session, p)
}

// membersOf returns the members of a package or a variable of the session that is known only by name.
func (a *Assistant) membersOf(s *scope, p place) []candidate {
	name := p.last(1).lit
	if obj := s.pkg.Scope().Lookup(name); obj != nil {
		_, isType := obj.(*types.TypeName)
		return typeMembers(obj.Type(), isType)
	}
	path, ok := s.packages[name]
	if !ok {
		path = a.packageOf(name, p.name+mark)
	}
	pkg, err := a.importer.importer.Import(path)
	if err != nil {
		return nil
	}
	return packageMembers(pkg)
}

func known(t types.Type) bool { return t != nil && t != types.Typ[types.Invalid] }

func packageMembers(pkg *types.Package) []candidate {
	var out []candidate
	for _, name := range pkg.Scope().Names() {
		if obj := pkg.Scope().Lookup(name); obj.Exported() {
			out = append(out, object(obj, pkg))
		}
	}
	return out
}

// typeMembers returns the fields and methods of a type; of a type itself, not a value, the methods.
func typeMembers(t types.Type, isType bool) []candidate {
	var out []candidate
	if !isType {
		out = structFields(t)
	}
	var methods []candidate
	for _, m := range typeutil.IntuitiveMethodSet(t, nil) {
		if visible(m.Obj()) {
			methods = append(methods, object(m.Obj(), nil))
		}
	}
	slices.SortStableFunc(methods, func(a, b candidate) int { return strings.Compare(a.name, b.name) })
	return append(out, methods...)
}

// structFields returns the fields of a struct or what points to one, those of embedded structs after its own.
func structFields(t types.Type) []candidate {
	var out []candidate
	seen := map[types.Type]bool{}
	for next := []types.Type{t}; len(next) > 0 && len(seen) < 100; next = next[1:] { // a wrong type may have no end
		t := next[0]
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		s, ok := t.Underlying().(*types.Struct)
		if !ok || seen[t] {
			continue
		}
		seen[t] = true
		for f := range s.Fields() {
			if visible(f) {
				out = append(out, object(f, nil))
			}
			if f.Embedded() {
				next = append(next, f.Type())
			}
		}
	}
	return out
}

// visible reports whether a cell may name a field or method.
func visible(obj types.Object) bool {
	return obj.Exported() || obj.Pkg() != nil && obj.Pkg().Path() == "main"
}

// fields returns the keys that a composite literal at the cursor may have.
func (c *cell) fields() []candidate {
	lit, ok := c.at(1).(*ast.CompositeLit)
	if kv, isKey := c.at(1).(*ast.KeyValueExpr); isKey && kv.Key == c.at(0) {
		lit, ok = c.at(2).(*ast.CompositeLit)
	}
	if !ok || lit.Type == c.at(0) || !known(c.info.Types[lit].Type) {
		return nil
	}
	s, ok := c.info.Types[lit].Type.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var out []candidate
	for f := range s.Fields() {
		if visible(f) {
			out = append(out, object(f, nil))
		}
	}
	return out
}

// locals returns what the text before the cursor declares, the innermost scope first.
func (c *cell) locals() []candidate {
	var out []candidate
	for n := 0; n < len(c.path); n++ {
		node := c.at(n)
		switch f := node.(type) {
		case *ast.FuncDecl:
			node = f.Type
		case *ast.FuncLit:
			node = f.Type
		}
		if s := c.info.Scopes[node]; s != nil {
			out = append(out, c.declaredIn(s)...)
		}
	}
	for _, name := range c.pkg.Scope().Names() {
		if obj := c.pkg.Scope().Lookup(name); c.declared[name] && obj.Type() != nil {
			out = append(out, object(obj, nil))
		}
	}
	return out
}

// declaredIn returns what a scope holds at the cursor.
func (c *cell) declaredIn(s *types.Scope) []candidate {
	var out []candidate
	for _, name := range s.Names() {
		obj := s.Lookup(name)
		if pkg, ok := obj.(*types.PkgName); ok {
			if !c.added[name] {
				out = append(out, candidate{name: name, kind: "module", path: pkg.Imported().Path()})
			}
			continue
		}
		if _, seen := s.LookupParent(name, c.at(0).Pos()); seen == obj && obj.Type() != nil {
			out = append(out, object(obj, nil))
		}
	}
	return out
}

// inSession returns what earlier cells declared.
func (c *cell) inSession() []candidate {
	var out []candidate
	for i := range c.session.names {
		n := &c.session.names[i]
		switch {
		case c.declared[n.Name]:
		case n.Kind == "package":
			out = append(out, candidate{name: n.Name, kind: "module", path: n.Type})
		default:
			obj := c.session.pkg.Scope().Lookup(n.Name)
			out = append(out, candidate{name: n.Name, kind: kinds[n.Kind], obj: obj, session: n})
		}
	}
	return out
}

func universe() []candidate {
	var out []candidate
	for _, name := range types.Universe.Names() {
		out = append(out, object(types.Universe.Lookup(name), nil))
	}
	return out
}

// kinds are the words for the kinds of the session's names.
var kinds = map[string]string{
	"var": "variable", "const": "constant", "func": "function", "type": "class", "package": "module",
}

// object returns an object as a candidate.
func object(obj types.Object, of *types.Package) candidate {
	c := candidate{name: obj.Name(), kind: "variable", obj: obj, of: of}
	switch o := obj.(type) {
	case *types.Func:
		c.kind = "function"
		if o.Signature().Recv() != nil {
			c.kind = "method"
		}
	case *types.Builtin:
		c.kind = "function"
	case *types.TypeName:
		c.kind = "class"
	case *types.Const, *types.Nil:
		c.kind = "constant"
	case *types.Var:
		if o.IsField() {
			c.kind = "property"
		}
	}
	return c
}
