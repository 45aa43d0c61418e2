package rt

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"unicode/utf8"
)

// Any returns x: passing it through compiled code makes it an interface value of its own, with a copy
// of what it holds.
func Any(x any) any { return x }

// Equal is a == b for interfaces, structs and arrays.
func Equal(a, b any) bool { return a == b }

// Int returns an integer of any type as an int. What does not fit becomes -1 or the largest int: it
// is out of every range.
func Int(x any) int {
	v := reflect.ValueOf(x)
	if v.CanInt() {
		return int(v.Int())
	}
	if u := v.Uint(); u <= math.MaxInt {
		return int(u)
	}
	return math.MaxInt
}

// Min is min of two floats.
func Min(a, b float64) float64 { return min(a, b) }

// Max is max of two floats.
func Max(a, b float64) float64 { return max(a, b) }

// Len is len of a channel.
func Len(c any) int { return reflect.ValueOf(c).Len() }

// Cap is cap of a channel.
func Cap(c any) int { return reflect.ValueOf(c).Cap() }

// Clear is clear of a map or a slice.
func Clear(x any) { reflect.ValueOf(x).Clear() }

// Runes returns what a range over s gives.
func Runes(s string) (at []int, runes []rune) {
	for i, r := range s {
		at, runes = append(at, i), append(runes, r)
	}
	return at, runes
}

// An Iterator walks a map.
type Iterator struct{ it *reflect.MapIter }

// Iterate returns an iterator over the map m.
func Iterate(m any) *Iterator { return &Iterator{reflect.ValueOf(m).MapRange()} }

// Next stores the next key and element through pointers, and reports whether there was one.
func Next(it *Iterator, key, elem any) bool {
	if !it.it.Next() {
		return false
	}
	reflect.ValueOf(key).Elem().SetIterKey(it.it)
	reflect.ValueOf(elem).Elem().SetIterValue(it.it)
	return true
}

// Assert stores x through p, a pointer to a variable of the wanted type, and reports whether x is of
// that type.
func Assert(x, p any) bool {
	to := reflect.ValueOf(p).Elem()
	if x == nil || !is(reflect.TypeOf(x), to.Type()) {
		return false
	}
	to.Set(reflect.ValueOf(x))
	return true
}

func is(have, want reflect.Type) bool {
	if want.Kind() == reflect.Interface {
		return have.Implements(want)
	}
	return have == want
}

// MustAssert is Assert for x.(T), which panics. static is the type of the expression x.
func MustAssert(site uint64, x, p any, static string) {
	if Assert(x, p) {
		return
	}
	at(site)
	panic(&assertionError{x, reflect.TypeOf(p).Elem(), static})
}

// An assertionError has the text of a runtime.TypeAssertionError, whose fields only the runtime can
// set.
type assertionError struct {
	x      any
	want   reflect.Type
	static string
}

// RuntimeError makes it a runtime.Error.
func (*assertionError) RuntimeError() {}

// Error returns the text Go would give.
func (e *assertionError) Error() string {
	static := e.static
	if static == "any" {
		static = "interface {}"
	}
	switch {
	case e.x == nil && e.want.Kind() == reflect.Interface:
		return "interface conversion: interface is nil, not " + e.want.String()
	case e.x == nil:
		return "interface conversion: " + static + " is nil, not " + e.want.String()
	case e.want.Kind() == reflect.Interface:
		return "interface conversion: " + reflect.TypeOf(e.x).String() + " is not " + e.want.String() + ": missing method " + e.missing()
	}
	return "interface conversion: " + static + " is " + reflect.TypeOf(e.x).String() + ", not " + e.want.String()
}

// missing returns the first method of the wanted interface that the value lacks.
func (e *assertionError) missing() string {
	have := reflect.TypeOf(e.x)
	for i := range e.want.NumMethod() {
		m := e.want.Method(i)
		if _, ok := have.MethodByName(m.Name); !ok {
			return m.Name
		}
	}
	return ""
}

// Text returns s as a value that fmt shows as s, and does not take for a string.
func Text(s string) any { return shown{s} }

type shown struct{ s string }

// Format writes the text, padded as fmt pads strings.
func (s shown) Format(f fmt.State, verb rune) {
	pad := 0
	if w, ok := f.Width(); ok {
		pad = max(0, w-utf8.RuneCountInString(s.s))
	}
	if f.Flag('-') {
		_, _ = f.Write([]byte(s.s + strings.Repeat(" ", pad)))
		return
	}
	_, _ = f.Write([]byte(strings.Repeat(" ", pad) + s.s))
}
