package normal

import (
	"fmt"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// A dispatcher is a function that calls a method of whatever an erased interface holds. Calls of a method that few types
// have are written out where they are made, because a call costs the interpreter more than the look at the type.
type dispatcher struct {
	name string
	sig  *types.Signature
	text string
}

// dispatch returns the dispatcher of the method f of an erased interface.
func (e *emitter) dispatch(f *types.Func) *dispatcher {
	sig := e.sigOf(f)
	for _, d := range e.dispatchers {
		if d.name == f.Name() && types.Identical(d.sig, sig) {
			return d
		}
	}
	d := &dispatcher{name: f.Name(), sig: sig, text: fmt.Sprintf("D%d_%s", e.env.Fresh(), f.Name())}
	e.dispatchers = append(e.dispatchers, d)
	return d
}

// A dispatchedCall is a call of a method of an erased interface that waits for the types that have the method to be known.
type dispatchedCall struct {
	*invocation
	result string
}

// waiting is how the line of a dispatchedCall begins; the names that it mentions follow.
const waiting = "dispatched #"

// dispatched emits a call through a dispatcher whose result is nil or of a plain type, and returns the result.
func (e *emitter) dispatched(c *invocation, result types.Type) (val, bool) {
	if c.through == nil || result != nil && !e.plainlyAssigned(result, 0) {
		return val{}, false
	}
	if result == nil && c.results.Len() > 0 {
		return val{}, false
	}
	call := dispatchedCall{invocation: c}
	v := val{}
	if result != nil {
		v = named(e.temp())
		call.result = v.text
		if !e.early(v.text, result) {
			e.emit("var %s %s", v.text, e.typ(result))
		}
		v.typ, v.typed = result, v.text
	}
	e.emit("%s%d %s %s", waiting, len(e.calls), call.result, strings.Join(c.args, " "))
	e.calls = append(e.calls, call)
	return v, true
}

// expandCalls writes the calls out that waited.
func (e *emitter) expandCalls() {
	if len(e.calls) == 0 {
		return
	}
	for i, f := range e.funcs {
		var out []line
		for j, l := range f {
			rest, ok := strings.CutPrefix(l.text, waiting)
			if !ok {
				if out != nil {
					out = append(out, l)
				}
				continue
			}
			if out == nil {
				out = append(out, f[:j]...)
			}
			number, _, _ := strings.Cut(rest, " ")
			n, _ := strconv.Atoi(number)
			e.pos = l.pos
			out = append(out, e.capture(func() { e.expand(e.calls[n]) })...)
		}
		if out != nil {
			e.funcs[i] = out
		}
	}
}

// inlined is how many types are asked for at a call.
const inlined = 3

// expand emits a call through a dispatcher.
func (e *emitter) expand(c dispatchedCall) {
	set := ""
	if c.result != "" {
		set = c.result + " = "
	}
	found := e.implementers(c.through)
	if len(found) > inlined {
		found = nil
	}
	for _, m := range found {
		r := e.temp()
		e.emit("%s := new(%s)", r, e.typ(m.Type))
		e.emit("if rt.Take(%s, %d, %s) {", c.args[0], e.env.TypeID(m.Type), r)
		e.emit("%s%s", set, m.call(c.through, r, c.args[1:]))
		e.emit("} else {")
	}
	e.emit("%s%s", set, c.invocation)
	for range found {
		e.emit("}")
	}
}

// call returns the text of a call of the method with the receiver that r points to.
func (m Method) call(d *dispatcher, r string, args []string) string {
	text, recv := m.Func, "*"+r
	if signed(m.Type) || signedParams(d.sig) {
		text += "z"
	}
	if signed(m.Type) {
		recv = r
	}
	return text + "(" + strings.Join(append([]string{recv}, args...), ", ") + ")"
}

// implementers returns the methods that a dispatcher may call, of the types known now.
func (e *emitter) implementers(d *dispatcher) []Method {
	var list []Method
	for _, t := range e.candidates() {
		if text := e.methodOf(t, d); text != "" {
			list = append(list, Method{Type: t, Name: d.name, Func: text})
		}
	}
	return list
}

// emitDispatcher emits a function that finds the method of the value's type: by the number of the type for the
// types known now, else by name. Each of the calls has a function of its own, since every call of a function makes all its
// variables.
func (e *emitter) emitDispatcher(d *dispatcher) {
	params, args := []string{"x interface{}"}, []string(nil)
	for i := range d.sig.Params().Len() {
		typ := d.sig.Params().At(i).Type()
		text := e.typ(typ)
		if signed(typ) {
			text = "*" + text
		}
		args = append(args, fmt.Sprintf("a%d", i))
		params = append(params, args[i]+" "+text)
	}
	name := d.text
	if signedParams(d.sig) {
		name += "z"
	}
	function := func(name string, body func()) {
		head := line{fmt.Sprintf("func %s(%s)%s {", name, strings.Join(params, ", "), e.results(d.sig)), e.pos}
		lines := e.capture(body)
		e.funcs = append(e.funcs, append(append([]line{head}, lines...), line{"}", e.pos}))
	}
	call := func(text string) {
		if d.sig.Results().Len() > 0 {
			e.emit("return %s", text)
			return
		}
		e.emit("%s", text)
		e.emit("return")
	}
	same := "(" + strings.Join(append([]string{"x"}, args...), ", ") + ")"
	found := e.implementers(d)
	for i, m := range found {
		function(fmt.Sprintf("%s_%d", d.text, i), func() {
			e.emit("r := new(%s)", e.typ(m.Type))
			e.emit("rt.Get(x, r)")
			call(m.call(d, "r", args))
		})
	}
	function(d.text+"_n", func() { e.byName(d, args) })
	function(name, func() {
		if len(found) > 0 {
			e.emit("k := rt.ID(x)")
		}
		for i, m := range found {
			e.emit("if k == %d {", e.env.TypeID(m.Type))
			call(fmt.Sprintf("%s_%d%s", d.text, i, same))
			e.emit("}")
		}
		call(d.text + "_n" + same)
	})
}

// candidates returns the types whose methods are known.
func (e *emitter) candidates() []types.Type {
	list := slices.Clone(e.described)
	for _, t := range e.env.Described() {
		if !containsType(list, t) {
			list = append(list, t)
		}
	}
	return list
}

// methodOf returns the function that is the method d of type t, or "".
func (e *emitter) methodOf(t types.Type, d *dispatcher) string {
	if !e.ours(t) {
		return ""
	}
	ms := types.NewMethodSet(t)
	for i := range ms.Len() {
		if sel := ms.At(i); sel.Obj().Name() == d.name && types.Identical(sel.Type(), d.sig) {
			if text := e.methodText(t, d.name); text != "" {
				return text
			}
			return e.env.Registered(t, d.name)
		}
	}
	return ""
}

// byName emits the call of a method that is only known by its name: of a type that reflect names, or one
// of a later cell.
func (e *emitter) byName(d *dispatcher, args []string) {
	ptrs := []string{"x", fmt.Sprintf("%q", d.name), fmt.Sprint(len(args))}
	for i, a := range args {
		typ := d.sig.Params().At(i).Type()
		if signed(typ) {
			ptrs = append(ptrs, a)
			continue
		}
		e.emit("q%d := new(%s)", i, e.typ(typ))
		e.emit("*q%d = %s", i, a)
		ptrs = append(ptrs, fmt.Sprintf("q%d", i))
	}
	var results []string
	for i := range d.sig.Results().Len() {
		e.emit("s%d := new(%s)", i, e.typ(d.sig.Results().At(i).Type()))
		ptrs = append(ptrs, fmt.Sprintf("s%d", i))
		results = append(results, fmt.Sprintf("*s%d", i))
	}
	e.emit("rt.Invoke(%s)", strings.Join(ptrs, ", "))
	if len(results) > 0 {
		e.emit("return %s", strings.Join(results, ", "))
	}
}
