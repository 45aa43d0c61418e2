package yaegi_test

import (
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp/engine/yaegi"
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

// BenchmarkCode measures interpreted code; each is a call of f.
func BenchmarkCode(b *testing.B) {
	for _, c := range []struct{ name, decl, call string }{
		{"fib25", "func f(n int) int { if n < 2 { return n }; return f(n-1) + f(n-2) }", "f(25)"},
		{"loop1M", "func f(n int) (s int) { for i := 0; i < n; i++ { s += i & 7 }; return }", "f(1000000)"},
		{"sieve100k", `func f(n int) (c int) {
			s := make([]bool, n)
			for i := 2; i < n; i++ { if !s[i] { c++; for j := i * i; j < n; j += i { s[j] = true } } }
			return }`, "f(100000)"},
		{"matmul60", `func f(n int) float64 {
			m := func() [][]float64 { r := make([][]float64, n); for i := range r { r[i] = make([]float64, n); for j := range r[i] { r[i][j] = float64(i * j) } }; return r }
			a, b, c := m(), m(), m()
			for i := range n { for j := range n { t := 0.0; for k := range n { t += a[i][k] * b[k][j] }; c[i][j] = t } }
			return c[n-1][n-1] }`, "f(60)"},
		{"calls100k", "func f(n int) (s int) { g := func(x int) int { return x + 1 }; for range n { s = g(s) }; return }", "f(100000)"},
		{"channel10k", "func f(n int) (s int) { c := make(chan int, 10); go func() { for i := range n { c <- i }; close(c) }(); for v := range c { s += v }; return }", "f(10000)"},
		{"cellvar1M", "s := 0", "func() int { for i := 0; i < 1000000; i++ { s += i & 7 }; return s }()"},
	} {
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
