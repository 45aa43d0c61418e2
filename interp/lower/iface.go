package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// The compiler tells whether an interface value with methods holds a certain type by comparing the
// value's method table with its own. In one program there is one table for each pair of interface and
// type. With plugins there can be two: one that the runtime made when a value went from an empty
// interface into the other, and one that a plugin loaded later brought. So in cells such values are
// compared as values of empty interfaces, which are told apart by their types, and of types there is
// one each. For what is compared inside maps, structs and libraries, the cell that declares the later
// one of a type and an interface it implements brings the table: see tables.

// hasTable tells whether values of x's type have a method table.
func (e *emitter) hasTable(x ast.Expr) bool {
	if e.cell.Program {
		return false // one package: there is one table
	}
	t := e.cell.Info.Types[x].Type
	if t == nil {
		return false
	}
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false
	}
	i, ok := t.Underlying().(*types.Interface)
	return ok && !i.Empty()
}

// assertion writes x.(T).
func (e *emitter) assertion(n *ast.TypeAssertExpr) string {
	if n.Type == nil || !e.hasTable(n.X) || types.IsInterface(e.cell.Info.Types[n.Type].Type) {
		return e.copy(n)
	}
	return "interface{}(" + e.node(n.X) + ")" + e.cell.Source(n.X.End(), n.Type.Pos()) + e.node(n.Type) + e.cell.Source(n.Type.End(), n.End())
}

// comparison writes x == y and x != y.
func (e *emitter) comparison(n *ast.BinaryExpr) string {
	info := e.cell.Info
	if !e.hasTable(n.X) && !e.hasTable(n.Y) || info.Types[n.X].IsNil() || info.Types[n.Y].IsNil() {
		return e.copy(n)
	}
	return "(interface{}(" + e.node(n.X) + ")" + e.cell.Source(n.X.End(), n.Y.Pos()) + "interface{}(" + e.node(n.Y) + "))"
}

// switchStmt writes an expression switch.
func (e *emitter) switchStmt(n *ast.SwitchStmt) string {
	if n.Tag == nil || !e.hasTable(n.Tag) {
		return e.copy(n)
	}
	var b strings.Builder
	at := n.Pos()
	if n.Init != nil {
		b.WriteString(e.cell.Source(at, n.Init.Pos()) + e.node(n.Init))
		at = n.Init.End()
	}
	b.WriteString(e.cell.Source(at, n.Tag.Pos()) + "interface{}(" + e.node(n.Tag) + ")")
	b.WriteString(e.cell.Source(n.Tag.End(), n.Body.Pos()) + e.node(n.Body))
	return b.String()
}

// typeSwitch writes a type switch. Its variable is made anew in each clause, because where it has the
// type of the switched value it has to get that type back.
func (e *emitter) typeSwitch(n *ast.TypeSwitchStmt) string {
	x, name := switched(n)
	if !e.hasTable(x) {
		return e.copy(n)
	}
	t := e.cell.Info.Types[x].Type
	var b strings.Builder
	at := n.Pos()
	if n.Init != nil {
		b.WriteString(e.cell.Source(at, n.Init.Pos()) + e.node(n.Init))
		at = n.Init.End()
	}
	b.WriteString(e.cell.Source(at, n.Assign.Pos()))
	held := e.temp()
	if name != "" {
		b.WriteString(held + " := ")
	}
	b.WriteString("interface{}(" + e.node(x) + ")" + e.cell.Source(x.End(), n.Body.Lbrace+1))
	at = n.Body.Lbrace + 1
	for _, s := range n.Body.List {
		c := s.(*ast.CaseClause)
		head := ""
		switch v := e.cell.Info.Implicits[c]; {
		case name == "" || name == "_":
		case v != nil && types.Identical(v.Type(), t):
			head = fmt.Sprintf(" %s, _ := %s.(%s); _ = %s;", name, held, e.typeText(t), name)
		default:
			head = fmt.Sprintf(" %s := %s; _ = %s;", name, held, name)
		}
		b.WriteString(e.cell.Source(at, c.Pos()) + e.caseClause(c, head))
		at = max(c.End(), c.Colon+1)
	}
	b.WriteString(e.cell.Source(at, n.End()))
	return b.String()
}

// switched returns the value of a type switch and the name of its variable, if it has one.
func switched(n *ast.TypeSwitchStmt) (x ast.Expr, name string) {
	switch a := n.Assign.(type) {
	case *ast.AssignStmt:
		return a.Rhs[0].(*ast.TypeAssertExpr).X, a.Lhs[0].(*ast.Ident).Name
	case *ast.ExprStmt:
		return a.X.(*ast.TypeAssertExpr).X, ""
	}
	return nil, ""
}

// tables writes variables that hold the types and interfaces declared so far in each other, where one
// of the two is of this cell, so that its plugin brings the method table before the runtime makes one.
func (e *emitter) tables() string {
	if e.cell.Program {
		return ""
	}
	var own []*types.TypeName
	for _, obj := range e.cell.Objects() {
		if t, ok := obj.(*types.TypeName); ok && plain(t) {
			own = append(own, t)
			if i, ok := t.Type().Underlying().(*types.Interface); !ok || i.IsMethodSet() { // others can only be constraints
				e.pkg.Types = append(e.pkg.Types, t.Name())
			}
		}
	}
	errorType := types.Universe.Lookup("error").(*types.TypeName)
	var b strings.Builder
	for _, t := range own {
		for _, other := range append(append([]*types.TypeName{errorType}, e.l.types...), own...) {
			e.table(&b, t, other)
			if other.Pkg() != e.cell.Pkg && other != errorType {
				e.table(&b, other, t)
			}
		}
	}
	e.pkg.types = own
	return b.String()
}

// plain tells whether t declares a type that is neither generic nor an alias.
func plain(t *types.TypeName) bool {
	n, ok := t.Type().(*types.Named)
	return ok && !t.IsAlias() && n.TypeParams().Len() == 0
}

// table writes variables of interface type i that hold t and *t, as far as those implement it.
func (e *emitter) table(b *strings.Builder, t, i *types.TypeName) {
	iface, ok := i.Type().Underlying().(*types.Interface)
	if !ok || iface.Empty() || !iface.IsMethodSet() || types.IsInterface(t.Type()) {
		return
	}
	hold := func(value string) {
		name := fmt.Sprintf("%sT%d", Prefix, len(e.pkg.Tables))
		fmt.Fprintf(b, "var %s %s = %s\n", name, e.typeText(i.Type()), value)
		e.pkg.Tables = append(e.pkg.Tables, name)
	}
	if types.Implements(t.Type(), iface) {
		hold(e.zero(e.typeText(t.Type())))
	}
	if types.Implements(types.NewPointer(t.Type()), iface) {
		hold(e.null(e.typeText(t.Type())))
	}
}
