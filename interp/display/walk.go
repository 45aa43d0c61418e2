package display

import (
	"fmt"
	"go/types"
	"reflect"
	"time"
	"unsafe"
)

// A show is one value on its way to text: what it may still use up.
type show struct {
	*Printer
	nodes    int            // left
	deadline time.Time      // for methods; set at the first call
	path     map[visit]bool // the references that lead to where we are, to find cycles
	carrier  Carrier        // what the value came in, if it did
}

// A visit is a reference that is being followed.
type visit struct {
	p   unsafe.Pointer
	t   reflect.Type
	len int
}

// A place says where a value stands: how much of its type a reader knows from there.
type place struct {
	known    known
	depth    int // composites around it
	pointers int // pointers that lead to it, one after another
}

type known int

const (
	nothing  known = iota // at the top or in an interface: write the type
	basic                 // in a field: write the types of composites only
	complete              // an element: write no type
)

// start returns a show with nothing used up.
func (p *Printer) start() *show {
	return &show{Printer: p, nodes: p.Nodes, path: make(map[visit]bool)}
}

// text shows a value at the top.
func (s *show) text(v reflect.Value, t types.Type) (text string) {
	defer func() {
		if r := recover(); r != nil { // a value that contradicts its type, or a defect of ours
			text = fmt.Sprintf("(a value that cannot be shown: %v)", r)
		}
	}()
	if text, ok := s.message(v, t); ok {
		return text
	}
	return s.node(v, t, place{}).layout("", -1, s.Width)
}

// node shows a value at a place.
func (s *show) node(v reflect.Value, t types.Type, at place) node {
	if !v.IsValid() {
		return leaf("nil")
	}
	if t != nil {
		t = types.Default(types.Unalias(t))
	}
	if t != nil && types.IsInterface(t) { // the run-time type is what counts
		t, at.known = nil, nothing
	}
	v = readable(v)
	if v.Kind() == reflect.Interface {
		if v.IsNil() {
			return leaf("nil")
		}
		if t == nil {
			at.known = nothing
		}
		return s.node(v.Elem(), t, at)
	}
	if c, ok := carrier(v); ok {
		defer func(outer Carrier) { s.carrier = outer }(s.carrier)
		s.carrier = c
		v, t := c.Carried()
		at.known = nothing
		return s.node(v, t, at)
	}
	if s.nodes--; s.nodes < 0 {
		return leaf("…")
	}
	if n, ok := s.special(v, t, at); ok {
		return n
	}
	switch v.Kind() {
	case reflect.Struct, reflect.Slice, reflect.Array, reflect.Map:
		return s.composite(v, t, at)
	case reflect.Pointer:
		return s.pointer(v, t, at)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return s.opaque(v, t, at)
	default:
		return s.scalar(v, t, at)
	}
}

// readable returns v such that methods can be called on it and on its fields, unexported ones too. A
// struct or an array is copied unless it is addressable, so a value is never changed through the result.
func readable(v reflect.Value) reflect.Value {
	switch {
	case !v.CanInterface() && v.CanAddr():
		return reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
	case v.CanInterface() && !v.CanAddr() && (v.Kind() == reflect.Struct || v.Kind() == reflect.Array):
		c := reflect.New(v.Type()).Elem()
		c.Set(v)
		return c
	}
	return v
}

// pointer shows a pointer as & and what it points to.
func (s *show) pointer(v reflect.Value, t types.Type, at place) node {
	if v.IsNil() {
		return s.null(v, t, at)
	}
	elem, _ := under[*types.Pointer](t)
	var et types.Type
	if elem != nil {
		et = elem.Elem()
	}
	to := v.Elem()
	if s.enter(v, 0) {
		defer s.leave(v, 0)
	} else {
		return leaf("&" + typeName(to, et) + "{… cycle}")
	}
	at.pointers++
	if at.known == complete {
		at.known = basic
	}
	if at.pointers > s.Pointers && (to.Kind() == reflect.Struct || to.Kind() == reflect.Pointer) {
		return leaf("&" + typeName(to, et) + "{…}")
	}
	n := s.node(to, et, at)
	if n.isLeaf() {
		return leaf("&" + n.text)
	}
	n.open = "&" + n.open
	return n
}

// null shows a nil pointer, slice, map, channel or function.
func (s *show) null(v reflect.Value, t types.Type, at place) node {
	if at.known != nothing {
		return leaf("nil")
	}
	return leaf(parens(typeName(v, t)) + "(nil)")
}

// opaque shows what has nothing to see in it: functions, channels, unsafe pointers.
func (s *show) opaque(v reflect.Value, t types.Type, at place) node {
	switch {
	case v.IsNil():
		return s.null(v, t, at)
	case v.Kind() == reflect.Func:
		return leaf(typeName(v, t))
	case v.Kind() == reflect.UnsafePointer:
		return leaf(fmt.Sprintf("unsafe.Pointer(%#x)", v.Pointer()))
	case v.Cap() == 0:
		return leaf(typeName(v, t) + " (unbuffered)")
	}
	return leaf(fmt.Sprintf("%s (cap %d, len %d)", typeName(v, t), v.Cap(), v.Len()))
}

// enter notes that the reference v is being followed; it reports false if it already is.
func (s *show) enter(v reflect.Value, n int) bool {
	at := visit{v.UnsafePointer(), v.Type(), n}
	if s.path[at] {
		return false
	}
	s.path[at] = true
	return true
}

func (s *show) leave(v reflect.Value, n int) { delete(s.path, visit{v.UnsafePointer(), v.Type(), n}) }

// under returns the underlying type of t if it is a T.
func under[T types.Type](t types.Type) (u T, ok bool) {
	if t == nil {
		return u, false
	}
	u, ok = t.Underlying().(T)
	return u, ok
}
