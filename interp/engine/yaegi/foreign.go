package yaegi

import (
	"fmt"
	"go/types"
	"reflect"
	"unsafe"

	"github.com/gobraid/gobraid/interp/lower/normal"
	"github.com/traefik/yaegi/interp"
)

// A real is a type that a compiled cell declared, as interpreted code uses it.
type real struct {
	normal.Real
	fields map[int][2]string // the functions that reach a field
}

// plain reports whether values of type t look the same to compiled code.
func (e *Engine) plain(t types.Type) bool {
	return normal.Plain(t, func(obj *types.TypeName) bool { return e.reals[obj] != nil })
}

// Real returns the type of a compiled cell that stands for obj, which becomes a symbol when it is first asked for.
func (v *env) Real(obj *types.TypeName) (normal.Real, bool) {
	if r := v.e.reals[obj]; r != nil {
		return r.Real, true
	}
	b := v.scope.Bindings[obj]
	if b == nil || b.Engine == v.e.Name() || b.Type == nil {
		return normal.Real{}, false
	}
	named, ok := obj.Type().(*types.Named)
	if !ok || named.TypeParams() != nil || !reflects(named, b.Type) {
		return normal.Real{}, false
	}
	name := fmt.Sprintf("T%d_%s", number(), obj.Name())
	r := &real{normal.Real{Text: "v." + name, Type: b.Type}, map[int][2]string{}}
	v.e.reals[obj] = r // what it is made of may mention it
	if len(v.trying) == 0 {
		defer func() { v.trying = nil }()
	}
	v.trying = append(v.trying, obj)
	if !v.transparent(named) || v.e.vm.Use(interp.Exports{"v/v": {name: reflect.Zero(reflect.PointerTo(b.Type))}}) != nil {
		for _, obj := range v.trying { // they may have been found usable because this one seemed to be
			delete(v.e.reals, obj)
		}
		return normal.Real{}, false
	}
	v.e.types.SetReal(obj, b.Type)
	return r.Real, true
}

// transparent reports whether what a named type is made of is the same to the interpreter. The fields of structs, and
// the methods of interfaces, are looked at where they are used.
func (v *env) transparent(t *types.Named) bool {
	foreign := func(obj *types.TypeName) bool { _, ok := v.Real(obj); return ok }
	switch u := t.Underlying().(type) {
	case *types.Struct, *types.Interface:
		return true
	default:
		return normal.Plain(u, foreign)
	}
}

// reflects reports whether reflect sees the methods of t and of pointers to it as go/types does, by their names in the cell.
func reflects(t *types.Named, typ reflect.Type) bool {
	all := func(t types.Type, typ reflect.Type) bool {
		set := types.NewMethodSet(t)
		for i := range set.Len() {
			f := set.At(i).Obj()
			if !f.Exported() && (f.Pkg() == nil || f.Pkg().Path() != "main") {
				continue // nobody can call it
			}
			if _, ok := typ.MethodByName(f.Name()); !ok {
				return false
			}
		}
		return true
	}
	if types.IsInterface(t) {
		return typ.Kind() == reflect.Interface && all(t, typ)
	}
	return all(t, typ) && all(types.NewPointer(t), reflect.PointerTo(typ))
}

// Field returns the functions that reach a field of a type that Real knows.
func (v *env) Field(obj *types.TypeName, i int) (address, value string) {
	r := v.e.reals[obj]
	if f, ok := r.fields[i]; ok {
		return f[0], f[1]
	}
	field, n := r.Type.Field(i), number()
	address, value = fmt.Sprintf("A%d_%s", n, field.Name), fmt.Sprintf("G%d_%s", n, field.Name)
	at := func(p unsafe.Pointer) reflect.Value { return reflect.NewAt(field.Type, unsafe.Add(p, field.Offset)) }
	one := func(in, out reflect.Type, f func(reflect.Value) reflect.Value) reflect.Value {
		return reflect.MakeFunc(reflect.FuncOf([]reflect.Type{in}, []reflect.Type{out}, false), func(args []reflect.Value) []reflect.Value {
			return []reflect.Value{f(args[0])}
		})
	}
	symbols := map[string]reflect.Value{
		address: one(reflect.PointerTo(r.Type), reflect.PointerTo(field.Type), func(p reflect.Value) reflect.Value {
			if p.IsNil() {
				_ = *(*byte)(p.UnsafePointer()) // panics
			}
			return at(p.UnsafePointer())
		}),
		value: one(r.Type, field.Type, func(x reflect.Value) reflect.Value {
			p := reflect.New(r.Type)
			p.Elem().Set(x)
			return at(p.UnsafePointer()).Elem()
		}),
	}
	if err := v.e.vm.Use(interp.Exports{"v/v": symbols}); err != nil {
		panic(err)
	}
	r.fields[i] = [2]string{"v." + address, "v." + value}
	return r.fields[i][0], r.fields[i][1]
}

// Rehash is rehash.
func (v *env) Rehash(t reflect.Type) bool { return rehash(t) }

// reachable reports whether an object of a compiled cell is the same to the interpreter. A function may be variadic.
func (v *env) reachable(obj types.Object) bool {
	foreign := func(obj *types.TypeName) bool { _, ok := v.Real(obj); return ok }
	if f, ok := obj.(*types.Func); ok {
		return f.Signature().TypeParams() == nil && normal.Plain(f.Signature().Params(), foreign) && normal.Plain(f.Signature().Results(), foreign)
	}
	return normal.Plain(obj.Type(), foreign)
}
