package steps

import (
	"go/constant"
	"reflect"
	"unsafe"
)

// An operand is where the value of a node is: in the frame of the function, in that of the factory around it, or nowhere,
// because it is constant.
type operand struct {
	level int // 0, 1 or constantLevel
	index int
	konst reflect.Value
}

const constantLevel = 2

// operand returns where the value of n is, as the interpreter's genValue finds it. It reports false if that is
// somewhere else.
func (n *node) operand() (operand, bool) {
	o := operand{level: n.level, index: n.findex}
	switch {
	case n.kind == kinds["basicLit"], n.kind != kinds["funcDecl"] && n.rval.IsValid():
		if !n.rval.IsValid() {
			return o, false
		}
		o.level, o.konst = constantLevel, n.rval
		return o, true
	case n.kind == kinds["funcDecl"]:
		return o, false
	case n.sym != nil:
		if n.sym.index < 0 && n != n.sym.node {
			if n.sym.node == nil {
				return o, false
			}
			return n.sym.node.operand()
		}
		if n.sym.global {
			return o, false
		}
		o.index = n.sym.index
	}
	return o, o.index >= 0 && (o.level == 0 || o.level == 1)
}

// at returns the value of an operand in a frame.
func (o *operand) at(f *frame) *value {
	if o.level == 0 {
		return &f.data[o.index]
	}
	return o.far(f)
}

func (o *operand) far(f *frame) *value {
	if o.level == 1 {
		return &f.anc.data[o.index]
	}
	return valueOf(&o.konst)
}

// constant reports whether the operand is constant.
func (o *operand) constant() bool { return o.level == constantLevel }

// constants are a constant operand as each type that it is representable in, by kind.
type constants [kindMask + 1]value

// constants returns what a constant operand is in the types of numbers, bools and strings, or nil if it is not constant.
func (o *operand) constants() *constants {
	if !o.constant() {
		return nil
	}
	list := &constants{}
	v := o.konst
	c, untyped := v.Interface().(constant.Value)
	if !untyped {
		if v.Kind() >= reflect.UnsafePointer {
			return list
		}
		w := reflect.New(v.Type()).Elem()
		w.Set(v)
		list[v.Kind()] = *valueOf(&w)
		return list
	}
	for _, t := range basics {
		w := reflect.New(t).Elem()
		if represent(w, c) {
			list[t.Kind()] = *valueOf(&w)
		}
	}
	return list
}

// basics are the types that constants are prepared for.
var basics = []reflect.Type{
	reflect.TypeFor[int](), reflect.TypeFor[int8](), reflect.TypeFor[int16](), reflect.TypeFor[int32](), reflect.TypeFor[int64](),
	reflect.TypeFor[uint](), reflect.TypeFor[uint8](), reflect.TypeFor[uint16](), reflect.TypeFor[uint32](), reflect.TypeFor[uint64](),
	reflect.TypeFor[float32](), reflect.TypeFor[float64](), reflect.TypeFor[string](),
}

// represent sets v to a constant, and reports whether its type can have it.
func represent(v reflect.Value, c constant.Value) bool {
	switch {
	case v.CanInt():
		i, exact := constant.Int64Val(constant.ToInt(c))
		if !exact || v.OverflowInt(i) {
			return false
		}
		v.SetInt(i)
	case v.CanUint():
		u, exact := constant.Uint64Val(constant.ToInt(c))
		if !exact || v.OverflowUint(u) {
			return false
		}
		v.SetUint(u)
	case v.CanFloat():
		if c = constant.ToFloat(c); c.Kind() != constant.Float && c.Kind() != constant.Int {
			return false
		}
		f, _ := constant.Float64Val(c)
		if v.Kind() == reflect.Float32 {
			g, _ := constant.Float32Val(c)
			f = float64(g)
		}
		v.SetFloat(f)
	default:
		if c.Kind() != constant.String {
			return false
		}
		v.SetString(constant.StringVal(c))
	}
	return true
}

// A term is an operand of an operation whose type is only known when it is executed.
type term struct {
	operand
	list *constants
}

func newTerm(o operand) term { return term{o, o.constants()} }

// as returns the term's value as one of a kind.
func (t *term) as(f *frame, kind uintptr) *value {
	if t.level == 0 {
		return &f.data[t.index]
	}
	if t.list != nil {
		return &t.list[kind]
	}
	return t.far(f)
}

// as makes a constant operand an int, if it is representable.
func asInt(o operand) operand {
	if list := o.constants(); list != nil {
		if v := list[reflect.Int]; v.flag != 0 {
			o.konst = *v.reflected()
		}
	}
	return o
}

// Flags of what can be assigned to, and what can be read.
const (
	intFlag  = settable | uintptr(reflect.Int)
	boolFlag = settable | uintptr(reflect.Bool)
	readMask = indirect | kindMask
	intRead  = indirect | uintptr(reflect.Int)
	boolRead = indirect | uintptr(reflect.Bool)
)

// move assigns src to dst if they are of one type that needs no care, and reports whether it has.
func move(dst, src *value) bool {
	if dst.typ != src.typ || dst.flag&^kindMask != settable {
		return false
	}
	kind := reflect.Kind(dst.flag & kindMask)
	if reflect.Kind(src.flag&kindMask) != kind {
		return false
	}
	if src.flag&indirect == 0 {
		switch kind {
		case reflect.Pointer, reflect.Map, reflect.Chan:
			*(*unsafe.Pointer)(dst.ptr) = src.ptr
			return true
		}
		return false
	}
	switch kind {
	case reflect.Int, reflect.Int64, reflect.Uint, reflect.Uint64, reflect.Float64:
		*(*uint64)(dst.ptr) = *(*uint64)(src.ptr)
	case reflect.Bool, reflect.Int8, reflect.Uint8:
		*(*uint8)(dst.ptr) = *(*uint8)(src.ptr)
	case reflect.Int32, reflect.Uint32, reflect.Float32:
		*(*uint32)(dst.ptr) = *(*uint32)(src.ptr)
	case reflect.Int16, reflect.Uint16:
		*(*uint16)(dst.ptr) = *(*uint16)(src.ptr)
	case reflect.String:
		*(*string)(dst.ptr) = *(*string)(src.ptr)
	case reflect.Slice:
		*(*[]byte)(dst.ptr) = *(*[]byte)(src.ptr)
	case reflect.Pointer, reflect.Map, reflect.Chan:
		*(*unsafe.Pointer)(dst.ptr) = *(*unsafe.Pointer)(src.ptr)
	case reflect.Interface:
		*(*[2]unsafe.Pointer)(dst.ptr) = *(*[2]unsafe.Pointer)(src.ptr) // whatever its methods
	default:
		return false
	}
	return true
}

var anyType = typeOf(reflect.TypeFor[any]())
