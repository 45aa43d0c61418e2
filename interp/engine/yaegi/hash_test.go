package yaegi

import (
	"go/token"
	"reflect"
	"testing"
	"unsafe"
)

type inner struct {
	B    byte
	S    string
	X, Y int32
}

type padding struct {
	A byte
	N int64
	F float64
	C [3]uint16
	D byte
}

type blanks struct {
	X int
	_ int
	Y int
	S string
}

type outer struct {
	I  inner
	P  *int
	Q  uintptr
	A  [2]inner
	E  any
	R  rune
	Z  struct{}
	In struct{ X, Y int }
}

// The compiler's hash and hashOf are the same.
func TestHash(t *testing.T) {
	sameHash(t, map[token.Position]int{}, token.Position{Filename: "f", Offset: 1, Line: 2, Column: 3})
	sameHash(t, map[inner]int{}, inner{1, "s", 2, 3})
	sameHash(t, map[padding]int{}, padding{1, 2, 3, [3]uint16{4, 5, 6}, 7})
	sameHash(t, map[blanks]int{}, blanks{X: 1, Y: 2, S: "s"})
	sameHash(t, map[[2]inner]int{}, [2]inner{{1, "s", 2, 3}, {4, "t", 5, 6}})
	sameHash(t, map[outer]int{}, outer{I: inner{1, "s", 2, 3}, A: [2]inner{{1, "s", 2, 3}}, E: 3, R: 'r'})
}

func sameHash[K comparable](t *testing.T, m map[K]int, k K) {
	t.Helper()
	typ := reflect.TypeOf(m)
	if !mixed(typ.Key()) {
		t.Errorf("%v is not mixed", typ.Key())
	}
	compilers := (*mapType)(descriptor(typ)).hasher
	for seed := range uintptr(3) {
		if got, want := hashOf(typ.Key())(unsafe.Pointer(&k), seed), compilers(unsafe.Pointer(&k), seed); got != want {
			t.Errorf("%v: hash %x, the compiler's is %x", typ.Key(), got, want)
		}
	}
}

// A map that reflect has made is one that compiled code finds its keys in.
func TestRehash(t *testing.T) {
	type key struct {
		S    string
		X, Y int
	}
	// Of a type that the compiler has not made, but that is the same in memory.
	elem := reflect.StructOf([]reflect.StructField{{Name: "Apart", Type: reflect.TypeFor[complex64]()}})
	typ := reflect.MapOf(reflect.TypeFor[key](), elem)
	if !rehash(typ) {
		t.Fatal("cannot be done with this version of Go")
	}
	v, one := reflect.MakeMap(typ), reflect.New(elem).Elem()
	one.Field(0).SetComplex(1)
	v.SetMapIndex(reflect.ValueOf(key{"a", 1, 2}), one)
	if got := (*(*map[key]complex64)(pointerTo(v)))[key{"a", 1, 2}]; got != 1 {
		t.Errorf("got %v", got)
	}
}

func pointerTo(v reflect.Value) unsafe.Pointer {
	p := reflect.New(v.Type())
	p.Elem().Set(v)
	return p.UnsafePointer()
}
