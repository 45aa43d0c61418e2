package workers

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/gobraid/gobraid/interp/check"
)

// Written returns the literal or the name of the function that an expression of a cell stands for, and reports whether that can be told from the text: of
// a variable it can if the cell defines it with one and never changes it, nor takes its address.
func Written(c *check.Cell, x ast.Expr) (ast.Expr, bool) {
	for range 10 { // f := g
		x = ast.Unparen(x)
		if Named(c.Info, x) {
			return x, true
		}
		id, ok := x.(*ast.Ident)
		if !ok {
			return nil, false
		}
		v, ok := c.Info.Uses[id].(*types.Var)
		if !ok {
			return nil, false
		}
		if x = definition(c, v); x == nil {
			return nil, false
		}
	}
	return nil, false
}

// definition returns what a variable is defined as in a cell, nil if it is defined elsewhere or may be something else later.
func definition(c *check.Cell, v *types.Var) (def ast.Expr) {
	is := func(x ast.Expr) bool {
		id, ok := ast.Unparen(x).(*ast.Ident)
		return ok && (c.Info.Uses[id] == v || c.Info.Defs[id] == v)
	}
	changed := false
	inspect(c, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, l := range n.Lhs {
				switch {
				case !is(l):
				case n.Tok == token.DEFINE && c.Info.Defs[l.(*ast.Ident)] == v && len(n.Lhs) == len(n.Rhs):
					def = n.Rhs[i]
				default:
					changed = true
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if c.Info.Defs[name] != v {
					continue
				}
				if len(n.Names) == len(n.Values) {
					def = n.Values[i]
				} else {
					changed = true
				}
			}
		case *ast.RangeStmt:
			changed = changed || n.Key != nil && is(n.Key) || n.Value != nil && is(n.Value)
		case *ast.UnaryExpr:
			changed = changed || n.Op == token.AND && is(n.X)
		}
		return !changed
	})
	if changed {
		return nil
	}
	return def
}

// Missing returns why a function of a cell, a literal or the name of one, cannot run in a worker process, and what to do; why is "" if it can.
func (b *Book) Missing(c *check.Cell, x ast.Expr) (why, hint string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, d := range c.Decls {
		b.add(c, d)
	}
	if hit := b.search(c, x); hit != nil {
		return hit.message("the function"), remedy
	}
	return "", ""
}
