package yaegi_test

import (
	"reflect"
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp/engine/yaegi"
	"github.com/traefik/yaegi/interp"
)

// BenchmarkCell measures a cell from checked to run, in a warm session.
func BenchmarkCell(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"expression", "1 + 1"},
		{"variable", "x := 1"},
		{"print", "fmt.Sprintln(n, s)"},
		{"loop", "for i := range 10 { n += i }"},
		{"function", "func f(n int) int { if n < 2 { return n }; return f(n-1) + f(n-2) }"},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := newSession()
			if _, _, err := s.run("import \"fmt\"\nn, s := 1, \"a\"\n_ = fmt.Sprint(n)", &buffer{}); err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			for b.Loop() {
				b.StopTimer()
				s.cells++
				cell, errs := s.checker.Check(s.cells, task.CellFile(s.cells), c.text)
				if len(errs) > 0 {
					b.Fatal(errs[0])
				}
				b.StartTimer()
				p, err := s.engine.Prepare(cell, s.scope)
				if err != nil {
					b.Fatal(err)
				}
				p.Run()
			}
		})
	}
}

// BenchmarkNew measures a new engine.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		yaegi.New()
	}
}

// code is interpreted code: a declaration and a call.
var code = []struct {
	name, decl, call string
	n                int
}{
	{"fib25", "func f(n int) int { if n < 2 { return n }; return f(n-1) + f(n-2) }", "f(25)", 25},
	{"loop1M", "func f(n int) (s int) { for i := 0; i < n; i++ { s += i & 7 }; return }", "f(1000000)", 1000000},
	{"sieve100k", `func f(n int) (c int) {
			s := make([]bool, n)
			for i := 2; i < n; i++ { if !s[i] { c++; for j := i * i; j < n; j += i { s[j] = true } } }
			return }`, "f(100000)", 100000},
	{"matmul60", `func f(n int) float64 {
			m := func() [][]float64 { r := make([][]float64, n); for i := range r { r[i] = make([]float64, n); for j := range r[i] { r[i][j] = float64(i * j) } }; return r }
			a, b, c := m(), m(), m()
			for i := range n { for j := range n { t := 0.0; for k := range n { t += a[i][k] * b[k][j] }; c[i][j] = t } }
			return c[n-1][n-1] }`, "f(60)", 60},
	{"calls100k", "func f(n int) (s int) { g := func(x int) int { return x + 1 }; for range n { s = g(s) }; return }", "f(100000)", 0},
	{"channel10k", "func f(n int) (s int) { c := make(chan int, 10); go func() { for i := range n { c <- i }; close(c) }(); for v := range c { s += v }; return }", "f(10000)", 0},
	{"cellvar1M", "s := 0", "func() int { for i := 0; i < 1000000; i++ { s += i & 7 }; return s }()", 0},
}

// BenchmarkCode measures interpreted code.
func BenchmarkCode(b *testing.B) {
	for _, c := range code {
		b.Run(c.name, func(b *testing.B) {
			s := newSession()
			if _, _, err := s.run(c.decl, &buffer{}); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, _, err := s.run(c.call, &buffer{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkBare runs some of the code of BenchmarkCode on the interpreter alone.
func BenchmarkBare(b *testing.B) {
	for _, c := range code[:3] {
		b.Run(c.name, func(b *testing.B) {
			vm := interp.New(interp.Options{})
			if _, err := vm.Eval(c.decl); err != nil {
				b.Fatal(err)
			}
			f, err := vm.Eval("f")
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				f.Call([]reflect.Value{reflect.ValueOf(c.n)})
			}
		})
	}
}
