package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// An unkeyed literal T{1, 2} of a struct type with unexported fields is legal only in the package that
// declares T, and go/types compares packages there by identity, not by path. Where T is of an earlier
// cell the literal is therefore given its keys, and the cell is checked again.

// unexportedInLiteral tells whether the error is about such a literal.
func unexportedInLiteral(te types.Error) bool {
	_, t, _ := strings.Cut(te.Msg, "in struct literal of type ")
	name, _, _ := strings.Cut(strings.TrimPrefix(t, "main."), "[")
	return strings.HasPrefix(te.Msg, "implicit assignment to unexported field") &&
		(strings.HasPrefix(name, "struct{") || !strings.Contains(name, "."))
}

// addKeys gives keys to the literals that have an element at one of the places.
func (d *draft) addKeys(at map[token.Pos]bool) {
	visit := func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok || !hasElement(lit, at) {
			return true
		}
		t := d.info.Types[lit].Type
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		if s, ok := t.Underlying().(*types.Struct); ok {
			for i, e := range lit.Elts {
				if _, keyed := e.(*ast.KeyValueExpr); !keyed && i < s.NumFields() {
					key := &ast.Ident{Name: s.Field(i).Name(), NamePos: e.Pos()}
					lit.Elts[i] = &ast.KeyValueExpr{Key: key, Colon: e.Pos(), Value: e}
				}
			}
		}
		return true
	}
	for _, x := range d.decls {
		ast.Inspect(x, visit)
	}
	for _, x := range d.stmts {
		ast.Inspect(x, visit)
	}
}

func hasElement(lit *ast.CompositeLit, at map[token.Pos]bool) bool {
	for _, e := range lit.Elts {
		if at[e.Pos()] {
			return true
		}
	}
	return false
}
