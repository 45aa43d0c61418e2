package task

import (
	"reflect"
	"strconv"
	"unsafe"
)

// BuiltinPrint is what the builtin print is lowered to: it prints as the builtin does, but to the error stream of the
// calling task's cell and in order with what else is written there. Arguments of interface type print as the
// values they hold, not as two addresses.
func BuiltinPrint(args ...any) {
	var b []byte
	for _, a := range args {
		b = appendBuiltin(b, a)
	}
	output("stderr", b)
}

// BuiltinPrintln is what the builtin println is lowered to. See [BuiltinPrint].
func BuiltinPrintln(args ...any) {
	var b []byte
	for i, a := range args {
		if i > 0 {
			b = append(b, ' ')
		}
		b = appendBuiltin(b, a)
	}
	output("stderr", append(b, '\n'))
}

func appendBuiltin(b []byte, a any) []byte {
	if a == nil {
		return append(b, "(0x0,0x0)"...)
	}
	v := reflect.ValueOf(a)
	if s, ok := builtinText(v); ok {
		return append(b, s...)
	}
	switch v.Kind() {
	case reflect.Slice:
		b = append(b, '[')
		b = strconv.AppendInt(b, int64(v.Len()), 10)
		b = append(b, '/')
		b = strconv.AppendInt(b, int64(v.Cap()), 10)
		b = append(b, "]0x"...)
		return strconv.AppendUint(b, uint64(v.Pointer()), 16)
	case reflect.Pointer, reflect.Chan, reflect.Map, reflect.UnsafePointer:
		return strconv.AppendUint(append(b, "0x"...), uint64(v.Pointer()), 16)
	}
	return append(b, pointerText(a)...)
}

// builtinText returns the text the builtin print gives a value of a basic kind.
func builtinText(v reflect.Value) (string, bool) {
	switch {
	case v.Kind() == reflect.String:
		return v.String(), true
	case v.Kind() == reflect.Bool:
		return strconv.FormatBool(v.Bool()), true
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10), true
	case v.CanUint():
		return strconv.FormatUint(v.Uint(), 10), true
	case v.CanFloat():
		return strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits()), true
	case v.CanComplex():
		return strconv.FormatComplex(v.Complex(), 'g', -1, v.Type().Bits()), true
	}
	return "", false
}

// dataWord returns the second word of an interface value.
func dataWord(v *any) uintptr {
	return uintptr((*[2]unsafe.Pointer)(unsafe.Pointer(v))[1])
}
