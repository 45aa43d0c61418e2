package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"maps"
	"slices"
	"strings"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// selectors yields the selector expressions of the cell.
func (e *emitter) selectors() iter.Seq[*ast.SelectorExpr] {
	return func(yield func(*ast.SelectorExpr) bool) {
		more := true
		e.inspect(func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && more {
				more = yield(s)
			}
			return more
		})
	}
}

// inspect walks over all of the cell, as ast.Inspect does.
func (e *emitter) inspect(visit func(ast.Node) bool) {
	for _, d := range e.cell.Decls {
		ast.Inspect(d, visit)
	}
	for _, s := range e.cell.Stmts {
		ast.Inspect(s, visit)
	}
	if e.cell.Result != nil {
		ast.Inspect(e.cell.Result, visit)
	}
}

// declarations writes the declarations of the cell, its variables without values.
func (e *emitter) declarations() string {
	var b strings.Builder
	inits := 0
	for _, d := range e.cell.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.Name == "_" {
				continue // nobody can call it, and the compiler takes two for one
			}
			if isInit(d) {
				inits++
			}
			b.WriteString(e.line(d.Pos()))
			b.WriteString(e.funcDecl(d, inits))
			b.WriteString("\n")
		case *ast.GenDecl:
			if d.Tok == token.VAR {
				continue
			}
			for _, s := range e.groups(d) {
				b.WriteString(s)
			}
		}
	}
	for _, v := range e.cell.Vars {
		if v.Name() == "_" {
			continue
		}
		e.at = v.Pos()
		fmt.Fprintf(&b, "var %s%s %s\n", Prefix, v.Name(), e.typeText(v.Type()))
	}
	return b.String()
}

// groups writes a type or constant declaration: constants as they stand, because iota counts them,
// and types one by one, because they may have been pulled in from an earlier cell.
func (e *emitter) groups(d *ast.GenDecl) []string {
	if d.Tok == token.CONST {
		return []string{e.line(d.Pos()), e.node(d), "\n"}
	}
	var out []string
	for _, s := range d.Specs {
		out = append(out, e.line(s.Pos()), "type "+e.node(s), "\n")
	}
	return out
}

// funcDecl writes a function or method.
func (e *emitter) funcDecl(d *ast.FuncDecl, inits int) string {
	if d.Body == nil {
		e.fail(d.Pos(), "a function without a body", "write the body in Go")
		return ""
	}
	var b strings.Builder
	nosplit := false
	if d.Doc != nil {
		for _, c := range d.Doc.List {
			if strings.HasPrefix(c.Text, "//go:") {
				if strings.HasPrefix(c.Text, "//go:uintptr") {
					e.fail(c.Pos(), "the directive "+c.Text, "pass the pointer as an unsafe.Pointer")
				}
				b.WriteString(c.Text + "\n" + e.line(d.Pos()))
				nosplit = nosplit || strings.HasPrefix(c.Text, "//go:nosplit")
			}
		}
	}
	b.WriteString("func ")
	if d.Recv != nil {
		b.WriteString(e.node(d.Recv) + " ")
	}
	switch {
	case d.Recv != nil:
		b.WriteString(e.node(d.Name))
	case isInit(d):
		fmt.Fprintf(&b, "øinit%d", inits)
	default:
		b.WriteString(Prefix + d.Name.Name)
	}
	if d.Type.TypeParams != nil {
		b.WriteString(e.node(d.Type.TypeParams))
	}
	b.WriteString(e.node(d.Type.Params))
	if d.Type.Results != nil {
		b.WriteString(" " + e.node(d.Type.Results))
	}
	b.WriteString(" ")
	head := ""
	if !nosplit {
		head = e.claim(d.Body)
		if e.callsUserCode(d.Body) || e.handsOn(d.Body) {
			head += safepoint
		}
	}
	b.WriteString(e.block(d.Body, head))
	return b.String()
}

// exports writes what later cells reach this one's objects by, and notes it in the package.
func (e *emitter) exports() string {
	var b strings.Builder
	for _, obj := range e.cell.Objects() {
		name := obj.Name()
		switch obj := obj.(type) {
		case *types.Const:
			fmt.Fprintf(&b, "const %s%s = %s\n", Prefix, name, name)
		case *types.TypeName:
			b.WriteString(e.exportType(obj))
		case *types.Var:
			e.pkg.Variables = append(e.pkg.Variables, name)
			e.exportAnonymous(&b, obj.Type())
		case *types.Func:
			if obj.Signature().TypeParams().Len() == 0 && name != "init" {
				e.pkg.Functions = append(e.pkg.Functions, name)
			}
			e.exportAnonymous(&b, obj.Type())
		}
	}
	e.exportMentioned(&b)
	b.WriteString(e.tables())
	for _, name := range sortedKeys(e.aliases) {
		fmt.Fprintf(&b, "type %s\n", e.aliases[name])
	}
	for obj, name := range e.bound {
		o, _ := e.owner(obj)
		fmt.Fprintf(&b, "var %s = øtask.Bound[%s](%q)\n", name, e.typeText(obj.Type()), o.Key)
	}
	return b.String()
}

// exportType writes the alias of a type and the accessors of its unexported fields.
func (e *emitter) exportType(obj *types.TypeName) string {
	var b strings.Builder
	name := obj.Name()
	params, args := "", ""
	switch t := obj.Type().(type) {
	case *types.Named:
		params, args = e.typeParams(t.TypeParams())
	case *types.Alias:
		params, args = e.typeParams(t.TypeParams())
	}
	fmt.Fprintf(&b, "type %s%s%s = %s%s\n", Prefix, name, params, name, args)
	if named, ok := obj.Type().(*types.Named); ok {
		if s, ok := named.Underlying().(*types.Struct); ok {
			b.WriteString(e.accessors(s, name, params, args))
		}
		e.exportAnonymous(&b, named.Underlying())
	}
	return b.String()
}

// accessors writes the accessors of the unexported fields of a struct type that this cell declares.
func (e *emitter) accessors(s *types.Struct, name, params, args string) string {
	var b strings.Builder
	for i := range s.NumFields() {
		f := s.Field(i)
		if f.Exported() || f.Name() == "_" || f.Pkg() != e.cell.Pkg || e.hasField(f) {
			continue
		}
		acc := accessor{name: name + "ˈ" + f.Name(), typ: Prefix + name}
		t := e.typeText(f.Type())
		fmt.Fprintf(&b, "func %sF%s%s(p *%s%s) *%s { return &p.%s }\n", Prefix, acc.name, params, name, args, t, f.Name())
		fmt.Fprintf(&b, "func %sG%s%s(v %s%s) %s { return v.%s }\n", Prefix, acc.name, params, name, args, t, f.Name())
		e.pkg.fields = append(e.pkg.fields, field{f, acc})
	}
	return b.String()
}

func (e *emitter) hasField(f *types.Var) bool {
	return slices.ContainsFunc(e.pkg.fields, func(x field) bool { return x.v == f })
}

// exportAnonymous exports the unnamed struct types with unexported fields that occur in t.
func (e *emitter) exportAnonymous(b *strings.Builder, t types.Type) {
	switch t := t.(type) {
	case *types.Struct:
		e.exportStruct(b, t)
	case *types.Pointer:
		e.exportAnonymous(b, t.Elem())
	case *types.Slice:
		e.exportAnonymous(b, t.Elem())
	case *types.Array:
		e.exportAnonymous(b, t.Elem())
	case *types.Chan:
		e.exportAnonymous(b, t.Elem())
	case *types.Map:
		e.exportAnonymous(b, t.Key())
		e.exportAnonymous(b, t.Elem())
	case *types.Signature:
		for v := range t.Params().Variables() {
			e.exportAnonymous(b, v.Type())
		}
		for v := range t.Results().Variables() {
			e.exportAnonymous(b, v.Type())
		}
	}
}

// exportMentioned exports the unnamed struct types that occur anywhere in the cell: a later cell that
// writes the same type means the same type, also behind an interface.
func (e *emitter) exportMentioned(b *strings.Builder) {
	var all []*ast.StructType
	e.inspect(func(n ast.Node) bool {
		if s, ok := n.(*ast.StructType); ok {
			all = append(all, s)
		}
		return true
	})
	for _, s := range all {
		t, ok := e.cell.Info.Types[s].Type.(*types.Struct)
		if !ok || e.isLocal(t) {
			continue
		}
		if mentionsTypeParam(t) {
			if !e.cell.Program && !e.isDeclared(t) && hasUnexported(t) {
				e.fail(s.Pos(), "an unnamed struct type with unexported fields that depends on a type parameter", "declare the type with a name")
			}
			continue
		}
		e.exportStruct(b, t)
	}
}

// isDeclared tells whether a struct type is that of a declared type, and so has a name.
func (e *emitter) isDeclared(t *types.Struct) bool {
	for _, obj := range e.cell.Objects() {
		if n, ok := obj.(*types.TypeName); ok && n.Type().Underlying() == t {
			return true
		}
	}
	return false
}

// isLocal tells whether a struct type has to do with types declared inside functions, or is the type
// of one.
func (e *emitter) isLocal(t *types.Struct) bool {
	for id, obj := range e.cell.Info.Defs {
		n, ok := obj.(*types.TypeName)
		if !ok || n.Parent() == e.cell.Pkg.Scope() || id.Name == "_" {
			continue
		}
		if _, param := n.Type().(*types.TypeParam); param {
			continue
		}
		if n.Type().Underlying() == t || dependsOn(t, func(t types.Type) bool { d, ok := t.(*types.Named); return ok && d.Obj() == n }, 0) {
			return true
		}
	}
	return false
}

func hasUnexported(t *types.Struct) bool {
	for f := range t.Fields() {
		if !f.Exported() {
			return true
		}
	}
	return false
}

func (e *emitter) exportStruct(b *strings.Builder, t *types.Struct) {
	for f := range t.Fields() {
		e.exportAnonymous(b, f.Type())
	}
	own := func(f *types.Var) bool { return !f.Exported() && f.Name() != "_" && f.Pkg() == e.cell.Pkg }
	if !slices.ContainsFunc(slices.Collect(t.Fields()), own) || mentionsTypeParam(t) || e.isDeclared(t) || e.l.anonymous(t) != nil {
		return
	}
	for _, a := range e.pkg.anons {
		if types.Identical(a.typ, t) {
			return
		}
	}
	for i := range t.NumFields() {
		if e.hasField(t.Field(i)) {
			return
		}
	}
	name := fmt.Sprintf("S%d", len(e.pkg.anons))
	fmt.Fprintf(b, "type %s%s = %s\n", Prefix, name, e.structText(t))
	b.WriteString(e.accessors(t, Prefix+name, "", ""))
	for i := range e.pkg.fields {
		if e.pkg.fields[i].acc.typ == Prefix+Prefix+name {
			e.pkg.fields[i].acc.typ = Prefix + name
		}
	}
	e.pkg.anons = append(e.pkg.anons, anon{typ: t, name: Prefix + name})
}

// mentionsTypeParam tells whether a type depends on a type parameter.
func mentionsTypeParam(t types.Type) bool {
	return dependsOn(t, func(t types.Type) bool { _, ok := t.(*types.TypeParam); return ok }, 0)
}

// deepest is how far dependsOn looks into a type.
const deepest = 20

// dependsOn tells whether a type is made of one that is wanted. It does not look into declared types,
// but at their arguments. What is too deep to look at counts as wanted.
func dependsOn(t types.Type, wanted func(types.Type) bool, depth int) bool {
	t = types.Unalias(t)
	if depth > deepest || wanted(t) {
		return true
	}
	in := func(t types.Type) bool { return dependsOn(t, wanted, depth+1) }
	inAny := func(vars func(func(*types.Var) bool)) bool {
		for v := range vars {
			if in(v.Type()) {
				return true
			}
		}
		return false
	}
	switch t := t.(type) {
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			if in(a) {
				return true
			}
		}
	case *types.Pointer:
		return in(t.Elem())
	case *types.Slice:
		return in(t.Elem())
	case *types.Array:
		return in(t.Elem())
	case *types.Chan:
		return in(t.Elem())
	case *types.Map:
		return in(t.Key()) || in(t.Elem())
	case *types.Struct:
		return inAny(t.Fields())
	case *types.Signature:
		return inAny(t.Params().Variables()) || inAny(t.Results().Variables())
	}
	return false
}
