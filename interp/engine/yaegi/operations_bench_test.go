package yaegi_test

import (
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
)

// operations are functions that do what costs something in a lowered cell n times, as text and compiled.
var operations = []struct {
	name, text string
	plain      func(n int)
}{
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
	{"loop", `func f(n int) { s := 0; for i := 0; i < n; i++ { s += i & 7 } }`,
		func(n int) {
			s := 0
			for i := range n {
				s += i & 7
			}
			sink = s
		}},
}

var sink int

// BenchmarkOperations compares the engine with the interpreter alone and with compiled Go, by turns, so that all
// see the same machine. It reports the medians of the times of an operation and of their ratios.
func BenchmarkOperations(b *testing.B) {
	for _, o := range operations {
		b.Run(o.name, func(b *testing.B) {
			ours, bare := lowered(b, o.text), bareFunc(b, o.text)
			const n, rounds = 1000, 21
			var tp, tb, to, overBare, overPlain []float64
			for b.Loop() {
				for range rounds {
					p, y, t := once(o.plain, n), once(bare, n), once(ours, n)
					tp, tb, to = append(tp, p), append(tb, y), append(to, t)
					overBare, overPlain = append(overBare, t/y), append(overPlain, t/p)
				}
			}
			b.ReportMetric(middle(tp), "plain-ns")
			b.ReportMetric(middle(tb), "bare-ns")
			b.ReportMetric(middle(to), "engine-ns")
			b.ReportMetric(middle(overBare), "over-bare")
			b.ReportMetric(middle(overPlain), "over-plain")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// lowered returns the function f of a cell on the engine.
func lowered(b *testing.B, text string) func(n int) {
	s := newSession()
	if _, _, err := s.run("import \"sync\"\nvar _ sync.Mutex\n"+text, &buffer{}); err != nil {
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
	if _, err := vm.Eval("import \"sync\"\nvar _ sync.Mutex\n" + text); err != nil {
		b.Fatal(err)
	}
	f, err := vm.Eval("f")
	if err != nil {
		b.Fatal(err)
	}
	return func(n int) { f.Call([]reflect.Value{reflect.ValueOf(n)}) }
}

// once returns how many nanoseconds one of n operations takes.
func once(f func(int), n int) float64 {
	start := time.Now()
	f(n)
	return float64(time.Since(start)) / float64(n)
}

func middle(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}
