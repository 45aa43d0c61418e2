package normal

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// builtin emits a call of a built-in function and returns its result, if it has one.
func (e *emitter) builtin(x *ast.CallExpr) val {
	fun, ok := ast.Unparen(x.Fun).(*ast.Ident)
	if !ok {
		e.refuse(x, "package unsafe")
	}
	switch fun.Name {
	case "len", "cap":
		return e.length(fun.Name, x)
	case "append":
		return e.appendCall(x)
	case "copy":
		return e.copyCall(x)
	case "make":
		return e.makeCall(x)
	case "new":
		return e.newCall(x)
	case "delete":
		if len(x.Args) == 1 { // of the results of a call
			vals, from := e.tuple(ast.Unparen(x.Args[0]))
			k := e.convert(vals[1], from[1], from[0].Underlying().(*types.Map).Key(), x)
			e.emit("delete(%s, %s)", vals[0].text, e.flush(k))
			return val{}
		}
		m := e.under(x.Args[0]).(*types.Map)
		mv := e.steady(e.expr(x.Args[0]))
		k := e.mapKey(x.Args[1], m)
		if hasInterface(m.Key()) {
			mv = named(e.flush(mv))
			k = e.keyCheck(k, "len("+mv.text+")", x.Args[1])
		}
		e.emit("delete(%s, %s)", e.flush(mv), e.flush(k))
		return val{}
	case "close":
		e.emit("rt.Close(%s, %s)", e.site(x), e.flush(e.expr(x.Args[0])))
		return val{}
	case "panic":
		e.emit("rt.Panic(%s, %s)", e.site(x), e.flush(e.to(x.Args[0], anyType)))
		return val{}
	case "min", "max":
		return e.minMax(fun.Name, x)
	case "clear":
		return e.clearCall(x)
	case "print", "println":
		e.emit("rt.Builtin%s(%s)", strings.ToUpper(fun.Name[:1])+fun.Name[1:], strings.Join(e.printed(x), ", "))
		return val{}
	case "complex", "real", "imag":
		return e.complexBuiltin(fun.Name, x)
	case "recover":
		return e.recoverCall()
	}
	e.refuse(x, "the built-in function "+fun.Name)
	return val{}
}

var anyType = types.Universe.Lookup("any").Type()

func (e *emitter) length(name string, x *ast.CallExpr) val {
	switch t := e.under(x.Args[0]).(type) {
	case *types.Pointer, *types.Array:
		return e.arrayLength(x.Args[0], t)
	case *types.Chan:
		return e.helper(strings.ToUpper(name[:1])+name[1:], e.flush(e.expr(x.Args[0])))
	}
	v := e.expr(x.Args[0])
	if v.rank != operand && v.rank != unary {
		v = e.hold(v)
	}
	v.text, v.rank, v.name, v.fixed = name+"("+v.text+")", operand, false, false
	return v
}

func (e *emitter) appendCall(x *ast.CallExpr) val {
	st := e.typeOf(x)
	elem := st.Underlying().(*types.Slice).Elem()
	if len(x.Args) == 1 && e.isTuple(x.Args[0]) {
		return e.appendResults(x, st, elem)
	}
	base := e.to(x.Args[0], st)
	var args []string
	switch {
	case x.Ellipsis.IsValid() && isString(e.typeOf(x.Args[1])):
		b := e.castTo(e.expr(x.Args[1]), types.NewSlice(types.Typ[types.Uint8]))
		args = []string{b.text + "..."}
	case x.Ellipsis.IsValid():
		args = []string{e.flush(e.steady(e.to(x.Args[1], st))) + "..."}
	default:
		args = e.all(x.Args[1:], elem)
	}
	return e.appended(base, args, st, elem)
}

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

func (e *emitter) copyCall(x *ast.CallExpr) val {
	if len(x.Args) == 1 {
		return e.copyResults(x)
	}
	dst := e.steady(e.expr(x.Args[0]))
	src := e.expr(x.Args[1])
	if isString(e.typeOf(x.Args[1])) {
		src = e.castTo(src, types.NewSlice(types.Typ[types.Uint8]))
	}
	return e.hold(val{text: "copy(" + e.flush(dst) + ", " + e.flush(src) + ")", rank: operand})
}

// maxAlloc is the largest allocation the Go runtime tries, and sizes64 tells how large elements are.
const maxAlloc = 1 << 48

var sizes64 = types.SizesFor("gc", "amd64")

func (e *emitter) makeCall(x *ast.CallExpr) val {
	t := e.typeOf(x)
	var sizes []val
	for _, a := range x.Args[1:] {
		if c := e.value(a); c != nil {
			sizes = append(sizes, e.constant(c, types.Typ[types.Int]))
			continue
		}
		v := e.expr(a)
		if b := e.under(a).(*types.Basic); b.Kind() != types.Int {
			v = e.helper("Int", e.flush(v))
		}
		sizes = append(sizes, e.steady(v))
	}
	args := []string{e.typ(t)}
	for _, s := range sizes {
		args = append(args, e.flush(s))
	}
	switch u := t.Underlying().(type) {
	case *types.Slice:
		if len(sizes) > 0 && !(len(sizes) == 1 && len(args[1]) < 7 && sizes[0].fixed) {
			low, high := args[1], args[len(args)-1]
			limit := ""
			if size := sizes64.Sizeof(u.Elem()); size > 0 {
				limit = fmt.Sprintf(" || %s > %d", high, maxAlloc/size)
			}
			order := ""
			if low != high {
				order = " || " + low + " > " + high
			}
			e.emit("if %s < 0%s%s { rt.MakeSlice(%s, %s, %s) }", low, order, limit, e.site(x), low, high)
		}
	case *types.Chan:
		if len(sizes) > 0 && !sizes[0].fixed {
			e.emit("if %s < 0 { rt.MakeChan(%s, %s) }", args[1], e.site(x), args[1])
		}
	case *types.Map:
		args = args[:1] // the size is a hint, and a negative one is no error
	default:
		_ = u
		e.refuse(x, "make of a type parameter")
	}
	if c, ok := t.Underlying().(*types.Chan); ok && c.Dir() != types.SendRecv { // reflect makes no such channels
		args[0] = e.typ(types.NewChan(types.SendRecv, c.Elem()))
		return e.castTo(e.hold(val{text: "make(" + strings.Join(args, ", ") + ")", rank: operand}), t)
	}
	made := e.hold(val{text: "make(" + strings.Join(args, ", ") + ")", rank: operand})
	if len(sizes) > 0 && isSlice(t) {
		made.length = e.lastingLength(x.Args[1], args[1])
	}
	return made
}

func (e *emitter) newCall(x *ast.CallExpr) val {
	if !e.tv(x.Args[0]).IsType() { // new(expr) of Go 1.26
		t := e.typeOf(x).Underlying().(*types.Pointer).Elem()
		v := e.flush(e.to(x.Args[0], t))
		p := e.temp()
		e.emit("%s := new(%s)", p, e.typ(t))
		e.emit("*%s = %s", p, v)
		return named(p)
	}
	p := e.temp()
	e.emit("%s := new(%s)", p, e.typ(e.typeOf(x.Args[0])))
	return named(p)
}

// minMax emits min and max as a chain of comparisons; floats go through a helper, which knows NaN
// and the two zeros.
func (e *emitter) minMax(name string, x *ast.CallExpr) val {
	t := e.typeOf(x)
	var args []val
	for _, a := range x.Args {
		args = append(args, e.steady(e.to(a, t)))
	}
	b := t.Underlying().(*types.Basic)
	m := e.hold(val{text: args[0].text, rank: operand, checks: args[0].checks})
	op := "<"
	if name == "max" {
		op = ">"
	}
	for _, a := range args[1:] {
		text := e.flush(a)
		if b.Info()&types.IsFloat != 0 {
			e.emit("%s = %s(rt.%s(float64(%s), float64(%s)))", m.text, e.typ(t), strings.ToUpper(name[:1])+name[1:], m.text, text)
			continue
		}
		e.emit("if %s %s %s { %s = %s }", text, op, m.text, m.text, text)
	}
	return m
}

func (e *emitter) clearCall(x *ast.CallExpr) val {
	v := e.flush(e.expr(x.Args[0]))
	e.emit("rt.Clear(%s)", v)
	return val{}
}

// conversion returns T(x).
func (e *emitter) conversion(x *ast.CallExpr, t types.Type) val {
	arg := x.Args[0]
	tv := e.tv(ast.Unparen(arg))
	switch {
	case tv.IsNil() || isInterface(t):
		return e.to(arg, t)
	case tv.Value != nil && isBasic(t) && isBasic(tv.Type):
		if isString(t) && !isString(tv.Type) { // string(rune) is a constant, so this is not reached
			e.refuse(x, "this conversion")
		}
		if isComplex(t) {
			return e.constant(tv.Value, t)
		}
		return e.castTo(e.expr(arg), t)
	}
	from := tv.Type
	if types.Identical(from, t) {
		return e.expr(arg)
	}
	if e.typ(from) == e.typ(t) {
		return e.expr(arg)
	}
	if isComplex(from) && isComplex(t) {
		return e.complexConversion(e.expr(arg), from, t)
	}
	if v, ok := e.memoryConversion(x, from, t); ok {
		return v
	}
	if isFloat(from) && !isFloat(t) && isBasic(t) || isFloat(t) && isBasic(from) {
		return e.castTo(e.expr(arg), t)
	}
	if !convertible(from, t) {
		e.refuse(x, "the conversion of "+types.TypeString(from, short)+" to "+types.TypeString(t, short))
	}
	return e.castTo(e.expr(arg), t)
}

func isBasic(t types.Type) bool {
	_, ok := t.Underlying().(*types.Basic)
	return ok
}

func isFloat(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsFloat != 0
}

// convertible lists the conversions that were compared with Go's.
func convertible(from, to types.Type) bool {
	switch f := from.Underlying().(type) {
	case *types.Basic:
		switch t := to.Underlying().(type) {
		case *types.Basic:
			return f.Info()&types.IsComplex == 0 && t.Info()&types.IsComplex == 0
		case *types.Slice:
			return isString(from) && isBasic(t.Elem())
		}
	case *types.Slice:
		if isString(to) {
			return true
		}
		_, ok := to.Underlying().(*types.Slice)
		return ok
	case *types.Map:
		_, ok := to.Underlying().(*types.Map)
		return ok
	case *types.Chan:
		_, ok := to.Underlying().(*types.Chan)
		return ok
	case *types.Signature:
		_, ok := to.Underlying().(*types.Signature)
		return ok
	}
	return false
}

var _ = token.NoPos
