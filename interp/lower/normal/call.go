package normal

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// An invocation is a call whose operands are evaluated: of a declared function (static), of a
// method of a compiled type (recv and method), or of a function value (recv alone).
type invocation struct {
	static   string
	recv     string
	recvType func() string
	method   string
	args     []string
	types    []func() string
	checks   []string // of the arguments, which come after the calls and slices in all of them
	signed   []bool   // the argument may hold a minus zero: see zero.go
	spread   bool     // the last argument is passed as it is to the variadic parameter
	results  *types.Tuple
	through  *dispatcher // static is its function
}

// text returns the call with the given operands.
func (c *invocation) text(recv string, args []string) string {
	fn := c.static
	switch {
	case c.method != "":
		fn = recv + "." + c.method
	case fn == "":
		fn = recv
	}
	dots := ""
	if c.spread {
		dots = "..."
	}
	return fn + "(" + strings.Join(args, ", ") + dots + ")"
}

func (c *invocation) String() string { return c.text(c.recv, c.args) }

// callValue returns the result of a call that has one.
func (e *emitter) callValue(x *ast.CallExpr) val {
	if v, ok := e.special(x); ok {
		return v
	}
	c := e.invoke(x, false)
	if v, ok := e.dispatched(c, e.typeOf(x)); ok {
		return v
	}
	return e.set(e.typeOf(x), c.String())
}

// callValues returns the results of a call that has several.
func (e *emitter) callValues(x *ast.CallExpr) []val {
	if _, ok := e.special(x); ok {
		e.refuse(x, "this call")
	}
	c := e.invoke(x, false)
	var results []types.Type
	for v := range e.typeOf(x).(*types.Tuple).Variables() {
		results = append(results, v.Type())
	}
	return e.setAll(results, c.String())
}

// callStmt emits a call for its effect.
func (e *emitter) callStmt(x *ast.CallExpr) {
	if v, ok := e.special(x); ok {
		e.flush(v)
		return
	}
	c := e.invoke(x, false)
	if _, ok := e.dispatched(c, nil); !ok {
		e.emit("%s", c.String())
	}
}

// special emits the calls that are not calls: conversions and built-in functions.
func (e *emitter) special(x *ast.CallExpr) (val, bool) {
	tv := e.tv(ast.Unparen(x.Fun))
	switch {
	case tv.IsType():
		return e.conversion(x, tv.Type), true
	case tv.IsBuiltin():
		return e.builtin(x), true
	}
	return e.errorsAs(x)
}

// invoke evaluates the operands of a call. A kept call is not made now: its operands must not
// change any more, and they have the types of the parameters.
func (e *emitter) invoke(x *ast.CallExpr, kept bool) *invocation {
	sig, ok := e.under(x.Fun).(*types.Signature)
	if !ok {
		e.refuse(x, "this call")
	}
	c := &invocation{results: sig.Results()}
	compiled, f := e.callee(x, c, sig)
	e.arguments(x, c, sig, compiled, f, kept)
	if !kept {
		e.hook(f, x)
		e.calling(f, x)
		e.handing(f, x)
	}
	e.flush(val{checks: c.checks})
	c.checks = nil
	if f != nil && !compiled && signedParams(e.sigOf(f)) {
		c.static += "z"
		e.byPointer(c)
	}
	if kept && !e.later(c) {
		e.keep(c)
	}
	return c
}

// keep leaves the operands in temporaries.
func (e *emitter) keep(c *invocation) {
	if c.recv != "" {
		c.recv = e.hold(val{text: c.recv, rank: operand}).text
	}
	for i, a := range c.args {
		t := e.temp()
		e.emit("var %s %s = %s", t, c.types[i](), a)
		c.args[i] = t
	}
}

// callee evaluates what is called. It reports whether that is compiled code, and which function.
func (e *emitter) callee(x *ast.CallExpr, c *invocation, sig *types.Signature) (bool, *types.Func) {
	fun := ast.Unparen(x.Fun)
	switch fun := fun.(type) {
	case *ast.Ident:
		if f, ok := e.funcOf(fun); ok && !ofCell(f) { // imported with a dot
			if name, ok := e.instance(fun, f); ok {
				c.static = name
				return true, f
			}
			c.static = e.redirect(f, x, c)
			return true, f
		} else if ok {
			c.static = e.funcName(f, fun).text
			return strings.HasPrefix(c.static, "v."), f
		}
	case *ast.SelectorExpr:
		if sel := e.selection(fun); sel != nil && sel.Kind() == types.MethodVal {
			return e.methodCallee(fun, sel, c)
		}
		if f, ok := e.info.Uses[fun.Sel].(*types.Func); ok && e.selection(fun) == nil {
			if name, ok := e.instance(fun.Sel, f); ok {
				c.static = name
				return true, f
			}
			if own, ok := e.funcOf(fun.Sel); ok && ofCell(own) {
				c.static = e.funcName(own, fun).text
				return false, own
			}
			c.static = e.redirect(f, x, c)
			return true, f
		}
	case *ast.IndexExpr, *ast.IndexListExpr:
		if id := instanceIdent(fun); id != nil {
			if f, ok := e.funcOf(id); ok && ofCell(f) {
				c.static = e.funcName(f, fun).text
				return strings.HasPrefix(c.static, "v."), f
			}
		}
	}
	c.recv = e.flush(e.steady(e.expr(fun)))
	c.recvType = func() string { return e.typ(sig) }
	return false, nil
}

// instanceIdent returns the identifier of the function in an index expression.
func instanceIdent(x ast.Expr) *ast.Ident {
	switch x := x.(type) {
	case *ast.IndexExpr:
		return instanceIdent(x.X)
	case *ast.IndexListExpr:
		return instanceIdent(x.X)
	case *ast.SelectorExpr:
		return x.Sel
	case *ast.Ident:
		return x
	}
	return nil
}

// methodCallee evaluates the receiver of a method call.
func (e *emitter) methodCallee(x *ast.SelectorExpr, sel *selection, c *invocation) (bool, *types.Func) {
	f := sel.Obj().(*types.Func)
	recv, recvType := e.receiver(x, sel, f)
	return e.calleeOf(x, f, recv, recvType, c)
}

// calleeOf is methodCallee with the receiver evaluated.
func (e *emitter) calleeOf(x *ast.SelectorExpr, f *types.Func, recv val, recvType types.Type, c *invocation) (bool, *types.Func) {
	if own := e.sourceMethod(f); own != nil {
		f = own
	} else if own := e.sourceMethodOf(recvType, f.Name()); own != nil {
		f = own
	}
	if isInterface(recvType) && e.erasedInterface(recvType) {
		recv = e.steady(recv)
		c.checks = append(c.checks, recv.checks...)
		c.checks = append(c.checks, fmt.Sprintf("if %s == nil { rt.Nil(%s) }", recv.text, e.site(x)))
		c.through = e.dispatch(f)
		c.static = c.through.text
		c.args = []string{recv.text}
		c.types = []func() string{func() string { return "interface{}" }}
		c.signed = []bool{false}
		return false, f
	}
	if isInterface(recvType) || !e.myMethod(f) {
		e.foreignMethod(f, x)
		if helper, ok := methodHelpers[f.FullName()]; ok {
			if !isInterface(recvType) && !receives(f, recvType) {
				e.refuse(x, "the method "+f.Name()+" by way of a field that is not exported")
			}
			c.static = "rt." + helper
			c.args = []string{e.site(x), e.flush(recv)}
			c.types = []func() string{func() string { return "uint64" }, func() string { return e.typ(recvType) }}
			c.signed = []bool{false, false}
			return true, f
		}
		if f.Signature().TypeParams() != nil || f.Signature().RecvTypeParams() != nil {
			e.refuse(x, "a method of a generic type")
		}
		if f.Pkg() != nil && refusedPackage(f.Pkg().Path()) {
			e.refuse(x, "package "+f.Pkg().Path())
		}
		c.recv = e.flush(e.steady(recv))
		c.recvType = func() string { return e.typ(recvType) }
		c.method = f.Name()
		return true, f
	}
	name, ok := e.object(f)
	if !ok {
		e.refuse(x, "the method "+f.Name()+" of a type that another engine declared")
	}
	c.static = name
	c.args = []string{e.flush(recv)}
	c.types = []func() string{func() string { return e.typ(recvType) }}
	c.signed = []bool{signed(recvType)}
	return false, f
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// receiver returns the receiver of a method call, as the method wants it, and its type.
func (e *emitter) receiver(x *ast.SelectorExpr, sel *selection, f *types.Func) (val, types.Type) {
	v := e.expr(x.X)
	if !addressable(v) {
		v = e.hold(v)
	}
	return e.receiverOf(v, x, sel, f)
}

// receiverOf is receiver with x.X evaluated.
func (e *emitter) receiverOf(v val, x *ast.SelectorExpr, sel *selection, f *types.Func) (val, types.Type) {
	index := e.reach(sel.Recv(), sel.Index()[:len(sel.Index())-1])
	v = e.path(v, sel.Recv(), index)
	t := fieldType(sel.Recv(), index)
	if isInterface(t) {
		return e.steady(v), t
	}
	_, wantPtr := types.Unalias(f.Signature().Recv().Type()).(*types.Pointer)
	p, isPtr := t.Underlying().(*types.Pointer)
	switch {
	case wantPtr && isPtr:
		return e.steady(v), t
	case wantPtr:
		return e.pointerTo(v, x), types.NewPointer(t)
	case isPtr:
		v = e.steady(v)
		e.emit("if %s == nil { rt.Nil(%s) }", v.text, e.site(x))
		return deref(v.text), p.Elem()
	}
	return v, t
}

// receives reports whether values of a type are what the method f has as its receiver, or pointers to them: it is not promoted.
func receives(f *types.Func, t types.Type) bool {
	bare := func(t types.Type) types.Type {
		if p, ok := types.Unalias(t).(*types.Pointer); ok {
			return p.Elem()
		}
		return t
	}
	return types.Identical(bare(f.Signature().Recv().Type()), bare(t))
}

// fieldType returns the type at the end of a path of fields.
func fieldType(t types.Type, index []int) types.Type {
	for _, i := range index {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		t = t.Underlying().(*types.Struct).Field(i).Type()
	}
	return t
}

// pointerTo returns the address of v.
func (e *emitter) pointerTo(v val, n ast.Node) val {
	switch {
	case v.rank == unary && v.text[0] == '*':
		v.text, v.rank, v.name = v.text[1:], operand, true
		return v
	case v.name:
		e.refuse(n, "the address of this value")
	}
	v.text, v.rank = "&"+v.text, unary
	return e.hold(v)
}

// arguments evaluates the arguments of a call.
func (e *emitter) arguments(x *ast.CallExpr, c *invocation, sig *types.Signature, compiled bool, f *types.Func, kept bool) {
	defer func(was *function) { e.showing = was }(e.showing)
	if e.showing = nil; showsOnly(f) {
		e.showing = e.fn
	}
	defer func(was, raw bool) { e.printing, e.raw = was, raw }(e.printing, e.raw)
	e.printing, e.raw = prints(f), f != nil && f.Pkg() != nil && f.Pkg().Path() == "rt"
	params := sig.Params()
	if len(x.Args) == 1 && params.Len()+boolInt(sig.Variadic()) > 1 || len(x.Args) == 1 && e.isTuple(x.Args[0]) {
		if call, ok := ast.Unparen(x.Args[0]).(*ast.CallExpr); ok && e.isTuple(call) {
			e.spreadCall(call, c, sig, compiled, f)
			return
		}
	}
	fixed := params.Len()
	if sig.Variadic() {
		fixed--
	}
	arg := func(x ast.Expr, t types.Type) val {
		if compiled {
			return e.pass(x, t, f, kept)
		}
		return e.to(x, t)
	}
	l := e.lately(x.Args)
	for i := range fixed {
		l.add(x.Args[i], params.At(i).Type(), arg)
	}
	var last types.Type
	pack := false
	if sig.Variadic() {
		last = params.At(fixed).Type()
		switch {
		case x.Ellipsis.IsValid():
			l.add(x.Args[fixed], last, arg)
			c.spread = compiled
		case compiled && !kept && (len(x.Args) > fixed || f == nil || !ofCell(f)): // of no arguments reflect makes an empty slice
			for _, a := range x.Args[fixed:] {
				l.add(a, last.(*types.Slice).Elem(), arg)
			}
		default:
			pack, c.spread = true, compiled
			for _, a := range x.Args[fixed:] {
				l.add(a, last.(*types.Slice).Elem(), arg)
			}
		}
	}
	l.finish()
	n := len(l.vals)
	if pack {
		n = fixed
	}
	for i, v := range l.vals[:n] {
		e.argument(c, v, l.types[i])
	}
	if pack {
		e.argument(c, e.pack(l.vals[n:], last), last)
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (e *emitter) isTuple(x ast.Expr) bool {
	_, ok := e.typeOf(x).(*types.Tuple)
	return ok
}

// argument appends an evaluated argument.
func (e *emitter) argument(c *invocation, v val, t types.Type) {
	c.args = append(c.args, v.text)
	c.checks = append(c.checks, v.checks...)
	c.types = append(c.types, func() string { return e.typ(t) })
	c.signed = append(c.signed, signed(t))
}

// pack returns the slice of the variadic arguments.
func (e *emitter) pack(vals []val, t types.Type) val {
	if len(vals) == 0 {
		return e.zero(e.typ(t))
	}
	var texts []string
	for _, v := range vals {
		texts = append(texts, e.flush(e.steady(v)))
	}
	s := e.temp()
	e.emit("%s := %s{%s}", s, e.typ(t), strings.Join(texts, ", "))
	return named(s)
}

// all returns expressions as values of type t that nothing changes any more: first the calls in all of
// them are made, then their values are taken.
func (e *emitter) all(list []ast.Expr, t types.Type) []string {
	l := e.lately(list)
	for _, x := range list {
		l.add(x, t, e.to)
	}
	l.finish()
	var texts []string
	for _, v := range l.vals {
		texts = append(texts, e.flush(e.steady(v)))
	}
	return texts
}

// spreadCall passes the results of one call as the arguments of another.
func (e *emitter) spreadCall(call *ast.CallExpr, c *invocation, sig *types.Signature, compiled bool, f *types.Func) {
	tuple := e.typeOf(call).(*types.Tuple)
	params := sig.Params()
	for p := range params.Variables() {
		if compiled && hasAny(p.Type(), nil) && passes(f) != keeps && passes(f) != shows {
			e.refuse(call, "the results of a call as arguments of "+f.FullName())
		}
	}
	vals := e.callValues(call)
	fixed := params.Len()
	if sig.Variadic() {
		fixed--
	}
	for i := range fixed {
		t := params.At(i).Type()
		e.argument(c, e.convert(vals[i], tuple.At(i).Type(), t, call), t)
	}
	if !sig.Variadic() {
		return
	}
	last := params.At(fixed).Type()
	elem := last.(*types.Slice).Elem()
	var texts []string
	for i := fixed; i < len(vals); i++ {
		texts = append(texts, e.flush(e.convert(vals[i], tuple.At(i).Type(), elem, call)))
	}
	s := e.temp()
	if len(texts) == 0 {
		e.emit("var %s %s", s, e.typ(last))
	} else {
		e.emit("%s := %s{%s}", s, e.typ(last), strings.Join(texts, ", "))
	}
	e.argument(c, named(s), last)
	c.spread = compiled
}

// thunk returns a func() that makes a kept call.
func (e *emitter) thunk(c *invocation) string {
	if c.static == "" && c.method == "" && len(c.args) == 0 && c.results.Len() == 0 {
		return c.recv
	}
	if e.later(c) {
		args := append([]string{c.static}, c.args...)
		return e.set(nil, "rt.Later("+strings.Join(args, ", ")+")").text
	}
	minus := append([]bool(nil), c.signed...)
	e.byPointer(c)
	var params, names, values []string
	add := func(name, value, typ string) {
		params = append(params, name+" "+typ)
		values = append(values, value)
	}
	recv := ""
	if c.recv != "" {
		recv = "f"
		add("f", c.recv, c.recvType())
	}
	for i, a := range c.args {
		name := fmt.Sprintf("a%d", i)
		add(name, a, c.types[i]())
		if minus[i] {
			name = "*" + name
		}
		names = append(names, name)
	}
	k := fmt.Sprintf("K%d", e.env.Fresh())
	e.funcs = append(e.funcs, []line{
		{fmt.Sprintf("func %s(%s) func() {", k, strings.Join(params, ", ")), e.pos},
		{"return func() { " + c.text(recv, names) + " }", e.pos},
		{"}", e.pos},
	})
	e.fn.sites(e, k)
	t := e.temp()
	e.emit("%s := %s(%s)", t, k, strings.Join(values, ", "))
	return t
}

// later reports whether rt.Later makes a kept call: of a method of the standard library that the task runtime replaces, with
// nothing but its receiver, or of close.
func (e *emitter) later(c *invocation) bool {
	if len(c.args) != 2 || c.results.Len() > 0 {
		return false
	}
	for _, helper := range methodHelpers {
		if c.static == "rt."+helper {
			return true
		}
	}
	return c.static == "rt.Close"
}
