package display

import (
	"fmt"
	"go/types"
	"reflect"
)

// composite shows a struct, slice, array or map as a composite literal.
func (s *show) composite(v reflect.Value, t types.Type, at place) node {
	kind := v.Kind()
	if (kind == reflect.Slice || kind == reflect.Map) && v.IsNil() {
		return s.null(v, t, at)
	}
	name := typeName(v, t)
	if kind == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
		if text, ok := s.bytesText(v.Bytes(), name); ok {
			return leaf(text)
		}
	}
	if at.known == complete {
		name = ""
	}
	n := node{open: name + "{", close: "}"}
	if kind != reflect.Struct && v.Len() == 0 {
		return n
	}
	if at.depth >= s.Depth {
		n.items = []item{{value: leaf("…")}}
		return n
	}
	if kind == reflect.Slice || kind == reflect.Map {
		if !s.enter(v, v.Len()) {
			n.items = []item{{value: leaf("… cycle")}}
			return n
		}
		defer s.leave(v, v.Len())
	}
	at.depth++
	switch kind {
	case reflect.Struct:
		n.items = s.fields(v, t, at)
	case reflect.Map:
		n.items = s.elements(v, t, at)
	default:
		n.items = s.list(v, t, at)
	}
	return n
}

// fields shows the fields of a struct. Of types of the standard library it shows the exported ones only.
func (s *show) fields(v reflect.Value, t types.Type, at place) []item {
	st, ok := under[*types.Struct](t)
	if ok && st.NumFields() != v.NumField() {
		st = nil
	}
	at.known = basic
	hide, hidden := foreign(v.Type()), false
	var items []item
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, ft := f.Name, types.Type(nil)
		if st != nil {
			name, ft = st.Field(i).Name(), st.Field(i).Type()
		}
		if hide && !f.IsExported() {
			hidden = true
			continue
		}
		if name != "_" {
			items = append(items, item{clean(name) + ": ", s.node(v.Field(i), ft, at)})
		}
	}
	if hidden {
		items = append(items, item{value: leaf("…")})
	}
	return items
}

// list shows the elements of a slice or an array.
func (s *show) list(v reflect.Value, t types.Type, at place) []item {
	var et types.Type
	if l, ok := under[interface {
		types.Type
		Elem() types.Type
	}](t); ok {
		et = l.Elem()
	}
	at.known, at.pointers = complete, 0
	hex := v.Type().Elem().Kind() == reflect.Uint8 && v.Type().Elem().PkgPath() == ""
	var items []item
	for i := range v.Len() {
		if i >= s.Elems || s.nodes <= 0 {
			return append(items, more(v.Len()-i))
		}
		if hex {
			s.nodes--
			items = append(items, item{value: leaf(fmt.Sprintf("%#02x", v.Index(i).Uint()))})
			continue
		}
		items = append(items, item{value: s.node(v.Index(i), et, at)})
	}
	return items
}

// elements shows the elements of a map, sorted by key.
func (s *show) elements(v reflect.Value, t types.Type, at place) []item {
	var kt, et types.Type
	if m, ok := under[*types.Map](t); ok {
		kt, et = m.Key(), m.Elem()
	}
	at.known, at.pointers = complete, 0
	var items []item
	for _, e := range s.entries(v) {
		if s.nodes <= 0 {
			break
		}
		key := s.node(e.key, kt, at).flat(s.Width)
		items = append(items, item{key + ": ", s.node(e.value, et, at)})
	}
	if n := v.Len() - len(items); n > 0 {
		items = append(items, more(n))
	}
	return items
}

// more is the item that says how many were left out.
func more(n int) item { return item{value: leaf(fmt.Sprintf("… %d more", n))} }
