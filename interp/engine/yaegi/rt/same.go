package rt

import "reflect"

// A type that is not declared, such as map[string]chan int, may be there twice: made by reflect because interpreted code
// mentions it, and in the plugin of a compiled cell. To the runtime these are two types, to Go they are one.

// same reports whether two types are one to Go. Declared types are there once.
func same(a, b reflect.Type) bool {
	if a == b {
		return true
	}
	if a.Name() != "" || b.Name() != "" || a.Kind() != b.Kind() {
		return false
	}
	switch a.Kind() {
	case reflect.Pointer, reflect.Slice:
		return same(a.Elem(), b.Elem())
	case reflect.Array:
		return a.Len() == b.Len() && same(a.Elem(), b.Elem())
	case reflect.Chan:
		return a.ChanDir() == b.ChanDir() && same(a.Elem(), b.Elem())
	case reflect.Map:
		return same(a.Key(), b.Key()) && same(a.Elem(), b.Elem())
	case reflect.Func:
		if a.IsVariadic() != b.IsVariadic() || a.NumIn() != b.NumIn() || a.NumOut() != b.NumOut() {
			return false
		}
		for i := range a.NumIn() {
			if !same(a.In(i), b.In(i)) {
				return false
			}
		}
		for i := range a.NumOut() {
			if !same(a.Out(i), b.Out(i)) {
				return false
			}
		}
		return true
	}
	return false // structs and interfaces without a name never get here: see package normal
}
