package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"github.com/gobraid/gobraid/interp/check"
)

// A Book remembers how the objects of a session were declared, to declare them again in a program. It is
// not safe for use by several goroutines at once.
type Book struct {
	units   map[types.Object]*unit
	methods map[*types.TypeName][]*unit
	changes map[types.Object]int   // how many places other than its definition may have changed a variable
	later   map[types.Object]*unit // the assignment of a function literal to a variable: func-typed ones are often declared first
	blank   map[string]bool        // paths imported for their effects
}

// NewBook returns an empty book.
func NewBook() *Book {
	return &Book{
		units: map[types.Object]*unit{}, methods: map[*types.TypeName][]*unit{},
		changes: map[types.Object]int{}, later: map[types.Object]*unit{}, blank: map[string]bool{},
	}
}

// A unit is what is declared, and copied, as one: a function or method, a type, a group of constants, or
// the variables of one definition.
type unit struct {
	cell *check.Cell
	node ast.Node // *ast.FuncDecl, *ast.TypeSpec, *ast.GenDecl of constants, *ast.ValueSpec, *ast.AssignStmt
}

// Add records a cell that has run, and what it declares.
func (b *Book) Add(c *check.Cell) {
	for _, d := range c.Decls {
		b.addDecl(c, d)
	}
	for _, s := range c.Stmts {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				b.addNames(c, s, defined(s))
			}
		case *ast.DeclStmt:
			b.addDecl(c, s.Decl)
		}
	}
	for _, spec := range c.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil && spec.Name != nil && spec.Name.Name == "_" {
			b.blank[path] = true
		}
	}
	b.note(c)
}

func (b *Book) addDecl(c *check.Cell, d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		b.addFunc(c, d)
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				b.addNames(c, spec, []*ast.Ident{spec.Name})
			case *ast.ValueSpec:
				if d.Tok == token.CONST {
					b.addNames(c, d, spec.Names) // whole, because iota counts
				} else {
					b.addNames(c, spec, spec.Names)
				}
			}
		}
	}
}

func (b *Book) addNames(c *check.Cell, n ast.Node, names []*ast.Ident) {
	for _, id := range names {
		if obj := c.Info.Defs[id]; obj != nil && id.Name != "_" {
			u := &unit{c, n}
			if first := b.units[obj]; first == nil {
				b.units[obj] = u
			}
		}
	}
}

func (b *Book) addFunc(c *check.Cell, d *ast.FuncDecl) {
	f, ok := c.Info.Defs[d.Name].(*types.Func)
	switch {
	case !ok:
	case d.Recv == nil:
		b.units[f] = &unit{c, d}
	default:
		if t := receiver(f); t != nil {
			b.methods[t] = append(b.methods[t], &unit{c, d})
		}
	}
}

// receiver returns the declared type a method belongs to.
func receiver(f *types.Func) *types.TypeName {
	t := types.Unalias(f.Signature().Recv().Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok {
		return n.Obj()
	}
	return nil
}

// defined returns the names on the left of a definition.
func defined(s *ast.AssignStmt) []*ast.Ident {
	var out []*ast.Ident
	for _, x := range s.Lhs {
		if id, ok := x.(*ast.Ident); ok {
			out = append(out, id)
		}
	}
	return out
}

// note records the variables that statements and functions of a cell may change.
func (b *Book) note(c *check.Cell) {
	mark := func(x ast.Expr) {
		if v := root(c, x); v != nil {
			b.changes[v]++
		}
	}
	visit := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				if id, ok := l.(*ast.Ident); ok && c.Info.Defs[id] != nil {
					continue
				}
				mark(l)
			}
		case *ast.IncDecStmt:
			mark(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				mark(n.Key)
				mark(n.Value)
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				mark(n.X)
			}
		case *ast.SelectorExpr:
			if sel := c.Info.Selections[n]; sel != nil && sel.Kind() != types.FieldVal && mayChange(sel) {
				mark(n.X)
			}
		}
		return true
	}
	for _, d := range c.Decls {
		ast.Inspect(d, visit)
	}
	for _, s := range c.Stmts {
		ast.Inspect(s, visit)
		if a, ok := s.(*ast.AssignStmt); ok && a.Tok == token.ASSIGN && len(a.Lhs) == 1 {
			if id, ok := a.Lhs[0].(*ast.Ident); ok && isLiteral(a.Rhs[0]) && c.Info.Uses[id] != nil {
				b.later[c.Info.Uses[id]] = &unit{c, a}
			}
		}
	}
	if c.Result != nil {
		ast.Inspect(c.Result, visit)
	}
}

func isLiteral(x ast.Expr) bool {
	_, ok := ast.Unparen(x).(*ast.FuncLit)
	return ok
}

// assigned returns the statement that gives a function to a variable that is declared without, as in
//
//	var f func(int) int
//	f = func(n int) int { return f(n - 1) }
//
// It returns nil if there is none, or if something else may have changed the variable, too.
func (b *Book) assigned(obj types.Object, u *unit) *unit {
	spec, ok := u.node.(*ast.ValueSpec)
	if !ok || len(spec.Values) > 0 || b.changes[obj] != 1 {
		return nil
	}
	return b.later[obj]
}

// mayChange tells whether a method may change the variable it is called on: it has a pointer receiver and is
// not a method of a lock, which is as it was when all is done.
func mayChange(sel *types.Selection) bool {
	f, ok := sel.Obj().(*types.Func)
	if !ok {
		return false
	}
	if _, ok := types.Unalias(f.Signature().Recv().Type()).(*types.Pointer); !ok {
		return false
	}
	t := receiver(f)
	if t != nil && t.Pkg() != nil && t.Pkg().Path() == "sync" {
		return t.Name() == "Once" || t.Name() == "Map"
	}
	return true
}

// root returns the variable an expression is a part of, nil if it is not part of one.
func root(c *check.Cell, x ast.Expr) types.Object {
	for {
		switch e := x.(type) {
		case *ast.Ident:
			v, _ := c.Info.Uses[e].(*types.Var)
			if v == nil {
				return nil
			}
			return v
		case *ast.SelectorExpr:
			if _, ok := c.Info.Selections[e]; !ok {
				return nil
			}
			x = e.X
		case *ast.IndexExpr:
			x = e.X
		case *ast.SliceExpr:
			x = e.X
		case *ast.StarExpr:
			x = e.X
		case *ast.ParenExpr:
			x = e.X
		default:
			return nil
		}
	}
}
