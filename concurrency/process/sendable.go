package process

import (
	"encoding"
	"encoding/gob"
	"fmt"
	"reflect"
)

// A TypeError says why values of a type cannot go to another process.
type TypeError struct {
	Type   reflect.Type
	Path   string // of what is wrong in it, such as "T.next"
	Reason string
}

// Error names the type, what is wrong in it, and what can be done.
func (e *TypeError) Error() string {
	return fmt.Sprintf("process: values of type %s cannot be sent to another process: %s %s", e.Type, e.Path, e.Reason)
}

// Sendable returns nil if values of the type can go to another process, and otherwise a *[TypeError]: no channels, no functions, no
// unsafe pointers, and no fields that are not exported, unless the type encodes itself, as [encoding/gob] has it. An
// interface may hold what was registered with [gob.Register]. Whether it does is seen only when a value is sent.
//
// What gob does with values holds too: pointers are followed, so that two that are the same arrive as two; a value that contains itself
// cannot be sent; and a pointer in a struct to a zero arrives as nil.
func Sendable(t reflect.Type) error {
	path, reason := unsendable(t, t.String(), map[reflect.Type]bool{})
	if reason == "" {
		return nil
	}
	return &TypeError{t, path, reason}
}

var (
	gobEncoderType    = reflect.TypeFor[gob.GobEncoder]()
	binaryEncoderType = reflect.TypeFor[encoding.BinaryMarshaler]()
	textEncoderType   = reflect.TypeFor[encoding.TextMarshaler]()
)

// marshals reports whether gob lets values of the type encode themselves.
func marshals(t reflect.Type) bool {
	for _, i := range []reflect.Type{gobEncoderType, binaryEncoderType, textEncoderType} {
		if t.Implements(i) || reflect.PointerTo(t).Implements(i) {
			return t.Kind() != reflect.Interface
		}
	}
	return false
}

// unsendable returns what is wrong in a type, and why; reason is "" if nothing is.
func unsendable(t reflect.Type, path string, seen map[reflect.Type]bool) (_, reason string) {
	if seen[t] || marshals(t) {
		return "", ""
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Chan:
		return path, "is a channel: give the values that come through it"
	case reflect.Func:
		return path, "is a function: only the function that is submitted itself can be one"
	case reflect.UnsafePointer, reflect.Uintptr:
		return path, "is an address, which means nothing elsewhere"
	case reflect.Array, reflect.Slice, reflect.Pointer:
		return unsendable(t.Elem(), path, seen)
	case reflect.Map:
		if p, r := unsendable(t.Key(), path, seen); r != "" {
			return p, r
		}
		return unsendable(t.Elem(), path, seen)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			at := path + "." + f.Name
			if !f.IsExported() && f.Name != "_" {
				return at, "is not exported, and would be lost: export it, or give the type a method GobEncode and GobDecode"
			}
			if p, r := unsendable(f.Type, at, seen); r != "" {
				return p, r
			}
		}
	}
	return "", ""
}

// mentionsInterface reports whether a value of the type may hold interface values.
func mentionsInterface(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] || marshals(t) {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Interface:
		return true
	case reflect.Array, reflect.Slice, reflect.Pointer:
		return mentionsInterface(t.Elem(), seen)
	case reflect.Map:
		return mentionsInterface(t.Key(), seen) || mentionsInterface(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if mentionsInterface(t.Field(i).Type, seen) {
				return true
			}
		}
	}
	return false
}
