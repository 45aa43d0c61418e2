package steps

import (
	"reflect"
	"sync/atomic"
	"unsafe"
)

// An element tells how the elements of a type lie in memory, or what a pointer type points to.
type element struct {
	of   unsafe.Pointer // the type whose elements they are
	typ  unsafe.Pointer
	size uintptr
	kind uintptr
	len  int // of an array
}

// elementOf returns the element of the type of v, which is the one in cache in most cases.
func elementOf(cache *atomic.Pointer[element], v *value) *element {
	if e := cache.Load(); e != nil && e.of == v.typ {
		return e
	}
	t := v.reflected().Type()
	e := &element{of: v.typ}
	if t.Kind() == reflect.Array {
		e.len = t.Len()
	}
	t = t.Elem()
	e.typ, e.size, e.kind = typeOf(t), t.Size(), uintptr(t.Kind())
	cache.Store(e)
	return e
}

// A header is how a slice begins, and a string.
type header struct {
	data unsafe.Pointer
	len  int
}

// lengthOf returns the length of a slice or a string.
func lengthOf(v *value) (int, bool) {
	switch v.flag & readMask {
	case indirect | uintptr(reflect.Slice), indirect | uintptr(reflect.String):
		return (*header)(v.ptr).len, true
	}
	return 0, false
}

// index replaces x[i] for a slice or an array.
func (im *improver) index(n *node, _ string) {
	list, ok0 := n.child[0].operand()
	at, ok1 := n.child[1].operand()
	if !ok0 || !ok1 || n.level != 0 {
		return
	}
	at = asInt(at)
	orig, tnext, fnext, i := n.exec, after(n.tnext), after(n.fnext), n.findex
	branches := n.fnext != nil
	cache := &atomic.Pointer[element]{}
	n.exec = func(f *frame) step {
		list, at := list.at(f), at.at(f)
		if at.flag&readMask != intRead {
			return orig(f)
		}
		k := *(*int)(at.ptr)
		data := list.ptr
		var e *element
		switch list.flag &^ (1 << 8) {
		case indirect | uintptr(reflect.Slice):
			h := (*header)(list.ptr)
			if uint(k) >= uint(h.len) {
				return orig(f)
			}
			e, data = elementOf(cache, list), h.data
		case indirect | uintptr(reflect.Array):
			e = elementOf(cache, list)
			if uint(k) >= uint(e.len) || list.flag&settable != settable {
				return orig(f)
			}
		default:
			return orig(f)
		}
		v := &f.data[i]
		v.typ, v.ptr, v.flag = e.typ, unsafe.Add(data, uintptr(k)*e.size), settable|e.kind
		if branches {
			if e.kind != uintptr(reflect.Bool) {
				return orig(f)
			}
			if !*(*bool)(v.ptr) {
				return fnext
			}
		}
		return tnext
	}
}

// deref replaces *p.
func (im *improver) deref(n *node, _ string) {
	p, ok := n.child[0].operand()
	if !ok || n.level != 0 {
		return
	}
	orig, tnext, fnext, i := n.exec, after(n.tnext), after(n.fnext), n.findex
	if stop := im.hooks.Stop; n.fnext != nil && p.pointsInto(stop) {
		n.exec = func(f *frame) step {
			if stop.Load() != 0 {
				return orig(f)
			}
			return fnext
		}
		return
	}
	if n.fnext != nil {
		return
	}
	cache := &atomic.Pointer[element]{}
	n.exec = func(f *frame) step {
		p := p.at(f)
		to := p.ptr
		switch p.flag & readMask {
		case indirect | uintptr(reflect.Pointer):
			to = *(*unsafe.Pointer)(to)
		case uintptr(reflect.Pointer):
		default:
			return orig(f)
		}
		if to == nil {
			return orig(f)
		}
		e := elementOf(cache, p)
		v := &f.data[i]
		v.typ, v.ptr, v.flag = e.typ, to, settable|e.kind
		return tnext
	}
}

// pointsInto reports whether the operand is a constant pointer to a byte of word.
func (o *operand) pointsInto(word *atomic.Uint32) bool {
	if !o.constant() || word == nil || o.konst.Kind() != reflect.Pointer {
		return false
	}
	return o.konst.Pointer()-uintptr(unsafe.Pointer(word)) < unsafe.Sizeof(*word)
}

// length replaces len(x), and the check of an index: i >= len(x) as a condition, at once.
func (im *improver) length(n *node, _ string) {
	dest, ok0 := n.operand()
	list, ok1 := n.child[1].operand()
	if !ok0 || !ok1 || dest.constant() || list.constant() {
		return
	}
	orig, next := n.exec, after(n.tnext)
	if exec := im.check(n, list, orig); exec != nil {
		n.exec = exec
		return
	}
	n.exec = func(f *frame) step {
		d := dest.at(f)
		k, ok := lengthOf(list.at(f))
		if !ok || d.flag != intFlag {
			return orig(f)
		}
		*(*int)(d.ptr) = k
		return next
	}
}

// check returns the step of len(x) in "if i >= len(x)" that makes the comparison too, or nil.
func (im *improver) check(n *node, list operand, orig step) step {
	test := n.tnext
	if test == nil || test != n.anc || im.names[test] != "greaterEqual" || test.fnext == nil || test.child[1] != n || test.child[0].kind == kinds["callExpr"] {
		return nil
	}
	at, ok := test.child[0].operand()
	dest, ok1 := test.operand()
	tnext, fnext := after(test.tnext), after(test.fnext)
	if !ok || !ok1 || dest.constant() || test.exec == nil || tnext == nil || fnext == nil {
		return nil
	}
	at = asInt(at)
	return func(f *frame) step {
		at := at.at(f)
		k, ok := lengthOf(list.at(f))
		d := dest.at(f)
		if !ok || at.flag&readMask != intRead || d.flag != boolFlag {
			return orig(f)
		}
		out := *(*int)(at.ptr) >= k
		*(*bool)(d.ptr) = out
		if out {
			return tnext
		}
		return fnext
	}
}

// assign replaces x = y.
func (im *improver) assign(n *node, _ string) {
	if n.nleft != 1 || n.nright != 1 || n.kind != kinds["assignStmt"] || len(n.child) != 2 || !im.variable(n.child[0]) {
		return
	}
	dest, ok0 := n.child[0].operand()
	src, ok1 := n.child[1].operand()
	if !ok0 || !ok1 || dest.constant() {
		return
	}
	orig, next := n.exec, after(n.tnext)
	n.exec = func(f *frame) step {
		if move(dest.at(f), src.at(f)) {
			return next
		}
		return orig(f)
	}
}

// rangeList replaces the step of a range over a slice that goes on to the next element.
func (im *improver) rangeList(n *node, _ string) {
	if n.level != 0 || len(n.child) < 3 {
		return
	}
	ki := n.child[0].findex
	ai := ki - 1
	orig, tnext, fnext := n.exec, after(n.tnext), after(n.fnext)
	vi := -1
	if len(n.child) == 4 {
		vi = n.child[1].findex
	}
	cache := &atomic.Pointer[element]{}
	n.exec = func(f *frame) step {
		list, k := &f.data[ai], &f.data[ki]
		if list.flag&readMask != indirect|uintptr(reflect.Slice) || k.flag != intFlag {
			return orig(f)
		}
		h := (*header)(list.ptr)
		i := *(*int)(k.ptr) + 1
		if i < h.len && vi >= 0 {
			e := elementOf(cache, list)
			item := value{e.typ, unsafe.Add(h.data, uintptr(i)*e.size), settable | e.kind}
			if !move(&f.data[vi], &item) {
				return orig(f)
			}
		}
		*(*int)(k.ptr) = i
		if i >= h.len {
			return fnext
		}
		return tnext
	}
}
