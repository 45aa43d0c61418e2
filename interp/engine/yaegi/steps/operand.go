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

// as makes a constant operand one of the type of x, if it is representable.
func as[T int | float64](o operand) operand {
	if !o.constant() {
		return o
	}
	var x T
	v := o.konst
	kind := reflect.TypeFor[T]().Kind()
	if c, ok := v.Interface().(constant.Value); ok {
		switch kind {
		case reflect.Int:
			i, exact := constant.Int64Val(constant.ToInt(c))
			if !exact {
				return o
			}
			x = T(i)
		default:
			if c = constant.ToFloat(c); c.Kind() != constant.Float && c.Kind() != constant.Int {
				return o
			}
			f, _ := constant.Float64Val(c)
			x = T(f)
		}
	} else {
		switch {
		case v.Kind() == kind && kind == reflect.Int:
			x = T(v.Int())
		case v.Kind() == kind && kind == reflect.Float64:
			x = T(v.Float())
		default:
			return o
		}
	}
	o.konst = reflect.ValueOf(&x).Elem()
	return o
}

// Flags of what can be assigned to, and what can be read.
const (
	intFlag   = settable | uintptr(reflect.Int)
	floatFlag = settable | uintptr(reflect.Float64)
	boolFlag  = settable | uintptr(reflect.Bool)
	readMask  = indirect | kindMask
	intRead   = indirect | uintptr(reflect.Int)
	floatRead = indirect | uintptr(reflect.Float64)
	boolRead  = indirect | uintptr(reflect.Bool)
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
		if dst.typ != anyType {
			return false
		}
		*(*any)(dst.ptr) = *(*any)(src.ptr)
	default:
		return false
	}
	return true
}

var anyType = typeOf(reflect.TypeFor[any]())
