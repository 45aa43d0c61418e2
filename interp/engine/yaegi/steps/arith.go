package steps

// An op is an operation on two numbers.
type op uint8

const (
	opAdd op = iota
	opSub
	opMul
	opAnd
	opOr
	opXor
	opRem
	opQuo
)

// arithmetics are the generators of the interpreter whose steps are replaced for int and float64.
var arithmetics = map[string]op{
	"add": opAdd, "sub": opSub, "mul": opMul, "and": opAnd, "or": opOr, "xor": opXor, "rem": opRem, "quo": opQuo,
}

// ints returns the result of o, and false if it has none.
func (o op) ints(x, y int) (int, bool) {
	switch o {
	case opAdd:
		return x + y, true
	case opSub:
		return x - y, true
	case opMul:
		return x * y, true
	case opAnd:
		return x & y, true
	case opOr:
		return x | y, true
	case opXor:
		return x ^ y, true
	case opRem:
		if y != 0 {
			return x % y, true
		}
	case opQuo:
		if y != 0 {
			return x / y, true
		}
	}
	return 0, false
}

// floats returns the result of o, and false if it has none here.
func (o op) floats(x, y float64) (float64, bool) {
	switch o {
	case opAdd:
		return x + y, true
	case opSub:
		return x - y, true
	case opMul:
		return x * y, true
	}
	return 0, false
}

// calculate stores x o y in d, if they are of the same type and it can.
func calculate(o op, d, xi, yi, xf, yf *value) bool {
	switch d.flag {
	case intFlag:
		if xi.flag&readMask == intRead && yi.flag&readMask == intRead {
			r, ok := o.ints(*(*int)(xi.ptr), *(*int)(yi.ptr))
			if ok {
				*(*int)(d.ptr) = r
			}
			return ok
		}
	case floatFlag:
		if xf.flag&readMask == floatRead && yf.flag&readMask == floatRead {
			r, ok := o.floats(*(*float64)(xf.ptr), *(*float64)(yf.ptr))
			if ok {
				*(*float64)(d.ptr) = r
			}
			return ok
		}
	}
	return false
}

// arithmetic replaces x + y and the like.
func (im *improver) arithmetic(n *node, name string) {
	dest, ok0 := n.operand()
	x, ok1 := n.child[0].operand()
	y, ok2 := n.child[1].operand()
	if !ok0 || !ok1 || !ok2 || dest.constant() {
		return
	}
	o := arithmetics[name]
	orig, next := n.exec, after(n.tnext)
	if x.level == 0 && dest.level == 0 && (y.level == 0 || y.constant()) {
		n.exec = nearArithmetic(o, dest, x, y, orig, next)
		return
	}
	xi, yi, xf, yf := as[int](x), as[int](y), as[float64](x), as[float64](y)
	n.exec = func(f *frame) step {
		if calculate(o, dest.at(f), xi.at(f), yi.at(f), xf.at(f), yf.at(f)) {
			return next
		}
		return orig(f)
	}
}

// nearArithmetic is arithmetic for variables of the function and constants on the right.
func nearArithmetic(o op, dest, x, y operand, orig, next step) step {
	di, xi, yi := dest.index, x.index, y.index
	if !y.constant() {
		return func(f *frame) step {
			x, y := &f.data[xi], &f.data[yi]
			if calculate(o, &f.data[di], x, y, x, y) {
				return next
			}
			return orig(f)
		}
	}
	yInt, yFloat := as[int](y), as[float64](y)
	ki, kf := valueOf(&yInt.konst), valueOf(&yFloat.konst)
	return func(f *frame) step {
		x := &f.data[xi]
		if calculate(o, &f.data[di], x, ki, x, kf) {
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
	x, ok1 := n.child[0].operand()
	y, ok2 := n.child[1].operand()
	if !ok1 || !ok2 || x.constant() {
		return
	}
	o := arithmetics[name[:len(name)-len("Assign")]]
	orig, next := n.exec, after(n.tnext)
	yi, yf := as[int](y), as[float64](y)
	n.exec = func(f *frame) step {
		x := x.at(f)
		if calculate(o, x, x, yi.at(f), x, yf.at(f)) {
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

// comparison replaces x < y and the like.
func (im *improver) comparison(n *node, name string) {
	dest, ok0 := n.operand()
	x, ok1 := n.child[0].operand()
	y, ok2 := n.child[1].operand()
	if !ok0 || !ok1 || !ok2 || dest.constant() {
		return
	}
	c := comparisons[name]
	orig, tnext, fnext := n.exec, after(n.tnext), after(n.fnext)
	if n.fnext == nil {
		fnext = tnext
	}
	x, y = as[int](x), as[int](y)
	if x.level == 0 && dest.level == 0 && y.constant() {
		k := valueOf(&y.konst)
		if k.flag != intFlag {
			return
		}
		y, xi, di := *(*int)(k.ptr), x.index, dest.index
		n.exec = func(f *frame) step {
			x, d := &f.data[xi], &f.data[di]
			if d.flag != boolFlag || x.flag&readMask != intRead {
				return orig(f)
			}
			r := c.ints(*(*int)(x.ptr), y)
			*(*bool)(d.ptr) = r
			if r {
				return tnext
			}
			return fnext
		}
		return
	}
	n.exec = func(f *frame) step {
		x, y, d := x.at(f), y.at(f), dest.at(f)
		if d.flag != boolFlag || x.flag&readMask != intRead || y.flag&readMask != intRead {
			return orig(f)
		}
		r := c.ints(*(*int)(x.ptr), *(*int)(y.ptr))
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
	b = as[int](b)
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
