package check

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// OnlyDeclares reports whether running the cell runs no code that anybody could notice: it has nothing but
// declarations of functions, methods, types and constants, and variables without a value or with a constant one.
// An import for its effects, an init function and a whole program do something; and a directive to the compiler may be one
// that it refuses.
func (c *Cell) OnlyDeclares() bool {
	if c.Program || c.Result != nil || len(c.Embeds) > 0 || len(c.Decls)+len(c.Stmts) == 0 {
		return false
	}
	for _, spec := range c.Imports {
		if spec.Name != nil && spec.Name.Name == "_" {
			return false
		}
	}
	for _, d := range c.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.Name == "init" || directs(d.Doc) {
				return false
			}
		case *ast.GenDecl:
			if d.Tok == token.VAR && !c.plainVars(d) || directs(d.Doc) {
				return false
			}
		}
	}
	for _, s := range c.Stmts {
		switch s := s.(type) {
		case *ast.DeclStmt:
			if g, ok := s.Decl.(*ast.GenDecl); !ok || g.Tok == token.VAR && !c.plainVars(g) {
				return false
			}
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE || !c.newConstants(s) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// directs tells whether a comment has a directive to the compiler.
func directs(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:") })
}

// plainVars tells whether no variable of a declaration has a value that is computed.
func (c *Cell) plainVars(d *ast.GenDecl) bool {
	for _, spec := range d.Specs {
		v, ok := spec.(*ast.ValueSpec)
		if !ok || !c.constants(v.Values) {
			return false
		}
	}
	return true
}

// newConstants tells whether a definition gives constants to variables that it makes.
func (c *Cell) newConstants(s *ast.AssignStmt) bool {
	for _, l := range s.Lhs {
		if id, ok := l.(*ast.Ident); !ok || id.Name != "_" && c.Info.Defs[id] == nil {
			return false
		}
	}
	return c.constants(s.Rhs)
}

func (c *Cell) constants(list []ast.Expr) bool {
	for _, x := range list {
		if c.Info.Types[x].Value == nil {
			return false
		}
	}
	return true
}
