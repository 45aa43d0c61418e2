package yaegi

import (
	"reflect"
	"unsafe"
)

// A map type that package reflect makes hashes a struct field by field, one that the compiler makes hashes fields without
// gaps together: for a key such as struct{ s string; x, y int } the results differ (go.dev/issue/37716 was mended for keys that are
// plain memory only). An interpreted cell's map in the hands of a compiled cell, to which its type is the compiler's, would not find
// its keys. So the map types with such keys that interpreted cells mention are given the compiler's hash, before there is any map of them.

//go:linkname memhash runtime.memhash
func memhash(p unsafe.Pointer, seed, size uintptr) uintptr

//go:linkname typehash runtime.typehash
func typehash(t, p unsafe.Pointer, seed uintptr) uintptr

// A hash hashes what the pointer points to.
type hash func(p unsafe.Pointer, seed uintptr) uintptr

// A mapType is the beginning of the descriptor of a map type.
type mapType struct {
	_      [typeSize]byte
	key    unsafe.Pointer
	_, _   unsafe.Pointer
	hasher hash
}

// typeSize is the size of what all descriptors begin with.
const typeSize = 4*unsafe.Sizeof(uintptr(0)) + 16

// rehash gives a map type the hash that the compiler gives it. It reports false if that cannot be done, with this version of Go.
func rehash(t reflect.Type) bool {
	if !mixed(t.Key()) {
		return true
	}
	m := (*mapType)(descriptor(t))
	if m.key != descriptor(t.Key()) {
		return false
	}
	probe := (*mapType)(descriptor(reflect.MapOf(reflect.TypeFor[[3]string](), reflect.TypeFor[probe]())))
	if probe.key != descriptor(reflect.TypeFor[[3]string]()) {
		return false
	}
	if code(m.hasher) == code(probe.hasher) { // reflect has made it
		m.hasher = hashOf(t.Key())
	}
	return true
}

// A probe is an element type that nothing else has.
type probe struct{}

// code returns where the code of a function is.
func code(f hash) uintptr { return **(**uintptr)(unsafe.Pointer(&f)) }

// descriptor returns the address of the descriptor of t.
func descriptor(t reflect.Type) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(&t))[1] }

// mixed reports whether a key of type t is not plain memory, but has plain memory in it.
func mixed(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Array:
		return mixed(t.Elem())
	case reflect.Struct:
		if plainMemory(t) {
			return false
		}
		for i := range t.NumField() {
			if f := t.Field(i); plainMemory(f.Type) || mixed(f.Type) {
				return true
			}
		}
	}
	return false
}

// plainMemory reports whether two values of type t are equal exactly when their memory is.
func plainMemory(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128, reflect.Interface:
		return false
	case reflect.Array:
		return t.Len() == 0 || plainMemory(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.Name == "_" || !plainMemory(f.Type) || padded(t, i) {
				return false
			}
		}
	}
	return t.Comparable()
}

// padded reports whether there is a gap after field i.
func padded(t reflect.Type, i int) bool {
	end := t.Size()
	if i+1 < t.NumField() {
		end = t.Field(i + 1).Offset
	}
	return t.Field(i).Offset+t.Field(i).Type.Size() != end
}

// hashOf returns the hash that the compiler makes for keys of type t.
func hashOf(t reflect.Type) hash {
	if !mixed(t) {
		return func(p unsafe.Pointer, seed uintptr) uintptr { return typehash(descriptor(t), p, seed) }
	}
	if t.Kind() == reflect.Array {
		elem := hashOf(t.Elem())
		return func(p unsafe.Pointer, seed uintptr) uintptr {
			for i := range t.Len() {
				seed = elem(unsafe.Add(p, uintptr(i)*t.Elem().Size()), seed)
			}
			return seed
		}
	}
	var parts []hash
	for i := 0; i < t.NumField(); {
		f := t.Field(i)
		switch {
		case f.Name == "_":
			i++
		case !plainMemory(f.Type):
			h := hashOf(f.Type)
			parts = append(parts, func(p unsafe.Pointer, seed uintptr) uintptr { return h(unsafe.Add(p, f.Offset), seed) })
			i++
		default:
			next := run(t, i)
			size := t.Field(next-1).Offset + t.Field(next-1).Type.Size() - f.Offset
			parts = append(parts, func(p unsafe.Pointer, seed uintptr) uintptr { return memhash(unsafe.Add(p, f.Offset), seed, size) })
			i = next
		}
	}
	return func(p unsafe.Pointer, seed uintptr) uintptr {
		for _, h := range parts {
			seed = h(p, seed)
		}
		return seed
	}
}

// run returns the field after those, from field i on, that are plain memory without a gap.
func run(t reflect.Type, i int) int {
	for next := i + 1; ; next++ {
		if next == t.NumField() || padded(t, next-1) || t.Field(next).Name == "_" || !plainMemory(t.Field(next).Type) {
			return next
		}
	}
}
