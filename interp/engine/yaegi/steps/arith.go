package steps

import (
	"cmp"
	"reflect"
)

// An op is an operation on two numbers of the same type.
type op uint8

const (
	opAdd op = iota
	opSub
	opMul
	opAnd
	opAndNot
	opOr
	opXor
	opRem
	opQuo
)

// arithmetics are the generators of the interpreter whose steps are replaced.
var arithmetics = map[string]op{
	"add": opAdd, "sub": opSub, "mul": opMul, "and": opAnd, "andNot": opAndNot, "or": opOr, "xor": opXor, "rem": opRem, "quo": opQuo,
}

type integer interface {
	int | int8 | int16 | int32 | int64 | uint | uint8 | uint16 | uint32 | uint64
}

// integers stores the result of o, and returns false if it has none.
func integers[T integer](o op, d, px, py *value) bool {
	x, y := *(*T)(px.ptr), *(*T)(py.ptr)
	switch o {
	case opAdd:
		x += y
	case opSub:
		x -= y
	case opMul:
		x *= y
	case opAnd:
		x &= y
	case opAndNot:
		x &^= y
	case opOr:
		x |= y
	case opXor:
		x ^= y
	case opRem:
		if y == 0 {
			return false
		}
		x %= y
	case opQuo:
		if y == 0 {
			return false
		}
		x /= y
	}
	*(*T)(d.ptr) = x
	return true
}

// floats stores the result of o, and returns false if it has none here.
func floats[T float32 | float64](o op, d, px, py *value) bool {
	x, y := *(*T)(px.ptr), *(*T)(py.ptr)
	switch o {
	case opAdd:
		x += y
	case opSub:
		x -= y
	case opMul:
		x *= y
	case opQuo:
		x /= y
	default:
		return false
	}
	*(*T)(d.ptr) = x
	return true
}

// calculate stores x o y in d, if they are of the same type and it can.
func calculate(o op, d *value, x, y *term, f *frame) bool {
	if d.flag&^kindMask != settable {
		return false
	}
	kind := d.flag & kindMask
	p, q := x.as(f, kind), y.as(f, kind)
	if p.flag&readMask != kind|indirect || q.flag&readMask != kind|indirect {
		return false
	}
	switch reflect.Kind(kind) {
	case reflect.Int:
		return integers[int](o, d, p, q)
	case reflect.Float64:
		return floats[float64](o, d, p, q)
	case reflect.Int8:
		return integers[int8](o, d, p, q)
	case reflect.Int16:
		return integers[int16](o, d, p, q)
	case reflect.Int32:
		return integers[int32](o, d, p, q)
	case reflect.Int64:
		return integers[int64](o, d, p, q)
	case reflect.Uint:
		return integers[uint](o, d, p, q)
	case reflect.Uint8:
		return integers[uint8](o, d, p, q)
	case reflect.Uint16:
		return integers[uint16](o, d, p, q)
	case reflect.Uint32:
		return integers[uint32](o, d, p, q)
	case reflect.Uint64:
		return integers[uint64](o, d, p, q)
	}
	return false
}

// arithmetic replaces x + y and the like.
func (im *improver) arithmetic(n *node, name string) {
	dest, ok0 := n.operand()
	xo, ok1 := n.child[0].operand()
	yo, ok2 := n.child[1].operand()
	if !ok0 || !ok1 || !ok2 || dest.constant() {
		return
	}
	o, x, y := arithmetics[name], newTerm(xo), newTerm(yo)
	orig, next := n.exec, after(n.tnext)
	n.exec = func(f *frame) step {
		if calculate(o, dest.at(f), &x, &y, f) {
			return next
		}
		return orig(f)
	}
}

// arithmeticAssign replaces x += y and the like.
func (im *improver) arithmeticAssign(n *node, name string) {
	if !im.variable(n.child[0]) {
		return
	}
	xo, ok1 := n.child[0].operand()
	yo, ok2 := n.child[1].operand()
	if !ok1 || !ok2 || xo.constant() {
		return
	}
	o, x, y := arithmetics[name[:len(name)-len("Assign")]], newTerm(xo), newTerm(yo)
	orig, next := n.exec, after(n.tnext)
	n.exec = func(f *frame) step {
		if calculate(o, x.at(f), &x, &y, f) {
			return next
		}
		return orig(f)
	}
}

// variable reports whether the value of n is the variable itself that n denotes, and not what is in a map.
func (im *improver) variable(n *node) bool {
	if n.kind == kinds["identExpr"] {
		return n.ident != "_"
	}
	switch im.names[n] {
	case "getIndexArray", "deref", "getIndexSeq", "getPtrIndexSeq":
		return true
	}
	return false
}

// comparisons are the generators of comparisons.
var comparisons = map[string]comparison{
	"lower": {true, false, false}, "lowerEqual": {true, true, false}, "greater": {false, false, true},
	"greaterEqual": {false, true, true}, "equal": {false, true, false}, "notEqual": {true, false, true},
}

// A comparison tells whether it holds for what is less, equal or greater.
type comparison struct{ less, equal, greater bool }

func (c comparison) ints(x, y int) bool {
	if x < y {
		return c.less
	}
	if x == y {
		return c.equal
	}
	return c.greater
}

// ordered compares two values of a type. Neither less, equal nor greater is what is not a number.
func ordered[T cmp.Ordered](c comparison, px, py *value) bool {
	x, y := *(*T)(px.ptr), *(*T)(py.ptr)
	switch {
	case x < y:
		return c.less
	case x == y:
		return c.equal
	case x > y:
		return c.greater
	}
	return c.less && c.greater
}

// compare returns the result of a comparison of x and y, and false if they are not of the same type or of none it knows.
func compare(c comparison, x, y *term, f *frame) (holds, ok bool) {
	v := x
	if x.list != nil {
		v = y
	}
	kind := v.at(f).flag & kindMask
	if v.list != nil || reflect.Kind(kind) >= reflect.UnsafePointer {
		return false, false
	}
	p, q := x.as(f, kind), y.as(f, kind)
	if p.flag&readMask != kind|indirect || q.flag&readMask != kind|indirect {
		return false, false
	}
	switch reflect.Kind(kind) {
	case reflect.Int:
		return ordered[int](c, p, q), true
	case reflect.Float64:
		return ordered[float64](c, p, q), true
	case reflect.Int8:
		return ordered[int8](c, p, q), true
	case reflect.Int16:
		return ordered[int16](c, p, q), true
	case reflect.Int32:
		return ordered[int32](c, p, q), true
	case reflect.Int64:
		return ordered[int64](c, p, q), true
	case reflect.Uint:
		return ordered[uint](c, p, q), true
	case reflect.Uint8:
		return ordered[uint8](c, p, q), true
	case reflect.Uint16:
		return ordered[uint16](c, p, q), true
	case reflect.Uint32:
		return ordered[uint32](c, p, q), true
	case reflect.Uint64:
		return ordered[uint64](c, p, q), true
	case reflect.Float32:
		return ordered[float32](c, p, q), true
	case reflect.String:
		return ordered[string](c, p, q), true
	}
	return false, false
}

// comparison replaces x < y and the like.
func (im *improver) comparison(n *node, name string) {
	dest, ok0 := n.operand()
	xo, ok1 := n.child[0].operand()
	yo, ok2 := n.child[1].operand()
	if !ok0 || !ok1 || !ok2 || dest.constant() {
		return
	}
	c, x, y := comparisons[name], newTerm(xo), newTerm(yo)
	orig, tnext, fnext := n.exec, after(n.tnext), after(n.fnext)
	if n.fnext == nil {
		fnext = tnext
	}
	n.exec = func(f *frame) step {
		d := dest.at(f)
		r, ok := compare(c, &x, &y, f)
		if !ok || d.flag != boolFlag {
			return orig(f)
		}
		*(*bool)(d.ptr) = r
		if r {
			return tnext
		}
		return fnext
	}
}

// not replaces !x.
func (im *improver) not(n *node, name string) {
	dest, ok0 := n.operand()
	x, ok1 := n.child[0].operand()
	if !ok0 || !ok1 || dest.constant() || x.constant() {
		return
	}
	orig, tnext, fnext := n.exec, after(n.tnext), after(n.fnext)
	if n.fnext == nil {
		fnext = tnext
	}
	n.exec = func(f *frame) step {
		x, d := x.at(f), dest.at(f)
		if d.flag != boolFlag || x.flag&readMask != boolRead {
			return orig(f)
		}
		r := !*(*bool)(x.ptr)
		*(*bool)(d.ptr) = r
		if r {
			return tnext
		}
		return fnext
	}
}

// branch replaces the test of a variable.
func (im *improver) branch(n *node, name string) {
	x, ok := n.operand()
	if !ok || x.constant() {
		return
	}
	orig, tnext, fnext := n.exec, after(n.tnext), after(n.fnext)
	n.exec = func(f *frame) step {
		x := x.at(f)
		if x.flag&readMask != boolRead {
			return orig(f)
		}
		if *(*bool)(x.ptr) {
			return tnext
		}
		return fnext
	}
}

// count replaces x++ and x--, and does the test of a loop's condition after it at once.
func (im *improver) count(n *node, name string) {
	if !im.variable(n.child[0]) {
		return
	}
	x, ok := n.child[0].operand()
	if !ok || x.constant() {
		return
	}
	by := 1
	if name == "dec" {
		by = -1
	}
	orig, next := n.exec, after(n.tnext)
	if exec := im.countTest(n, x, by, orig, next); exec != nil {
		n.exec = exec
		return
	}
	n.exec = func(f *frame) step {
		x := x.at(f)
		if x.flag != intFlag {
			return orig(f)
		}
		*(*int)(x.ptr) += by
		return next
	}
}

// countTest returns the step of a counter and the comparison after it, or nil.
func (im *improver) countTest(n *node, x operand, by int, orig, next step) step {
	test := n.tnext
	if test == nil || test.tnext == nil || test.fnext == nil || x.level != 0 || len(test.child) != 2 {
		return nil
	}
	c, ok := comparisons[im.names[test]]
	a, ok1 := test.child[0].operand()
	b, ok2 := test.child[1].operand()
	dest, ok3 := test.operand()
	if !ok || !ok1 || !ok2 || !ok3 || a.level != 0 || a.index != x.index || dest.level != 0 {
		return nil
	}
	b = asInt(b)
	xi, di := x.index, dest.index
	return func(f *frame) step {
		x := &f.data[xi]
		if x.flag != intFlag {
			return orig(f)
		}
		*(*int)(x.ptr) += by
		b, d := b.at(f), &f.data[di]
		if b.flag&readMask != intRead || d.flag != boolFlag {
			return next
		}
		r := c.ints(*(*int)(x.ptr), *(*int)(b.ptr))
		*(*bool)(d.ptr) = r
		if r {
			return test.tnext.exec
		}
		return test.fnext.exec
	}
}
