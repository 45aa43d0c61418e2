package normal

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
)

// A place is what can be assigned to, its operands evaluated.
type place struct {
	blank  bool
	define *types.Var // a variable that the statement declares
	typ    types.Type
	v      val // the text, with the checks of its operands
}

// place evaluates the operands of the left side x of an assignment.
func (e *emitter) place(x ast.Expr, define bool) place {
	x = ast.Unparen(x)
	if id, ok := x.(*ast.Ident); ok {
		if id.Name == "_" {
			return place{blank: true}
		}
		if v, ok := e.info.Defs[id].(*types.Var); ok && define {
			return place{define: v, typ: e.varType(v)}
		}
	}
	if i, ok := x.(*ast.IndexExpr); ok {
		if m, ok := e.under(i.X).(*types.Map); ok {
			mv, k := e.steady(e.expr(i.X)), e.storeKey(i.Index, m)
			return place{typ: e.typeOf(x), v: val{text: mv.text + "[" + k.text + "]", rank: operand}.with(mv, k)}
		}
	}
	if e.ofPackage(x) {
		e.refuse(x, "an assignment to a variable of a compiled package")
	}
	v := e.expr(x)
	e.refuseCopy(v, x)
	return place{typ: e.typeOf(x), v: v}
}

// store emits the assignment of v, which has the place's type already.
func (e *emitter) store(p place, v val) {
	switch {
	case p.blank:
		if v.name {
			e.flush(v)
			return
		}
		e.hold(v) // the interpreter fails on some expressions here
	case p.define != nil:
		e.define(p.define, &v)
	default:
		text := e.flush(v)
		e.emit("%s = %s", e.flush(p.v), text)
	}
}

// assign emits an assignment or a definition.
func (e *emitter) assign(s *ast.AssignStmt) {
	switch s.Tok {
	case token.ASSIGN, token.DEFINE:
		e.assignAll(s.Lhs, s.Rhs, s.Tok == token.DEFINE)
	default:
		e.update(s.Lhs[0], assignOps[s.Tok], s.Rhs[0], s)
	}
}

var assignOps = map[token.Token]token.Token{
	token.ADD_ASSIGN: token.ADD, token.SUB_ASSIGN: token.SUB, token.MUL_ASSIGN: token.MUL,
	token.QUO_ASSIGN: token.QUO, token.REM_ASSIGN: token.REM, token.AND_ASSIGN: token.AND,
	token.OR_ASSIGN: token.OR, token.XOR_ASSIGN: token.XOR, token.SHL_ASSIGN: token.SHL,
	token.SHR_ASSIGN: token.SHR, token.AND_NOT_ASSIGN: token.AND_NOT,
}

func (e *emitter) assignAll(lhs, rhs []ast.Expr, define bool) {
	switch {
	case len(lhs) == 1:
		e.assignOne(lhs[0], rhs[0], define)
	case len(rhs) == 1:
		e.assignTuple(lhs, rhs[0], define)
	default:
		e.assignParallel(lhs, rhs, define)
	}
}

// assignOne emits x = y. Like the compiler it makes the calls first, and reads variables of the
// left side late, unless the left side itself calls something or computes the key of a map.
func (e *emitter) assignOne(x, y ast.Expr, define bool) {
	if hasCall(x) || e.computesKey(x) {
		p := e.place(x, define)
		e.store(p, e.toPlace(y, p))
		return
	}
	t := e.typeOf(x)
	if id, ok := ast.Unparen(x).(*ast.Ident); ok {
		if id.Name == "_" {
			t = types.Default(e.typeOf(y))
			if e.tv(ast.Unparen(y)).IsNil() {
				return
			}
		} else if v, ok := e.info.Defs[id].(*types.Var); ok {
			t = e.varType(v)
		}
	}
	v := e.to(y, t)
	if hasCall(y) || hasMap(e, x) {
		v = e.steady(v)
	}
	e.store(e.place(x, define), v)
}

// toPlace returns y as a value for p.
func (e *emitter) toPlace(y ast.Expr, p place) val {
	if p.blank {
		return e.expr(y)
	}
	return e.to(y, p.typ)
}

// hasCall reports whether n calls or receives.
func hasCall(n ast.Node) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			found = true
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		}
		return !found
	})
	return found
}

// computesKey reports whether x is an element of a map with a key that is more than a name.
func (e *emitter) computesKey(x ast.Expr) bool {
	if !hasMap(e, x) {
		return false
	}
	key := ast.Unparen(ast.Unparen(x).(*ast.IndexExpr).Index)
	_, isName := key.(*ast.Ident)
	return !isName && e.value(key) == nil
}

// hasMap reports whether x is an element of a map.
func hasMap(e *emitter, x ast.Expr) bool {
	i, ok := ast.Unparen(x).(*ast.IndexExpr)
	if !ok {
		return false
	}
	_, ok = e.under(i.X).(*types.Map)
	return ok
}

// assignParallel emits a, b = x, y: operands of the left, then the right, then the stores.
func (e *emitter) assignParallel(lhs, rhs []ast.Expr, define bool) {
	var places []place
	for _, x := range lhs {
		places = append(places, e.fixed(x, define))
	}
	var vals []val
	for i, y := range rhs {
		t := places[i].typ
		if places[i].blank {
			if e.tv(ast.Unparen(y)).IsNil() {
				e.refuse(y, "nil without a type")
			}
			t = types.Default(e.typeOf(y))
		}
		vals = append(vals, e.hold(e.to(y, t)))
	}
	for i, p := range places {
		e.store(p, vals[i])
	}
}

// fixed is place with all operands in temporaries of their own, so that the stores before it cannot
// change what it means. What may panic there panics at the store.
func (e *emitter) fixed(x ast.Expr, define bool) place {
	x = ast.Unparen(x)
	if _, ok := x.(*ast.Ident); ok {
		return e.place(x, define)
	}
	if e.ofPackage(x) {
		e.refuse(x, "an assignment to a variable of a compiled package")
	}
	v := e.fixedPart(x)
	e.refuseCopy(v, x)
	return place{typ: e.typeOf(x), v: v}
}

func (e *emitter) fixedPart(x ast.Expr) val {
	x = ast.Unparen(x)
	switch x := x.(type) {
	case *ast.Ident:
		return e.expr(x)
	case *ast.StarExpr:
		p := e.hold(e.expr(x.X))
		return deref(p.text).check("if %s == nil { rt.Nil(%s) }", p.text, e.site(x))
	case *ast.SelectorExpr:
		return e.fixedField(x)
	case *ast.IndexExpr:
		return e.fixedElement(x)
	}
	e.refuse(x, "this left side of an assignment")
	return val{}
}

func (e *emitter) fixedField(x *ast.SelectorExpr) val {
	sel := e.selection(x)
	if sel == nil || sel.Kind() != types.FieldVal {
		e.refuse(x, "this left side of an assignment")
	}
	if !throughPointer(sel) {
		return e.path(e.fixedPart(x.X), sel.Recv(), sel.Index())
	}
	if len(sel.Index()) > 1 {
		e.refuse(x, "a promoted field in a parallel assignment")
	}
	return e.path(e.hold(e.expr(x.X)), sel.Recv(), sel.Index())
}

func (e *emitter) fixedElement(x *ast.IndexExpr) val {
	index := func() val {
		if c := e.value(x.Index); c != nil {
			return e.constant(c, types.Typ[types.Int])
		}
		return e.hold(e.expr(x.Index))
	}
	switch t := e.under(x.X).(type) {
	case *types.Map:
		return e.fixMap(x)
	case *types.Slice:
		base := e.hold(e.expr(x.X))
		return e.elementAt(base, "len("+base.text+")", index(), x.Index, x)
	case *types.Array:
		base := e.fixedPart(x.X)
		return e.elementAt(base, strconv.FormatInt(t.Len(), 10), index(), x.Index, x)
	case *types.Pointer:
		p := e.hold(e.expr(x.X))
		base := deref(p.text).check("if %s == nil { rt.Nil(%s) }", p.text, e.site(x))
		return e.elementAt(base, strconv.FormatInt(t.Elem().Underlying().(*types.Array).Len(), 10), index(), x.Index, x)
	}
	e.refuse(x, "this left side of an assignment")
	return val{}
}

// fixMap evaluates m and k of m[k] into temporaries of their own.
func (e *emitter) fixMap(x *ast.IndexExpr) val {
	m := e.hold(e.expr(x.X))
	t := e.under(x.X).(*types.Map)
	k := e.hold(e.to(x.Index, t.Key()))
	if hasInterface(t.Key()) {
		k = e.keyCheck(k, "1", x.Index)
	}
	return val{text: m.text + "[" + k.text + "]", rank: operand}.with(k)
}

// assignTuple emits a, b = f() and the forms v, ok = ….
func (e *emitter) assignTuple(lhs []ast.Expr, y ast.Expr, define bool) {
	var places []place
	for _, x := range lhs {
		places = append(places, e.fixed(x, define))
	}
	y = ast.Unparen(y)
	vals, from := e.tuple(y)
	for i, p := range places {
		v := vals[i]
		if e.takeOver(p, v, from[i]) {
			continue
		}
		if !p.blank && from[i] != nil {
			v = e.convert(v, from[i], p.typ, y)
		}
		e.store(p, v)
	}
}

// tuple evaluates an expression of several values.
func (e *emitter) tuple(y ast.Expr) ([]val, []types.Type) {
	two := func(v, ok val) ([]val, []types.Type) {
		t := e.typeOf(y)
		if tuple, isTuple := t.(*types.Tuple); isTuple {
			t = tuple.At(0).Type()
		}
		return []val{v, ok}, []types.Type{t, types.Typ[types.Bool]}
	}
	switch y := y.(type) {
	case *ast.CallExpr:
		vals := e.callValues(y)
		var from []types.Type
		for v := range e.typeOf(y).(*types.Tuple).Variables() {
			from = append(from, v.Type())
		}
		return vals, from
	case *ast.IndexExpr:
		return two(e.mapIndex2(y, e.under(y.X).(*types.Map)))
	case *ast.UnaryExpr:
		return two(e.receive(y))
	case *ast.TypeAssertExpr:
		return two(e.assertion2(y))
	}
	e.refuse(y, "this assignment")
	return nil, nil
}

// update emits x op= y, or x++ and x-- if y is nil.
func (e *emitter) update(x ast.Expr, op token.Token, y ast.Expr, n ast.Node) {
	t := e.typeOf(x)
	var r val
	late := hasCall(x)
	var p place
	if late {
		p = e.place(x, false)
	}
	switch {
	case y == nil:
		r = e.constant(constant.MakeInt64(1), t)
	case op == token.SHL || op == token.SHR:
		r = e.expr(y)
		if c := e.value(y); c != nil {
			r = e.constant(constant.ToInt(c), types.Typ[types.Uint])
		}
	default:
		r = e.to(y, t)
	}
	if !late {
		p = e.place(x, false)
	}
	e.apply(p, x, op, r, y, n)
}

// apply emits place = place op r.
func (e *emitter) apply(p place, x ast.Expr, op token.Token, r val, y ast.Expr, n ast.Node) {
	if p.v.name && inPlace[op] && !isComplex(p.typ) && (op == token.ADD || !isString(p.typ)) {
		text := e.flush(r)
		switch {
		case y == nil && op == token.ADD:
			e.emit("%s++", p.v.text)
		case y == nil:
			e.emit("%s--", p.v.text)
		default:
			e.emit("%s %s= %s", p.v.text, op, text)
		}
		return
	}
	e.flush(p.v)
	cur := val{text: p.v.text, rank: p.v.rank}
	if hasMap(e, x) {
		cur = e.hold(cur)
	}
	var v val
	if op == token.SHL || op == token.SHR {
		v = e.shiftBy(op, cur, r, p.typ, y)
	} else {
		v = e.operator(op, cur, r, p.typ, n)
	}
	if hasMap(e, x) {
		v = e.hold(v)
	}
	text := e.flush(v)
	e.emit("%s = %s", p.v.text, text)
}

// inPlace are the operators whose assignment form the interpreter applies right to a local.
var inPlace = map[token.Token]bool{
	token.ADD: true, token.SUB: true, token.MUL: true, token.AND: true, token.OR: true, token.XOR: true,
}
