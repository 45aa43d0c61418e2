package rt

import (
	"reflect"
	"unsafe"
)

// Placeholders for the structs of a group that are recursive together.
type (
	D0  struct{}
	D1  struct{}
	D2  struct{}
	D3  struct{}
	D4  struct{}
	D5  struct{}
	D6  struct{}
	D7  struct{}
	D8  struct{}
	D9  struct{}
	D10 struct{}
	D11 struct{}
	D12 struct{}
	D13 struct{}
	D14 struct{}
	D15 struct{}
)

// Placeholders are the placeholders in order.
var Placeholders = []reflect.Type{
	reflect.TypeFor[D0](),
	reflect.TypeFor[D1](),
	reflect.TypeFor[D2](),
	reflect.TypeFor[D3](),
	reflect.TypeFor[D4](),
	reflect.TypeFor[D5](),
	reflect.TypeFor[D6](),
	reflect.TypeFor[D7](),
	reflect.TypeFor[D8](),
	reflect.TypeFor[D9](),
	reflect.TypeFor[D10](),
	reflect.TypeFor[D11](),
	reflect.TypeFor[D12](),
	reflect.TypeFor[D13](),
	reflect.TypeFor[D14](),
	reflect.TypeFor[D15](),
}

// A structType begins as the runtime's type of a struct does; see internal/abi.
type structType struct {
	size, ptrdata uintptr
	hash          uint32
	flags         [4]uint8
	equal         func(unsafe.Pointer, unsafe.Pointer) bool
	gcdata        *byte
	str, ptr      int32
	pkgPath       *byte
	fields        []structField
}

type structField struct {
	name   *byte
	typ    unsafe.Pointer
	offset uintptr
}

// SetField gives the i-th field of the struct type s the type t, which must lie in memory as the old one does. s was made
// by reflect.StructOf and is used by nobody yet. It reports whether reflect then sees what it should.
func SetField(s reflect.Type, i int, t reflect.Type) bool {
	st := (*structType)(pointerOf(s))
	if len(st.fields) != s.NumField() || st.size != s.Size() || st.fields[i].typ != pointerOf(s.Field(i).Type) {
		return false
	}
	st.fields[i].typ = pointerOf(t)
	return s.Field(i).Type == t
}

// pointerOf returns the pointer to the runtime's type: the second word of the interface.
func pointerOf(t reflect.Type) unsafe.Pointer {
	return (*[2]unsafe.Pointer)(unsafe.Pointer(&t))[1]
}
