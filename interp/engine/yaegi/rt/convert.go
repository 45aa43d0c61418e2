package rt

import (
	"fmt"
	"reflect"
)

// CopyArray sets the array that p points to from the slice s, which is long enough.
func CopyArray(p, s any) { reflect.Copy(reflect.ValueOf(p).Elem(), reflect.ValueOf(s)) }

// Repoint sets the pointer that p points to: to what the pointer x points to, or to the elements of the slice x.
func Repoint(p, x any) {
	to, from := reflect.ValueOf(p).Elem(), reflect.ValueOf(x)
	to.Set(from.Convert(to.Type()))
}

// SliceToArray panics as the conversion of a slice of length n does to an array with more elements.
func SliceToArray(site uint64, n, want int) {
	at(site)
	panic(runtimeError(fmt.Sprintf("cannot convert slice with length %d to array or pointer to array with length %d", n, want)))
}

// A runtimeError is a runtime.Error with a text of its own.
type runtimeError string

// RuntimeError makes it a runtime.Error.
func (runtimeError) RuntimeError() {}

// Error returns the text as the runtime words it.
func (e runtimeError) Error() string { return "runtime error: " + string(e) }
