package display

import (
	"go/types"
	"reflect"
)

// A Carrier stands in an interface for a value whose type reflect cannot name: so the interpreter keeps the values of types that
// cells declare. What it carries is shown in its place.
type Carrier interface {
	// Carried returns the value and its type.
	Carried() (reflect.Value, types.Type)
	// CarriedMethod returns the method of v, the value or a part of it, whose type is t. It returns the invalid Value if there is none.
	CarriedMethod(v reflect.Value, t types.Type, name string) reflect.Value
}

// unpack returns what v carries, and v itself with type t if it is no carrier.
func (s *show) unpack(v reflect.Value, t types.Type) (reflect.Value, types.Type) {
	if c, ok := carrier(v); ok {
		s.carrier = c
		return c.Carried()
	}
	return v, t
}

func carrier(v reflect.Value) (Carrier, bool) {
	if !v.IsValid() || v.Kind() != reflect.Struct || !v.CanInterface() {
		return nil, false
	}
	c, ok := v.Interface().(Carrier)
	return c, ok
}
