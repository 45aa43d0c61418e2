package steps

import (
	"reflect"
	"unsafe"
)

// A Direct makes the step of a call of a compiled function, or nil if the step has to stay as it is.
type Direct func(c *caller) step

// A caller is a call of a compiled function.
type caller struct {
	node *node
	args []*node
	orig step
	next step
}

// callBin replaces the calls of the functions that the hooks list.
func (im *improver) callBin(n *node, _ string) {
	fun := n.child[0]
	if n.fnext != nil || len(fun.child) != 2 || fun.child[0].ident != "rt" {
		return
	}
	direct := im.hooks.Direct[fun.child[1].ident]
	if direct == nil {
		return
	}
	switch n.anc.kind {
	case kinds["deferStmt"], kinds["goStmt"], kinds["returnStmt"]:
		return
	}
	for _, c := range n.child[1:] {
		if c.kind == kinds["callExpr"] && c.action != conversion { // it may have several results
			return
		}
	}
	if exec := direct(&caller{n, n.child[1:], n.exec, after(n.tnext)}); exec != nil {
		n.exec = exec
	}
}

// An arg is an argument of type A.
type arg[A any] struct {
	from  operand
	typ   unsafe.Pointer // of A
	other unsafe.Pointer // of a channel of both directions, if A is one of one direction
	any   bool           // A is interface{}
	konst A
}

// argument returns the argument number i.
func argument[A any](c *caller, i int) (*arg[A], bool) {
	if i >= len(c.args) {
		return nil, false
	}
	from, ok := c.args[i].operand()
	if !ok {
		return nil, false
	}
	t := reflect.TypeFor[A]()
	a := &arg[A]{from: from, typ: typeOf(t)}
	a.other, a.any = a.typ, a.typ == anyType
	if t.Kind() == reflect.Chan {
		a.other = typeOf(reflect.ChanOf(reflect.BothDir, t.Elem()))
	}
	if from.constant() {
		v := from.konst
		if v.Type() != t {
			return nil, false
		}
		a.konst = v.Interface().(A)
	}
	return a, true
}

// get returns the value of the argument, and false if it is not plainly there.
func (a *arg[A]) get(f *frame) (x A, ok bool) {
	if a.from.level == constantLevel {
		return a.konst, true
	}
	v := a.from.at(f)
	if v.typ != a.typ && v.typ != a.other {
		if !a.any {
			return x, false
		}
		y, ok := boxed(v)
		return *(*A)(unsafe.Pointer(&y)), ok
	}
	if v.flag&indirect != 0 {
		return *(*A)(v.ptr), true
	}
	return *(*A)(unsafe.Pointer(&v.ptr)), true
}

// boxed returns a value in an interface, if the interpreter would do no more.
func boxed(v *value) (any, bool) {
	switch reflect.Kind(v.flag & kindMask) {
	case reflect.Invalid, reflect.Func, reflect.Interface, reflect.Struct:
		return nil, false
	}
	if v.typ == nodeType {
		return nil, false
	}
	return v.reflected().Interface(), true
}

// A result is where a result of type R goes.
type result[R any] struct {
	to     operand
	typ    unsafe.Pointer
	define bool // it is a new variable
	blank  bool
}

// resultOf returns result number i of the n results of a call.
func resultOf[R any](c *caller, i, n int) (*result[R], bool) {
	r := &result[R]{typ: typeOf(reflect.TypeFor[R]())}
	anc := c.node.anc
	if anc.kind != kinds["defineXStmt"] && anc.kind != kinds["assignXStmt"] {
		r.to = operand{level: c.node.level, index: c.node.findex + i}
		return r, r.to.level == 0 && c.node.findex >= 0
	}
	if len(anc.child) != n+1 {
		return nil, false
	}
	to := anc.child[i]
	if to.ident == "_" {
		r.blank = true
		return r, true
	}
	r.define = anc.kind == kinds["defineXStmt"] && !to.redeclared
	if r.define {
		r.to = operand{level: to.level, index: to.findex}
		return r, to.level == 0
	}
	var ok bool
	r.to, ok = to.operand()
	return r, ok && !r.to.constant() && to.kind == kinds["identExpr"]
}

// ready reports whether set may be called.
func (r *result[R]) ready(f *frame) bool {
	if r.blank {
		return true
	}
	d := r.to.at(f)
	return d.typ == r.typ && d.flag&^kindMask == settable
}

func (r *result[R]) set(f *frame, x R) {
	if r.blank {
		return
	}
	d := r.to.at(f)
	if r.define {
		p := new(R)
		*p = x
		d.ptr = unsafe.Pointer(p)
		return
	}
	*(*R)(d.ptr) = x
}

// Func0To1 makes f a function that is called directly.
func Func0To1[R any](f func() R) Direct {
	return func(c *caller) step {
		r, ok := resultOf[R](c, 0, 1)
		if !ok {
			return nil
		}
		orig, next := c.orig, c.next
		return func(fr *frame) step {
			if !r.ready(fr) {
				return orig(fr)
			}
			r.set(fr, f())
			return next
		}
	}
}

// Func1 makes f a function that is called directly.
func Func1[A any](f func(A)) Direct {
	return func(c *caller) step {
		a, ok := argument[A](c, 0)
		if !ok {
			return nil
		}
		orig, next := c.orig, c.next
		return func(fr *frame) step {
			x, ok := a.get(fr)
			if !ok {
				return orig(fr)
			}
			f(x)
			return next
		}
	}
}

// Func1To1 makes f a function that is called directly.
func Func1To1[A, R any](f func(A) R) Direct {
	return func(c *caller) step {
		a, ok0 := argument[A](c, 0)
		r, ok1 := resultOf[R](c, 0, 1)
		if !ok0 || !ok1 {
			return nil
		}
		orig, next := c.orig, c.next
		return func(fr *frame) step {
			x, ok := a.get(fr)
			if !ok || !r.ready(fr) {
				return orig(fr)
			}
			r.set(fr, f(x))
			return next
		}
	}
}

// Func2 makes f a function that is called directly.
func Func2[A, B any](f func(A, B)) Direct {
	return func(c *caller) step {
		a, ok0 := argument[A](c, 0)
		b, ok1 := argument[B](c, 1)
		if !ok0 || !ok1 {
			return nil
		}
		orig, next := c.orig, c.next
		return func(fr *frame) step {
			x, ok0 := a.get(fr)
			y, ok1 := b.get(fr)
			if !ok0 || !ok1 {
				return orig(fr)
			}
			f(x, y)
			return next
		}
	}
}

// Func2To1 makes f a function that is called directly.
func Func2To1[A, B, R any](f func(A, B) R) Direct {
	return func(c *caller) step {
		a, ok0 := argument[A](c, 0)
		b, ok1 := argument[B](c, 1)
		r, ok2 := resultOf[R](c, 0, 1)
		if !ok0 || !ok1 || !ok2 {
			return nil
		}
		orig, next := c.orig, c.next
		return func(fr *frame) step {
			x, ok0 := a.get(fr)
			y, ok1 := b.get(fr)
			if !ok0 || !ok1 || !r.ready(fr) {
				return orig(fr)
			}
			r.set(fr, f(x, y))
			return next
		}
	}
}

// Func2To2 makes f a function that is called directly.
func Func2To2[A, B, R, S any](f func(A, B) (R, S)) Direct {
	return func(c *caller) step {
		a, ok0 := argument[A](c, 0)
		b, ok1 := argument[B](c, 1)
		r, ok2 := resultOf[R](c, 0, 2)
		s, ok3 := resultOf[S](c, 1, 2)
		if !ok0 || !ok1 || !ok2 || !ok3 {
			return nil
		}
		orig, next := c.orig, c.next
		return func(fr *frame) step {
			x, ok0 := a.get(fr)
			y, ok1 := b.get(fr)
			if !ok0 || !ok1 || !r.ready(fr) || !s.ready(fr) {
				return orig(fr)
			}
			p, q := f(x, y)
			r.set(fr, p)
			s.set(fr, q)
			return next
		}
	}
}

// Func3 makes f a function that is called directly.
func Func3[A, B, C any](f func(A, B, C)) Direct {
	return func(c *caller) step {
		a, ok0 := argument[A](c, 0)
		b, ok1 := argument[B](c, 1)
		d, ok2 := argument[C](c, 2)
		if !ok0 || !ok1 || !ok2 {
			return nil
		}
		orig, next := c.orig, c.next
		return func(fr *frame) step {
			x, ok0 := a.get(fr)
			y, ok1 := b.get(fr)
			z, ok2 := d.get(fr)
			if !ok0 || !ok1 || !ok2 {
				return orig(fr)
			}
			f(x, y, z)
			return next
		}
	}
}

// Func3To1 makes f a function that is called directly.
func Func3To1[A, B, C, R any](f func(A, B, C) R) Direct {
	return func(c *caller) step {
		a, ok0 := argument[A](c, 0)
		b, ok1 := argument[B](c, 1)
		d, ok2 := argument[C](c, 2)
		r, ok3 := resultOf[R](c, 0, 1)
		if !ok0 || !ok1 || !ok2 || !ok3 {
			return nil
		}
		orig, next := c.orig, c.next
		return func(fr *frame) step {
			x, ok0 := a.get(fr)
			y, ok1 := b.get(fr)
			z, ok2 := d.get(fr)
			if !ok0 || !ok1 || !ok2 || !r.ready(fr) {
				return orig(fr)
			}
			r.set(fr, f(x, y, z))
			return next
		}
	}
}

// FuncListTo1 makes f a function that is called directly.
func FuncListTo1[A, B, R any](f func(A, B, ...any) R) Direct {
	return func(c *caller) step {
		a, ok0 := argument[A](c, 0)
		b, ok1 := argument[B](c, 1)
		r, ok2 := resultOf[R](c, 0, 1)
		if !ok0 || !ok1 || !ok2 || c.node.action == sliceCall {
			return nil
		}
		list := make([]*arg[any], len(c.args)-2)
		for i := range list {
			var ok bool
			if list[i], ok = argument[any](c, i+2); !ok {
				return nil
			}
		}
		orig, next := c.orig, c.next
		return func(fr *frame) step {
			x, ok0 := a.get(fr)
			y, ok1 := b.get(fr)
			if !ok0 || !ok1 || !r.ready(fr) {
				return orig(fr)
			}
			values := make([]any, len(list))
			for i, l := range list {
				var ok bool
				if values[i], ok = l.get(fr); !ok {
					return orig(fr)
				}
			}
			r.set(fr, f(x, y, values...))
			return next
		}
	}
}

// Either makes the step of the first that can.
func Either(list ...Direct) Direct {
	return func(c *caller) step {
		for _, d := range list {
			if s := d(c); s != nil {
				return s
			}
		}
		return nil
	}
}
