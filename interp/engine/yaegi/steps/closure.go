package steps

import (
	"fmt"
	"go/token"
	"reflect"
	"sync/atomic"
	"unsafe"
)

// A literal is an interpreted function literal with the variables it has captured. Compiled code calls it as a function that
// package reflect has made; the steps of interpreted code find the literal in that function and call it themselves.
type literal struct {
	l       *layout // with the results in the block
	results int
	params  int
	outer   *frame
	left    func(string, token.Pos)
}

// call is what compiled code calls.
func (lit *literal) call(in []reflect.Value) []reflect.Value {
	nf := lit.l.frame(lit.outer)
	for i := range in {
		nf.data[lit.results+i].reflected().Set(in[i])
	}
	lit.l.run(nf, lit.left)
	out := make([]reflect.Value, lit.results)
	for i := range out {
		out[i] = *nf.data[i].reflected()
	}
	lit.l.release(nf)
	return out
}

// How a function that package reflect has made begins, and where in it is the function it was made of.
var made struct {
	code   unsafe.Pointer // of all that are made
	at     int            // the word
	method unsafe.Pointer // the code of literal.call with its receiver
}

// checkMade finds out how made functions lie in memory.
func checkMade() error {
	lit := &literal{}
	call := lit.call
	bound := *(**[2]unsafe.Pointer)(unsafe.Pointer(&call))
	v, w := reflect.MakeFunc(reflect.TypeFor[func(int) int](), call), reflect.MakeFunc(reflect.TypeFor[func(string)](), call)
	a, b := (*madeFunc)(valueOf(&v).ptr), (*madeFunc)(valueOf(&w).ptr)
	if bound[1] != unsafe.Pointer(lit) || a[0] != b[0] {
		return fmt.Errorf("steps: functions are not made as expected")
	}
	for i := 1; i < len(a); i++ {
		if a[i] == unsafe.Pointer(bound) && b[i] == unsafe.Pointer(bound) {
			made.code, made.at, made.method = a[0], i, bound[0]
			return nil
		}
	}
	return fmt.Errorf("steps: a function that package reflect has made does not lead to what it was made of")
}

// A madeFunc is the memory of a function that package reflect has made.
type madeFunc [6]unsafe.Pointer

// literalOf returns the literal that a function calls, or nil if it does not call one.
func literalOf(f unsafe.Pointer) *literal {
	if *(*unsafe.Pointer)(f) != made.code {
		return nil
	}
	fn := (*madeFunc)(f)[made.at]
	if *(*unsafe.Pointer)(fn) != made.method {
		return nil
	}
	return (*literal)((*[2]unsafe.Pointer)(fn)[1])
}

// funcLit replaces the making of a function.
func (im *improver) funcLit(n *node, _ string) {
	if n.typ == nil || n.level != 0 || len(n.child) != 4 {
		return
	}
	params, results := len(n.typ.arg), len(n.typ.ret)
	ls, left := &layouts{def: n}, im.hooks.Left
	orig, next, i := n.exec, after(n.tnext), n.findex
	last := n.anc.kind == kinds["returnStmt"] // then nothing else happens in the frame
	var typ atomic.Pointer[reflect.Type]
	n.exec = func(f *frame) step {
		l := ls.get()
		if l == nil || len(l.slots) < params+results {
			return orig(f)
		}
		if params+results > 0 && typ.Load() == nil {
			orig(f)
			t := f.data[i].reflected().Type()
			typ.Store(&t)
		}
		outer := f
		if !last {
			outer = f.clone()
		}
		var v reflect.Value
		if params+results == 0 {
			v = reflect.ValueOf(func() {
				nf := l.frame(outer)
				l.run(nf, left)
				l.release(nf)
			})
		} else {
			lit := &literal{l, results, params, outer, left}
			v = reflect.MakeFunc(*typ.Load(), lit.call)
		}
		f.data[i] = *valueOf(&v)
		return next
	}
}

// clone returns a copy of a frame.
func (f *frame) clone() *frame {
	f.mutex.RLock()
	defer f.mutex.RUnlock()
	nf := &frame{anc: f.anc, root: f.root, deferred: f.deferred, recovered: f.recovered, id: f.id, done: f.done, debug: f.debug}
	nf.data = append([]value(nil), f.data...)
	return nf
}

var plainFunc = typeOf(reflect.TypeFor[func()]())

// callValue replaces the call of a function value.
func (im *improver) callValue(n *node, args []operand, blank []bool) {
	fun, ok := n.child[0].operand()
	if !ok || fun.constant() {
		return
	}
	orig, tnext, fnext, at := n.exec, after(n.tnext), after(n.fnext), n.findex
	branches, results := n.fnext != nil, len(blank)
	n.exec = func(f *frame) step {
		v := fun.at(f)
		code := v.ptr
		if reflect.Kind(v.flag&kindMask) != reflect.Func || v.flag&^(kindMask|settable) != 0 {
			return orig(f)
		}
		if v.flag&indirect != 0 {
			code = *(*unsafe.Pointer)(code)
		}
		if code == nil {
			return orig(f)
		}
		if v.typ == plainFunc && len(args) == 0 && results == 0 {
			(*(*func())(unsafe.Pointer(&code)))()
			return tnext
		}
		lit := literalOf(code)
		if lit == nil || lit.params != len(args) || lit.results != results {
			return orig(f)
		}
		for i := range results {
			if !blank[i] && (f.data[at+i].typ != lit.l.slots[i].typ || f.data[at+i].flag&^kindMask != settable) {
				return orig(f)
			}
		}
		nf := lit.l.frame(lit.outer)
		for i := range args {
			if !pass(&nf.data[results+i], args[i].at(f)) {
				return orig(f)
			}
		}
		lit.l.run(nf, lit.left)
		for i := range results {
			if !blank[i] {
				pass(&f.data[at+i], &nf.data[i])
			}
		}
		holds := !branches || *(*bool)(nf.data[0].ptr)
		lit.l.release(nf)
		if holds {
			return tnext
		}
		return fnext
	}
}
