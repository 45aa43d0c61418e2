package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// cellFunction writes the function that runs the statements of the cell and returns the values of
// its trailing expression.
func (e *emitter) cellFunction() string {
	var b strings.Builder
	b.WriteString("\n//line <gobraid>:1\n")
	b.WriteString("// ꞰDefined counts the variables whose definitions have been reached.\nvar ꞰDefined = 0\n")
	b.WriteString("func øvalues(v ...interface{}) []interface{} { return v }\n")
	b.WriteString("func øcell() (øresult []interface{}) {\nꞰDefined = 0\n")
	if e.cell.Program {
		b.WriteString(e.program())
	}
	defined := 0
	for _, s := range e.cell.Stmts {
		b.WriteString(e.line(s.Pos()))
		if names, text, ok := e.definition(s); ok {
			b.WriteString(text)
			defined += e.newlyDefined(names)
			fmt.Fprintf(&b, "; ꞰDefined = %d", defined)
		} else {
			b.WriteString(e.stmt(s))
		}
	}
	if !e.cell.Program {
		b.WriteString("\n" + e.callInits()) // the variables of the cell have their values now
	}
	b.WriteString(e.resultText())
	b.WriteString("\n//line <gobraid>:1\nreturn\n}\n")
	return b.String()
}

// newlyDefined counts the variables among names that no earlier definition counted.
func (e *emitter) newlyDefined(names []*ast.Ident) int {
	n := 0
	for _, id := range names {
		if v, ok := e.cell.Info.Defs[id].(*types.Var); ok && v.Name() != "_" {
			n++
		}
	}
	return n
}

// program writes what Go does with a whole program: variables in their order, init functions, main.
func (e *emitter) program() string {
	var b strings.Builder
	for _, v := range e.cell.Vars {
		if text, ok := e.embedValue(v); ok && v.Name() != "_" {
			fmt.Fprintf(&b, "%s%s = %s\n", Prefix, v.Name(), text)
		} else if v.Name() != "_" {
			fmt.Fprintf(&b, "{ var ø %s; %s%s = ø }\n", e.typeText(v.Type()), Prefix, v.Name())
		}
	}
	for _, init := range e.cell.Info.InitOrder {
		var names []string
		for _, v := range init.Lhs {
			if v.Name() == "_" {
				names = append(names, "_")
			} else {
				names = append(names, Prefix+v.Name())
			}
		}
		b.WriteString(e.line(init.Rhs.Pos()))
		if len(names) == 1 && names[0] == "_" {
			fmt.Fprintf(&b, "var _ %s = %s", e.typeText(init.Lhs[0].Type()), e.node(init.Rhs))
		} else {
			fmt.Fprintf(&b, "%s = %s", strings.Join(names, ", "), e.node(init.Rhs))
		}
	}
	b.WriteString("\n//line <gobraid>:1\n")
	fmt.Fprintf(&b, "ꞰDefined = %d\n", len(e.cell.Vars))
	b.WriteString(e.callInits())
	fmt.Fprintf(&b, "%smain()\n", Prefix)
	return b.String()
}

// callInits writes calls of the init functions.
func (e *emitter) callInits() string {
	var b strings.Builder
	inits := 0
	for _, d := range e.cell.Decls {
		if isInit(d) {
			inits++
			fmt.Fprintf(&b, "øinit%d()\n", inits)
		}
	}
	return b.String()
}

func isInit(d ast.Decl) bool {
	f, ok := d.(*ast.FuncDecl)
	return ok && f.Recv == nil && f.Name.Name == "init"
}

// definition writes the definition of cell-level variables as an assignment.
func (e *emitter) definition(s ast.Stmt) ([]*ast.Ident, string, bool) {
	switch s := s.(type) {
	case *ast.AssignStmt:
		if s.Tok != token.DEFINE {
			return nil, "", false
		}
		var names []*ast.Ident
		for _, l := range s.Lhs {
			names = append(names, l.(*ast.Ident))
		}
		text := e.copy(s)
		return names, strings.Replace(text, ":=", "=", 1) + e.after(s), true
	case *ast.DeclStmt:
		g := s.Decl.(*ast.GenDecl)
		if g.Tok != token.VAR {
			return nil, "", false
		}
		var names []*ast.Ident
		var parts []string
		for _, spec := range g.Specs {
			vs := spec.(*ast.ValueSpec)
			names = append(names, vs.Names...)
			parts = append(parts, strings.TrimPrefix(e.line(vs.Pos()), "\n")+e.valueSpec(vs))
		}
		return names, strings.Join(parts, "\n") + e.after(s), true
	}
	return nil, "", false
}

func (e *emitter) after(s ast.Stmt) string {
	if e.mayBlock(s) {
		return "; " + strings.TrimSuffix(safepoint, "; ")
	}
	return ""
}

// valueSpec writes "var a, b T = x, y" as an assignment, of zero values if it has none.
func (e *emitter) valueSpec(s *ast.ValueSpec) string {
	var places, values []string
	for _, id := range s.Names {
		v := e.cell.Info.Defs[id].(*types.Var)
		switch {
		case id.Name == "_" && len(s.Values) == 0:
			continue
		case id.Name == "_":
			places = append(places, "_")
		default:
			places = append(places, e.ident(id))
		}
		if text, ok := e.embedValue(v); ok {
			values = append(values, text)
		} else if len(s.Values) == 0 {
			values = append(values, e.zero(e.typeText(v.Type())))
		}
	}
	if len(places) == 0 {
		return ""
	}
	for i, x := range s.Values {
		text := e.node(x)
		if s.Type != nil && len(s.Values) == len(s.Names) && s.Names[i].Name == "_" {
			text = fmt.Sprintf("(%s)(%s)", e.node(s.Type), text)
		}
		values = append(values, text)
	}
	return strings.Join(places, ", ") + " = " + strings.Join(values, ", ")
}

// resultText writes the return of the trailing expression's values.
func (e *emitter) resultText() string {
	x := e.cell.Result
	if x == nil {
		return ""
	}
	tv := e.cell.Info.Types[x]
	if _, ok := e.cell.Untyped(); ok {
		return "" // the session shows its exact value
	}
	head := e.line(x.Pos())
	switch t := tv.Type.(type) {
	case *types.Tuple:
		if t.Len() == 0 {
			return head + e.node(x)
		}
		return head + "return øvalues(" + e.node(x) + ")"
	}
	if tv.IsVoid() {
		return head + e.node(x)
	}
	return head + "return []interface{}{" + e.node(x) + "}"
}
