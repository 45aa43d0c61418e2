package rt

import (
	"math"
	"reflect"
)

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

// Extend appends n elements to the slice that p points to; what they are makes no difference, because they take
// no memory.
func Extend(p any, n int) {
	s := reflect.ValueOf(p).Elem()
	if s.Len() > math.MaxInt-n {
		_ = append(make([]struct{}, s.Len()), make([]struct{}, n)...) // panics
	}
	s.Set(reflect.AppendSlice(s, reflect.MakeSlice(s.Type(), n, n)))
}

// AppendSame appends what the pointers of elems point to to the slice that p points to.
func AppendSame(p any, elems ...any) {
	s := reflect.ValueOf(p).Elem()
	var list []reflect.Value
	for _, q := range elems {
		list = append(list, reflect.ValueOf(q).Elem())
	}
	s.Set(reflect.Append(s, list...))
}

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
	if x == nil {
		return false
	}
	to := reflect.ValueOf(p).Elem()
	have := reflect.TypeOf(x)
	switch {
	case have == to.Type(), to.Kind() == reflect.Interface && have.Implements(to.Type()):
		to.Set(reflect.ValueOf(x))
	case to.Kind() != reflect.Interface && same(have, to.Type()):
		from := reflect.New(have)
		from.Elem().Set(reflect.ValueOf(x))
		to.Set(reflect.NewAt(to.Type(), from.UnsafePointer()).Elem())
	default:
		return false
	}
	return true
}

// MustAssert is Assert for x.(T), which panics. static is the type of the expression x.
func MustAssert(site uint64, x, p any, static string) {
	x = Any(x)
	if Assert(x, p) {
		return
	}
	at(site)
	want := reflect.TypeOf(p).Elem()
	text := assertionText(x, want.Kind() == reflect.Interface, want.String(), static, func() string { return missingMethod(x, want) })
	panic(&assertionError{text})
}

// An assertionError has the text of a runtime.TypeAssertionError, whose fields only the runtime can
// set.
type assertionError struct{ text string }

// RuntimeError makes it a runtime.Error.
func (*assertionError) RuntimeError() {}

// Error returns the text Go would give.
func (e *assertionError) Error() string { return e.text }

// missingMethod returns the first method of the wanted interface that the value lacks.
func missingMethod(x any, want reflect.Type) string {
	have := reflect.TypeOf(x)
	for i := range want.NumMethod() {
		m := want.Method(i)
		if _, ok := have.MethodByName(m.Name); !ok {
			return m.Name
		}
	}
	return ""
}
