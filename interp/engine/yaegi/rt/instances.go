package rt

import (
	"cmp"
	"reflect"
	"slices"
	"sync"
)

// instances adds instances of generic functions of the standard library, under names made of the
// package, the function and the type arguments.
func instances(m map[string]reflect.Value) {
	ordered[int](m, "int")
	ordered[string](m, "string")
	ordered[float64](m, "float64")
	equatable[bool](m, "bool")
}

func ordered[E cmp.Ordered](m map[string]reflect.Value, e string) {
	put := func(name string, f any) { m["slices_"+name+"_s_"+e+"_"+e] = reflect.ValueOf(f) }
	put("Sort", slices.Sort[[]E])
	put("IsSorted", slices.IsSorted[[]E])
	put("Max", slices.Max[[]E])
	put("Min", slices.Min[[]E])
	put("Compare", slices.Compare[[]E])
	m["slices_BinarySearch_s_"+e+"_"+e] = reflect.ValueOf(slices.BinarySearch[[]E])
	m["cmp_Compare_"+e] = reflect.ValueOf(cmp.Compare[E])
	m["cmp_Less_"+e] = reflect.ValueOf(cmp.Less[E])
	equatable[E](m, e)
}

func equatable[E comparable](m map[string]reflect.Value, e string) {
	put := func(name string, f any) { m["slices_"+name+"_s_"+e+"_"+e] = reflect.ValueOf(f) }
	put("Contains", slices.Contains[[]E])
	put("Index", slices.Index[[]E])
	put("Equal", slices.Equal[[]E])
	put("Compact", slices.Compact[[]E])
	put("ContainsFunc", slices.ContainsFunc[[]E])
	put("IndexFunc", slices.IndexFunc[[]E])
	put("DeleteFunc", slices.DeleteFunc[[]E])
	put("SortFunc", slices.SortFunc[[]E])
	put("SortStableFunc", slices.SortStableFunc[[]E])
	put("Reverse", slices.Reverse[[]E])
	put("Clone", slices.Clone[[]E])
	put("Delete", slices.Delete[[]E])
	put("Insert", slices.Insert[[]E])
	put("Concat", slices.Concat[[]E])
	put("Repeat", slices.Repeat[[]E])
	m["sync_OnceValue_"+e] = reflect.ValueOf(sync.OnceValue[E])
	m["slices_Clip_s_"+e+"_"+e] = reflect.ValueOf(slices.Clip[[]E])
}
