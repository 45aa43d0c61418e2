package task

import "sync/atomic"

// recovered is what SetRecovered was given.
var recovered atomic.Pointer[func(any) any]

// SetRecovered has [Recovered] ask f, which may be called from any goroutine, while it panics or when it has just recovered. It is for
// an engine that interprets, in which other values may panic than Go would panic with. It does not block.
func SetRecovered(f func(v any) any) { recovered.Store(&f) }

// Recovered returns what recover() is to a compiled cell, whose calls of recover are Recovered(recover()): v, or what Go would have
// panicked with if v comes from interpreted code. It may be called from any goroutine and does not block.
func Recovered(v any) any {
	if f := recovered.Load(); f != nil && v != nil {
		return (*f)(v)
	}
	return v
}
