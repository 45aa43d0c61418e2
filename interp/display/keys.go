package display

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
)

// maxSorted is the number of keys up to which they are sorted before the first ones are taken. A larger
// map shows some of its elements, sorted: sorting a million keys for a hundred would take a second.
const maxSorted = 10_000

// An entry is an element of a map.
type entry struct{ key, value reflect.Value }

// entries returns the elements of a map to show, sorted by key.
func (s *show) entries(m reflect.Value) []entry {
	var all []entry
	for it := m.MapRange(); it.Next(); {
		if m.Len() > maxSorted && len(all) == s.Elems {
			break
		}
		all = append(all, entry{it.Key(), it.Value()})
	}
	slices.SortStableFunc(all, func(a, b entry) int { return compare(a.key, b.key) })
	return all[:min(len(all), s.Elems)]
}

// compare orders map keys: by kind, numbers and strings by value, structs and arrays by their parts,
// what has no order by nothing.
func compare(a, b reflect.Value) int {
	if a.Kind() == reflect.Interface {
		a = a.Elem()
	}
	if b.Kind() == reflect.Interface {
		b = b.Elem()
	}
	if a.Kind() != b.Kind() {
		return cmp.Compare(a.Kind(), b.Kind())
	}
	switch {
	case !a.IsValid():
		return 0
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat():
		return cmp.Compare(a.Float(), b.Float())
	case a.CanComplex():
		x, y := a.Complex(), b.Complex()
		return cmp.Or(cmp.Compare(real(x), real(y)), cmp.Compare(imag(x), imag(y)))
	}
	switch a.Kind() {
	case reflect.String:
		return cmp.Compare(a.String(), b.String())
	case reflect.Bool:
		return cmp.Compare(fmt.Sprint(a.Bool()), fmt.Sprint(b.Bool()))
	case reflect.Struct:
		return parts(a.NumField(), b.NumField(), a.Field, b.Field)
	case reflect.Array:
		return parts(a.Len(), b.Len(), a.Index, b.Index)
	}
	return 0
}

// parts compares two values part by part.
func parts(n, m int, a, b func(int) reflect.Value) int {
	for i := range min(n, m) {
		if c := compare(a(i), b(i)); c != 0 {
			return c
		}
	}
	return cmp.Compare(n, m)
}
