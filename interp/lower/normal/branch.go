package normal

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

var zeroValue = constant.MakeInt64(0)

// breakable emits what f emits, in a loop of one round if something breaks out of it.
func (e *emitter) breakable(label string, f func(t *target)) {
	t, lines := e.enter(label, false, f)
	if !t.used {
		e.replay(lines)
		return
	}
	e.emit("%s:", t.name)
	e.emit("for {")
	e.replay(lines)
	e.emit("break %s", t.name)
	e.emit("}")
}

// switchStmt emits a switch as a chain of ifs that sets the number of the clause, then a chain that
// runs it.
func (e *emitter) switchStmt(s *ast.SwitchStmt, label string) {
	if s.Init != nil {
		e.statement(s.Init, "")
	}
	var tag *val
	t := types.Type(types.Typ[types.Bool])
	if s.Tag != nil {
		t = types.Default(e.typeOf(s.Tag))
		v := e.typed(e.hold(e.to(s.Tag, t)), t)
		tag = &v
	}
	clauses := s.Body.List
	if fallsThrough(clauses) {
		e.switchByNumber(s, label, tag, t)
		return
	}
	e.breakable(label, func(*target) {
		e.chain(clauses, tag, t, func(c *ast.CaseClause, _ int) {
			e.statements(c.Body)
		})
	})
}

func fallsThrough(clauses []ast.Stmt) bool {
	for _, c := range clauses {
		body := c.(*ast.CaseClause).Body
		if len(body) == 0 {
			continue
		}
		if b, ok := body[len(body)-1].(*ast.BranchStmt); ok && b.Tok.String() == "fallthrough" {
			return true
		}
	}
	return false
}

// chain emits the tests of a switch in order; body emits what the chosen clause does.
func (e *emitter) chain(clauses []ast.Stmt, tag *val, t types.Type, body func(c *ast.CaseClause, i int)) {
	depth := 0
	var deflt *ast.CaseClause
	index := 0
	for i, s := range clauses {
		c := s.(*ast.CaseClause)
		if c.List == nil {
			deflt, index = c, i
			continue
		}
		e.pos = c.Pos()
		e.emit("if %s {", e.anyCase(c.List, tag, t))
		body(c, i)
		e.emit("} else {")
		depth++
	}
	if deflt != nil {
		body(deflt, index)
	}
	for range depth {
		e.emit("}")
	}
}

// anyCase returns the condition that one of the expressions of a clause matches.
func (e *emitter) anyCase(list []ast.Expr, tag *val, t types.Type) string {
	var conds []string
	plain := true
	var each []val
	var before [][]line
	for _, x := range list {
		var v val
		lines := e.capture(func() { v = e.caseCond(x, tag, t) })
		plain = plain && len(lines) == 0 && len(v.checks) == 0
		each, before = append(each, v), append(before, lines)
	}
	if plain {
		for _, v := range each {
			conds = append(conds, e.leftEdgeText(v))
		}
		return strings.Join(conds, " || ")
	}
	m := e.temp()
	e.emit("%s := false", m)
	for i, v := range each {
		e.emit("if !%s {", m)
		e.replay(before[i])
		e.emit("%s = %s", m, e.flush(v))
		e.emit("}")
	}
	return m
}

func (e *emitter) leftEdgeText(v val) string { return v.within(2) }

// caseCond returns the condition that x matches the tag.
func (e *emitter) caseCond(x ast.Expr, tag *val, t types.Type) val {
	if tag == nil {
		if isInterface(e.typeOf(x)) {
			return e.helper("Equal", e.helper("Any", "true").text, e.flush(e.expr(x)))
		}
		return e.steady(e.expr(x))
	}
	if e.tv(x).IsNil() {
		return val{text: tag.text + " == nil", rank: 3}
	}
	switch t.Underlying().(type) {
	case *types.Basic, *types.Pointer, *types.Chan:
		if isInterface(e.typeOf(x)) {
			return e.helper("Equal", e.intoInterface(*tag, t, e.typeOf(x), x).text, e.flush(e.expr(x)))
		}
		v := e.typed(e.to(x, t), t)
		if isComplex(t) {
			return e.complexEqual(token.EQL, *tag, v, t)
		}
		return val{text: tag.within(3) + " == " + v.within(4), rank: 3, checks: v.checks}
	case *types.Interface, *types.Struct, *types.Array:
		return e.helper("Equal", tag.text, e.flush(e.to(x, t)))
	}
	e.refuse(x, "a switch over this type")
	return val{}
}

// switchByNumber emits a switch with fallthrough: the clause's number first, then the clauses in
// their order, each of which may set the number of the next.
func (e *emitter) switchByNumber(s *ast.SwitchStmt, label string, tag *val, t types.Type) {
	k := e.temp()
	e.emit("%s := -1", k)
	e.chain(s.Body.List, tag, t, func(_ *ast.CaseClause, i int) { e.emit("%s = %d", k, i) })
	e.breakable(label, func(tg *target) {
		for i, c := range s.Body.List {
			tg.fall = fmt.Sprintf("%s = %d", k, i+1)
			e.emit("if %s == %d {", k, i)
			e.statements(c.(*ast.CaseClause).Body)
			e.emit("}")
		}
	})
}

// typeSwitch emits a type switch as a chain of assertions in order.
func (e *emitter) typeSwitch(s *ast.TypeSwitchStmt, label string) {
	if s.Init != nil {
		e.statement(s.Init, "")
	}
	var x ast.Expr
	switch a := s.Assign.(type) {
	case *ast.ExprStmt:
		x = ast.Unparen(a.X).(*ast.TypeAssertExpr).X
	case *ast.AssignStmt:
		x = ast.Unparen(a.Rhs[0]).(*ast.TypeAssertExpr).X
	}
	v := e.hold(e.expr(x))
	e.breakable(label, func(*target) {
		depth := 0
		var deflt *ast.CaseClause
		for _, st := range s.Body.List {
			c := st.(*ast.CaseClause)
			if c.List == nil {
				deflt = c
				continue
			}
			e.pos = c.Pos()
			box := e.typeCase(c, v)
			e.clause(c, v, box, x)
			e.emit("} else {")
			depth++
		}
		if deflt != nil {
			e.clause(deflt, v, "", x)
		}
		for range depth {
			e.emit("}")
		}
	})
}

// typeCase emits the head of the if of a clause. It returns the variable that holds the value, if the
// clause has one type.
func (e *emitter) typeCase(c *ast.CaseClause, v val) (box string) {
	m := e.temp()
	e.emit("%s := false", m)
	for _, x := range c.List {
		if e.tv(x).IsNil() {
			e.emit("if %s == nil { %s = true }", v.text, m)
			continue
		}
		t := e.typeOf(x)
		box = e.temp()
		e.emit("%s := new(%s)", box, e.typ(t))
		e.emit("if !%s { %s = %s }", m, m, e.isOf(v.text, t, box, x))
	}
	if len(c.List) != 1 || e.tv(c.List[0]).IsNil() {
		box = ""
	}
	e.emit("if %s {", m)
	return box
}

// clause emits the body of a clause of a type switch, with its variable.
func (e *emitter) clause(c *ast.CaseClause, v val, box string, x ast.Expr) {
	if obj, ok := e.info.Implicits[c].(*types.Var); ok {
		if box != "" {
			v = deref(box)
		}
		e.define(obj, &v)
	}
	e.statements(c.Body)
}

// selectStmt emits a select through the runtime, which gets all cases as values of this very
// execution, and then the chosen clause.
func (e *emitter) selectStmt(s *ast.SelectStmt, label string) {
	var cases []string
	var receives []string // the boxes of received values, by clause
	var oks []string
	var forms []int
	hasDefault := false
	for _, c := range s.Body.List {
		c := c.(*ast.CommClause)
		e.pos = c.Pos()
		box, ok := "", ""
		if c.Comm == nil {
			hasDefault = true
		} else {
			var form int
			var values []string
			form, values, box, ok = e.clauseOf(c.Comm)
			cases, forms = append(cases, values...), append(forms, form)
		}
		receives, oks = append(receives, box), append(oks, ok)
	}
	k := e.set(types.Typ[types.Int], chooser(e.site(s), hasDefault, forms, cases)).text
	e.runSelect(s, label, k, receives, oks)
}

// chooser returns the text of the call of rt.Choose, or of rt.ChooseMany if the forms of the clauses do not fit in an int.
func chooser(site string, hasDefault bool, forms []int, cases []string) string {
	if len(forms) > 20 {
		digits := ""
		for _, f := range forms {
			digits += strconv.Itoa(f)
		}
		return fmt.Sprintf("rt.ChooseMany(%s)", strings.Join(append([]string{site, strconv.FormatBool(hasDefault), strconv.Quote(digits)}, cases...), ", "))
	}
	form := 0
	if hasDefault {
		form = 1
	}
	for i, f := range forms {
		form |= f << (1 + 3*i)
	}
	return fmt.Sprintf("rt.Choose(%s)", strings.Join(append([]string{site, strconv.Itoa(form)}, cases...), ", "))
}

// runSelect emits the clauses of a select statement. k is the variable that has the number of the chosen one.
func (e *emitter) runSelect(s *ast.SelectStmt, label, k string, receives, oks []string) {
	e.breakable(label, func(*target) {
		n, depth := 0, 0
		var deflt *ast.CommClause
		for i, c := range s.Body.List {
			c := c.(*ast.CommClause)
			if c.Comm == nil {
				deflt = c
				continue
			}
			e.emit("if %s == %d {", k, n)
			n++
			depth++
			e.received(c.Comm, receives[i], oks[i])
			e.statements(c.Body)
			e.emit("} else {")
		}
		if deflt != nil {
			e.statements(deflt.Body)
		}
		for range depth {
			e.emit("}")
		}
	})
}

// receiveOf returns the receive operation of a case.
func receiveOf(comm ast.Stmt) *ast.UnaryExpr {
	switch comm := comm.(type) {
	case *ast.ExprStmt:
		return ast.Unparen(comm.X).(*ast.UnaryExpr)
	case *ast.AssignStmt:
		return ast.Unparen(comm.Rhs[0]).(*ast.UnaryExpr)
	}
	return nil
}

// received emits the assignments of a receive case.
func (e *emitter) received(comm ast.Stmt, box, ok string) {
	s, isAssign := comm.(*ast.AssignStmt)
	if !isAssign {
		return
	}
	define := s.Tok.String() == ":="
	elem := e.elemOf(receiveOf(comm).X)
	for i, x := range s.Lhs {
		p := e.place(x, define)
		if p.blank {
			continue
		}
		v, t := deref(box), elem
		if i == 1 {
			v, t = deref(ok), types.Typ[types.Bool]
		}
		if !p.blank {
			v = e.convert(v, t, p.typ, x)
		}
		e.store(p, v)
	}
}
