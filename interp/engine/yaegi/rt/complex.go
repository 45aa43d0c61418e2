package rt

import "reflect"

// complexSymbols adds what is done with complex numbers, for each of the two types: Complex makes one, To
// makes one of the other type.
func complexSymbols(m map[string]reflect.Value) {
	for name, f := range map[string]any{
		"Complex128": func(re, im float64) complex128 { return complex(re, im) },
		"Real128":    func(c complex128) float64 { return real(c) },
		"Imag128":    func(c complex128) float64 { return imag(c) },
		"Neg128":     func(c complex128) complex128 { return -c },
		"Add128":     func(a, b complex128) complex128 { return a + b },
		"Sub128":     func(a, b complex128) complex128 { return a - b },
		"Mul128":     func(a, b complex128) complex128 { return a * b },
		"Quo128":     func(a, b complex128) complex128 { return a / b },
		"Same128":    func(a, b complex128) bool { return a == b },
		"To128":      func(c complex64) complex128 { return complex128(c) },
		"Complex64":  func(re, im float32) complex64 { return complex(re, im) },
		"Real64":     func(c complex64) float32 { return real(c) },
		"Imag64":     func(c complex64) float32 { return imag(c) },
		"Neg64":      func(c complex64) complex64 { return -c },
		"Add64":      func(a, b complex64) complex64 { return a + b },
		"Sub64":      func(a, b complex64) complex64 { return a - b },
		"Mul64":      func(a, b complex64) complex64 { return a * b },
		"Quo64":      func(a, b complex64) complex64 { return a / b },
		"Same64":     func(a, b complex64) bool { return a == b },
		"To64":       func(c complex128) complex64 { return complex64(c) },
	} {
		m[name] = reflect.ValueOf(f)
	}
}
