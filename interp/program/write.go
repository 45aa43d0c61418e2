package program

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/interp/check"
)

// An edit replaces a stretch of a cell's text.
type edit struct {
	from, to token.Pos
	text     string
}

// text returns the source between two positions inside a node, with the names of the program.
func (w *writer) text(c *check.Cell, n ast.Node, from, to token.Pos) string {
	edits := slices.DeleteFunc(w.edits(c, n), func(e edit) bool { return e.from < from || e.to > to })
	slices.SortStableFunc(edits, func(a, b edit) int { return int(a.from - b.from) })
	var b strings.Builder
	at := from
	for _, e := range edits {
		if e.from < at {
			continue
		}
		b.WriteString(c.Source(at, e.from))
		b.WriteString(e.text)
		at = e.to
	}
	b.WriteString(c.Source(at, to))
	return b.String()
}

// edits returns what must change in the text of a node.
func (w *writer) edits(c *check.Cell, n ast.Node) []edit {
	var out []edit
	qualified := map[*ast.Ident]bool{}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if n.Colon == n.Value.Pos() { // the checker gave the element its key
				ast.Inspect(n.Value, func(x ast.Node) bool {
					if x != nil {
						out = append(out, w.edits(c, x)...)
					}
					return false
				})
				return false
			}
		case *ast.CallExpr:
			out = append(out, w.goCall(c, n)...)
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok {
				if _, pkg := c.Info.Uses[id].(*types.PkgName); pkg {
					qualified[n.Sel] = true
				}
			}
		case *ast.Ident:
			if name := w.nameOf(c, n, qualified[n]); name != n.Name {
				out = append(out, edit{n.Pos(), n.End(), name})
			}
		}
		return true
	})
	return out
}

// goCall makes wg.Go(f) a call of the program's own function that does the same.
func (w *writer) goCall(c *check.Cell, call *ast.CallExpr) []edit {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || !w.race || sel != call.Fun {
		return nil
	}
	s := c.Info.Selections[sel]
	if s == nil || s.Kind() != types.MethodVal || len(s.Index()) > 1 || s.Obj().Pkg() == nil || s.Obj().Pkg().Path() != "sync" || s.Obj().Name() != "Go" {
		return nil
	}
	if w.goName == "" {
		w.goName = w.fresh("waitGroupGo")
		w.importName("sync", "sync")
	}
	head := w.goName + "("
	if _, ptr := s.Recv().Underlying().(*types.Pointer); !ptr {
		head += "&"
	}
	between := c.Source(sel.X.End(), call.Lparen+1)
	return []edit{
		{call.Pos(), call.Pos(), head},
		{sel.X.End(), call.Lparen + 1, ", " + strings.Repeat("\n", strings.Count(between, "\n"))},
	}
}

// helpers writes the functions that no cell has.
func (w *writer) helpers() string {
	if w.goName == "" {
		return ""
	}
	return own + fmt.Sprintf(`func %s(wg *%s.WaitGroup, f func()) {
	wg.Add(1)
	go func() {
		defer wg.Done()
		f()
	}()
}
`, w.goName, w.importName("sync", "sync"))
}

// declarations writes what the body needs of earlier cells, and its own declarations.
func (w *writer) declarations() string {
	var b strings.Builder
	for _, u := range w.units {
		b.WriteString(w.unitText(u))
	}
	for _, d := range w.body.Decls {
		b.WriteString(w.decl(d))
	}
	if w.packageLevel() {
		for _, s := range w.body.Stmts {
			switch s := s.(type) {
			case *ast.AssignStmt:
				b.WriteString(w.unitText(&unit{w.body, s}))
			case *ast.DeclStmt:
				b.WriteString(w.decl(s.Decl))
			}
		}
		return b.String()
	}
	for _, v := range w.body.Vars {
		if w.lifted[v] {
			fmt.Fprintf(&b, "%svar %s %s\n", own, w.names[v], w.typeText(v.Type()))
		}
	}
	return b.String()
}

// decl writes a declaration of the body.
func (w *writer) decl(d ast.Decl) string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.Name == "_" {
			return "" // nobody can call it
		}
		return w.unitText(&unit{w.body, d})
	case *ast.GenDecl:
		if d.Tok == token.CONST {
			return w.unitText(&unit{w.body, d})
		}
		var b strings.Builder
		for _, spec := range d.Specs {
			b.WriteString(w.unitText(&unit{w.body, spec}))
		}
		return b.String()
	}
	return ""
}

// unitText writes a declaration as it stands at package level.
func (w *writer) unitText(u *unit) string {
	switch n := u.node.(type) {
	case *ast.FuncDecl:
		return w.funcText(u.cell, n)
	case *ast.GenDecl:
		return line(u.cell, n.Pos()) + w.text(u.cell, n, n.Pos(), n.End()) + "\n"
	case *ast.TypeSpec:
		return line(u.cell, n.Pos()) + "type " + w.text(u.cell, n, n.Pos(), n.End()) + "\n"
	case *ast.ValueSpec:
		if len(n.Values) > 0 && w.late(u) {
			return w.initLater(u, n.Names, n.Values[0].Pos(), n.End())
		}
		return w.embed(u, n) + line(u.cell, n.Pos()) + "var " + w.text(u.cell, n, n.Pos(), n.End()) + "\n"
	case *ast.AssignStmt:
		names := defined(n)
		if n.Tok == token.ASSIGN {
			return own + "func init() {\n" + line(u.cell, n.Pos()) + w.text(u.cell, n, n.Pos(), n.End()) + "\n}\n"
		}
		if w.late(u) {
			return w.initLater(u, names, n.Rhs[0].Pos(), n.End())
		}
		return line(u.cell, n.Pos()) + "var " + strings.Join(w.leftSide(u.cell, names), ", ") + " = " +
			w.text(u.cell, n, n.Rhs[0].Pos(), n.End()) + "\n"
	}
	return ""
}

// leftSide returns the names of what a definition defines, blanks for what it only assigns to.
func (w *writer) leftSide(c *check.Cell, names []*ast.Ident) []string {
	var left []string
	for _, id := range names {
		if obj := c.Info.Defs[id]; obj == nil || id.Name == "_" {
			left = append(left, "_")
		} else {
			left = append(left, w.nameOf(c, id, false))
		}
	}
	return left
}

// initLater declares variables whose initialiser mentions them, which Go allows of statements only.
func (w *writer) initLater(u *unit, names []*ast.Ident, from, to token.Pos) string {
	var b strings.Builder
	for _, id := range names {
		if v := u.cell.Info.Defs[id]; v != nil && id.Name != "_" {
			fmt.Fprintf(&b, "%svar %s %s\n", own, w.names[v], w.typeText(v.Type()))
		}
	}
	fmt.Fprintf(&b, "%sfunc init() {\n%s%s = %s\n}\n", own, line(u.cell, u.node.Pos()),
		strings.Join(w.leftSide(u.cell, names), ", "), w.text(u.cell, u.node, from, to))
	return b.String()
}

// funcText writes a function or method with its directives.
func (w *writer) funcText(c *check.Cell, d *ast.FuncDecl) string {
	var b strings.Builder
	if d.Doc != nil {
		for _, x := range d.Doc.List {
			if strings.HasPrefix(x.Text, "//go:") {
				b.WriteString(x.Text + "\n")
			}
		}
	}
	return b.String() + line(c, d.Pos()) + w.text(c, d, d.Pos(), d.End()) + "\n"
}
