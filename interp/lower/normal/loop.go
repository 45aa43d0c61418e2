package normal

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

// loop emits a loop: its label if the body needs it, the head, the body and the end.
func (e *emitter) loop(label, head string, body func()) {
	t, lines := e.enter(label, true, func(*target) { body() })
	e.declareEarly(lines)
	if t.used {
		e.emit("%s:", t.name)
	}
	e.emit("%s", head)
	e.replay(lines)
	e.emit("}")
}

func (e *emitter) forStmt(s *ast.ForStmt, label string) {
	if s.Init != nil {
		e.statement(s.Init, "")
	}
	boxes := e.loopBoxes(s)
	var cond val
	condLines := e.capture(func() {
		if s.Cond != nil {
			cond = e.expr(s.Cond)
			e.flush(cond)
		}
	})
	postLines := e.capture(func() {
		if s.Post != nil {
			e.statement(s.Post, "")
		}
	})
	body := func() {
		e.safepoint()
		e.statements(s.Body.List)
	}
	if len(condLines) == 0 && len(boxes) == 0 && len(postLines) <= 1 {
		post := ""
		if len(postLines) == 1 {
			post = postLines[0].text
		}
		head := "for {"
		if cond.text != "" || post != "" {
			head = "for ; " + cond.text + "; " + post + " {"
		}
		if post == "" && cond.text != "" {
			head = "for " + cond.text + " {"
		}
		if c := e.counted(s, label, postLines); c != nil {
			e.count(c, func() { e.statements(s.Body.List) })
			return
		}
		e.loop(label, head, body)
		return
	}
	e.generalFor(s, label, boxes, cond, condLines, postLines, body)
}

// loopBoxes returns the variables of the loop that live in boxes: each iteration has its own.
func (e *emitter) loopBoxes(s *ast.ForStmt) []*types.Var {
	init, ok := s.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE {
		return nil
	}
	var boxes []*types.Var
	for _, x := range init.Lhs {
		if v, ok := e.info.Defs[x.(*ast.Ident)].(*types.Var); ok && e.fact(v).boxed() {
			boxes = append(boxes, v)
		}
	}
	return boxes
}

// generalFor emits a loop whose condition or post statement need lines of their own, or whose
// variables are copied for each iteration. The post statement comes first in the body, so that
// continue reaches it.
func (e *emitter) generalFor(s *ast.ForStmt, label string, boxes []*types.Var, cond val, condLines, postLines []line, body func()) {
	first := e.temp()
	e.emit("%s := true", first)
	e.loop(label, "for {", func() {
		e.emit("if %s {", first)
		e.emit("%s = false", first)
		e.emit("} else {")
		for _, v := range boxes {
			name, t := e.local(v), e.temp()
			e.emit("%s := new(%s)", t, e.typ(e.varType(v)))
			e.emit("*%s = *%s", t, name)
			e.emit("%s = %s", name, t)
		}
		e.replay(postLines)
		e.emit("}")
		e.replay(condLines)
		if s.Cond != nil {
			t := e.temp()
			e.emit("%s := %s", t, cond.text)
			e.emit("if !%s { break }", t)
		}
		body()
	})
}

func (e *emitter) rangeStmt(s *ast.RangeStmt, label string) {
	if sig, ok := e.isRangeFunc(s); ok {
		e.rangeFunc(s, label, sig)
		return
	}
	if id, ok := s.Key.(*ast.Ident); ok && id.Name == "_" {
		s = &ast.RangeStmt{For: s.For, Value: s.Value, Tok: s.Tok, X: s.X, Body: s.Body}
	}
	if id, ok := s.Value.(*ast.Ident); ok && id.Name == "_" {
		s = &ast.RangeStmt{For: s.For, Key: s.Key, Tok: s.Tok, X: s.X, Body: s.Body}
	}
	if s.Tok == token.ASSIGN && s.Key != nil && s.Value != nil {
		s = e.assignedTogether(s)
	}
	switch t := e.under(s.X).(type) {
	case *types.Basic:
		if t.Info()&types.IsString != 0 {
			e.rangeString(s, label)
			return
		}
		e.rangeInt(s, label)
	case *types.Slice:
		x := e.hold(e.expr(s.X))
		n := e.set(types.Typ[types.Int], "len("+x.text+")")
		if e.plainlyAssigned(t.Elem(), 0) {
			e.rangeSlice(s, label, x.text, n.text, t.Elem())
			return
		}
		e.rangeList(s, label, x, n.text, t.Elem())
	case *types.Array:
		x := val{}
		if s.Value != nil {
			x = e.hold(e.expr(s.X))
		} else if hasCall(s.X) {
			e.hold(e.expr(s.X))
		}
		e.rangeList(s, label, x, strconv.FormatInt(t.Len(), 10), t.Elem())
	case *types.Pointer:
		a, ok := t.Elem().Underlying().(*types.Array)
		if !ok {
			e.refuse(s, "range over this type")
		}
		p := e.hold(e.expr(s.X))
		if s.Value != nil && a.Len() > 0 {
			e.emit("if %s == nil { rt.Nil(%s) }", p.text, e.site(s))
		}
		e.rangeList(s, label, val{text: "(*" + p.text + ")"}, strconv.FormatInt(a.Len(), 10), a.Elem())
	case *types.Map:
		e.rangeMap(s, label, t)
	case *types.Chan:
		e.rangeChan(s, label, t)
	default:
		e.refuse(s, "range over this type")
	}
}

// iteration emits the assignment of an iteration value to the key or value of a range statement.
func (e *emitter) iteration(x ast.Expr, tok token.Token, v val, t types.Type) {
	if x == nil {
		return
	}
	p := e.place(x, tok == token.DEFINE)
	if !p.blank {
		v = e.convert(v, t, p.typ, x)
	}
	e.store(p, v)
}

// rangeInt emits a counter loop. The counter is hidden: what the body does to its variable does
// not change the count.
func (e *emitter) rangeInt(s *ast.RangeStmt, label string) {
	t := e.typeOf(s.X)
	if s.Key != nil {
		t = e.typeOf(s.Key)
		if v := e.rangeVar(s.Key, s.Tok); v != nil {
			t = e.varType(v)
		}
	}
	n := e.hold(e.to(s.X, t))
	i := e.set(t, e.constant(zeroValue, t).text).text
	c := &counter{typ: t, name: i, limit: n.text, op: "<", post: i + "++", label: label, body: s.Body}
	v := e.rangeVar(s.Key, s.Tok)
	if v != nil && e.unchanged(v) {
		e.fact(v).positive = true
		e.rename(v, i)
		c.v = v
	}
	e.count(c, func() {
		if c.v == nil {
			e.iteration(s.Key, s.Tok, named(i), t)
		}
		e.statements(s.Body.List)
	})
}

// rangeVar returns the variable a range statement declares for its key, or nil.
func (e *emitter) rangeVar(x ast.Expr, tok token.Token) *types.Var {
	id, ok := x.(*ast.Ident)
	if !ok || tok != token.DEFINE {
		return nil
	}
	v, _ := e.info.Defs[id].(*types.Var)
	return v
}

// unchanged reports whether nothing is assigned to a variable after its declaration.
func (e *emitter) unchanged(v *types.Var) bool {
	f := e.fact(v)
	return !f.assigned && !f.address
}

// rangeList emits a loop over the elements of x, a slice or the copy of an array.
func (e *emitter) rangeList(s *ast.RangeStmt, label string, x val, n string, elem types.Type) {
	i := e.temp()
	e.emit("%s := 0", i)
	e.loop(label, "for ; "+i+" < "+n+"; "+i+"++ {", func() {
		e.safepoint()
		v := e.rangeVar(s.Key, s.Tok)
		if v != nil && e.unchanged(v) {
			e.fact(v).positive = true
			e.rename(v, i)
			if src := e.rangeVarOf(s.X); src != nil && e.unchanged(src) {
				e.inRange(v, e.variable(src, s.X).text)
			}
		}
		key := named(i)
		if v != nil && e.unchanged(v) {
			e.iteration(s.Value, s.Tok, val{text: x.text + "[" + i + "]", rank: operand}, elem)
		} else if s.Value != nil && s.Tok == token.ASSIGN {
			item := e.hold(val{text: x.text + "[" + i + "]", rank: operand})
			e.iteration(s.Key, s.Tok, key, types.Typ[types.Int])
			e.iteration(s.Value, s.Tok, item, elem)
		} else {
			e.iteration(s.Key, s.Tok, key, types.Typ[types.Int])
			e.iteration(s.Value, s.Tok, val{text: x.text + "[" + i + "]", rank: operand}, elem)
		}
		e.statements(s.Body.List)
	})
}

// rename lets the hidden counter stand for a variable that nothing changes.
func (e *emitter) rename(v *types.Var, name string) {
	e.local(v)
	e.names[v] = name
}

// rangeVarOf returns the local variable x is, or nil.
func (e *emitter) rangeVarOf(x ast.Expr) *types.Var {
	id, ok := ast.Unparen(x).(*ast.Ident)
	if !ok {
		return nil
	}
	v, ok := e.info.ObjectOf(id).(*types.Var)
	if !ok || e.isCellVar(v) {
		return nil
	}
	return v
}

// inRange notes that v is an index of the local named list.
func (e *emitter) inRange(v *types.Var, list string) {
	if e.within == nil {
		e.within = map[*types.Var]string{}
	}
	e.within[v] = list
}

// rangeString loops over the runes that a helper decodes.
func (e *emitter) rangeString(s *ast.RangeStmt, label string) {
	x := e.flush(e.expr(s.X))
	at, runes, i := e.temp(), e.temp(), e.temp()
	e.emit("%s, %s := rt.Runes(%s)", at, runes, x)
	e.emit("%s := 0", i)
	e.loop(label, "for ; "+i+" < len("+at+"); "+i+"++ {", func() {
		e.safepoint()
		e.iteration(s.Key, s.Tok, val{text: at + "[" + i + "]", rank: operand}, types.Typ[types.Int])
		e.iteration(s.Value, s.Tok, val{text: runes + "[" + i + "]", rank: operand}, types.Typ[types.Rune])
		e.statements(s.Body.List)
	})
}

// rangeMap iterates with the runtime's own iterator, so that entries the body deletes or adds are
// treated as Go treats them.
func (e *emitter) rangeMap(s *ast.RangeStmt, label string, m *types.Map) {
	if e.plainlyAssigned(m.Key(), 0) && e.plainlyAssigned(m.Elem(), 0) {
		e.rangePlainMap(s, label, m)
		return
	}
	x := e.flush(e.expr(s.X))
	it, k, v, more := e.temp(), e.temp(), e.temp(), e.temp()
	e.emit("%s := rt.Iterate(%s)", it, x)
	e.loop(label, "for {", func() {
		e.safepoint()
		e.emit("%s := new(%s)", k, e.typ(m.Key()))
		e.emit("%s := new(%s)", v, e.typ(m.Elem()))
		e.emit("%s := rt.Next(%s, %s, %s)", more, it, k, v)
		e.emit("if !%s { break }", more)
		e.iteration(s.Key, s.Tok, deref(k), m.Key())
		e.iteration(s.Value, s.Tok, deref(v), m.Elem())
		e.statements(s.Body.List)
	})
}

func (e *emitter) rangeChan(s *ast.RangeStmt, label string, c *types.Chan) {
	x := e.hold(e.expr(s.X))
	e.loop(label, "for {", func() {
		e.safepoint()
		v, ok := e.receiveFrom(x.text, c.Elem(), s)
		e.emit("if !%s { break }", ok.text)
		e.iteration(s.Key, s.Tok, v, c.Elem())
		e.statements(s.Body.List)
	})
}
