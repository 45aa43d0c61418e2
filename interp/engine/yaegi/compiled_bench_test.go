package yaegi_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp/engine"
)

//go:noinline
func addOne(n int) int { return n + 1 }

// compiledCalls are functions as a compiled cell declares them, and statements that call them.
var compiledCalls = []struct {
	name, decl, call string
	value            any
}{
	{"int", "func f(n int) int { return n + 1 }", "s = f(s)", addOne},
	{"nothing", "func f() {}", "f()", func() {}},
	{"float64", "func f(x float64) float64 { return x }", "x = f(x)", func(x float64) float64 { return x }},
	{"ints", "func f(a, b int) int { return a + b }", "s = f(s, i)", func(a, b int) int { return a + b }},
	{"string", "func f(a string) int { return len(a) }", "s = f(t)", func(a string) int { return len(a) }},
	{"slice", "func f(a []int) int { return len(a) }", "s = f(xs)", func(a []int) int { return len(a) }},
	{"two", "func f(a int) (int, error) { return a, nil }", "s, err = f(s)", func(a int) (int, error) { return a, nil }},
}

// BenchmarkCompiledCall measures calls from interpreted statements into compiled functions: ns/call is a call with the
// loop around it, less the loop.
func BenchmarkCompiledCall(b *testing.B) {
	const calls = 20000
	for _, c := range compiledCalls {
		b.Run(c.name, func(b *testing.B) {
			s := newSession()
			if _, _, err := s.run("s, x, t, xs := 1, 1.5, \"text\", []int{1}\nvar err error", &buffer{}); err != nil {
				b.Fatal(err)
			}
			s.cells++
			cell, errs := s.checker.Check(s.cells, task.CellFile(s.cells), c.decl)
			if len(errs) > 0 {
				b.Fatal(errs[0])
			}
			f := cell.Objects()[0]
			s.scope.Bindings[f] = &engine.Binding{Engine: "compiled", Package: "p", Func: reflect.ValueOf(c.value)}
			s.checker.Declare(cell, 0)
			loop := func(body string) string { return fmt.Sprintf("for i := 0; i < %d; i++ { _ = i; %s }", calls, body) }
			took := func(text string) time.Duration {
				_, p, err := s.prepare(text)
				if err != nil {
					b.Fatal(err)
				}
				start := time.Now()
				p.Run()
				return time.Since(start)
			}
			with, without := time.Hour, time.Hour // the shortest: the machine has other things to do
			for b.Loop() {
				with, without = min(with, took(loop(c.call))), min(without, took(loop("")))
			}
			b.ReportMetric(float64((with-without).Nanoseconds())/calls, "ns/call")
		})
	}
}
