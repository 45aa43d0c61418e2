package generate

import (
	"fmt"
	"slices"
	"strings"
)

// A kind is the kind of a type.
type kind int

const (
	boolean kind = iota
	integer      // also the unsigned ones
	float
	complexKind
	text
	slice
	array
	dict
	pointer
	structure
	function
	iface
	param // a type parameter, of numbers
)

// A typ is a type of the program.
type typ struct {
	name    string // as it is written
	kind    kind
	named   bool // whether the program declares it
	bits    int  // of an integer
	elem    *typ // of a slice, an array, a map, a pointer
	key     *typ // of a map
	size    int  // of an array
	fields  []field
	params  []*typ // of a function
	results []*typ
	methods []*method // of a declared type, or of an interface
}

// A field is a field of a structure. An embedded one has the name of its type.
type field struct {
	name     string
	t        *typ
	embedded bool
}

// A method is a method of a type. What it returns and takes depends on its name only, so types and interfaces match.
type method struct {
	name    string
	params  []*typ
	results []*typ
	pure    bool // whether it changes nothing and cannot panic
	pointer bool // whether its receiver is a pointer; of no meaning in an interface
}

func (m *method) signature() string {
	return m.name + signature(m.params, m.results)
}

func signature(params, results []*typ) string {
	return "(" + names(params) + ")" + resultList(results)
}

func resultList(results []*typ) string {
	switch len(results) {
	case 0:
		return ""
	case 1:
		return " " + results[0].name
	}
	return " (" + names(results) + ")"
}

func names(list []*typ) string {
	var s []string
	for _, t := range list {
		s = append(s, t.name)
	}
	return strings.Join(s, ", ")
}

// The types that are not declared.
var (
	tBool    = &typ{name: "bool", kind: boolean}
	tInt     = &typ{name: "int", kind: integer, bits: 64}
	tString  = &typ{name: "string", kind: text}
	tFloat   = &typ{name: "float64", kind: float, bits: 64}
	tFloat32 = &typ{name: "float32", kind: float, bits: 32}
	tComplex = &typ{name: "complex128", kind: complexKind}
	tUint8   = &typ{name: "uint8", kind: integer, bits: 8}
	tRune    = &typ{name: "rune", kind: integer, bits: 32}
	tAny     = &typ{name: "any", kind: iface}
	tError   = &typ{name: "error", kind: iface, methods: []*method{mError}}
	tParam   = &typ{name: "T", kind: param}

	integers = []*typ{tInt, {name: "int8", kind: integer, bits: 8}, {name: "int16", kind: integer, bits: 16}, {name: "int32", kind: integer, bits: 32},
		{name: "int64", kind: integer, bits: 64}, tUint8, {name: "uint16", kind: integer, bits: 16}, {name: "uint32", kind: integer, bits: 32},
		{name: "uint64", kind: integer, bits: 64}, {name: "uint", kind: integer, bits: 64}}
)

// The methods there are.
var (
	mGet    = &method{name: "Get", results: []*typ{tInt}, pure: true}
	mName   = &method{name: "Name", results: []*typ{tString}, pure: true}
	mArea   = &method{name: "area", results: []*typ{tFloat}, pure: true}
	mString = &method{name: "String", results: []*typ{tString}, pure: true}
	mError  = &method{name: "Error", results: []*typ{tString}, pure: true}
	mAdd    = &method{name: "Add", params: []*typ{tInt}, results: []*typ{tInt}}
	mSet    = &method{name: "set", params: []*typ{tInt, tString}}
	mSplit  = &method{name: "Split", params: []*typ{tString}, results: []*typ{tString, tInt}}

	allMethods = []*method{mGet, mName, mArea, mAdd, mSet, mSplit, mString, mError}
)

func sliceOf(t *typ) *typ { return &typ{name: "[]" + t.name, kind: slice, elem: t} }
func arrayOf(n int, t *typ) *typ {
	return &typ{name: fmt.Sprintf("[%d]%s", n, t.name), kind: array, size: n, elem: t}
}
func mapOf(k, v *typ) *typ {
	return &typ{name: "map[" + k.name + "]" + v.name, kind: dict, key: k, elem: v}
}
func pointerTo(t *typ) *typ { return &typ{name: "*" + t.name, kind: pointer, elem: t} }
func funcOf(params, res []*typ) *typ {
	return &typ{name: "func" + signature(params, res), kind: function, params: params, results: res}
}

// comparable reports whether values of the type can be compared without a panic.
func (t *typ) comparable() bool {
	switch t.kind {
	case slice, dict, function, iface:
		return false
	case array:
		return t.elem.comparable()
	case structure:
		return !slices.ContainsFunc(t.fields, func(f field) bool { return !f.t.comparable() })
	}
	return true
}

// printable reports whether what fmt prints of a value is fixed.
func (t *typ) printable() bool {
	switch t.kind {
	case pointer, function, iface:
		return false
	case array, slice:
		return t.elem.printable()
	case dict:
		return t.key.printable() && t.elem.printable()
	case structure:
		return !slices.ContainsFunc(t.fields, func(f field) bool { return !f.t.printable() })
	}
	return true
}

// plain reports whether the program declares no part of the type.
func (t *typ) plain() bool {
	switch {
	case t.named || t.kind == structure || t.kind == param:
		return false
	case t.key != nil && !t.key.plain() || t.elem != nil && !t.elem.plain():
		return false
	}
	return true
}

func (t *typ) number() bool { return t.kind == integer || t.kind == float }

// methodSet returns the methods of a value of the type that can be called by way of an interface: those of embedded
// fields too. Names are met once, at the least depth.
func (t *typ) methodSet() []*method {
	base, addressed := t, false
	if t.kind == pointer {
		base, addressed = t.elem, true
	}
	if t.kind == iface {
		return t.methods
	}
	var set []*method
	have := func(name string) bool {
		return slices.ContainsFunc(set, func(m *method) bool { return m.name == name })
	}
	hidden := map[string]bool{} // own methods hide those of embedded fields also where they cannot be called
	for _, m := range base.methods {
		hidden[m.name] = true
		if !m.pointer || addressed {
			set = append(set, m)
		}
	}
	for _, f := range base.fields {
		hidden[f.name] = true
	}
	count := map[string]int{}
	for _, f := range base.fields {
		if f.embedded {
			from := f.t
			if addressed && from.kind != pointer && from.kind != iface {
				from = pointerTo(from)
			}
			full := from
			if full.kind != pointer && full.kind != iface {
				full = pointerTo(full)
			}
			for _, m := range full.methodSet() {
				count[m.name]++
			}
			for _, m := range from.methodSet() {
				if hidden[m.name] || have(m.name) {
					continue
				}
				if f.t.kind == pointer || f.t.kind == iface { // it may be nil
					m = &method{name: m.name, params: m.params, results: m.results, pointer: m.pointer}
				}
				set = append(set, m)
			}
		}
	}
	return slices.DeleteFunc(set, func(m *method) bool { return !hidden[m.name] && count[m.name] > 1 })
}

// implements reports whether values of the type are values of an interface.
func (t *typ) implements(i *typ) bool {
	set := t.methodSet()
	for _, want := range i.methods {
		if !slices.ContainsFunc(set, func(m *method) bool { return m.name == want.name }) {
			return false
		}
	}
	return true
}
