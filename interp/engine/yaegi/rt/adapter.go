package rt

import (
	"go/types"
	"reflect"
)

//go:generate go run ./internal/generate

// adapters put a V into an interface of a compiled package, through a pointer to a variable of that type.
var adapters = map[reflect.Type]func(v V, p any){}

// errorAdapters put a V into an error; the key says which of the methods that package errors looks for there are.
var errorAdapters = map[[4]int]func(v V) error{}

func (v V) held() V { return v }

// Adapt stores x through p, a pointer to a variable of the compiled interface type t, which x implements.
func Adapt(x any, t *Type, p any) {
	x = Any(x)
	to := reflect.ValueOf(p).Elem()
	if x == nil {
		to.SetZero()
		return
	}
	adapt(x, t, p)
}

func adapt(x any, t *Type, p any) {
	v, ok := x.(V)
	if !ok {
		reflect.ValueOf(p).Elem().Set(reflect.ValueOf(x))
		return
	}
	if v.T.native {
		reflect.ValueOf(p).Elem().Set(reflect.ValueOf(v.X))
		return
	}
	if e, ok := p.(*error); ok {
		*e = v.asError()
		return
	}
	if to := adapters[reflect.TypeOf(p).Elem()]; to != nil {
		to(v, p)
		return
	}
	panic(&Unsupported{"a value of type " + v.T.Name + " as a " + t.Name})
}

// Error returns x, which implements error, as an error.
func Error(x any) error {
	switch x := Any(x).(type) {
	case nil:
		return nil
	case V:
		if x.T.native {
			return x.X.(error)
		}
		return x.asError()
	case error:
		return x
	}
	panic(&Defect{x})
}

// asError returns the value as an error with exactly those methods that package errors and others look for in errors.
func (v V) asError() error {
	var key [4]int
	if m := v.T.Method("Unwrap"); m != nil && m.Sig.Params().Len() == 0 && m.Sig.Results().Len() == 1 {
		switch TypeName(m.Sig.Results().At(0).Type()) {
		case "error":
			key[0] = 1
		case "[]error":
			key[0] = 2
		}
	}
	if v.T.has("Is", "func(error) bool") {
		key[1] = 1
	}
	if v.T.has("As", "func(interface {}) bool") {
		key[2] = 1
	}
	if v.T.has("Timeout", "func() bool") {
		key[3] = 1
		if v.T.has("Temporary", "func() bool") {
			key[3] = 2
		}
	}
	return errorAdapters[key](v)
}

// has reports whether the type has a method with that type.
func (t *Type) has(name, signature string) bool {
	m := t.Method(name)
	return m != nil && TypeName(m.Sig) == signature
}

// Adapts reports whether there is an adapter for the interface type t.
func Adapts(t reflect.Type) bool { return t == reflect.TypeFor[error]() || adapters[t] != nil }

func (t *Type) isInterface() bool { return types.IsInterface(t.Go) }
