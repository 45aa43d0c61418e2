package steps

import (
	"reflect"
	"unsafe"
)

// Call1To1 is f(a). If f is an interpreted function literal it is called without package reflect.
func Call1To1[A, R any](f func(A) R, a A) R {
	lit := interpreted(unsafe.Pointer(&f), 1, 1)
	if lit == nil {
		return f(a)
	}
	nf := lit.l.frame(lit.outer)
	give(&nf.data[1], a)
	lit.l.run(nf, lit.left)
	r := taken[R](&nf.data[0])
	lit.l.release(nf)
	return r
}

// Call2To1 is f(a, b). See [Call1To1].
func Call2To1[A, B, R any](f func(A, B) R, a A, b B) R {
	lit := interpreted(unsafe.Pointer(&f), 2, 1)
	if lit == nil {
		return f(a, b)
	}
	nf := lit.l.frame(lit.outer)
	give(&nf.data[1], a)
	give(&nf.data[2], b)
	lit.l.run(nf, lit.left)
	r := taken[R](&nf.data[0])
	lit.l.release(nf)
	return r
}

// interpreted returns the literal that a function calls, of so many parameters and results, or nil if it does not call one.
func interpreted(f unsafe.Pointer, params, results int) *literal {
	code := *(*unsafe.Pointer)(f)
	if code == nil {
		return nil
	}
	lit := literalOf(code)
	if lit == nil || lit.params != params || lit.results != results {
		return nil
	}
	return lit
}

// give gives a parameter its value.
func give[A any](param *value, a A) {
	if param.typ == wordOf[A]() {
		*(*A)(param.ptr) = a
		return
	}
	param.reflected().Set(reflect.ValueOf(&a).Elem())
}

// taken returns a result.
func taken[R any](result *value) R {
	if result.typ == wordOf[R]() {
		return *(*R)(result.ptr)
	}
	var r R
	reflect.ValueOf(&r).Elem().Set(*result.reflected())
	return r
}

// wordOf is typeOf for a type that is known, without allocating.
func wordOf[T any]() unsafe.Pointer {
	t := reflect.TypeFor[T]()
	return (*[2]unsafe.Pointer)(unsafe.Pointer(&t))[1]
}
