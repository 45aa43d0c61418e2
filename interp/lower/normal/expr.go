package normal

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// untyped is expr without a note of the type.
func (e *emitter) untyped(x ast.Expr) val {
	if v := e.value(x); v != nil {
		return e.constant(v, e.typeOf(x))
	}
	switch x := x.(type) {
	case *ast.ParenExpr:
		return e.expr(x.X)
	case *ast.Ident:
		return e.ident(x)
	case *ast.FuncLit:
		return e.literal(x, "")
	case *ast.CompositeLit:
		return e.composite(x, e.typeOf(x))
	case *ast.SelectorExpr:
		return e.selector(x)
	case *ast.IndexExpr:
		return e.index(x)
	case *ast.IndexListExpr:
		if f, ok := e.funcOf(instanceIdent(x)); ok && ofCell(f) {
			return e.funcValue(f, x)
		}
	case *ast.SliceExpr:
		return e.slice(x)
	case *ast.StarExpr:
		return e.star(x)
	case *ast.UnaryExpr:
		return e.unary(x)
	case *ast.BinaryExpr:
		return e.binary(x)
	case *ast.CallExpr:
		return e.callValue(x)
	case *ast.TypeAssertExpr:
		return e.assertion(x)
	}
	e.refuse(x, "this expression")
	return val{}
}

// to returns the value of x as one of type t, converted as an assignment converts it.
func (e *emitter) to(x ast.Expr, t types.Type) val {
	x = ast.Unparen(x)
	tv := e.tv(x)
	switch {
	case tv.IsNil():
		return e.zero(e.typ(t))
	case tv.Value != nil && !isInterface(t):
		return e.constant(tv.Value, t)
	}
	return e.convert(e.expr(x), tv.Type, t, x)
}

// convert returns v, of type from, as a value of type to, to which it is assignable.
func (e *emitter) convert(v val, from, to types.Type, n ast.Node) val {
	if b, ok := from.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
		from = types.Default(from)
	}
	if types.Identical(from, to) {
		return v
	}
	if isInterface(to) {
		return e.intoInterface(v, from, to, n)
	}
	named, ok := types.Unalias(to).(*types.Named)
	if ok && !e.mine(named.Obj()) && !isSeq(named) {
		return e.castTo(v, to)
	}
	if isStruct(to) && isStruct(from) {
		return e.structAs(v, from, to, n)
	}
	switch to.Underlying().(type) {
	case *types.Chan, *types.Slice, *types.Map, *types.Pointer, *types.Signature:
		if e.typ(from) != e.typ(to) { // channels of one direction, recursive types
			return e.castTo(v, to)
		}
	}
	if named, ok := types.Unalias(from).(*types.Named); ok && !e.mine(named.Obj()) && !isSeq(named) {
		e.refuse(n, "the implicit conversion of "+from.String()+" to "+to.String())
	}
	return v
}

// castTo returns v converted by T(v), with a name of its own so that nothing can be taken for a
// type or a call around it.
func (e *emitter) castTo(v val, to types.Type) val {
	typ := e.typ(to)
	if strings.HasPrefix(typ, "*") || strings.HasPrefix(typ, "<-") || strings.HasPrefix(typ, "chan") || strings.HasPrefix(typ, "func") {
		typ = "(" + typ + ")"
	}
	text := e.flush(v)
	return e.set(to, typ+"("+text+")")
}

// short is a types.Qualifier that leaves out the package of cells.
func short(p *types.Package) string {
	if p.Path() == "main" {
		return ""
	}
	return p.Name()
}

func (e *emitter) ident(id *ast.Ident) val {
	obj := e.info.ObjectOf(id)
	if obj != nil && obj.Pkg() != nil && !ofCell(obj) {
		return e.packageObject(obj, id, id) // imported with a dot
	}
	switch obj := obj.(type) {
	case *types.Var:
		return e.variable(obj, id)
	case *types.Func:
		f, _ := e.funcOf(id)
		return e.funcValue(f, id)
	case *types.Nil:
		e.refuse(id, "nil without a type")
	}
	e.refuse(id, id.Name)
	return val{}
}

// funcValue returns a declared function as a value: a literal that calls it, because the interpreter
// keeps a bare name for something else than a function value in some places.
func (e *emitter) funcValue(f *types.Func, n ast.Node) val {
	name := e.funcName(f, n).text
	if strings.HasPrefix(name, "v.") && !f.Signature().Variadic() {
		return e.hold(val{text: name, rank: operand})
	}
	if signedParams(e.sigOf(f)) && !strings.HasPrefix(name, "v.") {
		return e.funcLit(f, name+"z")
	}
	return e.funcLit(f, name)
}

// funcLit returns a literal that calls a declared function.
func (e *emitter) funcLit(f *types.Func, name string) val {
	var boxes string
	sig, compiled := e.sigOf(f), strings.HasPrefix(name, "v.")
	var params, args []string
	for i := range sig.Params().Len() {
		args = append(args, fmt.Sprintf("a%d", i))
		t := sig.Params().At(i).Type()
		params = append(params, args[i]+" "+e.typ(t))
		if signed(t) && !compiled {
			boxes += fmt.Sprintf("%sp := new(%s); *%sp = %s; ", args[i], e.typ(t), args[i], args[i])
			args[i] += "p"
		}
	}
	call := name + "(" + strings.Join(args, ", ")
	if compiled && sig.Variadic() {
		call += "..."
	}
	call += ")"
	if sig.Results().Len() > 0 {
		call = "return " + call
	}
	k := fmt.Sprintf("K%d", e.env.Fresh())
	e.funcs = append(e.funcs, []line{
		{fmt.Sprintf("func %s() func%s {", k, e.signature(sig)), e.pos},
		{fmt.Sprintf("return func(%s)%s { %s }", strings.Join(params, ", "), e.results(sig), boxes+call), e.pos},
		{"}", e.pos},
	})
	return e.hold(val{text: k + "()", rank: operand})
}

// funcName returns the name of a declared function.
func (e *emitter) funcName(f *types.Func, n ast.Node) val {
	name, ok := e.object(f)
	if !ok {
		e.refuse(n, "the function "+f.Name()+" of an earlier cell that another engine ran")
	}
	return val{text: name, rank: operand, name: true}
}

// variable returns the value of a variable.
func (e *emitter) variable(v *types.Var, n ast.Node) val {
	if p, ok := e.object(v); ok {
		return deref(p)
	}
	if e.isCellVar(v) {
		e.refuse(n, "the variable "+v.Name()+" of an earlier cell that another engine ran")
	}
	name := e.use(v)
	if e.fact(v).boxed() {
		return deref(name)
	}
	return named(name)
}

// isCellVar reports whether v is declared at the level of a cell, this one or an earlier one.
func (e *emitter) isCellVar(v *types.Var) bool {
	return v.Parent() == nil && e.fact(v).owner == nil || v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
}

func (e *emitter) selector(x *ast.SelectorExpr) val {
	sel := e.selection(x)
	if sel == nil {
		return e.qualified(x)
	}
	if sel.Kind() == types.MethodVal {
		return e.methodValue(x)
	}
	if sel.Kind() != types.FieldVal {
		return e.methodExpr(x)
	}
	v := e.expr(x.X)
	if !addressable(v) {
		v = e.hold(v)
	}
	return e.path(v, sel.Recv(), sel.Index())
}

// addressable reports whether v is a text that a selector may follow: a name, a star, a selector
// or an index.
func addressable(v val) bool {
	return v.name || v.rank == unary && v.text[0] == '*' || v.rank == operand && !v.fixed
}

// path follows the fields of a selection from v, a value of type t.
func (e *emitter) path(v val, t types.Type, index []int) val {
	for len(index) > 0 {
		p, pointer := t.Underlying().(*types.Pointer)
		if pointer {
			if v.rank == unary { // a pointer in a box
				v = e.hold(v)
			}
			t = p.Elem()
		}
		if f, n := e.promoted(t, index); n > 1 {
			v = val{text: v.part() + "." + f.Name(), rank: operand, checks: v.checks, copied: v.copied && !pointer}
			t, index = f.Type(), index[n:]
			continue
		}
		v = e.fieldOf(v, t, index[0], pointer)
		t = t.Underlying().(*types.Struct).Field(index[0]).Type()
		index = index[1:]
	}
	return v
}

// shut reports whether a struct type is of a compiled package that does not export its field i: interpreted code has no name for it.
func (e *emitter) shut(t types.Type, i int) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && !ofCell(n.Obj()) && !t.Underlying().(*types.Struct).Field(i).Exported()
}

// promoted returns the field that a path leads to from t, a struct type, by way of embedded fields that are shut, and how many steps
// that takes.
func (e *emitter) promoted(t types.Type, index []int) (f *types.Var, n int) {
	at := t
	for n < len(index) && e.shut(at, index[n]) {
		at = at.Underlying().(*types.Struct).Field(index[n]).Type()
		if n++; n == len(index) || types.IsInterface(at) {
			e.refuse(nil, "a field of "+types.TypeString(t, short)+" that is not exported")
		}
		if _, ok := at.Underlying().(*types.Pointer); ok {
			e.refuse(nil, "a field by way of one of "+types.TypeString(t, short)+" that is not exported, a pointer")
		}
	}
	if n == 0 {
		return nil, 0
	}
	f = at.Underlying().(*types.Struct).Field(index[n])
	n++
	if _, same, _ := types.LookupFieldOrMethod(t, true, nil, f.Name()); !slices.Equal(same, index[:n]) {
		e.refuse(nil, "a field of "+types.TypeString(t, short)+" that another hides")
	}
	return f, n
}

// reach returns the path to what has a method, from t, without the embedded fields at its end that are shut: a compiled type has the methods of these itself.
func (e *emitter) reach(t types.Type, index []int) []int {
	for n := range index {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		if _, ok := t.Underlying().(*types.Struct); !ok {
			break
		}
		if e.shut(t, index[n]) && e.shutAll(t, index[n:]) {
			return index[:n]
		}
		t = t.Underlying().(*types.Struct).Field(index[n]).Type()
	}
	return index
}

// shutAll reports whether all fields of a path are shut.
func (e *emitter) shutAll(t types.Type, index []int) bool {
	for _, i := range index {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		if _, ok := t.Underlying().(*types.Struct); !ok || !e.shut(t, i) {
			return false
		}
		t = t.Underlying().(*types.Struct).Field(i).Type()
	}
	return true
}

// qualified returns a function or variable of a compiled package.
func (e *emitter) qualified(x *ast.SelectorExpr) val {
	obj := e.info.Uses[x.Sel]
	if obj == nil || obj.Pkg() == nil || ofCell(obj) {
		e.refuse(x, x.Sel.Name)
	}
	return e.packageObject(obj, x.Sel, x)
}

// packageObject returns a function or variable of a compiled package, which id names.
func (e *emitter) packageObject(obj types.Object, id *ast.Ident, x ast.Expr) val {
	if v, ok := e.redirectVar(obj); ok {
		return v
	}
	if f, ok := obj.(*types.Func); ok {
		if own, ok := e.funcOf(id); ok && ofCell(own) {
			return e.funcValue(own, x)
		}
		if text, ok := e.redirectedValue(f, x); ok {
			return val{text: text, rank: operand, name: true}
		}
	}
	text := e.symbol(obj, x)
	if _, ok := obj.(*types.Var); ok {
		// The interpreter takes a symbol in an expression for a constant.
		return e.hold(val{text: text, rank: operand})
	}
	return val{text: text, rank: operand, name: true}
}

// symbol returns the text of a compiled package's function or variable.
func (e *emitter) symbol(obj types.Object, n ast.Node) string {
	path := obj.Pkg().Path()
	if refusedPackage(path) {
		e.refuse(n, "package "+path)
	}
	if f, ok := obj.(*types.Func); ok && f.Signature().TypeParams() != nil {
		e.refuse(n, "the generic function "+f.FullName())
	}
	alias, _, ok := e.env.Symbol(path, obj.Name())
	if !ok {
		e.refuse(n, path+"."+obj.Name())
	}
	return alias + "." + obj.Name()
}

func (e *emitter) star(x *ast.StarExpr) val {
	p := e.steady(e.expr(x.X))
	return val{text: "*" + p.text, rank: unary, checks: p.checks}.check("if %s == nil { rt.Nil(%s) }", p.text, e.site(x))
}

func (e *emitter) unary(x *ast.UnaryExpr) val {
	switch x.Op {
	case token.AND:
		return e.addressOf(x.X)
	case token.ARROW:
		return e.receiveOne(x)
	case token.ADD:
		return e.expr(x.X)
	}
	v := e.expr(x.X)
	if t := e.typeOf(x); isComplex(t) {
		return e.complexHelper("Neg", t, e.flush(v))
	}
	if b, ok := e.under(x).(*types.Basic); ok && x.Op == token.SUB && b.Info()&types.IsFloat != 0 {
		// Minus zero: the interpreter subtracts from zero, which loses the sign.
		v.text, v.rank, v.name = v.within(5)+" * "+e.constant(minusOne, e.typeOf(x)).text, 5, false
		return v
	}
	if x.Op == token.SUB || x.Op == token.XOR {
		// Two operators in a row would be another operator.
		if v.rank <= unary {
			v = e.hold(v)
		}
	}
	v.text, v.rank, v.name = x.Op.String()+v.within(unary), unary, false
	if x.Op == token.NOT {
		return v
	}
	return e.hold(v)
}

// addressOf returns the address of x.
func (e *emitter) addressOf(x ast.Expr) val {
	x = ast.Unparen(x)
	switch x := x.(type) {
	case *ast.CompositeLit:
		return e.allocate(x, e.typeOf(x))
	case *ast.StarExpr:
		v := e.star(x)
		v.text, v.rank = v.text[1:], operand
		return e.hold(v)
	}
	if e.ofPackage(x) {
		e.refuse(x, "the address of a variable of a compiled package")
	}
	v := e.expr(x)
	e.refuseCopy(v, x)
	if v.rank == unary && v.text[0] == '*' {
		v.text, v.rank = v.text[1:], operand
		return e.hold(v)
	}
	if _, ok := x.(*ast.Ident); ok {
		e.refuse(x, "the address of this variable")
	}
	v.text, v.rank, v.name = "&"+v.text, unary, false
	return e.hold(v)
}

// ofPackage reports whether x is a variable of a compiled package, or a part of one.
func (e *emitter) ofPackage(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.SelectorExpr:
		sel := e.selection(x)
		if sel == nil {
			return true
		}
		return !throughPointer(sel) && e.ofPackage(x.X)
	case *ast.IndexExpr:
		if _, ok := e.under(x.X).(*types.Array); ok {
			return e.ofPackage(x.X)
		}
	}
	return false
}

func (e *emitter) binary(x *ast.BinaryExpr) val {
	switch x.Op {
	case token.LAND, token.LOR:
		return e.logical(x)
	case token.EQL, token.NEQ:
		return e.equality(x)
	case token.SHL, token.SHR:
		return e.shift(x)
	}
	t := e.typeOf(x.X)
	if e.value(x.X) != nil {
		t = e.typeOf(x.Y)
	}
	l, r := e.to(x.X, t), e.to(x.Y, t)
	return e.operator(x.Op, l, r, t, x)
}

// operator applies an arithmetic or ordering operator.
func (e *emitter) operator(op token.Token, l, r val, t types.Type, n ast.Node) val {
	if isComplex(t) {
		return e.complexOperator(op, l, r, t)
	}
	v := val{rank: op.Precedence()}.with(l, r)
	if b := t.Underlying().(*types.Basic); (op == token.QUO || op == token.REM) && b.Info()&types.IsInteger != 0 && !r.fixed {
		d := e.steadyLate(&v, r)
		v = v.check("if %s == 0 { rt.Divide(%s) }", d.within(3), e.site(n))
		r = d
	}
	if c, ok := n.(*ast.BinaryExpr); ok && op == token.SUB && isFloat(t) && r.fixed && constant.Sign(e.value(c.Y)) == 0 {
		v.text, v.rank = l.text, l.rank // the interpreter's -0 - 0 is 0
		return v
	}
	right := r.within(v.rank + 1)
	v.text = l.within(v.rank) + " " + op.String() + " " + right
	return v
}

// steadyLate returns r, or a temporary for it that is set among the checks of v.
func (e *emitter) steadyLate(v *val, r val) val {
	if r.simple() || r.rank == unary {
		return r
	}
	t := e.temp()
	v.checks = append(v.checks[:len(v.checks):len(v.checks)], t+" := "+r.text)
	return named(t)
}

func (e *emitter) shift(x *ast.BinaryExpr) val {
	l, r := e.to(x.X, e.typeOf(x)), e.expr(x.Y)
	if c := e.value(x.Y); c != nil {
		r = e.constant(constant.ToInt(c), types.Typ[types.Uint])
	}
	return e.shiftBy(x.Op, l, r, e.typeOf(x), x.Y)
}

// shiftBy shifts l by r, the value of y.
func (e *emitter) shiftBy(op token.Token, l, r val, t types.Type, y ast.Expr) val {
	v := val{rank: 5}.with(l, r)
	if !e.notNegative(y) {
		r = e.steadyLate(&v, r)
		v = v.check("if %s < 0 { rt.Shift(%s) }", r.within(4), e.site(y))
	}
	if !r.fixed {
		v.text = "uint64(" + r.text + ")"
	} else {
		v.text = r.text
	}
	v.text = l.within(5) + " " + op.String() + " " + v.text
	return v
}

// logical emits && and ||. The right side is only evaluated when Go evaluates it.
func (e *emitter) logical(x *ast.BinaryExpr) val {
	l := e.leftEdge(e.expr(x.X))
	var r val
	lines := e.capture(func() { r = e.leftEdge(e.expr(x.Y)) })
	if len(lines) == 0 && len(r.checks) == 0 {
		prec := x.Op.Precedence()
		return val{text: l.within(prec) + " " + x.Op.String() + " " + r.within(prec+1), rank: prec, checks: l.checks}
	}
	t := e.temp()
	e.emit("%s := %s", t, e.flush(l))
	if x.Op == token.LAND {
		e.emit("if %s {", t)
	} else {
		e.emit("if !%s {", t)
	}
	e.replay(lines)
	e.emit("%s = %s", t, e.flush(r))
	e.emit("}")
	return named(t)
}

// leftEdge keeps parentheses and conversions away from the left edge of the operands of && and ||,
// where the interpreter takes them for something else.
func (e *emitter) leftEdge(v val) val {
	if v.simple() {
		return v
	}
	if v.text[0] == '(' || v.text[0] == '*' {
		return e.hold(v)
	}
	return v
}

// equality emits == and !=.
func (e *emitter) equality(x *ast.BinaryExpr) val {
	lt, rt := e.tv(x.X), e.tv(x.Y)
	switch {
	case rt.IsNil():
		return e.isNil(x, x.X)
	case lt.IsNil():
		return e.isNil(x, x.Y)
	}
	t := lt.Type
	if lt.Value != nil || isInterface(rt.Type) && !isInterface(lt.Type) || types.AssignableTo(lt.Type, rt.Type) && !types.AssignableTo(rt.Type, lt.Type) {
		t = rt.Type
	}
	l, r := e.to(x.X, t), e.to(x.Y, t)
	if isComplex(t) {
		return e.complexEqual(x.Op, l, r, types.Default(t))
	}
	switch t.Underlying().(type) {
	case *types.Basic, *types.Pointer, *types.Chan:
		l, r = e.typed(l, t), e.typed(r, t)
		v := val{rank: 3}.with(l, r)
		v.text = l.within(3) + " " + x.Op.String() + " " + r.within(4)
		return v
	case *types.Struct, *types.Array, *types.Interface:
		v := e.helper("Equal", e.flush(l), e.flush(r))
		if x.Op == token.NEQ {
			v.text, v.rank, v.name = "!"+v.text, unary, false
		}
		return v
	}
	e.refuse(x, "this comparison")
	return val{}
}

// typed returns v in a variable of type t, if it is a pointer or a channel whose type has a name in the normal form:
// what comes out of a variable of a cell has lost the name, and the interpreter compares only what has the
// same type to it.
func (e *emitter) typed(v val, t types.Type) val {
	if isBasic(t) || !ours(t, nil) {
		return v
	}
	text, p := e.flush(v), e.temp()
	e.emit("var %s %s = %s", p, e.typ(t), text)
	return named(p)
}

// isNil emits a comparison of y with nil.
func (e *emitter) isNil(x *ast.BinaryExpr, y ast.Expr) val {
	v := e.expr(y)
	if !v.simple() {
		v = e.hold(v)
	}
	v.text, v.rank, v.name = v.text+" "+x.Op.String()+" nil", 3, false
	return v
}

var minusOne = constant.MakeInt64(-1)
