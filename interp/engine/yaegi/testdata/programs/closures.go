// Function literals: what they capture, and when.
package main

import "fmt"

func counter() (func() int, func()) {
	n := 0
	return func() int { n++; return n }, func() { n = 100 }
}

func adder(a int) func(int) int { return func(b int) int { return a + b } }

func apply(f func(int) int, xs ...int) (out []int) {
	for _, x := range xs {
		out = append(out, f(x))
	}
	return
}

func main() {
	next, reset := counter()
	fmt.Println(next(), next())
	reset()
	fmt.Println(next())

	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i += 10; return i })
	}
	for _, f := range fs {
		fmt.Println(f(), f())
	}

	var gs []func() string
	for i, s := range []string{"a", "b", "c"} {
		gs = append(gs, func() string { return fmt.Sprint(i, s) })
	}
	for i := range 3 {
		gs = append(gs, func() string { return fmt.Sprint("n", i) })
	}
	for _, g := range gs {
		fmt.Print(g(), " ")
	}
	fmt.Println()

	var fib func(int) int
	fib = func(n int) int {
		if n < 2 {
			return n
		}
		return fib(n-1) + fib(n-2)
	}
	fmt.Println(fib(15), adder(3)(4), apply(adder(1), 1, 2, 3), apply(adder(1)))

	x := 1
	inc := func() { x++ }
	inc()
	x *= 10
	inc()
	fmt.Println(x)
	func() {
		x := x + 1
		x++
		fmt.Println(x)
	}()
	fmt.Println(x, func(a, b int) int { return a * b }(6, 7))

	p := &x
	*p = 5
	y := x
	set := func(_ int, v int) { y = v }
	set(0, 9)
	fmt.Println(x, y, *p)

	m := map[string]func(int) int{"double": func(n int) int { return 2 * n }, "add": adder(5)}
	fmt.Println(m["double"](4), m["add"](4), m["none"] == nil)
	s := struct{ f func() int }{func() int { return x }}
	x = 77
	fmt.Println(s.f())
}
