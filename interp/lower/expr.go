package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// ident writes an identifier: objects at cell level under their exported names.
func (e *emitter) ident(id *ast.Ident) string {
	e.at = id.Pos()
	obj := e.cell.Info.Uses[id]
	if obj == nil {
		obj = e.cell.Info.Defs[id]
	}
	switch obj := obj.(type) {
	case nil:
		return id.Name
	case *types.PkgName:
		e.mentioned[obj] = true
		return obj.Name()
	case *types.Builtin:
		switch obj.Name() {
		case "print":
			return "øtask.BuiltinPrint"
		case "println":
			return "øtask.BuiltinPrintln"
		}
		return id.Name
	case *types.Var:
		if obj.IsField() {
			return id.Name
		}
	case *types.Func:
		if obj.Signature().Recv() != nil {
			return e.methodName(obj)
		}
	}
	if obj.Pkg() == e.cell.Pkg && obj.Parent() == obj.Pkg().Scope() {
		switch obj.(type) {
		case *types.Var:
			return Prefix + obj.Name()
		case *types.Func:
			return Prefix + obj.Name()
		}
		return obj.Name()
	}
	if e.isCellObject(obj) {
		return e.object(obj)
	}
	if s, ok := e.unqualified(id, obj); ok {
		return s
	}
	return id.Name
}

// methodName writes the name of a method; unexported ones of cells are exported under the prefix.
func (e *emitter) methodName(m *types.Func) string {
	if m.Pkg() != nil && m.Pkg().Path() == "main" && !m.Exported() {
		return Prefix + m.Name()
	}
	return m.Name()
}

// selector writes x.f.
func (e *emitter) selector(n *ast.SelectorExpr) string {
	sel := e.cell.Info.Selections[n]
	if sel == nil {
		return e.qualified(n)
	}
	switch sel.Kind() {
	case types.FieldVal:
		if e.needsPath(sel.Recv(), sel.Index()) {
			text, _ := e.path(e.node(n.X), sel.Recv(), e.cell.Info.Types[n.X].Addressable(), sel.Index())
			return text
		}
		return e.node(n.X) + e.cell.Source(n.X.End(), n.Sel.Pos()) + n.Sel.Name
	default:
		return e.node(n.X) + e.cell.Source(n.X.End(), n.Sel.Pos()) + e.methodName(sel.Obj().(*types.Func))
	}
}

// needsPath tells whether a field is reached through an unexported field of another cell's type.
func (e *emitter) needsPath(t types.Type, index []int) bool {
	for _, i := range index {
		f := structOf(t).Field(i)
		if _, ok := e.foreign(f); ok {
			return true
		}
		t = f.Type()
	}
	return false
}

// foreign returns the accessor of a field of another cell's type.
func (e *emitter) foreign(f *types.Var) (accessor, bool) {
	if f.Exported() {
		return accessor{}, false
	}
	acc, ok := e.l.fields[f.Origin()]
	return acc, ok
}

// structOf returns the struct type behind t and at most one pointer.
func structOf(t types.Type) *types.Struct {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if p, ok := t.(*types.TypeParam); ok {
		t = p.Constraint()
	}
	s, _ := t.Underlying().(*types.Struct)
	return s
}

// path writes the selection of a field step by step, through accessors where they are needed, and
// returns its type too.
func (e *emitter) path(base string, t types.Type, addressable bool, index []int) (string, types.Type) {
	for _, i := range index {
		_, pointer := t.Underlying().(*types.Pointer)
		f := structOf(t).Field(i)
		acc, foreign := e.foreign(f)
		switch {
		case !foreign:
			base += "." + f.Name()
		case pointer:
			base = fmt.Sprintf("(*%s(%s))", e.accessor("F", acc), e.asOwner(acc, t, base))
		case addressable:
			base = fmt.Sprintf("(*%s(%s))", e.accessor("F", acc), e.asOwner(acc, types.NewPointer(t), "&"+base))
		default:
			base = fmt.Sprintf("%s(%s)", e.accessor("G", acc), e.asOwner(acc, t, base))
		}
		addressable = addressable || pointer
		t = f.Type()
	}
	return base, t
}

func (e *emitter) accessor(kind string, acc accessor) string {
	return e.packageImport(acc.path) + "." + Prefix + kind + acc.name
}

// asOwner converts a struct, or a pointer to it, to the type the accessor is declared for, where it
// is of another type with the same fields.
func (e *emitter) asOwner(acc accessor, t types.Type, text string) string {
	star, elem := "", t
	if p, ok := t.Underlying().(*types.Pointer); ok {
		star, elem = "*", p.Elem()
	}
	named, ok := types.Unalias(elem).(*types.Named)
	if !ok || Prefix+named.Obj().Name() == acc.typ {
		return text
	}
	args := e.typeArgs(named.TypeArgs())
	return fmt.Sprintf("(%s%s.%s%s)(%s)", star, e.packageImport(acc.path), acc.typ, args, text)
}

// structType writes a struct type; one that an earlier cell has exported under a name, by that name.
func (e *emitter) structType(n *ast.StructType) string {
	if t, ok := e.cell.Info.Types[n].Type.(*types.Struct); ok {
		if a := e.l.anonymous(t); a != nil {
			return e.packageImport(a.path) + "." + a.name
		}
	}
	var b strings.Builder
	at := n.Pos()
	for _, f := range n.Fields.List {
		b.WriteString(e.cell.Source(at, f.Pos()))
		if len(f.Names) == 0 {
			b.WriteString(e.embedded(f.Type) + e.cell.Source(f.Type.End(), f.End()))
		} else {
			b.WriteString(e.cell.Source(f.Pos(), f.Type.Pos()) + e.node(f.Type) + e.cell.Source(f.Type.End(), f.End()))
		}
		at = f.End()
	}
	b.WriteString(e.cell.Source(at, n.End()))
	return b.String()
}

// embedded writes the type of an embedded field. Its name is the field's name, so a type of an
// earlier cell gets a local alias under its own name.
func (e *emitter) embedded(x ast.Expr) string {
	var id *ast.Ident
	ast.Inspect(x, func(n ast.Node) bool {
		if i, ok := n.(*ast.Ident); ok && id == nil {
			id = i
		}
		return id == nil
	})
	obj, ok := e.cell.Info.Uses[id].(*types.TypeName)
	if !ok || !e.isCellObject(obj) {
		return e.node(x)
	}
	e.aliasFor(obj)
	return strings.Replace(e.node(x), e.object(obj), obj.Name(), 1)
}

// aliasFor gives a type of an earlier cell an alias in this one, under its own name.
func (e *emitter) aliasFor(obj *types.TypeName) {
	params, args := "", ""
	if named, ok := obj.Type().(*types.Named); ok {
		params, args = e.typeParams(named.TypeParams())
	}
	e.aliases[obj.Name()] = fmt.Sprintf("%s%s = %s%s", obj.Name(), params, e.object(obj), args)
}

// compositeLit writes a composite literal. One of a struct type of another cell with unexported
// fields is filled field by field in a function.
func (e *emitter) compositeLit(n *ast.CompositeLit) string {
	t := e.cell.Info.Types[n].Type
	elem := t
	if p, ok := t.Underlying().(*types.Pointer); ok && n.Type == nil {
		elem = p.Elem()
	}
	s, ok := elem.Underlying().(*types.Struct)
	if !ok || !e.setsForeign(n, s) {
		return e.copyLit(n)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "func() (ø %s) { ", e.typeText(elem))
	for i, x := range n.Elts {
		f, value := s.Field(min(i, s.NumFields()-1)), x
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			f, value = fieldNamed(s, kv.Key.(*ast.Ident).Name), kv.Value
		}
		place, _ := e.path("ø", elem, true, []int{fieldIndex(s, f)})
		fmt.Fprintf(&b, "%s = %s; ", place, e.element(value, f.Type()))
	}
	b.WriteString("return }()")
	if elem != t {
		return "øtask.Ptr(" + b.String() + ")"
	}
	return b.String()
}

// element writes a value of a literal, which may leave out its own type.
func (e *emitter) element(x ast.Expr, t types.Type) string {
	if lit, ok := x.(*ast.CompositeLit); ok && lit.Type == nil {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
			if text := e.compositeLit(lit); strings.HasPrefix(text, "øtask.Ptr(") {
				return text
			} else {
				return "&" + e.typeText(t) + text
			}
		}
		if text := e.compositeLit(lit); strings.HasPrefix(text, "func()") {
			return text
		} else {
			return e.typeText(t) + text
		}
	}
	return e.node(x)
}

// copyLit writes a literal as it stands; the keys of struct literals are field names.
func (e *emitter) copyLit(n *ast.CompositeLit) string {
	var b strings.Builder
	at := n.Pos()
	if n.Type != nil {
		b.WriteString(e.node(n.Type))
		at = n.Type.End()
	}
	for _, x := range n.Elts {
		value := x
		b.WriteString(e.cell.Source(at, x.Pos()))
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			value = kv.Value
			if kv.Colon != kv.Value.Pos() { // a key of the text, not one the checker put in
				b.WriteString(e.node(kv.Key) + e.cell.Source(kv.Key.End(), kv.Value.Pos()))
			}
		}
		b.WriteString(e.node(value))
		at = x.End()
	}
	b.WriteString(e.cell.Source(at, n.End()))
	return b.String()
}

// setsForeign tells whether the literal sets an unexported field of another cell's type.
func (e *emitter) setsForeign(n *ast.CompositeLit, s *types.Struct) bool {
	for i, x := range n.Elts {
		if i >= s.NumFields() {
			return false
		}
		f := s.Field(i)
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			f = fieldNamed(s, kv.Key.(*ast.Ident).Name)
		}
		if _, ok := e.foreign(f); ok {
			return true
		}
	}
	return false
}

func fieldNamed(s *types.Struct, name string) *types.Var {
	for f := range s.Fields() {
		if f.Name() == name {
			return f
		}
	}
	return nil
}

func fieldIndex(s *types.Struct, f *types.Var) int {
	for i := range s.NumFields() {
		if s.Field(i) == f {
			return i
		}
	}
	return -1
}

// receive writes <-c; where two values are wanted, it is the form that returns both.
func (e *emitter) receive(n *ast.UnaryExpr) string {
	name := "Recv"
	if _, ok := e.cell.Info.Types[n].Type.(*types.Tuple); ok {
		name = "Recv2"
	}
	return fmt.Sprintf("øtask.%s(%s, %s)", name, e.node(n.X), e.site(n.OpPos))
}

// pointerTo writes a pointer to the receiver of a method call that may be promoted.
func (e *emitter) pointerTo(n *ast.SelectorExpr, sel *types.Selection) string {
	index := sel.Index()
	text, t := e.path(e.node(n.X), sel.Recv(), e.cell.Info.Types[n.X].Addressable(), index[:len(index)-1])
	if _, ok := t.Underlying().(*types.Pointer); ok {
		return text
	}
	if _, ok := t.Underlying().(*types.Interface); ok {
		return text
	}
	return "&" + text
}
