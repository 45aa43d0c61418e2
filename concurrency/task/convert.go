package task

import "unsafe"

// Convert takes a value for one of another type of the same layout. It is what conversions between struct types of
// different cells are lowered to; other code has no use for it.
func Convert[T, F any](v F) T {
	if unsafe.Sizeof(v) != unsafe.Sizeof(*new(T)) {
		panic("task.Convert: types of different sizes")
	}
	return *(*T)(unsafe.Pointer(&v))
}
