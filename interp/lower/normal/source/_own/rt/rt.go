// Package rt declares what compiled helpers the text beside it may call. Their arguments are not converted:
// the helper gets the interpreter's own value.
package rt

// Overlaps reports whether two slices share memory.
func Overlaps(a, b any) bool

// An AtomicPointer is the inside of an atomic.Pointer. Results are stored through pointers.
type AtomicPointer struct{}

func (*AtomicPointer) Load(to any)
func (*AtomicPointer) Store(val any)
func (*AtomicPointer) Swap(val, to any)
func (*AtomicPointer) CompareAndSwap(old, val any) bool
