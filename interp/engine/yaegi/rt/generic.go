package rt

import (
	"reflect"
	"sync/atomic"
	"unsafe"
)

// Overlaps reports whether two slices share memory.
func Overlaps(a, b any) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	size := x.Type().Elem().Size()
	if x.Len() == 0 || y.Len() == 0 || size == 0 {
		return false
	}
	return x.Pointer() <= y.Pointer()+uintptr(y.Len())*size-1 && y.Pointer() <= x.Pointer()+uintptr(x.Len())*size-1
}

// An AtomicPointer is the inside of an atomic.Pointer of any type.
type AtomicPointer struct{ p unsafe.Pointer }

// Load stores the pointer in what to points to.
func (x *AtomicPointer) Load(to any) { set(to, atomic.LoadPointer(&x.p)) }

// Store sets the pointer to val.
func (x *AtomicPointer) Store(val any) {
	atomic.StorePointer(&x.p, reflect.ValueOf(val).UnsafePointer())
}

// Swap sets the pointer to val, and stores the old one in what to points to.
func (x *AtomicPointer) Swap(val, to any) {
	set(to, atomic.SwapPointer(&x.p, reflect.ValueOf(val).UnsafePointer()))
}

// CompareAndSwap sets the pointer to val if it is old.
func (x *AtomicPointer) CompareAndSwap(old, val any) bool {
	return atomic.CompareAndSwapPointer(&x.p, reflect.ValueOf(old).UnsafePointer(), reflect.ValueOf(val).UnsafePointer())
}

// set stores p in the pointer variable that to points to.
func set(to any, p unsafe.Pointer) {
	v := reflect.ValueOf(to).Elem()
	v.Set(reflect.NewAt(v.Type().Elem(), p).Convert(v.Type()))
}
