package normal

import (
	"go/ast"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// A passing says what a compiled function does with the values that it gets in empty interfaces.
type passing int

const (
	looks  passing = iota // it may look at their types, with package reflect
	keeps                 // it keeps them, compares them or hands them on
	shows                 // it shows them as text, by way of rt
	swaps                 // it works on the elements of a slice, whatever they are
	errsIs                // errors.As
)

// keepers are the packages whose functions do not look at values in interfaces.
var keepers = []string{"container/heap", "container/list", "container/ring", "context", "errors", "sync", "sync/atomic"}

// passes returns what the function f does.
func passes(f *types.Func) passing {
	if f == nil || f.Pkg() == nil {
		return keeps // of a type that cells declared, or of type error
	}
	name, path := f.FullName(), f.Pkg().Path()
	switch {
	case name == "errors.As":
		return errsIs
	case sorts[name]:
		return swaps
	case name == "reflect.DeepEqual", slices.Contains(keepers, path), strings.HasSuffix(path, "/concurrency/display") && (f.Name() == "Show" || f.Name() == "Update"):
		return keeps
	case path == "fmt" && funcHelpers[name] != "" && !strings.Contains(name, "Scan"), path == "log" && (funcHelpers[name] != "" || methodHelpers[name] != ""):
		return shows
	}
	return looks
}

// pass returns the argument x of a compiled function for a parameter of type t. The call puts its arguments into
// interfaces by itself.
func (e *emitter) pass(x ast.Expr, t types.Type, f *types.Func, kept bool) val {
	tv := e.tv(ast.Unparen(x))
	if e.raw && isInterface(t) && !tv.IsNil() {
		return e.expr(x)
	}
	if tv.IsNil() || !hasAny(t, nil) {
		return e.passTo(x, t, kept)
	}
	how := passes(f)
	if how == errsIs {
		e.refuse(x, "go or defer of errors.As")
	}
	if !isInterface(tv.Type) {
		from := types.Default(tv.Type)
		switch {
		case !isInterface(t), how == keeps && !e.boxes(from):
		case how == swaps && !kept:
			return e.steady(e.expr(x))
		case how == looks && e.ours(from):
			e.refuse(x, "an argument of type "+types.TypeString(from, short)+" for "+f.FullName())
		case how == looks && !hasAny(from, nil), how == shows && !e.ours(from) && !hasAny(from, nil):
			return e.plainly(x, from, kept)
		case how == looks && !e.ours(from):
			return e.helper("Outside", e.flush(e.plainly(x, from, kept)), quote(f.FullName()))
		}
	}
	if how == swaps {
		return e.helper("Raw", e.flush(e.passTo(x, t, kept)))
	}
	v := e.passTo(x, t, kept)
	if how != looks {
		return v
	}
	v = e.steady(v)
	if isInterface(t) {
		return e.helper("Outside", e.flush(v), quote(f.FullName()))
	}
	p := e.boxOf(v, t)
	e.emit("rt.Outside(%s, %s)", p, quote(f.FullName()))
	return v
}

// plainly returns a value of type from, which reflect can name, for an empty interface of a function that does not keep it.
func (e *emitter) plainly(x ast.Expr, from types.Type, kept bool) val {
	e.printing = true
	e.refuseInInterface(from, x)
	v := e.expr(x)
	if kept {
		return e.helper("Any", e.flush(v))
	}
	return v
}

// passTo is to, but leaves values that reflect can name to the call.
func (e *emitter) passTo(x ast.Expr, t types.Type, kept bool) val {
	tv := e.tv(ast.Unparen(x))
	if kept || !isInterface(t) || tv.IsNil() || isInterface(tv.Type) || e.boxes(types.Default(tv.Type)) {
		return e.to(x, t)
	}
	e.refuseInInterface(tv.Type, x)
	return e.expr(x)
}

func quote(s string) string { return strconv.Quote(s) }

// hasInterface reports whether a key of type t has an interface in it.
func hasInterface(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return true
	case *types.Array:
		return hasInterface(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			if hasInterface(f.Type()) {
				return true
			}
		}
	}
	return false
}

// hasAny reports whether a value of type t may hold an empty interface.
func hasAny(t types.Type, seen []types.Type) bool {
	t = types.Unalias(t)
	if slices.Contains(seen, t) {
		return false
	}
	seen = append(seen, t)
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return u.Empty()
	case *types.Pointer:
		return hasAny(u.Elem(), seen)
	case *types.Slice:
		return hasAny(u.Elem(), seen)
	case *types.Array:
		return hasAny(u.Elem(), seen)
	case *types.Chan:
		return hasAny(u.Elem(), seen)
	case *types.Map:
		return hasAny(u.Key(), seen) || hasAny(u.Elem(), seen)
	case *types.Struct:
		if n, ok := t.(*types.Named); ok && !ofCell(n.Obj()) {
			return false // what compiled packages keep inside their types is theirs
		}
		for f := range u.Fields() {
			if hasAny(f.Type(), seen) {
				return true
			}
		}
	}
	return false
}

// errorsAs emits errors.As.
func (e *emitter) errorsAs(x *ast.CallExpr) (val, bool) {
	id, ok := ast.Unparen(x.Fun).(*ast.Ident)
	if sel, isSel := ast.Unparen(x.Fun).(*ast.SelectorExpr); isSel {
		id, ok = sel.Sel, true
	}
	if !ok || len(x.Args) != 2 {
		return val{}, false
	}
	f, ok := e.info.Uses[id].(*types.Func)
	if !ok || passes(f) != errsIs {
		return val{}, false
	}
	p, ok := e.typeOf(x.Args[1]).Underlying().(*types.Pointer)
	if !ok || !isInterface(p.Elem()) && !types.Implements(p.Elem(), types.Universe.Lookup("error").Type().Underlying().(*types.Interface)) {
		e.refuse(x, "errors.As with this target")
	}
	err := e.steady(e.to(x.Args[0], f.Signature().Params().At(0).Type()))
	target := e.steady(e.expr(x.Args[1]))
	e.flush(err)
	e.flush(target)
	boxed := ""
	if t := e.typeOf(x.Args[1]); e.ours(t) {
		boxed = e.intoInterface(target, t, anyType, x).text
	} else {
		boxed = e.helper("Any", target.text).text
	}
	return e.helper("AsError", err.text, e.describe(p.Elem(), x), target.text, boxed), true
}
