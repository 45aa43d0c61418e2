package yaegi_test

import (
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
)

// An operation is a function that does what costs something in a lowered cell n times, as text and, if that is
// of interest, compiled.
type operation struct {
	name, text string
	plain      func(n int)
}

// operations are measured by BenchmarkOperations. What n counts is an operation: a call of fib, a round of a loop.
var operations = []operation{
	{"fib", `func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }
		func f(n int) { for i := 0; i < n; i += 465 { fib(12) } }`, nil},
	{"loop", `func f(n int) { s := 0; for i := 0; i < n; i++ { s += i & 7 } }`,
		func(n int) {
			s := 0
			for i := range n {
				s += i & 7
			}
			sink = s
		}},
	{"sieve", `func f(n int) { c := 0; s := make([]bool, n)
		for i := 2; i < n; i++ { if !s[i] { c++; for j := i * i; j < n; j += i { s[j] = true } } } }`, nil},
	{"matmul", `func mat(n int) [][]float64 { r := make([][]float64, n); for i := 0; i < n; i++ { r[i] = make([]float64, n); for j := 0; j < n; j++ { r[i][j] = float64(i * j) } }; return r }
		func mul(n int) { a, b, c := mat(n), mat(n), mat(n)
			for i := 0; i < n; i++ { for j := 0; j < n; j++ { t := 0.0; for k := 0; k < n; k++ { t += a[i][k] * b[k][j] }; c[i][j] = t } } }
		func f(n int) { for i := 0; i < n; i += 8000 { mul(20) } }`, nil},
	{"call", `func inc(x, d int) int { return x + d }
		func f(n int) { s := 0; for i := 0; i < n; i++ { s = inc(s, i) } }`, nil},
	{"method", `type T struct { n int }
		func (t *T) add(d int) { t.n += d }
		func f(n int) { t := T{}; for i := 0; i < n; i++ { t.add(i) } }`, nil},
	{"valuemethod", `type P struct { x, y int }
		func (p P) dot(q P) int { return p.x*q.x + p.y*q.y }
		func f(n int) { p, s := P{1, 2}, 0; for i := 0; i < n; i++ { s += p.dot(p) } }`, nil},
	{"closure", `func f(n int) { s := 0; g := func(x int) int { return x + 1 }; for i := 0; i < n; i++ { s = g(s) } }`, nil},
	{"capture", `func f(n int) { s := 0; g := func(x int) { s += x }; for i := 0; i < n; i++ { g(i) } }`, nil},
	{"makeclosure", `func f(n int) { s := 0; for i := 0; i < n; i++ { g := func() int { return i }; s += g() } }`, nil},
	{"new", `type T struct { a, b int; next *T }
		func f(n int) { var l *T; for i := 0; i < n; i++ { l = &T{a: i, next: l}; if i % 100 == 0 { l = nil } } }`, nil},
	{"struct", `type P struct { x, y int }
		func f(n int) { s := 0; for i := 0; i < n; i++ { p := P{i, 2}; p.x++; q := p; s += q.x + q.y } }`, nil},
	{"defer", `func g(m *sync.Mutex) { m.Lock(); defer m.Unlock() }
		func f(n int) { var m sync.Mutex; for i := 0; i < n; i++ { g(&m) } }`, nil},
	{"switch", `func f(n int) { s := 0; for i := 0; i < n; i++ { switch i & 3 { case 0: s++; case 1, 2: s += 2; default: s-- } } }`, nil},
	{"range", `func f(n int) { l := make([]int, 1000); s := 0; for i := 0; i < n; i += 1000 { for _, v := range l { s += v } } }`, nil},
	{"rangestring", `func f(n int) { t := "héllo wörld"; s := 0; for i := 0; i < n; i += 11 { for _, r := range t { s += int(r) } } }`, nil},
	{"mapinsert", `func f(n int) { m := map[int]int{}; for i := 0; i < n; i++ { m[i] = i } }`, nil},
	{"mapcount", `func f(n int) { m := map[int]int{}; for i := 0; i < n; i++ { m[i & 63]++ } }`, nil},
	{"maplookup", `func f(n int) { m, s := map[int]int{5: 1}, 0; for i := 0; i < n; i++ { if v, ok := m[i & 7]; ok { s += v } } }`, nil},
	{"rangemap", `func f(n int) { m, s := map[int]int{}, 0; for i := 0; i < 100; i++ { m[i] = i }
		for i := 0; i < n; i += 100 { for k, v := range m { s += k + v } } }`, nil},
	{"append", `func f(n int) { var l []int; for i := 0; i < n; i++ { l = append(l, i) } }`, nil},
	{"swap", `func f(n int) { l := []int{1, 2, 3}; for i := 0; i < n; i++ { l[0], l[2] = l[2], l[0] } }`, nil},
	{"strings", `func f(n int) { s := ""; for i := 0; i < n; i++ { if len(s) > 50 { s = "" }; s += "a"; if s[0] != 'a' { return } } }`, nil},
	{"sprintf", `func f(n int) { for i := 0; i < n; i++ { _ = fmt.Sprintf("%d %s", i, "a") } }`, nil},
	{"channel", `func f(n int) { c := make(chan int, 1); for i := 0; i < n; i++ { c <- i; <-c } }`,
		func(n int) {
			c := make(chan int, 1)
			for i := range n {
				c <- i
				<-c
			}
		}},
	{"handover", `func f(n int) { c := make(chan int); go func() { for i := 0; i < n; i++ { c <- i }; close(c) }(); for range c { } }`,
		func(n int) {
			c := make(chan int)
			go func() {
				for i := range n {
					c <- i
				}
				close(c)
			}()
			for range c {
			}
		}},
	{"select", `func f(n int) { c, d := make(chan int, 1), make(chan int); for i := 0; i < n; i++ { c <- i; select { case <-c: case <-d: } } }`,
		func(n int) {
			c, d := make(chan int, 1), make(chan int)
			for i := range n {
				c <- i
				select {
				case <-c:
				case <-d:
				}
			}
		}},
	{"mutex", `func f(n int) { var m sync.Mutex; s := 0; for i := 0; i < n; i++ { m.Lock(); s++; m.Unlock() } }`,
		func(n int) {
			var m sync.Mutex
			for range n {
				m.Lock()
				sink++
				m.Unlock()
			}
		}},
	{"spawn", `func f(n int) { var w sync.WaitGroup; for i := 0; i < n; i++ { w.Add(1); go func() { w.Done() }() }; w.Wait() }`,
		func(n int) {
			var w sync.WaitGroup
			for range n {
				w.Add(1)
				go func() { w.Done() }()
			}
			w.Wait()
		}},
}

var sink int

// BenchmarkOperations compares the engine with the interpreter alone and with compiled Go, by turns, so that all
// see the same machine. It reports the medians of the times of an operation and of their ratios.
func BenchmarkOperations(b *testing.B) {
	for _, o := range operations {
		b.Run(o.name, func(b *testing.B) {
			ours, bare, plain := lowered(b, o.text), bareFunc(b, o.text), o.plain
			if plain == nil {
				plain = func(int) {}
			}
			const n, rounds = 10000, 21
			var tp, tb, to, overBare, overPlain []float64
			for b.Loop() {
				for range rounds {
					p, y, t := once(plain, n), once(bare, n), once(ours, n)
					tp, tb, to = append(tp, p), append(tb, y), append(to, t)
					overBare, overPlain = append(overBare, t/y), append(overPlain, t/p)
				}
			}
			b.ReportMetric(middle(tb), "bare-ns")
			b.ReportMetric(middle(to), "engine-ns")
			b.ReportMetric(middle(overBare), "over-bare")
			if o.plain != nil {
				b.ReportMetric(middle(tp), "plain-ns")
				b.ReportMetric(middle(overPlain), "over-plain")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// lowered returns the function f of a cell on the engine.
func lowered(b *testing.B, text string) func(n int) {
	s := newSession()
	if _, _, err := s.run("import (\"fmt\"; \"sync\")\nvar _, _ = sync.Mutex{}, fmt.Sprint()\n"+text, &buffer{}); err != nil {
		b.Fatal(err)
	}
	vals, _, err := s.run("f", &buffer{})
	if err != nil {
		b.Fatal(err)
	}
	return vals[0].Interface().(func(int))
}

// bareFunc returns the function f of a text on the interpreter alone.
func bareFunc(b *testing.B, text string) func(n int) {
	vm := interp.New(interp.Options{})
	if err := vm.Use(stdlib.Symbols); err != nil {
		b.Fatal(err)
	}
	if _, err := vm.Eval("import (\"fmt\"; \"sync\")\nvar _, _ = sync.Mutex{}, fmt.Sprint()\n" + text); err != nil {
		b.Fatal(err)
	}
	f, err := vm.Eval("f")
	if err != nil {
		b.Fatal(err)
	}
	return func(n int) { f.Call([]reflect.Value{reflect.ValueOf(n)}) }
}

// once returns how many nanoseconds of work one of n operations takes.
func once(f func(int), n int) float64 {
	before := cpuTime()
	f(n)
	return float64(cpuTime()-before) / float64(n)
}

func middle(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}
