package normal

import (
	"fmt"
	"go/types"
	"strings"
)

// When the interpreter calls a function of its own it leaves out arguments that reflect finds zero, and
// to reflect minus zero is zero. So what may hold a minus zero is passed through a pointer: to declared
// functions, whose pointer form has a z after its name, and to factories.

// signed reports whether a value of type t may be, or hold, a minus zero that reflect takes for zero.
func signed(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&(types.IsFloat|types.IsComplex) != 0
	case *types.Array:
		return u.Len() > 0 && signed(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			if signed(f.Type()) {
				return true
			}
		}
	}
	return false
}

// signedParams reports whether a function has a parameter or receiver that may hold a minus zero.
func signedParams(sig *types.Signature) bool {
	if r := sig.Recv(); r != nil && signed(r.Type()) {
		return true
	}
	for v := range sig.Params().Variables() {
		if signed(v.Type()) {
			return true
		}
	}
	return false
}

// byPointer leaves the arguments that may hold a minus zero in boxes.
func (e *emitter) byPointer(c *invocation) {
	for i, s := range c.signed {
		if !s {
			continue
		}
		typ := c.types[i]()
		p := e.temp()
		e.emit("%s := new(%s)", p, typ)
		e.emit("*%s = %s", p, c.args[i])
		c.args[i], c.signed[i] = p, false
		c.types[i] = func() string { return "*" + typ }
	}
}

// wrapper emits the form of a declared function that has the user's parameter types, for function
// values and other engines, which pass all arguments.
func (e *emitter) wrapper(name string, sig *types.Signature) {
	var params, args, boxes []string
	add := func(v *types.Var) {
		p, typ := fmt.Sprintf("a%d", len(args)), e.typ(v.Type())
		params = append(params, p+" "+typ)
		if signed(v.Type()) {
			boxes = append(boxes, fmt.Sprintf("%sp := new(%s)", p, typ), fmt.Sprintf("*%sp = %s", p, p))
			p += "p"
		}
		args = append(args, p)
	}
	if r := sig.Recv(); r != nil {
		add(r)
	}
	for v := range sig.Params().Variables() {
		add(v)
	}
	call := name + "z(" + strings.Join(args, ", ") + ")"
	if sig.Results().Len() > 0 {
		call = "return " + call
	}
	lines := []line{{fmt.Sprintf("func %s(%s)%s {", name, strings.Join(params, ", "), e.results(sig)), e.pos}}
	for _, b := range boxes {
		lines = append(lines, line{b, e.pos})
	}
	e.funcs = append(e.funcs, append(lines, line{call, e.pos}, line{"}", e.pos}))
}
