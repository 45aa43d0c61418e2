package rt

import (
	"go/types"
	"reflect"
)

// Carried returns the value and its type, to be displayed.
func (v V) Carried() (reflect.Value, types.Type) { return reflect.ValueOf(v.X), v.T.Go }

// CarriedMethod returns a method of part, which is v's value or a part of it and has type t, or the invalid Value.
func (v V) CarriedMethod(part reflect.Value, t types.Type, name string) reflect.Value {
	d := v.T.find(t, map[*Type]bool{})
	if d == nil || d.native {
		return reflect.Value{}
	}
	m := d.Method(name)
	if m == nil {
		return reflect.Value{}
	}
	in := m.Func.Type().In(0)
	if part.Type() != in && part.Kind() == reflect.Pointer && part.Type().Elem() == in {
		part = part.Elem()
	}
	if part.Type() != in {
		return reflect.Value{}
	}
	results := make([]reflect.Type, m.Func.Type().NumOut())
	for i := range results {
		results[i] = m.Func.Type().Out(i)
	}
	params := make([]reflect.Type, m.Func.Type().NumIn()-1)
	for i := range params {
		params[i] = m.Func.Type().In(i + 1)
	}
	bound := reflect.FuncOf(params, results, m.Func.Type().IsVariadic())
	return reflect.MakeFunc(bound, func(args []reflect.Value) []reflect.Value {
		args = append([]reflect.Value{part}, args...)
		if bound.IsVariadic() {
			return m.Func.CallSlice(args)
		}
		return m.Func.Call(args)
	})
}

// find returns the description of t, which t itself or one of its parts is described by.
func (t *Type) find(want types.Type, seen map[*Type]bool) *Type {
	if t == nil || seen[t] {
		return nil
	}
	seen[t] = true
	if types.Identical(t.Go, want) {
		return t
	}
	for _, part := range append([]*Type{t.Elem, t.Key}, t.Fields...) {
		if d := part.find(want, seen); d != nil {
			return d
		}
	}
	return nil
}
