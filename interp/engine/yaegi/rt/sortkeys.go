package rt

import (
	"cmp"
	"reflect"
	"slices"
)

// An entry is a key of a map and what it maps to.
type entry struct{ key, elem reflect.Value }

// sortedEntries returns the entries of a map in the order in which fmt prints them.
func sortedEntries(m reflect.Value) []entry {
	var list []entry
	for it := m.MapRange(); it.Next(); {
		list = append(list, entry{it.Key(), it.Value()})
	}
	slices.SortStableFunc(list, func(a, b entry) int { return compareKeys(a.key, b.key) })
	return list
}

// compareKeys orders two values of one type as package fmt does.
func compareKeys(a, b reflect.Value) int {
	if x, ok := holds(a); ok {
		if y, ok := holds(b); ok {
			if x.t != y.t {
				return cmp.Compare(x.t.ID, y.t.ID)
			}
			return compareKeys(x.v, y.v)
		}
	}
	if a.Type() != b.Type() {
		return -1
	}
	switch {
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat():
		return cmp.Compare(a.Float(), b.Float())
	case a.CanComplex():
		return cmp.Or(cmp.Compare(real(a.Complex()), real(b.Complex())), cmp.Compare(imag(a.Complex()), imag(b.Complex())))
	}
	switch a.Kind() {
	case reflect.String:
		return cmp.Compare(a.String(), b.String())
	case reflect.Bool:
		return cmp.Compare(boolInt(a.Bool()), boolInt(b.Bool()))
	case reflect.Pointer, reflect.UnsafePointer, reflect.Chan:
		return cmp.Compare(a.Pointer(), b.Pointer())
	case reflect.Struct:
		for i := range a.NumField() {
			if c := compareKeys(a.Field(i), b.Field(i)); c != 0 {
				return c
			}
		}
	case reflect.Array:
		for i := range a.Len() {
			if c := compareKeys(a.Index(i), b.Index(i)); c != 0 {
				return c
			}
		}
	case reflect.Interface:
		return compareInterfaces(a, b)
	}
	return 0
}

func compareInterfaces(a, b reflect.Value) int {
	switch {
	case a.IsNil() && b.IsNil():
		return 0
	case a.IsNil():
		return -1
	case b.IsNil():
		return 1
	case a.Elem().Type() != b.Elem().Type():
		return cmp.Compare(reflect.ValueOf(a.Elem().Type()).Pointer(), reflect.ValueOf(b.Elem().Type()).Pointer())
	}
	return compareKeys(a.Elem(), b.Elem())
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
