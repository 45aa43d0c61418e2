package task

import "sync/atomic"

// Defers is how an engine that interprets takes part in the panics of compiled cells. None of its functions blocks, and all are called from
// any goroutine.
type Defers struct {
	// Recovered returns what Go would have panicked with, if v comes from interpreted code.
	Recovered func(v any) any
	// Claim returns recover of the function that has just been entered, if interpreted code calls it as a deferred one while it panics.
	Claim func() (recovered func() any)
	// Withdraw says that another function has been entered.
	Withdraw func()
	// Interpreted reports whether f is a function of interpreted code.
	Interpreted func(f any) bool
	// Offer calls f as a deferred function while a panic with v is under way, and reports whether it has recovered.
	Offer func(v any, f func()) bool
}

var defers atomic.Pointer[Defers]

// SetDefers has compiled cells ask d. It does not block.
func SetDefers(d *Defers) { defers.Store(d) }

// Recovered returns what recover() is to a compiled cell, whose calls of recover are Recovered(recover()): v, or what Go would have
// panicked with if v comes from interpreted code. It may be called from any goroutine and does not block.
func Recovered(v any) any {
	if d := defers.Load(); d != nil && v != nil {
		return d.Recovered(v)
	}
	return v
}

// Claim is what a function of a compiled cell that calls recover asks first: it returns nil, or else what recovers the panic of the
// interpreted function that has deferred it. It does not block.
func Claim() (recovered func() any) {
	if Stop.Load() == 0 {
		return nil // no offer is made without
	}
	if d := defers.Load(); d != nil {
		return d.Claim()
	}
	return nil
}

// RecoveredBy is Recovered in a function that has claimed the panic.
func RecoveredBy(v any, claimed func() any) any {
	if v == nil && claimed != nil {
		return claimed()
	}
	return Recovered(v)
}

// Interpreted reports whether f, a function, is of interpreted code. It takes some 100 ns and does not block.
func Interpreted(f any) bool {
	d := defers.Load()
	return d != nil && d.Interpreted(f)
}

// Offer is to be deferred: it calls f, which calls a function of interpreted code that the defer statement of a compiled cell has
// named. If the panic under way is not recovered there, it goes on. It blocks as f does.
func Offer(f func()) {
	v := recover()
	if v == nil {
		f()
		return
	}
	if d := defers.Load(); d == nil || !d.Offer(v, f) {
		panic(v)
	}
}
