package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

func (e *emitter) forStmt(n *ast.ForStmt) string {
	var b strings.Builder
	at := n.Pos()
	for _, c := range children(n) {
		if c == n.Body {
			break
		}
		b.WriteString(e.cell.Source(at, c.Pos()) + e.node(c))
		at = c.End()
	}
	b.WriteString(e.cell.Source(at, n.Body.Pos()) + e.block(n.Body, safepoint))
	return b.String()
}

func (e *emitter) rangeStmt(n *ast.RangeStmt) string {
	if e.isChan(n.X) {
		return e.rangeChan(n)
	}
	var b strings.Builder
	at := n.Pos()
	for _, c := range []ast.Node{n.Key, n.Value, n.X} {
		if c == ast.Node(nil) || c == ast.Node(ast.Expr(nil)) {
			continue
		}
		b.WriteString(e.cell.Source(at, c.Pos()) + e.node(c))
		at = c.End()
	}
	b.WriteString(e.cell.Source(at, n.Body.Pos()) + e.block(n.Body, safepoint))
	return b.String()
}

// rangeChan writes "for v := range c" as a loop over receives.
func (e *emitter) rangeChan(n *ast.RangeStmt) string {
	c, v, ok := e.temp(), "_", e.temp()
	assign := ""
	if n.Key != nil {
		if v = e.node(n.Key); n.Tok == token.ASSIGN {
			assign = v
			v = e.temp()
			assign += " = " + v + "; "
		}
	}
	head := safepoint + fmt.Sprintf("%s, %s := øtask.Recv2(%s, %s); if !%s { break }; %s", v, ok, c, e.site(n.For), ok, assign)
	if n.Tok == token.DEFINE { // the body may declare v again
		return fmt.Sprintf("for %s := %s; ; { %s%s }", c, e.node(n.X), head, e.block(n.Body, ""))
	}
	return fmt.Sprintf("for %s := %s; ; %s", c, e.node(n.X), e.block(n.Body, head))
}

// selectStmt writes a select as a switch over the index of the case that was chosen.
func (e *emitter) selectStmt(n *ast.SelectStmt) string {
	if len(n.Body.List) == 0 {
		return fmt.Sprintf("switch øtask.Forever(%s) { default: %s }", e.site(n.Select), e.never())
	}
	var vars, cases []string
	hasDefault := false
	for _, s := range n.Body.List {
		c := s.(*ast.CommClause)
		if c.Comm == nil {
			hasDefault = true
			continue
		}
		text, ok := e.commCase(c.Comm)
		if !ok {
			return e.copySelect(n) // on a channel of a type parameter's type
		}
		vars = append(vars, e.temp())
		cases = append(cases, text)
	}
	var b strings.Builder
	b.WriteString("switch ")
	if len(vars) > 0 {
		fmt.Fprintf(&b, "%s := %s; ", strings.Join(vars, ", "), strings.Join(cases, ", "))
	}
	args := append([]string{e.site(n.Select), fmt.Sprint(hasDefault)}, vars...)
	fmt.Fprintf(&b, "øtask.Select(%s) {", strings.Join(args, ", "))
	at, i := n.Body.Lbrace+1, 0
	for _, s := range n.Body.List {
		c := s.(*ast.CommClause)
		b.WriteString(e.cell.Source(at, c.Pos()))
		if c.Comm == nil {
			b.WriteString("default:")
		} else {
			fmt.Fprintf(&b, "case %d: %s", i, e.commBind(c.Comm, vars[i]))
			i++
		}
		if c.Comm != nil && strings.Contains(e.cell.Source(c.Comm.Pos(), c.Comm.End()), "\n") {
			b.WriteString(e.line(c.Colon))
		}
		b.WriteString(e.list(c.Colon+1, c.Body, max(c.End(), c.Colon+1)))
		at = max(c.End(), c.Colon+1)
	}
	b.WriteString(e.cell.Source(at, n.Body.Rbrace))
	if !hasDefault {
		b.WriteString("; default: " + e.never() + " ")
	}
	b.WriteString("}")
	return b.String()
}

// commCase writes the case of a select as a value for task.Select.
func (e *emitter) commCase(comm ast.Stmt) (string, bool) {
	if s, ok := comm.(*ast.SendStmt); ok {
		return fmt.Sprintf("øtask.SelSend(%s).Val(%s)", e.node(s.Chan), e.node(s.Value)), e.isChan(s.Chan)
	}
	r := received(comm)
	return fmt.Sprintf("øtask.SelRecv(%s)", e.node(r.X)), e.isChan(r.X)
}

// received returns the receive operation of a communication clause.
func received(comm ast.Stmt) *ast.UnaryExpr {
	var x ast.Expr
	switch s := comm.(type) {
	case *ast.ExprStmt:
		x = s.X
	case *ast.AssignStmt:
		x = s.Rhs[0]
	}
	return ast.Unparen(x).(*ast.UnaryExpr)
}

// commBind writes the assignment of what a case received.
func (e *emitter) commBind(comm ast.Stmt, v string) string {
	a, ok := comm.(*ast.AssignStmt)
	if !ok {
		return ""
	}
	var l []string
	for _, x := range a.Lhs {
		l = append(l, e.node(x))
	}
	r := v + ".V"
	if len(l) == 2 {
		r += ", " + v + ".OK"
	}
	return fmt.Sprintf("%s %s %s; ", strings.Join(l, ", "), a.Tok, r)
}

// copySelect writes a select that stays one.
func (e *emitter) copySelect(n *ast.SelectStmt) string {
	var b strings.Builder
	at := n.Pos()
	for _, s := range n.Body.List {
		c := s.(*ast.CommClause)
		b.WriteString(e.cell.Source(at, c.Colon+1))
		b.WriteString(e.list(c.Colon+1, c.Body, max(c.End(), c.Colon+1)))
		at = max(c.End(), c.Colon+1)
	}
	b.WriteString(e.cell.Source(at, n.End()))
	return b.String()
}

// goStmt writes "go f(x)": function and arguments are evaluated first, then a task runs the call.
func (e *emitter) goStmt(n *ast.GoStmt) string {
	call := n.Call
	site := e.site(n.Go)
	if lit, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok && len(call.Args) == 0 && lit.Type.Results == nil {
		return fmt.Sprintf("øtask.Go(%s, %s)", site, e.node(lit))
	}
	var b strings.Builder
	b.WriteString("{ ")
	fun := e.goFunction(&b, call)
	args := e.goArguments(&b, call)
	if text, ok := e.redirectedTo(call, fun, args); ok {
		fmt.Fprintf(&b, "øtask.Go(%s, func() { %s }) }", site, text)
		return b.String()
	}
	dots := ""
	if call.Ellipsis.IsValid() {
		dots = "..."
	}
	fmt.Fprintf(&b, "øtask.Go(%s, func() { %s(%s%s) }) }", site, fun, strings.Join(args, ", "), dots)
	return b.String()
}

// goFunction evaluates the function of a go statement and returns how to mention it.
func (e *emitter) goFunction(b *strings.Builder, call *ast.CallExpr) string {
	tv := e.cell.Info.Types[call.Fun]
	if tv.IsBuiltin() || tv.IsType() {
		return e.node(call.Fun)
	}
	if f := e.callee(call); f != nil {
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			return e.node(call.Fun) // a declared function
		}
		s := e.cell.Info.Selections[sel]
		if s == nil || s.Kind() == types.MethodExpr {
			return e.node(call.Fun)
		}
		if e.hasRedirect(f) {
			t := e.temp()
			fmt.Fprintf(b, "%s := %s; ", t, e.pointerTo(sel, s))
			return t
		}
	}
	t := e.temp()
	fmt.Fprintf(b, "%s := %s; ", t, e.node(call.Fun))
	return t
}

// goArguments evaluates the arguments of a go statement and returns how to mention them.
func (e *emitter) goArguments(b *strings.Builder, call *ast.CallExpr) []string {
	if len(call.Args) == 1 {
		if tuple, ok := e.cell.Info.Types[call.Args[0]].Type.(*types.Tuple); ok {
			var names []string
			for range tuple.Len() {
				names = append(names, e.temp())
			}
			fmt.Fprintf(b, "%s := %s; ", strings.Join(names, ", "), e.node(call.Args[0]))
			return names
		}
	}
	var args []string
	for _, a := range call.Args {
		tv := e.cell.Info.Types[a]
		if tv.Value != nil || tv.IsNil() || tv.IsType() {
			args = append(args, e.node(a)) // nothing to evaluate
			continue
		}
		t := e.temp()
		if basic, ok := tv.Type.(*types.Basic); ok && basic.Info()&types.IsUntyped != 0 {
			fmt.Fprintf(b, "var %s %s = %s; ", t, e.typeText(tv.Type), e.node(a))
		} else {
			fmt.Fprintf(b, "%s := %s; ", t, e.node(a))
		}
		args = append(args, t)
	}
	return args
}
