package normal

import (
	"fmt"
	"go/types"
	"reflect"
	"strings"
)

// typ returns the text of a type. Named types of cells that are not structs are replaced by what
// they are made of: nothing can tell the difference, because no value of such a type ever gets into
// an interface (see conv). Struct types keep a name.
func (e *emitter) typ(t types.Type) string {
	t = types.Unalias(e.subst(t))
	if n, ok := t.(*types.Named); ok && e.apart != nil {
		if text, ok := e.apartText(n); ok {
			return text
		}
	}
	switch t := t.(type) {
	case *types.Basic:
		return e.basic(t)
	case *types.Named:
		return e.named(t)
	case *types.Pointer:
		return "*" + e.typ(t.Elem())
	case *types.Slice:
		return "[]" + e.typ(t.Elem())
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), e.typ(t.Elem()))
	case *types.Map:
		e.rehash(t)
		return "map[" + e.typ(t.Key()) + "]" + e.typ(t.Elem())
	case *types.Chan:
		return e.chanType(t)
	case *types.Signature:
		return "func" + e.signature(t)
	case *types.Struct:
		return e.structType(t)
	case *types.Interface:
		return "interface{}"
	}
	e.refuse(nil, "a type parameter")
	return ""
}

func (e *emitter) basic(t *types.Basic) string {
	switch {
	case t.Kind() == types.UnsafePointer:
		e.refuse(nil, "unsafe.Pointer")
	case t.Info()&types.IsUntyped != 0:
		return e.typ(types.Default(t))
	case t.Kind() == types.Invalid:
		e.refuse(nil, "an invalid type")
	}
	return types.Typ[t.Kind()].Name()
}

func (e *emitter) chanType(t *types.Chan) string {
	elem := e.typ(t.Elem())
	if strings.HasPrefix(elem, "<-") {
		elem = "(" + elem + ")"
	}
	switch t.Dir() {
	case types.SendOnly:
		return "chan<- " + elem
	case types.RecvOnly:
		return "<-chan " + elem
	}
	return "chan " + elem
}

// signature returns the text of the parameters and results of a function type. A variadic
// parameter becomes a slice.
func (e *emitter) signature(t *types.Signature) string {
	if t.TypeParams() != nil {
		e.refuse(nil, "a generic function")
	}
	var params []string
	for v := range t.Params().Variables() {
		params = append(params, e.typ(v.Type()))
	}
	return "(" + strings.Join(params, ", ") + ")" + e.results(t)
}

func (e *emitter) results(t *types.Signature) string {
	var results []string
	for v := range t.Results().Variables() {
		results = append(results, e.typ(v.Type()))
	}
	switch len(results) {
	case 0:
		return ""
	case 1:
		return " " + results[0]
	}
	return " (" + strings.Join(results, ", ") + ")"
}

func (e *emitter) structType(t *types.Struct) string {
	var fields []string
	used := map[string]bool{}
	for i := range t.NumFields() {
		f := t.Field(i)
		if f.Name() == "_" { // nobody can mention it
			fields = append(fields, fmt.Sprintf("X_%d %s", i, e.typ(f.Type())))
			continue
		}
		name := e.field(f)
		if used[name] {
			e.refuse(nil, "a struct with fields that differ in the case of their first letter only")
		}
		used[name] = true
		fields = append(fields, name+" "+e.typ(f.Type()))
	}
	return "struct{ " + strings.Join(fields, "; ") + " }"
}

// field returns the name of a field. All fields of struct types of cells are exported, so that
// reflect, and with it the interpreter, may set them.
func (e *emitter) field(f *types.Var) string {
	if f.Name() == "_" {
		e.refuse(nil, "a blank field")
	}
	if f.Exported() || !ofCell(f) {
		return f.Name()
	}
	return "X" + f.Name()
}

// ofCell reports whether a cell declared obj, or a package that is emitted from its text.
func ofCell(obj types.Object) bool {
	return obj.Pkg() != nil && (obj.Pkg().Path() == "main" || fromSource(obj))
}

func (e *emitter) named(t *types.Named) string {
	obj := t.Obj()
	switch {
	case t.TypeArgs() == nil && e.foreign(obj):
		return e.foreignType(obj)
	case t.TypeArgs() == nil && e.env.Compiled(obj):
		e.refuse(nil, "the type "+obj.Name()+" of an earlier cell that another engine ran")
	case isSeq(t) && t.TypeArgs() != nil:
		return e.typ(t.Underlying())
	case e.isMade(t):
		return e.madeName(t)
	case t.TypeArgs() != nil:
		return e.genericType(t)
	case t.TypeParams() != nil:
		e.refuse(nil, "the generic type "+obj.Name())
	case obj.Pkg() == nil:
		if obj.Name() == "error" {
			return "error"
		}
		e.refuse(nil, "the type "+obj.Name())
	case !ofCell(obj):
		return e.compiledType(obj)
	}
	switch t.Underlying().(type) {
	case *types.Struct:
		if fromSource(obj) {
			return e.genericType(t)
		}
		if name, ok := e.object(obj); ok {
			return name
		}
		e.refuse(nil, "the type "+obj.Name()+" of an earlier cell that another engine ran")
	case *types.Interface:
		return "interface{}"
	default:
		return e.erased(t)
	}
	return ""
}

// genericType returns the text of an instance of a generic type.
func (e *emitter) genericType(t *types.Named) string {
	obj := t.Obj()
	switch u := t.Underlying().(type) {
	case *types.Struct:
		if e.sourced(obj) == nil && !ofCell(obj) {
			e.refuse(nil, "an instance of the generic type "+obj.Pkg().Path()+"."+obj.Name())
		}
		i := e.typeInstance(t)
		if name, ok := e.object(i.obj); ok {
			return name
		}
		e.refuse(nil, "the type "+obj.Name()+" of an earlier cell that another engine ran")
	case *types.Interface:
		if ofCell(obj) || u.Empty() || e.sourced(obj) != nil {
			return "interface{}" // as erasedInterface says
		}
		e.refuse(nil, "the interface type "+obj.Name())
	}
	return e.erased(e.typeInstance(t).typ)
}

// erased returns what a named type that is not a struct is made of.
func (e *emitter) erased(t *types.Named) string {
	if e.seen[t] {
		e.refuse(nil, "the recursive type "+t.Obj().Name())
	}
	if e.seen == nil {
		e.seen = map[types.Type]bool{}
	}
	e.seen[t] = true
	defer delete(e.seen, t)
	return e.typ(t.Underlying())
}

func (e *emitter) compiledType(obj *types.TypeName) string {
	path, name := obj.Pkg().Path(), obj.Name()
	if refusedPackage(path) && !runtimeTypes[path+"."+name] {
		e.refuse(nil, "package "+path)
	}
	alias, v, ok := e.env.Symbol(path, name)
	if !ok || v.Kind() != reflect.Pointer || !v.IsNil() {
		e.refuse(nil, "the type "+path+"."+name)
	}
	return alias + "." + name
}

// object returns the text of an object of this cell or an earlier one.
func (e *emitter) object(obj types.Object) (string, bool) {
	if f, ok := obj.(*types.Func); ok {
		if own := e.sourceMethod(f); own != nil {
			f = own
		}
		switch {
		case f.Origin() != f:
			f, ok = e.method(f)
		case fromSource(f) && !isInstance(f):
			f, ok = e.declaredFunc(f)
		}
		if !ok {
			return "", false
		}
		obj = f
	}
	if name, ok := e.out.Names[obj]; ok {
		return name, true
	}
	return e.env.Object(obj)
}

// ours reports whether t mentions a type that a cell declared, but for those that foreign knows, or a struct type without a name,
// whose fields the normal form may have renamed.
func ours(t types.Type, foreign func(*types.TypeName) bool) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if ofCell(t.Obj()) && (t.TypeArgs() != nil || foreign == nil || !foreign(t.Obj())) {
			return true
		}
		if t.TypeArgs() != nil {
			return true // the normal form has another type for it: see sources.go
		}
	case *types.Pointer:
		return ours(t.Elem(), foreign)
	case *types.Slice:
		return ours(t.Elem(), foreign)
	case *types.Array:
		return ours(t.Elem(), foreign)
	case *types.Chan:
		return ours(t.Elem(), foreign)
	case *types.Map:
		return ours(t.Key(), foreign) || ours(t.Elem(), foreign)
	case *types.Signature:
		return t.Variadic() || ours(t.Params(), foreign) || ours(t.Results(), foreign)
	case *types.Tuple:
		for v := range t.Variables() {
			if ours(v.Type(), foreign) {
				return true
			}
		}
	case *types.Struct:
		return t.NumFields() > 0
	case *types.Interface:
		return !t.Empty()
	case *types.TypeParam:
		return true
	}
	return false
}

// isInterface reports whether values of t are interface values.
func isInterface(t types.Type) bool { return types.IsInterface(t) }

// refusedPackage tells the packages whose functions look at types, at memory or at the call stack:
// what they would see is the interpreter.
func refusedPackage(path string) bool {
	switch path {
	case "reflect", "unsafe", "runtime", "runtime/debug", "runtime/cgo", "plugin", "testing", "C", "syscall",
		"encoding/gob", "encoding/xml", "encoding/asn1", "text/template", "html/template", "iter", "unique", "weak", "expvar", "net/rpc":
		return true
	}
	return false
}
