package normal

import (
	"go/ast"
	"go/constant"
	"go/types"
)

// blankValue evaluates what a literal gives to a blank field. Only a zero may be given: == leaves blank fields out,
// and the interpreter's structs do not.
func (e *emitter) blankValue(x ast.Expr) {
	if !e.isZero(x) {
		e.refuse(x, "a value for a blank field")
	}
}

// isZero reports whether x is certainly the zero value of its type, without an effect.
func (e *emitter) isZero(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.CompositeLit:
		if _, ok := e.under(x).(*types.Struct); ok {
			return len(x.Elts) == 0
		}
		_, ok := e.under(x).(*types.Array)
		return ok && len(x.Elts) == 0
	default:
		if e.tv(x).IsNil() {
			return true
		}
		switch v := e.value(x); {
		case v == nil:
			return false
		case v.Kind() == constant.String:
			return constant.StringVal(v) == ""
		case v.Kind() == constant.Bool:
			return !constant.BoolVal(v)
		default:
			return constant.Sign(v) == 0
		}
	}
}

func isStruct(t types.Type) bool {
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

// memoryConversion returns T(x) where T is a struct type or a pointer, or an array or a pointer to one and x a slice.
func (e *emitter) memoryConversion(x *ast.CallExpr, from, to types.Type) (val, bool) {
	arg := x.Args[0]
	switch u := to.Underlying().(type) {
	case *types.Struct:
		return e.structAs(e.expr(arg), from, to, x), true
	case *types.Array:
		if _, ok := from.Underlying().(*types.Slice); ok {
			v := e.sliceFor(x, u)
			p := e.temp()
			e.emit("%s := new(%s)", p, e.typ(to))
			e.emit("rt.CopyArray(%s, %s)", p, v.text)
			return e.hold(deref(p)), true
		}
	case *types.Pointer:
		e.domesticStructs(from, to, x)
		if a, ok := u.Elem().Underlying().(*types.Array); ok {
			if _, ok := from.Underlying().(*types.Slice); ok {
				v := e.sliceFor(x, a)
				return e.pointedAs(v, to), true
			}
		}
		if !types.Identical(from.Underlying(), to.Underlying()) && isRecursive(to, nil) {
			e.refuse(x, "the conversion of a pointer to a recursive type")
		}
		return e.pointedAs(e.hold(e.expr(arg)), to), true
	}
	return val{}, false
}

// structAs returns a struct as one of a type with the same fields: field by field, because to the interpreter two
// named types are two types.
func (e *emitter) structAs(v val, from, to types.Type, n ast.Node) val {
	if e.typ(from) == e.typ(to) {
		return v
	}
	e.domesticStructs(from, to, n)
	v = e.hold(v)
	p := e.temp()
	e.emit("%s := new(%s)", p, e.typ(to))
	for f := range to.Underlying().(*types.Struct).Fields() {
		switch {
		case f.Name() == "_":
		case !f.Exported() && !ofCell(f):
			e.refuse(n, "the conversion of a struct of another package")
		default:
			e.emit("%s.%s = %s.%s", p, e.field(f), v.text, e.field(f))
		}
	}
	return e.hold(deref(p))
}

// sliceFor evaluates the slice of a conversion to an array, with the check of its length.
func (e *emitter) sliceFor(x *ast.CallExpr, a *types.Array) val {
	v := e.hold(e.expr(x.Args[0]))
	if a.Len() > 0 {
		e.emit("if len(%s) < %d { rt.SliceToArray(%s, len(%s), %d) }", v.text, a.Len(), e.site(x), v.text, a.Len())
	}
	return v
}

// pointedAs returns a pointer, or the pointer to the first element of a slice, as one of the pointer type to, whose
// element has the same memory.
func (e *emitter) pointedAs(v val, to types.Type) val {
	p := e.temp()
	e.emit("%s := new(%s)", p, e.typ(to))
	e.emit("rt.Repoint(%s, %s)", p, v.text)
	return e.hold(deref(p))
}

// isRecursive reports whether t mentions itself: the interpreter's types of that kind are not the user's in memory.
func isRecursive(t types.Type, inside []types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		for _, s := range inside {
			if types.Identical(s, t) {
				return true
			}
		}
		if t.Obj().Pkg() != nil && !ofCell(t.Obj()) {
			return false
		}
		return isRecursive(t.Underlying(), append(inside[:len(inside):len(inside)], t))
	case *types.Pointer:
		return isRecursive(t.Elem(), inside)
	case *types.Slice:
		return isRecursive(t.Elem(), inside)
	case *types.Array:
		return isRecursive(t.Elem(), inside)
	case *types.Chan:
		return isRecursive(t.Elem(), inside)
	case *types.Map:
		return isRecursive(t.Key(), inside) || isRecursive(t.Elem(), inside)
	case *types.Signature:
		return isRecursive(t.Params(), inside) || isRecursive(t.Results(), inside)
	case *types.Tuple:
		for v := range t.Variables() {
			if isRecursive(v.Type(), inside) {
				return true
			}
		}
	case *types.Struct:
		for f := range t.Fields() {
			if isRecursive(f.Type(), inside) {
				return true
			}
		}
	}
	return false
}
