package rt

import (
	"fmt"
	"reflect"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A V is a value whose type reflect cannot name, as it stands in an interface. Two V are equal exactly when the values are.
type V struct {
	T *Type
	X any
}

// An adapter is a V in an interface of a compiled package, with the methods of that interface.
type adapter interface{ held() V }

// Box puts x, of type t, into an interface.
func Box(t *Type, x any) any { return V{t, x} }

// Any returns x: passing it through compiled code makes it an interface value of its own, with a copy
// of what it holds. A value in an adapter leaves it.
func Any(x any) any {
	if _, ok := x.(V); ok {
		return x
	}
	if a, ok := x.(adapter); ok {
		return a.held()
	}
	return x
}

// PanicText returns what Go prints of the value when a program dies of a panic with it.
func (v V) PanicText() string {
	if !v.T.native {
		for _, name := range []string{"Error", "String"} {
			if m := v.T.Method(name); m != nil && isText(m.Sig) {
				return m.Func.Call([]reflect.Value{reflect.ValueOf(v.X)})[0].String()
			}
		}
	}
	return task.PanicText(v.T.Name, v.X)
}

// ID returns the number of the type of x, or 0 if reflect can name it.
func ID(x any) int {
	if v, ok := x.(V); ok {
		return v.T.ID
	}
	return 0
}

// Get stores what x holds through p.
func Get(x, p any) { reflect.ValueOf(p).Elem().Set(reflect.ValueOf(x.(V).X)) }

// Take stores what x holds through p if the number of its type is id, and reports whether it is.
func Take(x any, id int, p any) bool {
	v, ok := x.(V)
	if !ok || v.T.ID != id {
		return false
	}
	reflect.ValueOf(p).Elem().Set(reflect.ValueOf(v.X))
	return true
}

// As stores x through p, a pointer to a variable of type t, and reports whether x is of that type.
func As(x any, t *Type, p any) bool {
	x = Any(x)
	if x == nil {
		return false
	}
	if t.wanted != nil || t.isInterface() {
		if !t.implementedBy(x) {
			return false
		}
		if t.compiled {
			adapt(x, t, p)
			return true
		}
		reflect.ValueOf(p).Elem().Set(reflect.ValueOf(x))
		return true
	}
	if v, ok := x.(V); ok {
		if v.T != t {
			return false
		}
		reflect.ValueOf(p).Elem().Set(reflect.ValueOf(v.X))
		return true
	}
	return t.native && Assert(x, p)
}

// MustAs is As for x.(T), which panics. static is the name of the type of the expression x.
func MustAs(site uint64, x any, t *Type, p any, static string) {
	if As(x, t, p) {
		return
	}
	at(site)
	panic(&assertionError{assertionText(Any(x), t.isInterface(), t.Name, static, func() string { return t.missing(Any(x)) })})
}

// assertionText is the text of a runtime.TypeAssertionError.
func assertionText(x any, toInterface bool, want, static string, missing func() string) string {
	if static == "any" {
		static = "interface {}"
	}
	switch {
	case x == nil && toInterface:
		return "interface conversion: interface is nil, not " + want
	case x == nil:
		return "interface conversion: " + static + " is nil, not " + want
	case toInterface:
		return "interface conversion: " + nameOf(x) + " is not " + want + ": missing method " + missing()
	}
	text := "interface conversion: " + static + " is " + nameOf(x) + ", not " + want
	if nameOf(x) == want {
		text += " (types from different scopes)"
	}
	return text
}

// nameOf returns the name of the type of x, as fmt prints it.
func nameOf(x any) string {
	switch x := x.(type) {
	case V:
		return x.T.Name
	case adapter:
		return x.held().T.Name
	}
	return reflect.TypeOf(x).String()
}

// Invoke calls the method of x with that name. ptrs points to the n arguments and then to the results.
func Invoke(x any, name string, n int, ptrs ...any) {
	x = Any(x)
	var fn reflect.Value
	var in []reflect.Value
	v, ok := x.(V)
	switch {
	case ok && !v.T.native:
		m := v.T.Method(name)
		if m == nil {
			panic(&Defect{fmt.Sprintf("%s has no method %s", v.T.Name, name)})
		}
		fn, in = m.Func, append(in, reflect.ValueOf(v.X))
	case ok:
		fn = reflect.ValueOf(v.X).MethodByName(name)
	default:
		fn = reflect.ValueOf(x).MethodByName(name)
	}
	for _, p := range ptrs[:n] {
		in = append(in, reflect.ValueOf(p).Elem())
	}
	var out []reflect.Value
	if fn.Type().IsVariadic() {
		out = fn.CallSlice(in)
	} else {
		out = fn.Call(in)
	}
	for i, p := range ptrs[n:] {
		reflect.ValueOf(p).Elem().Set(out[i])
	}
}

// DeepEqual is reflect.DeepEqual. Of values in V it compares the descriptors of their types, of which there is one a type, and
// what they hold.
func DeepEqual(x, y any) bool { return reflect.DeepEqual(Any(x), Any(y)) }
