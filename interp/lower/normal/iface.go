package normal

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// Interpreted code must not own interface values: the interpreter keeps a reference to the variable
// instead of a copy, and forgets the name of its type. So every interface type that a cell declares, or
// writes down without a name, is interface{} in the normal form, and a value whose type reflect cannot
// name goes there as a compiled, comparable rt.V, which has a descriptor of its type beside the value.
// Interface types of compiled packages, such as error, stay; what is in a V gets into them by way of an
// adapter that has the methods of the interface. Assertions, comparisons and method calls ask the
// descriptor.

// erasedInterface reports whether the interface type t is interface{} in the normal form.
func (e *emitter) erasedInterface(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return !ok || e.mine(n.Obj()) || n.TypeArgs() != nil // there is no compiled one: see sources.go
}

// boxes reports whether a value of the concrete type t stands in an interface as a V.
func (e *emitter) boxes(t types.Type) bool {
	return e.ours(t) || e.checked.Program && !inHost(t, 2)
}

// describe returns the text of the descriptor of t. What describes a concrete type gets its methods at the
// end of the cell.
func (e *emitter) describe(t types.Type, n ast.Node) string {
	t = e.canonical(types.Unalias(t))
	e.domestic(t, n, nil)
	if !isInterface(t) {
		e.typ(t) // refuses what cannot be written
		if !containsType(e.described, t) {
			e.described = append(e.described, t)
		}
	}
	return e.env.Type(t)
}

func containsType(list []types.Type, t types.Type) bool {
	return slices.ContainsFunc(list, func(s types.Type) bool { return types.Identical(s, t) })
}

// domestic refuses a type that mentions one that another engine declared: there its values have a type that reflect
// names.
func (e *emitter) domestic(t types.Type, n ast.Node, seen []types.Type) {
	t = types.Unalias(t)
	if slices.Contains(seen, t) {
		return
	}
	seen = append(seen, t)
	switch t := t.(type) {
	case *types.Named:
		if ofCell(t.Obj()) && e.env.Compiled(t.Obj()) && !e.foreign(t.Obj()) {
			e.refuse(n, "a value of type "+types.TypeString(t, short)+", which another engine declared, in an interface")
		}
		for a := range t.TypeArgs().Types() {
			e.domestic(a, n, seen)
		}
	case *types.Pointer:
		e.domestic(t.Elem(), n, seen)
	case *types.Slice:
		e.domestic(t.Elem(), n, seen)
	case *types.Array:
		e.domestic(t.Elem(), n, seen)
	case *types.Chan:
		e.domestic(t.Elem(), n, seen)
	case *types.Map:
		e.domestic(t.Key(), n, seen)
		e.domestic(t.Elem(), n, seen)
	case *types.Struct:
		for f := range t.Fields() {
			e.domestic(f.Type(), n, seen)
		}
	case *types.Signature:
		e.domestic(t.Params(), n, seen)
		e.domestic(t.Results(), n, seen)
	case *types.Tuple:
		for v := range t.Variables() {
			e.domestic(v.Type(), n, seen)
		}
	case *types.Interface:
		for m := range t.Methods() {
			e.domestic(m.Signature(), n, seen)
		}
	}
}

// nameless reports whether a type whose values are boxed is made without a type that a cell declared. Compiled code may have
// values of it, which are not boxed.
func (e *emitter) nameless(t types.Type) bool {
	var seen []types.Type
	var in func(t types.Type) bool
	all := func(vars func(func(*types.Var) bool)) bool {
		for v := range vars {
			if !in(v.Type()) {
				return false
			}
		}
		return true
	}
	in = func(t types.Type) bool {
		t = types.Unalias(t)
		if slices.Contains(seen, t) {
			return true
		}
		seen = append(seen, t)
		switch t := t.(type) {
		case *types.Named:
			for a := range t.TypeArgs().Types() {
				if !in(a) {
					return false
				}
			}
			return !e.mine(t.Obj())
		case *types.Pointer:
			return in(t.Elem())
		case *types.Slice:
			return in(t.Elem())
		case *types.Array:
			return in(t.Elem())
		case *types.Chan:
			return in(t.Elem())
		case *types.Map:
			return in(t.Key()) && in(t.Elem())
		case *types.Struct:
			return all(t.Fields())
		case *types.Signature:
			return all(t.Params().Variables()) && all(t.Results().Variables())
		case *types.Interface:
			for m := range t.Methods() {
				if !in(m.Signature()) {
					return false
				}
			}
		}
		return true
	}
	return e.ours(t) && in(t)
}

// intoInterface puts a value of type from into an interface of type to.
func (e *emitter) intoInterface(v val, from, to types.Type, n ast.Node) val {
	if isInterface(from) {
		switch {
		case e.erasedInterface(from) && e.erasedInterface(to):
			return v
		case e.erasedInterface(to):
			return e.helper("Any", e.flush(v))
		}
		return e.adapted(v, to, n)
	}
	if !e.boxes(from) {
		e.refuseInInterface(from, n)
		text := e.flush(v)
		if e.erasedInterface(to) {
			return e.helper("Any", text)
		}
		t := e.temp()
		e.emit("var %s %s = %s", t, e.typ(to), text)
		return named(t)
	}
	e.boxed()
	x := e.helper("Box", e.describe(from, n), e.flush(v))
	if e.erasedInterface(to) {
		return x
	}
	if !e.env.Adapts(from, to) {
		e.refuse(n, "a value of type "+types.TypeString(from, short)+" as a "+e.env.TypeName(to))
	}
	return e.adapted(x, to, n)
}

// boxed notes that a V is made which compiled cells must not see.
func (e *emitter) boxed() {
	if e.showing == nil || e.showing != e.fn {
		e.out.Boxed = append(e.out.Boxed, e.pos)
	}
}

// showsOnly reports whether f is a function of package fmt that prints what it is given and does not keep it.
func showsOnly(f *types.Func) bool {
	return f != nil && f.Pkg() != nil && f.Pkg().Path() == "fmt" && f.Signature().Recv() == nil &&
		(strings.Contains(f.Name(), "Print") || strings.HasPrefix(f.Name(), "Sprint") || strings.HasPrefix(f.Name(), "Fprint"))
}

// adapted returns the interface value v as one of the compiled interface type to.
func (e *emitter) adapted(v val, to types.Type, n ast.Node) val {
	if isError(to) {
		return e.helper("Error", e.flush(v))
	}
	p := e.temp()
	e.emit("%s := new(%s)", p, e.typ(to))
	e.emit("rt.Adapt(%s, %s, %s)", e.flush(v), e.describe(to, n), p)
	return e.hold(deref(p))
}

// finish emits what the interfaces of the cell need: the methods of the types whose values get into
// interfaces, and the dispatchers, which may need more of both.
func (e *emitter) finish() {
	e.fn = &function{label: "main"}
	for done, d := 0, 0; done < len(e.described) || d < len(e.dispatchers); {
		if done < len(e.described) {
			e.methodsOf(e.described[done], false, nil)
			done++
			e.stencil()
			continue
		}
		e.emitDispatcher(e.dispatchers[d])
		d++
	}
	e.expandCalls()
	e.fn = nil
}

// printMethods are the methods that package fmt looks for, also inside of values.
var printMethods = []string{"Error", "Format", "GoString", "String"}

// methodsOf has the engine register the methods of t, and those of its parts that printing it calls.
func (e *emitter) methodsOf(t types.Type, part bool, seen []types.Type) {
	t = types.Unalias(t)
	if slices.Contains(seen, t) || isInterface(t) {
		return
	}
	seen = append(seen, t)
	if e.ours(t) {
		ms := types.NewMethodSet(t)
		for i := range ms.Len() {
			sel := ms.At(i)
			name := sel.Obj().Name()
			if !sel.Obj().Exported() && !ofCell(sel.Obj()) {
				continue // nobody can call it
			}
			if part && !slices.Contains(printMethods, name) || e.registered(t, name) {
				continue
			}
			m := Method{Type: t, Name: name, Sig: sel.Type().(*types.Signature), Func: e.methodFunc(t, sel)}
			e.out.Methods = append(e.out.Methods, m)
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		e.methodsOf(u.Elem(), true, seen)
	case *types.Slice:
		e.methodsOf(u.Elem(), true, seen)
	case *types.Array:
		e.methodsOf(u.Elem(), true, seen)
	case *types.Map:
		e.methodsOf(u.Key(), true, seen)
		e.methodsOf(u.Elem(), true, seen)
	case *types.Struct:
		if e.ours(t) {
			for f := range u.Fields() {
				e.methodsOf(f.Type(), true, seen)
			}
		}
	}
}

// registered reports whether a method is known to the engine, or will be.
func (e *emitter) registered(t types.Type, name string) bool {
	return e.env.Registered(t, name) != "" || e.methodText(t, name) != ""
}

// methodText returns the function that this cell registers for a method.
func (e *emitter) methodText(t types.Type, name string) string {
	for _, m := range e.out.Methods {
		if m.Name == name && types.Identical(m.Type, t) {
			return m.Func
		}
	}
	return ""
}

// methodFunc returns the name of a function that is the method sel of t, with the receiver as the first
// parameter: the method itself, or a function that finds the receiver of a promoted method.
func (e *emitter) methodFunc(t types.Type, sel *types.Selection) string {
	f := sel.Obj().(*types.Func)
	if recv := f.Signature().Recv().Type(); len(sel.Index()) == 1 && (e.myMethod(f) || e.sourceMethod(f) != nil) && types.Identical(recv, t) {
		if name, ok := e.object(f); ok {
			return name
		}
		e.refuse(nil, "the method "+f.Name()+" of a type that another engine declared")
	}
	return e.forwarder(t, sel, f)
}

// forwarder emits a function that calls a method promoted from a field, or a method with a value receiver
// through a pointer.
func (e *emitter) forwarder(t types.Type, sel *types.Selection, f *types.Func) string {
	sig := sel.Type().(*types.Signature)
	name := fmt.Sprintf("G%d_%s", e.env.Fresh(), f.Name())
	params := []string{"r " + e.typ(t)}
	recv := val{text: "r", rank: operand, name: true}
	if signed(t) {
		params[0], recv = "r *"+e.typ(t), deref("r")
	}
	c := &invocation{results: sig.Results()}
	for i := range sig.Params().Len() {
		p, typ := fmt.Sprintf("a%d", i), sig.Params().At(i).Type()
		own := e.typ(typ)
		text := own
		c.args, c.types, c.signed = append(c.args, p), append(c.types, func() string { return own }), append(c.signed, signed(typ))
		if signed(typ) {
			c.args[i], text = "*"+p, "*"+text
		}
		params = append(params, p+" "+text)
	}
	lines := e.capture(func() {
		e.forwardCall(c, recv, t, sel, f)
		call := c.String()
		if sig.Results().Len() > 0 {
			call = "return " + call
		}
		e.emit("%s", call)
	})
	full := types.NewSignatureType(types.NewVar(0, nil, "", t), nil, nil, sig.Params(), sig.Results(), sig.Variadic())
	text := name
	if signedParams(full) {
		e.wrapper(name, full)
		text += "z"
	}
	head := line{fmt.Sprintf("func %s(%s)%s {", text, strings.Join(params, ", "), e.results(sig)), e.pos}
	e.funcs = append(e.funcs, append(append([]line{head}, lines...), line{"}", e.pos}))
	return name
}

// forwardCall sets the function and the receiver of the call that a forwarder makes.
func (e *emitter) forwardCall(c *invocation, v val, t types.Type, sel *types.Selection, f *types.Func) {
	index := e.reach(t, sel.Index()[:len(sel.Index())-1])
	at := fieldType(t, index)
	v = e.path(v, t, index)
	recvType := func(t types.Type) { c.recvType = func() string { return e.typ(t) } }
	prepend := func(recv val, t types.Type) {
		c.args = append([]string{e.flush(recv)}, c.args...)
		c.types = append([]func() string{func() string { return e.typ(t) }}, c.types...)
		c.signed = append([]bool{signed(t)}, c.signed...)
	}
	if isInterface(at) {
		v = e.steady(v)
		e.emit("if %s == nil { rt.Nil(0) }", v.text)
		if e.erasedInterface(at) {
			c.static = e.dispatch(f).text
			prepend(v, at)
			e.signedCall(c, e.sigOf(f))
			return
		}
		c.recv, c.method = v.text, f.Name()
		recvType(at)
		c.spread = f.Signature().Variadic()
		return
	}
	wantPtr := false
	if _, ok := types.Unalias(f.Signature().Recv().Type()).(*types.Pointer); ok {
		wantPtr = true
	}
	p, isPtr := at.Underlying().(*types.Pointer)
	switch {
	case wantPtr && !isPtr:
		v = e.pointerTo(v, nil)
		at = types.NewPointer(at)
	case !wantPtr && isPtr:
		v = e.steady(v)
		if len(index) == 0 {
			name := e.env.TypeName(p.Elem())
			_, short, _ := strings.Cut(name, ".")
			e.emit("if %s == nil { rt.NilMethod(0, %q, %q) }", v.text, name+"."+f.Name(), short)
		} else {
			e.emit("if %s == nil { rt.Nil(0) }", v.text)
		}
		v, at = deref(v.text), p.Elem()
	}
	if own := e.sourceMethod(f); own != nil {
		f = own
	} else if own := e.sourceMethodOf(at, f.Name()); own != nil {
		f = own
	}
	if !e.myMethod(f) {
		e.foreignMethod(f, nil)
		if f.Pkg() != nil && refusedPackage(f.Pkg().Path()) {
			e.refuse(nil, "package "+f.Pkg().Path())
		}
		if helper, ok := methodHelpers[f.FullName()]; ok {
			if !receives(f, at) {
				e.refuse(nil, "the method "+f.Name()+" by way of a field that is not exported")
			}
			c.static = "rt." + helper
			prepend(v, at)
			c.args = append([]string{"0"}, c.args...)
			return
		}
		c.recv, c.method = e.flush(v), f.Name()
		if v.rank < operand {
			c.recv = e.hold(val{text: c.recv, rank: v.rank}).text
		}
		recvType(at)
		c.spread = f.Signature().Variadic()
		return
	}
	name, ok := e.object(f)
	if !ok {
		e.refuse(nil, "the method "+f.Name()+" of a type that another engine declared")
	}
	c.static = name
	prepend(v, at)
	e.signedCall(c, e.sigOf(f))
}

// signedCall passes what may hold a minus zero by pointer, as declared functions want it.
func (e *emitter) signedCall(c *invocation, sig *types.Signature) {
	if signedParams(sig) {
		c.static += "z"
		e.byPointer(c)
	}
}
