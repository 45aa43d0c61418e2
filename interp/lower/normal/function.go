package normal

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// A function is a function of the normal form while it is emitted: a declared function, a function
// literal, the body of a function with defer, or the cell itself.
type function struct {
	outer       *function
	node        ast.Node // what the facts call the owner of its variables
	label       string   // as tracebacks call it
	shell       bool     // the outer half of a function with defer: it owns the parameters only
	sig         *types.Signature
	results     []string // the variables or boxes of the results, if they have names here
	boxedResult []bool
	defers      string // the name of the list of deferred calls, if there is one
	inDefer     bool   // the body of a function with defer: results are left in boxes
	recoverFrom string // the list whose panic recover() takes, if it may be called here
	captures    []capture
	locals      map[string]bool
	targets     []*target
	declared    []declaration // of variables that loops define
	rng         *rangeBody    // the body of a range over a function
}

// A capture is a parameter of a factory: a name of the function around, and its type.
type capture struct{ name, typ string }

// use returns the name of a local variable, captured by all functions between here and its owner.
func (e *emitter) use(v *types.Var) string {
	name := e.local(v)
	f := e.fact(v)
	for fn := e.fn; fn != nil; fn = fn.outer {
		if fn.node == f.owner && fn.shell == f.deferred {
			return name
		}
		typ := e.typ(e.varType(v))
		if f.boxed() {
			typ = "*" + typ
		}
		fn.capture(name, typ)
	}
	return name
}

// captureText returns a temporary of an outer function, captured by the functions between.
func (fn *function) captureText(name, typ string) string {
	for f := fn; f != nil && !f.locals[name]; f = f.outer {
		f.capture(name, typ)
	}
	return name
}

func (fn *function) capture(name, typ string) {
	for _, c := range fn.captures {
		if c.name == name {
			return
		}
	}
	fn.captures = append(fn.captures, capture{name, typ})
}

// sites notes where the function named k comes from.
func (fn *function) sites(e *emitter, k string) {
	if e.std {
		return // it is no place of the user's
	}
	e.out.Sites[k] = Func{Name: fn.label, Pos: e.pos, Shell: fn.shell}
}

// local returns the name of a local variable. All names are unique in their cell: nothing is
// shadowed in the normal form.
func (e *emitter) local(v *types.Var) string {
	if name, ok := e.names[v]; ok {
		return name
	}
	e.temps++
	name := fmt.Sprintf("%s_%d", v.Name(), e.temps)
	if v.Name() == "" || v.Name() == "_" {
		name = fmt.Sprintf("p%d", e.temps)
	}
	if e.names == nil {
		e.names = map[*types.Var]string{}
	}
	e.names[v] = name
	return name
}

// hasDefer reports whether body has a defer statement of its own.
func hasDefer(body ast.Node) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.DeferStmt:
			found = true
		}
		return !found
	})
	return found
}

// params returns the parameter list of a function, and emits the boxes of parameters that need one.
// With byPointer, those that may hold a minus zero come in a box.
func (e *emitter) params(recv *types.Var, sig *types.Signature, byPointer bool) string {
	var params []string
	add := func(v *types.Var) {
		name, typ := e.local(v), e.typ(e.varType(v))
		if byPointer && signed(e.varType(v)) {
			params = append(params, name+"p *"+typ)
			if e.fact(v).boxed() {
				e.emit("%s := %sp", name, name)
				return
			}
			e.emit("%s := *%sp", name, name)
			return
		}
		if !e.fact(v).boxed() {
			params = append(params, name+" "+typ)
			return
		}
		params = append(params, name+"p "+typ)
		e.emit("%s := new(%s)", name, typ)
		e.emit("*%s = %sp", name, name)
	}
	if recv != nil {
		add(recv)
	}
	for v := range sig.Params().Variables() {
		add(v)
	}
	return strings.Join(params, ", ")
}

// declareResults declares the variables of named results, and of all results if boxed is set.
func (e *emitter) declareResults(fn *function, boxed bool) {
	for v := range fn.sig.Results().Variables() {
		named := v.Name() != "" && v.Name() != "_"
		if !named && !boxed {
			if v.Name() == "_" || len(fn.results) > 0 || anyNamed(fn.sig.Results()) {
				name := e.local(v)
				e.emit("var %s %s", name, e.typ(e.varType(v)))
				fn.results = append(fn.results, name)
				fn.boxedResult = append(fn.boxedResult, false)
			}
			continue
		}
		name, typ := e.local(v), e.typ(e.varType(v))
		box := boxed || e.fact(v).boxed()
		if box {
			e.fact(v).address = true
			e.emit("%s := new(%s)", name, typ)
		} else {
			e.emit("var %s %s", name, typ)
		}
		fn.results = append(fn.results, name)
		fn.boxedResult = append(fn.boxedResult, box)
	}
}

func anyNamed(t *types.Tuple) bool {
	for v := range t.Variables() {
		if v.Name() != "" {
			return true
		}
	}
	return false
}

// body emits the inside of a function: the boxes, the results, a safepoint and the statements. It
// returns the parameter list.
func (e *emitter) body(fn *function, recv *types.Var, body *ast.BlockStmt) string {
	withDefer := hasDefer(body)
	fn.shell = withDefer
	e.markParams(fn, recv, withDefer)
	_, byPointer := fn.node.(*ast.FuncDecl)
	params := e.params(recv, fn.sig, byPointer)
	e.claim(fn, body)
	e.declareResults(fn, withDefer || e.returnsFromRange(body))
	if withDefer {
		e.deferredBody(fn, func() { e.statements(body.List) })
		return params
	}
	if calls(e, body) {
		e.safepoint()
	}
	e.statements(body.List)
	e.fallOff(fn, body)
	return params
}

// fallOff ends a function whose results have names, which may end without a return.
func (e *emitter) fallOff(fn *function, body *ast.BlockStmt) {
	if fn.sig.Results().Len() == 0 {
		return
	}
	// The interpreter wants a value even where the end cannot be reached.
	if len(fn.results) == 0 && len(body.List) > 0 {
		if _, ok := body.List[len(body.List)-1].(*ast.ReturnStmt); ok {
			return
		}
		var zeros []string
		for v := range fn.sig.Results().Variables() {
			zeros = append(zeros, e.zero(e.typ(e.varType(v))).text)
		}
		e.emit("return %s", strings.Join(zeros, ", "))
	}
}

// markParams tells the facts of parameters that the body of a function with defer is a literal.
func (e *emitter) markParams(fn *function, recv *types.Var, withDefer bool) {
	if !withDefer {
		return
	}
	mark := func(v *types.Var) {
		f := e.fact(v)
		f.deferred = true
		f.owner = fn.node
	}
	if recv != nil {
		mark(recv)
	}
	for v := range fn.sig.Params().Variables() {
		mark(v)
	}
	for v := range fn.sig.Results().Variables() {
		mark(v)
	}
}

// deferredBody emits a body as a literal that runs under a list of deferred calls.
func (e *emitter) deferredBody(shell *function, statements func()) {
	d := e.temp()
	e.emit("%s := rt.NewDefers()", d)
	shell.own(d)
	inner := &function{outer: shell, node: shell.node, label: shell.label, sig: types.NewSignatureType(nil, nil, nil, nil, nil, false),
		defers: d, inDefer: true, recoverFrom: shell.recoverFrom}
	f := e.factory(inner, func() string {
		e.safepoint()
		statements()
		return ""
	})
	e.emit("rt.Run(%s, %s)", d, f)
	var results []string
	for _, r := range shell.results {
		results = append(results, "*"+r)
	}
	if len(results) > 0 {
		e.emit("return %s", strings.Join(results, ", "))
	}
}

// factory emits a top-level function that returns the literal fn, whose inside body emits, and
// returns the text of the literal: a call of the factory with what the literal captures.
func (e *emitter) factory(fn *function, body func() string) string {
	k := fmt.Sprintf("K%d", e.env.Fresh())
	saved := e.fn
	e.fn = fn
	var params string
	lines := e.finished(fn, e.capture(func() { params = body() }))
	e.fn = saved
	var formal, actual []string
	for _, c := range fn.captures {
		formal = append(formal, c.name+" "+c.typ)
		actual = append(actual, c.name)
	}
	head := []line{
		{fmt.Sprintf("func %s(%s) func%s {", k, strings.Join(formal, ", "), e.signature(fn.sig)), e.pos},
		{fmt.Sprintf("return func(%s)%s {", params, e.results(fn.sig)), e.pos},
	}
	fn.sites(e, k)
	e.funcs = append(e.funcs, append(append(head, lines...), line{"}", e.pos}, line{"}", e.pos}))
	t := e.temp()
	e.emit("%s := %s(%s)", t, k, strings.Join(actual, ", "))
	return t
}

// literal returns a function literal; recoverFrom is the list of the defer statement that calls it.
func (e *emitter) literal(x *ast.FuncLit, recoverFrom string) val {
	defer func(was bool) { e.printing = was }(e.printing)
	e.printing = false
	sig := e.info.TypeOf(x).(*types.Signature) // with the variables of the source text
	top := e.fn
	for top.outer != nil {
		top = top.outer
	}
	e.anon[top.label]++
	fn := &function{outer: e.fn, node: x, sig: sig, recoverFrom: recoverFrom, label: fmt.Sprintf("%s.func%d", top.label, e.anon[top.label])}
	pos := e.pos
	e.pos = x.Pos()
	t := e.factory(fn, func() string { return e.body(fn, nil, x.Body) })
	e.pos = pos
	return named(t)
}

// declare emits a declared function or method under the given name.
func (e *emitter) declare(d *ast.FuncDecl, name string) {
	f := e.info.Defs[d.Name].(*types.Func)
	sig := f.Signature()
	if d.Body == nil {
		e.refuse(d, "a function without a body")
	}
	label := f.Name()
	if sig.Recv() != nil {
		label = receiverLabel(sig.Recv().Type()) + "." + label
	}
	if sig.TypeParams() != nil {
		label += "[...]"
	}
	fn := &function{node: d, sig: sig, label: label}
	e.pos = d.Pos()
	e.fn = fn
	var params string
	lines := e.finished(fn, e.capture(func() { params = e.body(fn, sig.Recv(), d.Body) }))
	if signedParams(e.sigOf(f)) {
		e.wrapper(name, e.sigOf(f))
		name += "z"
	}
	head := line{fmt.Sprintf("func %s(%s)%s {", name, params, e.results(sig)), d.Pos()}
	if !e.std {
		e.out.Sites[name] = Func{Name: label, Pos: d.Pos(), Shell: fn.shell}
	}
	e.funcs = append(e.funcs, append(append([]line{head}, lines...), line{"}", d.End()}))
	e.fn = nil
}

// receiverLabel returns the type of a receiver as tracebacks have it.
func receiverLabel(t types.Type) string {
	p, isPtr := t.(*types.Pointer)
	if isPtr {
		t = p.Elem()
	}
	label := types.TypeString(t, short)
	if named, ok := t.(*types.Named); ok && named.TypeArgs() != nil {
		label = named.Obj().Name() + "[...]"
	}
	if isPtr {
		label = "(*" + label + ")"
	}
	return label
}

// safepoint emits the test that lets the task end here. The word is read through a pointer: what the
// interpreter compares with a symbol's value directly, it reads once.
func (e *emitter) safepoint() { e.emit("if *rt.Stop { rt.Safepoint() }") }

// calls reports whether body calls a function that may call it back: a function without such
// calls needs no safepoint at its entry.
func calls(e *emitter, body ast.Node) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok {
			return !found
		}
		tv := e.tv(ast.Unparen(c.Fun))
		if tv.IsType() || tv.IsBuiltin() {
			return !found
		}
		if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok {
			if f, ok := e.info.Uses[sel.Sel].(*types.Func); ok && !ofCell(f) {
				return !found
			}
		}
		found = true
		return false
	})
	return found
}
