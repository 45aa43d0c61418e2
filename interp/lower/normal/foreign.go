package normal

import (
	"go/ast"
	"go/types"
	"reflect"
)

// A type that a compiled cell declared is to the interpreter what a type of the standard library is: a compiled type, known to
// reflect, with its methods, which goes into interfaces as it is. Its interfaces have method tables and are not erased.
// The methods that have no exported name in the cell have one in the compiled package, which the plugin's names no longer
// show, so reflect finds and calls them; fields that have none are reached through functions that the engine makes.
//
// What a compiled type is made of must be the same types to the interpreter. A struct without a name, an interface
// without one, and a variadic function type are others in the normal form: what mentions one cannot be used.

// A Real is a type that a compiled cell declared.
type Real struct {
	Text string       // what stands for it
	Type reflect.Type // the type itself
}

// Foreign are the types of compiled cells, as the surroundings of a cell know them.
type Foreign interface {
	// Real returns the compiled type of a type that another engine declared, if there is one that interpreted code can use.
	Real(obj *types.TypeName) (Real, bool)
	// Field returns the names of two functions for a field of a struct type that Real knows: one that returns its address in the
	// struct that its argument points to, and one that returns its value in the struct that is its argument.
	Field(obj *types.TypeName, i int) (address, value string)
	// Rehash has maps of a type that compiled code may see hash their keys as those of compiled code do, and reports false if
	// that cannot be done.
	Rehash(t reflect.Type) bool
}

// rehash sees to it that maps of type t hash their keys as compiled code does.
func (e *emitter) rehash(t *types.Map) {
	if !hasStruct(t.Key()) || e.ours(t) {
		return // compiled code never sees it
	}
	m := &maker{e: e, lookup: func(string) reflect.Type { return nil }}
	if !e.env.Rehash(reflect.MapOf(m.real(t.Key()), m.real(t.Elem()))) {
		e.refuse(nil, "a map of this type, with this version of Go")
	}
}

// hasStruct reports whether values of type t have a struct in them.
func hasStruct(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Array:
		return hasStruct(u.Elem())
	case *types.Struct:
		return true
	}
	return false
}

// ours reports whether t mentions a type that an interpreted cell declared, or one that the normal form has another type for.
func (e *emitter) ours(t types.Type) bool { return ours(t, e.foreign) }

// Plain reports whether values of type t look the same to compiled code: t mentions no type that a cell declared, but for
// those that foreign knows, and none for which the normal form has another. foreign may be nil.
func Plain(t types.Type, foreign func(*types.TypeName) bool) bool { return !ours(t, foreign) }

// foreign reports whether obj is a type that a compiled cell declared and that interpreted code can use.
func (e *emitter) foreign(obj *types.TypeName) bool {
	if obj.Pkg() == nil || obj.Pkg().Path() != "main" {
		return false
	}
	_, ok := e.env.Real(obj)
	return ok
}

// foreignNamed returns the compiled cell's type that t is, or points to.
func (e *emitter) foreignNamed(t types.Type) *types.Named {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok && e.foreign(n.Obj()) {
		return n
	}
	return nil
}

// mine reports whether an interpreted cell declared a type, or a package that is emitted from its text.
func (e *emitter) mine(obj *types.TypeName) bool { return ofCell(obj) && !e.foreign(obj) }

// myMethod is mine for methods.
func (e *emitter) myMethod(f *types.Func) bool {
	return ofCell(f) && (f.Signature().Recv() == nil || e.foreignNamed(f.Signature().Recv().Type()) == nil)
}

// foreignMethod refuses a method of a compiled cell's type whose parameters or results have other types here.
func (e *emitter) foreignMethod(f *types.Func, n ast.Node) {
	if !ofCell(f) {
		return
	}
	if !e.sameToAll(f.Signature()) {
		e.refuse(n, "the method "+f.Name()+" of a type that another engine declared, whose parameters or results have types that this one has not")
	}
}

// sameToAll reports whether the parameters and results of a function have types that are the same to interpreted and compiled
// code. It may be variadic.
func (e *emitter) sameToAll(sig *types.Signature) bool {
	return !e.ours(sig.Params()) && !e.ours(sig.Results())
}

// hidden reports whether field i of t, a struct type or a pointer to one, is to be reached through functions.
func (e *emitter) hidden(t types.Type, i int) (*types.Named, bool) {
	n := e.foreignNamed(t)
	if n == nil {
		return nil, false
	}
	s, ok := n.Underlying().(*types.Struct)
	return n, ok && !s.Field(i).Exported()
}

// fieldOf returns field i of v, of type t, a struct type. pointer tells that v is a pointer to one.
func (e *emitter) fieldOf(v val, t types.Type, i int, pointer bool) val {
	f := t.Underlying().(*types.Struct).Field(i)
	e.sameField(t, f, nil)
	n, hidden := e.hidden(t, i)
	if !hidden {
		return val{text: v.part() + "." + e.fieldIn(t, f), rank: operand, checks: v.checks, copied: v.copied && !pointer}
	}
	address, value := e.env.Field(n.Obj(), i)
	switch {
	case pointer:
		return e.late(v, address+"("+v.text+")", true)
	case v.rank == unary && v.text[0] == '*':
		return e.late(v, address+"("+v.text[1:]+")", true)
	case v.name || v.fixed || v.copied:
		v = e.late(v, value+"("+v.text+")", false)
		v.copied = true
		return v
	}
	v = e.late(v, "&"+v.text, false)
	return e.late(v, address+"("+v.text+")", true)
}

// late returns the value of a text that is evaluated after the checks of v, or what that value points to.
func (e *emitter) late(v val, text string, pointer bool) val {
	t := e.temp()
	checks := append(v.checks[:len(v.checks):len(v.checks)], t+" := "+text)
	v = named(t)
	if pointer {
		v = deref(t)
	}
	v.checks = checks
	return v
}

// fieldIn returns the name of field f of a struct of type t.
func (e *emitter) fieldIn(t types.Type, f *types.Var) string {
	if e.foreignNamed(t) != nil {
		return f.Name()
	}
	return e.field(f)
}

// sameField refuses a field of a compiled cell's type t whose type the normal form has another one for.
func (e *emitter) sameField(t types.Type, f *types.Var, n ast.Node) {
	if e.foreignNamed(t) != nil && (e.ours(f.Type()) || f.Name() == "_") {
		e.refuse(n, "the field "+f.Name()+" of a type that another engine declared, whose type this one has not,")
	}
}

// hides reports whether a selection reaches a field through functions.
func (e *emitter) hides(sel *selection) bool {
	t := sel.Recv()
	for _, i := range sel.Index() {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		if _, ok := e.hidden(t, i); ok {
			return true
		}
		t = t.Underlying().(*types.Struct).Field(i).Type()
	}
	return false
}

// refuseCopy refuses to change, or to take the address of, x, of which there is only a copy.
func (e *emitter) refuseCopy(v val, x ast.Expr) {
	if v.copied {
		e.refuse(x, "a field, of a type that another engine declared, of a value that is no variable")
	}
}

// domesticStructs refuses a conversion between types that are not both of interpreted cells.
func (e *emitter) domesticStructs(from, to types.Type, n ast.Node) {
	if e.foreignNamed(from) != nil || e.foreignNamed(to) != nil {
		e.refuse(n, "the conversion of a "+types.TypeString(from, short)+" to a "+types.TypeString(to, short)+", which two engines declared,")
	}
}

// setField emits an assignment to field i of what p points to, a struct of type t.
func (e *emitter) setField(p string, t types.Type, i int, text string) {
	f := t.Underlying().(*types.Struct).Field(i)
	if n, ok := e.hidden(t, i); ok {
		address, _ := e.env.Field(n.Obj(), i)
		e.emit("*%s = %s", e.holdText(address+"("+p+")").text, text)
		return
	}
	e.emit("%s.%s = %s", p, e.fieldIn(t, f), text)
}

// foreignType returns the text of a compiled cell's type.
func (e *emitter) foreignType(obj *types.TypeName) string {
	r, _ := e.env.Real(obj)
	return r.Text
}
