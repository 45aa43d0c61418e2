package normal

import (
	"go/ast"
	"go/types"
	"strconv"
	"strings"
)

// appendResults emits append(f()), where f has several results.
func (e *emitter) appendResults(x *ast.CallExpr, st, elem types.Type) val {
	vals, from := e.tuple(ast.Unparen(x.Args[0]))
	base := e.convert(vals[0], from[0], st, x)
	var args []string
	for i, v := range vals[1:] {
		args = append(args, e.flush(e.steady(e.convert(v, from[i+1], elem, x))))
	}
	return e.appended(base, args, st, elem)
}

// appended returns append(base, args...) for arguments that nothing changes any more. The interpreter fails on
// elements that take no memory: of those, only the number matters.
func (e *emitter) appended(base val, args []string, st, elem types.Type) val {
	if len(args) == 0 {
		return base
	}
	if e.typ(st) == e.typ(elem) && !strings.HasSuffix(args[0], "...") {
		// The interpreter takes a value of the slice's own type for a slice of values to append.
		p := e.boxOf(base, st)
		for i, a := range args {
			args[i] = e.boxOf(named(a), elem)
		}
		e.emit("rt.AppendSame(%s, %s)", p, strings.Join(args, ", "))
		return e.hold(deref(p))
	}
	if sizes64.Sizeof(elem) > 0 {
		return e.hold(val{text: "append(" + e.flush(base) + ", " + strings.Join(args, ", ") + ")", rank: operand})
	}
	n := strconv.Itoa(len(args))
	if list, ok := strings.CutSuffix(args[0], "..."); ok {
		n = "len(" + list + ")"
	}
	p := e.boxOf(base, st)
	e.emit("rt.Extend(%s, %s)", p, n)
	return e.hold(deref(p))
}

// copyResults emits copy(f()).
func (e *emitter) copyResults(x *ast.CallExpr) val {
	vals, from := e.tuple(ast.Unparen(x.Args[0]))
	src := vals[1]
	if isString(from[1]) {
		src = e.castTo(src, types.NewSlice(types.Typ[types.Uint8]))
	}
	return e.hold(val{text: "copy(" + e.flush(vals[0]) + ", " + e.flush(src) + ")", rank: operand})
}

// arrayLength returns the length of an array, or of what a pointer to an array points to, whose expression has to
// be evaluated because it calls or receives something.
func (e *emitter) arrayLength(x ast.Expr, t types.Type) val {
	e.hold(e.expr(x))
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	return val{text: strconv.FormatInt(t.(*types.Array).Len(), 10), rank: operand, fixed: true}
}

// printed returns the arguments of print and println.
func (e *emitter) printed(x *ast.CallExpr) []string {
	var vals []val
	if len(x.Args) == 1 && e.isTuple(x.Args[0]) {
		vals, _ = e.tuple(ast.Unparen(x.Args[0]))
	} else {
		for _, a := range x.Args {
			t := types.Default(e.typeOf(a))
			if b, ok := t.Underlying().(*types.Basic); ok && b.Kind() == types.UntypedNil {
				e.refuse(a, "print of nil")
			}
			vals = append(vals, e.to(a, t))
		}
	}
	var args []string
	for _, v := range vals {
		args = append(args, e.flush(e.steady(v)))
	}
	return args
}

// keptBuiltin returns the call of a built-in function that go or defer makes later, with its operands evaluated.
func (e *emitter) keptBuiltin(x *ast.CallExpr) *invocation {
	c := &invocation{results: types.NewTuple()}
	add := func(text string, t types.Type) {
		c.args = append(c.args, text)
		c.types = append(c.types, func() string { return e.typ(t) })
		c.signed = append(c.signed, signed(t))
	}
	id, ok := ast.Unparen(x.Fun).(*ast.Ident)
	if !ok || len(x.Args) == 1 && e.isTuple(x.Args[0]) {
		e.refuse(x, "go or defer of this built-in function")
	}
	switch id.Name {
	case "close":
		c.static = "rt.Close"
		add(e.site(x), types.Typ[types.Uint64])
		add(e.flush(e.expr(x.Args[0])), e.typeOf(x.Args[0]))
	case "panic":
		c.static = "rt.Panic"
		add(e.site(x), types.Typ[types.Uint64])
		add(e.flush(e.to(x.Args[0], anyType)), anyType)
	case "print", "println":
		c.static = "rt.Builtin" + strings.ToUpper(id.Name[:1]) + id.Name[1:]
		texts := e.printed(x)
		for i, a := range x.Args {
			add(texts[i], types.Default(e.typeOf(a)))
		}
	case "delete":
		m := e.under(x.Args[0]).(*types.Map)
		c.static = "delete"
		mv := e.steady(e.expr(x.Args[0]))
		add(e.flush(mv), e.typeOf(x.Args[0]))
		add(e.flush(e.mapKey(x.Args[1], m)), m.Key())
	case "copy":
		c.static = "copy"
		dst, src, from := e.steady(e.expr(x.Args[0])), e.expr(x.Args[1]), e.typeOf(x.Args[1])
		if isString(from) {
			from = types.NewSlice(types.Typ[types.Uint8])
			src = e.castTo(src, from)
		}
		add(e.flush(dst), e.typeOf(x.Args[0]))
		add(e.flush(src), from)
	case "clear":
		c.static = "rt.Clear"
		add(e.flush(e.expr(x.Args[0])), e.typeOf(x.Args[0]))
	default:
		e.refuse(x, "go or defer of this built-in function")
	}
	e.keep(c)
	return c
}
