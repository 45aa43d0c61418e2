package rt

import "reflect"

// Equal is a == b for interfaces, structs and arrays.
func Equal(a, b any) bool {
	a, b = Any(a), Any(b)
	defer nameUncomparable(a, b)
	return a == b
}

// nameUncomparable has a panic of a comparison of a and b name the user's type.
func nameUncomparable(a, b any) {
	r := recover()
	if r == nil {
		return
	}
	if name := unlike(reflect.ValueOf(a), reflect.ValueOf(b)); name != "" {
		panic(plainError("runtime error: comparing uncomparable type " + name))
	}
	panic(r)
}

// unlike returns the name of the first type inside of two values that makes their comparison panic.
func unlike(a, b reflect.Value) string {
	if !a.IsValid() || !b.IsValid() {
		return ""
	}
	x, okX := holds(a)
	y, okY := holds(b)
	switch {
	case okX != okY, okX && x.t != y.t, !okX && a.Type() != b.Type():
		return ""
	case !okX:
		x, y = value{a, nil}, value{b, nil}
	}
	if !x.v.Type().Comparable() {
		return x.typeName()
	}
	switch x.v.Kind() {
	case reflect.Interface:
		return unlike(x.v.Elem(), y.v.Elem())
	case reflect.Struct:
		for i := range x.v.NumField() {
			if name := unlike(x.v.Field(i), y.v.Field(i)); name != "" {
				return name
			}
		}
	case reflect.Array:
		for i := range x.v.Len() {
			if name := unlike(x.v.Index(i), y.v.Index(i)); name != "" {
				return name
			}
		}
	}
	return ""
}

// Key checks that k, which has an interface in it, can be the key of a map. size is the number of keys in the map if it is
// only looked at; Go words the panic for an empty one in another way.
func Key(site uint64, size int, k any) {
	switch k.(type) {
	case nil, int, string, bool, float64:
		return
	}
	if name := unhashable(reflect.ValueOf(Any(k))); name != "" {
		at(site)
		if size == 0 {
			panic(plainError("hash of unhashable type: " + name))
		}
		panic(plainError("runtime error: hash of unhashable type " + name))
	}
}

// unhashable returns the name of the first type inside of v that has no hash.
func unhashable(v reflect.Value) string {
	if !v.IsValid() {
		return ""
	}
	x, ok := holds(v)
	if !ok {
		x = value{v, nil}
	}
	if !x.v.Type().Comparable() {
		switch x.v.Kind() {
		case reflect.Struct, reflect.Array: // the first part is named
		default:
			return x.typeName()
		}
	}
	switch x.v.Kind() {
	case reflect.Interface:
		return unhashable(x.v.Elem())
	case reflect.Struct:
		if !x.v.Type().Comparable() {
			return x.typeName()
		}
		for i := range x.v.NumField() {
			if name := unhashable(x.v.Field(i)); name != "" {
				return name
			}
		}
	case reflect.Array:
		if !x.v.Type().Comparable() {
			return x.typeName()
		}
		for i := range x.v.Len() {
			if name := unhashable(x.v.Index(i)); name != "" {
				return name
			}
		}
	}
	return ""
}
