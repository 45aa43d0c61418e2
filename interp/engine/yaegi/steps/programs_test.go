package steps_test

import (
	"reflect"
	"testing"
)

// programs are run as they are and with their steps replaced. They mean what Go means in both ways.
var programs = []struct{ name, text, want string }{
	{"arithmetic", `func f() (int, int, int, int, int, int, float64) {
		a, b := 7, 3; x := 1.5; x = x * 2; x = x - 0.25; x += 1; x -= x * 0.5
		return a + b, a - b, a * b, (a & b) | 8, (a ^ b), a / b + a % b, x }`, "10 4 21 11 4 3 1.875 "},
	{"overflow", `func f() (int, int) { a := 9223372036854775807; a++; b := -9223372036854775807; b -= 2; return a, b }`, "-9223372036854775808 9223372036854775807 "},
	{"small", `func f() (int8, uint8, int32, uint) { var a int8 = 127; a++; var b uint8 = 255; b += 2; var c int32 = 2147483647; c = c + 1; var d uint; d--; return a, b, c, d }`, "-128 1 -2147483648 18446744073709551615 "},
	{"kinds", `func g() (int8, int16, int32, int64) { var a int8 = 100; a += 100; var b int16 = 300; b = b * 300; var c int32 = 7; c = c - 9; c /= 2; var d int64 = -7; d = d % 4; d -= 1; return a, b, c, d }
		func h() (uint, uint8, uint16, uint32, uint64) { var a uint = 3; a = a - 4; a = a / 2; var b uint8 = 200; b += 100; b |= 1; var c uint16 = 65535; c = c * c; c ^= 15; var d uint32 = 2166136261; d ^= 97; d *= 16777619; var e uint64 = 1; e -= 2; e = e &^ 255; e %= 1000; return a, b, c, d, e }
		func f() (int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64) { a, b, c, d := g(); e, k, l, m, n := h(); return a, b, c, d, e, k, l, m, n }`, "-56 24464 -1 -4 9223372036854775807 45 14 3826002220 360 "},
	{"order", `func f() (n int) { var a int8 = -3; var b uint8 = 200; var c uint64 = 18446744073709551615; s, t := "a", "b"; x := 0.0; nan := x / x; var y float32 = 0.5
		if a < 2 { n |= 1 }; if b > 100 { n |= 2 }; if c >= 9223372036854775808 { n |= 4 }; if s < t { n |= 8 }; if s == "a" { n |= 16 }; if nan == nan { n |= 1024 }
		if nan != nan { n |= 32 }; if nan < 1 { n |= 1024 }; if !(nan >= 1) { n |= 64 }; if y <= 0.5 { n |= 128 }; if "c" > t { n |= 256 }; return }`, "511 "},
	{"float32", `func f() float32 { var x float32 = 0.1; x = x + 0.2; x *= 3; return x }`, "0.90000004 "},
	{"text", `func f() string { s := "a"; s += "b"; s = s + "c"; return s }`, "abc "},
	{"named", `type T int
		func f() (T, bool) { var t T = 3; t++; t = t * 2; return t, t > 7 }`, "8 true "},
	{"divide", `func f() int { a, b := 1, 0; return a / b }`, "panic: runtime error: integer divide by zero"},
	{"compare", `func f() (s string) { a, b := 1, 2
		if a < b { s += "a" }; if a <= 1 { s += "b" }; if 2 > b { s += "!" }; if b >= 2 { s += "c" }; if a == 1 { s += "d" }; if a != 1 { s += "!" }
		x, y := 1.5, "z"; if x < 2 { s += "e" }; if y == "z" { s += "f" }; return }`, "abcdef "},
	{"logic", `func f() (n int) { l := []int{1, 2, 3}
		for i := -1; i < 5; i++ { if i >= len(l) || i < 0 { n += 100; continue }; if i >= len(l) && l[i] == 0 { n = -1 }; if !(l[i] == 2) { n++ } }
		return }`, "302 "},
	{"loop", `func f() (s int) { for i := 0; i < 10; i++ { if i == 3 { continue }; if i == 8 { break }; s += i & 7 }; for i := 5; i > 0; i-- { s += i }; for i := 0; i < 3; i++ { }; return }`, "40 "},
	{"counters", `func f() (n int) { for i, j := 0, 10; i < j; { i++; j--; n = n*10 + j }; x := 0; x++; if x < 5 { n++ }; return }`, "98766 "},
	{"slices", `func f() (int, string, bool) { l := make([]int, 3); l[1] = 5; l[2] += 4; l[2]++; m := [][]string{{"a"}, {"b", "c"}}; m[1][0] = m[0][0]
		b := []bool{false, true}; if b[1] { b[0] = !b[0] }; return l[1] + l[2], m[1][0] + m[1][1], b[0] }`, "10 ac true "},
	{"arrays", `func f() (int, int) { var a [3]int; b := a; for i := 0; i < 3; i++ { a[i] = i * i }; b[1] = 7; return a[2], b[1] }`, "4 7 "},
	{"structs", `type P struct { X, Y int; L []int }
		func f() (int, int) { p := P{X: 1, L: []int{1}}; q := &p; q.X += 4; p.Y = q.X; l := []P{p}; l[0].L[0] = 9; l[0].X++; return p.X + p.Y + p.L[0], l[0].X }`, "19 6 "},
	{"pointers", `func f() (int, bool) { p := new(int); *p = 4; *p += 3; (*p)++; q := &p; **q = **q * 2; b := new(bool); if *b { return 0, true }; *b = true; return *p, *b }`, "16 true "},
	{"nil", `func f() int { var p *int; x := 1; x = *p + x; return x }`, "panic: reflect: call of reflect.Value.Int on zero Value"},
	{"range", `func f() (n int, s string) { l := []string{"a", "b"}; for i, x := range l { l[1] = "c"; n += i; s += x }; for i := range l { n += 10 * i }; for _, x := range []struct{ a int }{{1}, {2}} { n += 100 * x.a }; return }`, "311 ac "},
	{"outofrange", `func f() int { l := []int{1}; i := 1; return l[i] }`, "panic: reflect: slice index out of range"},
	{"fib", `func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }
		func f() int { return fib(12) }`, "144 "},
	{"results", `func two(a int, s string) (int, string) { return a + 1, s + "!" }
		func f() (int, string) { a, s := two(1, "x"); _, t := two(2, s); b, _ := two(a, t); a, s = two(b, t); return a, s }`, "4 x!!! "},
	{"condition", `func even(n int) bool { return n%2 == 0 }
		func f() (n int) { for i := 0; i < 6; i++ { if even(i) { n += i }; if !even(i) && even(i+1) { n += 100 } }; return }`, "306 "},
	{"mutual", `func a(n int) int { if n == 0 { return 0 }; return b(n-1) + 1 }
		func b(n int) int { if n == 0 { return 0 }; return a(n-1) + 10 }
		func f() int { return a(5) }`, "23 "},
	{"passing", `type P struct { A, B int; M map[string]int }
		func g(p P, c chan int, q *P, a [2]int, l []string) (int, string) { p.A++; q.B = 5; c <- p.A; l[0] = "y"; a[0] = 9; return p.A + p.M["k"] + a[1], l[1] }
		func f() (int, int, int, string, int) { m := map[string]int{"k": 7}; p := P{M: m}; c := make(chan int, 1); a := [2]int{0, 3}; l := []string{"x", "z"}; q := &p; r, z := g(p, c, q, a, l); v := <-c; return r, p.A + p.B, v, z + l[0], a[0] }`, "11 5 1 zy 0 "},
	{"any", `func g(x any, l []any) any { l[0] = x; return x }
		func f() any { l := make([]any, 1); var x any = 3; y := g(x, l); return y }`, "3 "},
	{"variadic", `func sum(k int, l ...int) (s int) { for _, x := range l { s += x * k }; return }
		func f() (int, int, int) { return sum(2), sum(2, 1, 2), sum(3, []int{1, 1}...) }`, "0 6 6 "},
	{"closures", `func counter(p *int) func() { return func() { *p = *p + 1 } }
		func both(a, b func()) func() { return func() { a(); b(); a() } }
		func f() (int, int) { x, y := new(int), new(int); a := counter(x); g := both(a, counter(y)); g(); g(); return *x, *y }`, "4 2 "},
	{"literal", `func adder(d int) func(int) int { return func(x int) int { return x + d } }
		func f() int { a := adder(3); b := adder(10); return a(1) * b(a(1)) }`, "56 "},
	{"literals", `func two(d int) func(int, string) (int, string) { return func(x int, s string) (int, string) { return x + d, s + "!" } }
		func test(k int) func(int) bool { return func(x int) bool { return x > k } }
		func count(p *int) func(int) int { return func(x int) int { *p += x; return *p } }
		func f() (n int, t string) { g := two(3); h := two(4); a, s := g(1, "a"); b, _ := h(a, s); a, s = h(b, s); t = s; big := test(2)
			for i := 0; i < 5; i++ { if big(i) { n += i }; if !big(i) && big(i+2) { n += 100 } }
			p := new(int); c := count(p); for i := 0; i < 3; i++ { n += c(i) }; n = c(n) + a*1000 + b; return }`, "12222 a!! "},
	{"nilfunc", `func f() int { var g func(int) int; return g(1) }`, "panic: reflect.Value.Call: call of nil function"},
	{"recursive", `func make(p *func(int) int) func(int) int { return func(n int) int { if n < 2 { return n }; h := *p; a := h(n-1); b := h(n-2); return a + b } }
		func f() int { p := new(func(int) int); *p = make(p); g := *p; return g(10) }`, "55 "},
	{"compiledcalls", `func less(l []int) func(int, int) bool { return func(i, j int) bool { return l[i] < l[j] } }
		func f() (int, int) { l := []int{3, 1, 2}; g := less(l); rt.Sort(l, g); x := 0; if g(0, 1) { x = 1 }; return l[0]*100 + l[1]*10 + l[2], x }`, "123 1 "},
	{"literalpanic", `func bad() func(int) int { return func(x int) int { if x == 0 { rt.Panic("no") }; return x } }
		func f() int { g := bad(); a := g(1); return g(a - 1) }`, "panic: no"},
	{"stop", `func f() (n int) { for i := 0; i < 5; i++ { if *rt.Stop { n = -1 }; n++ }; return }`, "5 "},
	{"direct", `func f() (int, string, string, int) { x := 0; x = rt.One(); y := rt.Sum(x, 4); l := []int{0}; rt.Put(l, y); s, t := rt.Split("abc", x); _, t = rt.Split(t, 1); return rt.Sum(l[0], x), s, t, rt.One() }`, "6 a c 1 "},
	{"directcall", `func inc(p *int) func() { return func() { *p++ } }
		func f() int { p := new(int); g := inc(p); rt.Call(g, 1, 2); rt.Call(g, 1, 2); return *p }`, "2 "},
	{"directchan", `func f() int { c := make(chan int, 2); rt.Give(1, c, 5); var d chan<- int = c; rt.Give(1, d, 6); var r <-chan int = c; x := rt.Take(1, r); y := rt.Take(2, c); return x*10 + y }`, "56 "},
	{"directinterface", `func g(ctx context.Context) func(int) (error, string) { return func(n int) (error, string) {
			rt.Fail(7, ctx, time.Duration(0)); e := rt.Fail(7, ctx, time.Duration(n)); var k error; k = e; e = rt.Fail(7, ctx, time.Duration(0)); return k, "x" } }
		func f() (string, error, time.Duration) { h := g(context.Background()); a, _ := h(1000); b, _ := h(0); d := rt.Half(time.Duration(9)); x := new(int); rt.Count(x); rt.Count(x); d = d * time.Duration(*x); return a.Error(), b, d }`,
		"context.Background after 1µs <nil> 8ns "},
	{"inward", `func text(p *int) func(int) string { return func(n int) string { *p += n; return rt.Text(*p) } }
		func check(e error) func(context.Context, int) error { return func(ctx context.Context, n int) error { if n == 0 { return nil }; if ctx.Err() != nil { return nil }; return e } }
		func f() (string, string, string, string, string) { p := new(int); h := text(p); k := check(rt.Fail(1, context.Background(), time.Duration(1000)))
			return rt.Apply(h, 3), rt.Apply(h, 4), rt.Apply(rt.Text, 5), rt.Check(k, 0), rt.Check(k, 1) }`, "3 7 5 <nil> context.Background after 1µs "},
	{"inwardpanic", `func bad() func(int) string { return func(n int) string { rt.Panic("no"); return "" } }
		func f() string { return rt.Apply(bad(), 1) }`, "panic: no"},
	{"inwardexit", `func bad() func(int) string { return func(n int) string { rt.Exit(); return "" } }
		func f() string { return rt.Apply(bad(), 1) }`, "exit"},
	{"panic", `func g(n int) int { if n == 0 { rt.Panic("oh") }; return g(n-1) }
		func lit() func() { return func() { g(1) } }
		func h() { k := lit(); rt.Call(k, 1, 2) }
		func f() int { h(); return 1 }`, "panic: oh"},
	{"exit", `func g(n int) int { if n == 0 { rt.Exit() }; return g(n-1) }
		func f() int { return g(3) }`, "exit"},
	{"defer", `func g(l []int) int { defer rt.Put(l, 8); l[0] = 1; return l[0] }
		func f() (int, int) { l := []int{0}; r := g(l); return r, l[0] }`, "1 8 "},
}

func TestPrograms(t *testing.T) {
	for _, p := range programs {
		t.Run(p.name, func(t *testing.T) {
			bare, improved := &compiled{calls: map[string]int{}}, &compiled{calls: map[string]int{}}
			out, left := run(t, p.text, bare, false)
			if out != p.want {
				t.Errorf("the interpreter: %s, want %s", out, p.want)
			}
			got, gotLeft := run(t, p.text, improved, true)
			if got != p.want {
				t.Errorf("with steps: %s, want %s", got, p.want)
			}
			if !reflect.DeepEqual(gotLeft, left) {
				t.Errorf("the panic left %v, want %v", gotLeft, left)
			}
			for name, n := range bare.calls {
				if improved.calls[name]+improved.calls[name+" direct"] != n {
					t.Errorf("%s was called %v, want %d", name, improved.calls, n)
				}
			}
		})
	}
}

// TestDirect shows that calls of listed functions are direct, but those by defer.
func TestDirect(t *testing.T) {
	c := &compiled{calls: map[string]int{}}
	run(t, `func f() { l := []int{0}; x := rt.One(); rt.Put(l, x); rt.Fail(1, context.Background(), time.Duration(1)); ctx := context.Background()
		rt.Fail(1, ctx, time.Duration(1)); rt.Fail(1, ctx, time.Duration(x)); e := rt.Fail(1, ctx, 0); _ = e; rt.Count(&x); d := rt.Half(time.Duration(x)); _ = d; defer rt.Put(l, 3) }`, c, true)
	if want := map[string]int{"One direct": 1, "Put direct": 1, "Put": 1, "Fail": 1, "Fail direct": 3, "Half direct": 1, "Count direct": 1}; !reflect.DeepEqual(c.calls, want) {
		t.Errorf("%v, want %v", c.calls, want)
	}
}

// TestStop shows that what tests the stop word sees it at once.
func TestStop(t *testing.T) {
	c := &compiled{calls: map[string]int{}}
	out, _ := run(t, `func f() (n int) { for i := 0; i < 5; i++ { if *rt.Stop { n += 10 }; if i == 2 { rt.Raise() } }; return }`, c, true)
	if out != "20 " {
		t.Errorf("%s, want 20", out)
	}
}
