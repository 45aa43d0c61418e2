package atomic

import "rt"

// A Pointer is an atomic pointer of type *T.
type Pointer[T any] struct {
	p rt.AtomicPointer
}

// Load atomically loads and returns the value stored in x.
func (x *Pointer[T]) Load() *T {
	p := new(*T)
	x.p.Load(p)
	return *p
}

// Store atomically stores val into x.
func (x *Pointer[T]) Store(val *T) { x.p.Store(val) }

// Swap atomically stores new into x and returns the previous value.
func (x *Pointer[T]) Swap(val *T) (old *T) {
	p := new(*T)
	x.p.Swap(val, p)
	return *p
}

// CompareAndSwap executes the compare-and-swap operation for x.
func (x *Pointer[T]) CompareAndSwap(old, val *T) (swapped bool) {
	return x.p.CompareAndSwap(old, val)
}
