package rt

import "reflect"

// Known returns the undeclared types that interpreted code may put into interfaces, by having the
// compiler put them into the program: reflect finds them here instead of making them anew, and so do
// plugins. Package normal decides by the same list.
func Known() []reflect.Type {
	var all []reflect.Type
	for _, of := range []func() []reflect.Type{
		known[bool], known[string], known[int], known[int8], known[int16], known[int32], known[int64],
		known[uint], known[uint8], known[uint16], known[uint32], known[uint64], known[uintptr],
		known[float32], known[float64], known[complex64], known[complex128], known[any], known[error],
	} {
		all = append(all, of()...)
	}
	return all
}

func known[T any]() []reflect.Type {
	return []reflect.Type{
		reflect.TypeFor[*T](), reflect.TypeFor[[]T](), reflect.TypeFor[[][]T](),
		reflect.TypeFor[chan T](), reflect.TypeFor[<-chan T](), reflect.TypeFor[chan<- T](),
		reflect.TypeFor[map[string]T](), reflect.TypeFor[map[int]T](),
		reflect.TypeFor[map[string][]T](), reflect.TypeFor[map[int][]T](),
	}
}
