package normal

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// A method that is mentioned and not called becomes a literal that calls it. That of a method value has the
// receiver among what it captures; that of a method expression has it as its first parameter.

// methodValue returns x.M as a function that has the receiver, which is evaluated now.
func (e *emitter) methodValue(x *ast.SelectorExpr) val {
	sig := e.typeOf(x).(*types.Signature)
	sel := e.selection(x)
	c := &invocation{results: sig.Results()}
	compiled, f := e.methodCallee(x, sel, c)
	e.flush(val{checks: c.checks})
	c.checks = nil
	e.keep(c)
	minus := append([]bool(nil), c.signed...)
	kinds := append([]func() string(nil), c.types...)
	e.byPointer(c)
	fn := &function{outer: e.fn, sig: sig, label: e.fn.label}
	return named(e.factory(fn, func() string {
		call := &invocation{static: c.static, recv: c.recv, recvType: c.recvType, method: c.method, results: c.results, types: kinds, signed: minus}
		if c.recv != "" {
			fn.capture(c.recv, c.recvType())
		}
		for i, a := range c.args {
			fn.capture(a, c.types[i]())
			if minus[i] {
				a = "*" + a
			}
			call.args = append(call.args, a)
		}
		return e.forward(call, sig, 0, compiled, f)
	}))
}

// methodExpr returns T.M as a function.
func (e *emitter) methodExpr(x *ast.SelectorExpr) val {
	sig := e.typeOf(x).(*types.Signature)
	sel := e.selection(x)
	f := sel.Obj().(*types.Func)
	fn := &function{outer: e.fn, sig: sig, label: e.fn.label}
	return named(e.factory(fn, func() string {
		c := &invocation{results: sig.Results()}
		e.wrapped(x, sel, f)
		recv, recvType := e.receiverOf(named("a0"), x, sel, f)
		compiled, f := e.calleeOf(x, f, recv, recvType, c)
		return e.forward(c, sig, 1, compiled, f)
	}))
}

// wrapped emits the check that (*T).M makes for a method M of T.
func (e *emitter) wrapped(x *ast.SelectorExpr, sel *selection, f *types.Func) {
	p, isPtr := sel.Recv().Underlying().(*types.Pointer)
	if _, wantPtr := types.Unalias(f.Signature().Recv().Type()).(*types.Pointer); !isPtr || wantPtr || len(sel.Index()) > 1 {
		return
	}
	t := e.env.TypeName(p.Elem())
	_, name, _ := strings.Cut(t, ".")
	e.emit("if a0 == nil { rt.NilMethod(%s, %q, %q) }", e.site(x), t+"."+f.Name(), name)
}

// forward emits the inside of a literal that passes its parameters from the given one on to a method, and
// returns all its parameters.
func (e *emitter) forward(c *invocation, sig *types.Signature, from int, compiled bool, f *types.Func) string {
	var params []string
	for i := range sig.Params().Len() {
		name, t := fmt.Sprintf("a%d", i), sig.Params().At(i).Type()
		params = append(params, name+" "+e.typ(t))
		if i >= from {
			e.argument(c, named(name), t)
		}
	}
	e.flush(val{checks: c.checks})
	c.checks = nil
	c.spread = sig.Variadic() && compiled
	if f != nil && !compiled && signedParams(e.sigOf(f)) {
		c.static += "z"
		e.byPointer(c)
	}
	if sig.Results().Len() > 0 {
		e.emit("return %s", c)
	} else {
		e.emit("%s", c.String())
	}
	return strings.Join(params, ", ")
}
