package program

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strconv"
	"strings"
)

// main writes the function main of the program.
func (w *writer) main() string {
	switch {
	case w.mode == Test || w.mode == Bench:
		return w.testMain()
	case w.packageLevel():
		return ""
	}
	if len(w.body.Stmts) == 0 && w.body.Result == nil {
		w.err = ErrNothing
	}
	return own + "func main() {\n" + w.statements(true) + "}\n"
}

// statements writes the statements of the body. The trailing expression is printed if show is set.
func (w *writer) statements(show bool) string {
	var b strings.Builder
	for _, s := range w.body.Stmts {
		b.WriteString(line(w.body, s.Pos()))
		b.WriteString(w.stmt(s))
		b.WriteString("\n")
	}
	if x := w.body.Result; x != nil {
		b.WriteString(line(w.body, x.Pos()))
		b.WriteString(w.result(x, show))
		b.WriteString("\n")
	}
	return b.String()
}

// stmt writes a statement inside a function.
func (w *writer) stmt(s ast.Stmt) string {
	vars := w.variables(s)
	if len(vars) == 0 || !isDefinition(s) {
		return w.text(w.body, s, s.Pos(), s.End())
	}
	if w.lifted[vars[0]] {
		return w.assignment(s)
	}
	text := w.text(w.body, s, s.Pos(), s.End())
	for _, v := range vars {
		text += "; _ = " + v.Name() // a variable of a cell need not be used
	}
	return text
}

// assignment writes a definition of variables that are declared elsewhere.
func (w *writer) assignment(s ast.Stmt) string {
	switch s := s.(type) {
	case *ast.AssignStmt:
		var left []string
		for _, id := range defined(s) {
			left = append(left, w.nameOf(w.body, id, false))
		}
		return strings.Join(left, ", ") + " = " + w.text(w.body, s, s.Rhs[0].Pos(), s.End())
	case *ast.DeclStmt:
		var b strings.Builder
		for i, spec := range s.Decl.(*ast.GenDecl).Specs {
			v := spec.(*ast.ValueSpec)
			if len(v.Values) == 0 {
				continue
			}
			if i > 0 {
				b.WriteString("\n" + line(w.body, v.Pos()))
			}
			var left []string
			for _, id := range v.Names {
				left = append(left, w.nameOf(w.body, id, false))
			}
			b.WriteString(strings.Join(left, ", ") + " = " + w.text(w.body, v, v.Values[0].Pos(), v.End()))
		}
		return b.String()
	}
	return ""
}

// result writes the trailing expression.
func (w *writer) result(x ast.Expr, show bool) string {
	text := w.text(w.body, x, x.Pos(), x.End())
	tv := w.body.Info.Types[x]
	tuple, several := tv.Type.(*types.Tuple)
	call, isCall := ast.Unparen(x).(*ast.CallExpr)
	if isCall {
		fun := w.body.Info.Types[call.Fun]
		isCall = !fun.IsType() && !fun.IsBuiltin()
	}
	switch {
	case tv.IsVoid(), several && tuple.Len() == 0, isCall && isHandle(tv.Type):
		return text
	case isLarge(tv.Value):
		text = strconv.Quote(tv.Value.ExactString())
		if !show {
			return "_ = " + text
		}
		return w.importName("fmt", "fmt") + ".Println(" + text + ")"
	case show:
		return w.importName("fmt", "fmt") + ".Println(" + text + ")"
	case isCall:
		return text
	}
	return "_ = " + text
}

// isHandle tells whether a type is what display.Show returns, which nobody wants to see.
func isHandle(t types.Type) bool {
	p, ok := t.(*types.Pointer)
	if !ok {
		return false
	}
	n, ok := p.Elem().(*types.Named)
	return ok && n.Obj().Name() == "Handle" && n.Obj().Pkg().Path() == "github.com/gobraid/gobraid/concurrency/display"
}

// isLarge tells whether a constant has no value of its default type.
func isLarge(v constant.Value) bool {
	if v == nil || v.Kind() != constant.Int {
		return false
	}
	_, exact := constant.Int64Val(v)
	return !exact
}
