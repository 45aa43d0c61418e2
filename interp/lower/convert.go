package lower

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
)

// conversion writes T(x) where T and the type of x are structs, or pointers to structs, of the same fields, of which
// unexported ones are of different cells: one type in Go, but not to the compiler, which sees two packages. They
// have the same layout, so the value is taken for one of the other type.
func (e *emitter) conversion(n *ast.CallExpr) (string, bool) {
	if !e.cell.Info.Types[n.Fun].IsType() || len(n.Args) != 1 {
		return "", false
	}
	to, from := e.cell.Info.Types[n.Fun].Type, e.cell.Info.Types[n.Args[0]].Type
	if from == nil || !foreignTo(to, from) {
		return "", false
	}
	return fmt.Sprintf("øtask.Convert[%s](%s)", e.typeText(to), e.node(n.Args[0])), true
}

// foreignTo tells whether two struct types, or pointers to such, have unexported fields of different cells.
func foreignTo(to, from types.Type) bool {
	if types.Identical(to, from) {
		return false
	}
	if p, ok := to.Underlying().(*types.Pointer); ok {
		q, ok := from.Underlying().(*types.Pointer)
		return ok && foreignTo(p.Elem(), q.Elem())
	}
	s, ok := to.Underlying().(*types.Struct)
	t, ok2 := from.Underlying().(*types.Struct)
	return ok && ok2 && types.IdenticalIgnoreTags(s, t) && otherPackages(s, t)
}

// otherPackages tells whether unexported fields of two struct types that are made the same way are of different packages.
func otherPackages(a, b types.Type) bool {
	if types.Unalias(a) == types.Unalias(b) {
		return false
	}
	switch a := types.Unalias(a).(type) {
	case *types.Struct:
		b, ok := types.Unalias(b).(*types.Struct)
		if !ok || a.NumFields() != b.NumFields() {
			return false
		}
		for i := range a.NumFields() {
			x, y := a.Field(i), b.Field(i)
			if !x.Exported() && x.Pkg() != y.Pkg() || otherPackages(x.Type(), y.Type()) {
				return true
			}
		}
	case *types.Pointer:
		b, ok := types.Unalias(b).(*types.Pointer)
		return ok && otherPackages(a.Elem(), b.Elem())
	case *types.Slice:
		b, ok := types.Unalias(b).(*types.Slice)
		return ok && otherPackages(a.Elem(), b.Elem())
	case *types.Array:
		b, ok := types.Unalias(b).(*types.Array)
		return ok && otherPackages(a.Elem(), b.Elem())
	}
	return false
}

// folded writes the value of a constant call of len, cap, or a function of package unsafe: what they are told of may be
// written with the calls of accessors, which are no fields and not constant.
func (e *emitter) folded(n *ast.CallExpr) (string, bool) {
	tv := e.cell.Info.Types[n]
	if tv.Value == nil || tv.Value.Kind() != constant.Int || len(n.Args) != 1 || e.cell.Info.Types[n.Args[0]].Value != nil {
		return "", false
	}
	var id *ast.Ident
	switch f := ast.Unparen(n.Fun).(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	}
	if b, ok := e.cell.Info.Uses[id].(*types.Builtin); !ok || !e.mentionsForeign(n) || b == nil {
		return "", false
	}
	return fmt.Sprintf("%s(%s)", e.typeText(tv.Type), tv.Value.ExactString()), true
}

// mentionsForeign tells whether n selects an unexported field of another cell's type.
func (e *emitter) mentionsForeign(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if x, ok := n.(*ast.SelectorExpr); ok {
			sel := e.cell.Info.Selections[x]
			found = found || sel != nil && sel.Kind() == types.FieldVal && e.needsPath(sel.Recv(), sel.Index())
		}
		return !found
	})
	return found
}
