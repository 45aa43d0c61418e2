package workers

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/gobraid/gobraid/interp/check"
)

// A finding is a variable that a function would miss in a worker.
type finding struct {
	name string
	pos  token.Position // where it is mentioned
	by   []string       // the functions and types by way of which, the one that mentions it last
	own  bool           // it is a variable around a literal
}

// A search looks for what a function mentions.
type search struct {
	book *Book
	seen map[ast.Node]bool
	by   []string
	hit  *finding

	reached *[]*types.Func // all functions of cells that are mentioned, if wanted: then variables do not end the search
}

// look looks at a node; literal is the function literal that it is, or nil.
func (s *search) look(c *check.Cell, n ast.Node, literal *ast.FuncLit) {
	if s.hit != nil || s.seen[n] {
		return
	}
	s.seen[n] = true
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && s.hit == nil {
			s.mention(c, id, literal)
		}
		return s.hit == nil
	})
}

// mention looks at what an identifier stands for.
func (s *search) mention(c *check.Cell, id *ast.Ident, literal *ast.FuncLit) {
	switch obj := c.Info.Uses[id].(type) {
	case *types.Var:
		switch {
		case obj.IsField() || obj.Pkg() == nil || obj.Pkg().Path() != "main":
		case obj.Parent() == obj.Pkg().Scope(): // a variable of a cell
			s.found(c, id, obj, false)
		case literal != nil && (obj.Pos() < literal.Pos() || obj.Pos() >= literal.End()):
			s.found(c, id, obj, true)
		}
	case *types.Func:
		if s.reached != nil && obj.Pkg() != nil && obj.Pkg().Path() == "main" {
			*s.reached = append(*s.reached, obj)
		}
		s.enter(obj.Name(), s.book.decls[obj.Origin()])
	case *types.TypeName:
		s.enterType(obj)
	}
}

// enterType looks at a declared type and its methods.
func (s *search) enterType(t *types.TypeName) {
	if t.Pkg() == nil || t.Pkg().Path() != "main" {
		return
	}
	s.enter(t.Name(), s.book.decls[t])
	for _, m := range s.book.methods[t] {
		s.enter(t.Name()+"."+m.node.(*ast.FuncDecl).Name.Name, m)
	}
}

// enter looks at a declaration, which a name stands for.
func (s *search) enter(name string, u unit) {
	if u.node == nil || s.hit != nil {
		return
	}
	s.by = append(s.by, name)
	s.look(u.cell, u.node, nil)
	s.by = s.by[:len(s.by)-1]
}

func (s *search) found(c *check.Cell, id *ast.Ident, v *types.Var, own bool) {
	if s.reached != nil {
		return
	}
	s.hit = &finding{name: v.Name(), pos: c.Fset.Position(id.Pos()), by: slices.Clone(s.by), own: own}
}

// search finds what is missed of a function that an expression stands for, nil if nothing is or it cannot be said here.
func (b *Book) search(c *check.Cell, x ast.Expr) *finding {
	s := &search{book: b, seen: map[ast.Node]bool{}}
	s.expression(c, x)
	return s.hit
}

// expression looks at the function that an expression stands for.
func (s *search) expression(c *check.Cell, x ast.Expr) {
	switch x := ast.Unparen(x).(type) {
	case *ast.FuncLit:
		s.look(c, x, x)
	case *ast.Ident, *ast.IndexExpr, *ast.IndexListExpr, *ast.SelectorExpr:
		if name := functionName(c.Info, x); name != nil {
			s.mention(c, name, nil)
		}
		ast.Inspect(x, func(n ast.Node) bool { // the types of an instance, or of a method expression
			if id, ok := n.(*ast.Ident); ok {
				if t, ok := c.Info.Uses[id].(*types.TypeName); ok {
					s.enterType(t)
				}
			}
			return true
		})
	}
}

// functionName returns the identifier of the declared function that an expression stands for, or nil.
func functionName(info *types.Info, x ast.Expr) *ast.Ident {
	var id *ast.Ident
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	case *ast.IndexExpr:
		return functionName(info, x.X)
	case *ast.IndexListExpr:
		return functionName(info, x.X)
	}
	if id == nil {
		return nil
	}
	if _, ok := info.Uses[id].(*types.Func); !ok {
		return nil
	}
	return id
}

// message says what is wrong, for a function with a name.
func (f *finding) message(function string) string {
	who := function
	if n := len(f.by); n > 0 && f.by[n-1] != function {
		who = f.by[n-1] + ", which " + function + " needs,"
	}
	return fmt.Sprintf("%s mentions the variable %s, which a worker process does not have", who, f.name)
}

// remedy says what can be done.
func (f *finding) remedy(literal bool) string {
	if literal && len(f.by) == 0 {
		return fmt.Sprintf("say concurrency.Copy(%s) if a copy will do, or ", f.name) + remedy
	}
	return remedy
}

const remedy = "give the function what it needs of it as its argument: fields of a struct, if it is more than one thing"
