package rt

import (
	"fmt"
	"reflect"
	"strings"
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

// IndexLarge panics as x[i] does for a list of length n.
func IndexLarge(site, i uint64, n int) {
	at(site)
	_ = make([]struct{}, n)[i]
}

// Bounds panics as s[low:high] does, or as s[low:high:top] if three is set, for a slice of the capacity limit, or an
// array or a string of that length. large has bit 0 set if low is unsigned, bit 1 for high, bit 2 for top.
func Bounds(site uint64, large int, list, three bool, low, high, top, limit int) {
	at(site)
	text := func(n, bit int) string {
		if large&(1<<bit) != 0 {
			return fmt.Sprint(uint64(n))
		}
		return fmt.Sprint(n)
	}
	over := func(a, b int) bool { return uint64(a) > uint64(b) }
	negative := func(n, bit int) bool { return n < 0 && large&(1<<bit) == 0 }
	with := " with capacity "
	if list {
		with = " with length "
	}
	l, h, t := text(low, 0), text(high, 1), text(top, 2)
	out := ""
	switch {
	case three && negative(top, 2):
		out = "::" + t
	case three && over(top, limit):
		out = "::" + t + "]" + with + fmt.Sprint(limit)
	case three && negative(high, 1):
		out = ":" + h + ":"
	case three && over(high, top):
		out = ":" + h + ":" + t
	case three && negative(low, 0):
		out = l + "::"
	case three:
		out = l + ":" + h + ":"
	case negative(high, 1):
		out = ":" + h
	case over(high, limit):
		out = ":" + h + "]" + with + fmt.Sprint(limit)
	case negative(low, 0):
		out = l + ":"
	default:
		out = l + ":" + h
	}
	if !strings.Contains(out, "]") {
		out += "]"
	}
	panic(runtimeError("slice bounds out of range [" + out))
}
