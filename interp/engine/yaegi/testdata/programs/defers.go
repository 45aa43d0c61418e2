// Defer, panic, recover, named results.
package main

import (
	"errors"
	"fmt"
	"os"
	"sync"
)

func order() {
	for i := 0; i < 3; i++ {
		defer fmt.Println("deferred", i)
	}
	fmt.Println("body")
}

func named() (n int, err error) {
	defer func() {
		n *= 2
		err = errors.New("set")
	}()
	return 21, nil
}

func unnamed() int {
	n := 1
	defer func() { n = 100 }()
	return n
}

func safe(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			if e, ok := r.(error); ok {
				err = fmt.Errorf("caught error: %w", e)
				return
			}
			err = fmt.Errorf("caught: %v", r)
		}
	}()
	f()
	return nil
}

func nested() (s string) {
	defer func() {
		defer func() { s += fmt.Sprint("inner ", recover(), ";") }()
		s += fmt.Sprint("outer ", recover(), ";")
		panic("second")
	}()
	panic("first")
}

func args() {
	x := 1
	defer fmt.Println("x was", x)
	defer func(n int) { fmt.Println("n", n, "x", x) }(x)
	x = 2
}

func lock(mu *sync.Mutex) int {
	mu.Lock()
	defer mu.Unlock()
	return 7
}

func early(n int) string {
	defer fmt.Print("[", n, "] ")
	if n > 1 {
		return "big"
	}
	for i := range 3 {
		if i == n {
			return fmt.Sprint("at ", i)
		}
	}
	return "none"
}

func again() {
	defer func() { fmt.Println("recovered", recover()) }()
	defer func() { panic("replaced") }()
	panic("original")
}

func main() {
	order()
	fmt.Println(named())
	fmt.Println(unnamed())
	var m map[string]int
	var s []int
	var p *struct{ x int }
	zero := 0
	i := 5
	e := safe(func() { fmt.Println(s[i]) })
	fmt.Println(e)
	fmt.Println(safe(func() { m["a"] = 1 }))
	fmt.Println(safe(func() { fmt.Println(p.x) }))
	fmt.Println(safe(func() { fmt.Println(1 / zero) }))
	fmt.Println(safe(func() { fmt.Println(1 % zero) }))
	fmt.Println(safe(func() { fmt.Println("abc"[i]) }))
	fmt.Println(safe(func() { fmt.Println("abc"[i:]) }))
	fmt.Println(safe(func() { fmt.Println("abc"[1:i]) }))
	fmt.Println(safe(func() { fmt.Println(s[1:]) }))
	fmt.Println(safe(func() { fmt.Println(make([]int, 2, 4)[3:i]) }))
	fmt.Println(safe(func() { fmt.Println(make([]int, 2, 4)[2:zero]) }))
	fmt.Println(safe(func() { fmt.Println(len(make([]int, zero-1))) }))
	fmt.Println(safe(func() { var a [3]int; fmt.Println(a[i]) }))
	fmt.Println(safe(func() { var a [3]int; fmt.Println(a[zero:i]) }))
	fmt.Println(safe(func() { fmt.Println(1 << (zero - 1)) }))
	fmt.Println(safe(func() { var f func(); f() }))
	fmt.Println(safe(func() { var e error; fmt.Println(e.Error()) }))
	fmt.Println(safe(func() { panic(errors.New("mine")) }))
	fmt.Println(safe(func() { panic(42) }))
	fmt.Println(safe(func() { var c chan int; close(c) }))
	fmt.Println(safe(func() { c := make(chan int); close(c); close(c) }))
	fmt.Println(safe(func() { c := make(chan int, 1); close(c); c <- 1 }))
	fmt.Println(safe(func() { var x any = "s"; fmt.Println(x.(int)) }))
	fmt.Println(safe(func() { var x any; fmt.Println(x.(int)) }))
	fmt.Println(safe(func() { var x any = []int{}; fmt.Println(x == x) }))
	fmt.Println(safe(func() { var q *int; fmt.Println(*q) }))
	fmt.Println(safe(func() { var q *int; *q = 1 }))
	fmt.Println(safe(func() {}))
	fmt.Println(nested())
	args()
	var mu sync.Mutex
	fmt.Println(lock(&mu), lock(&mu))
	fmt.Println(early(0))
	fmt.Println(early(2))
	again()
	f, err := os.Open("/does/not/exist")
	fmt.Println(f == nil, errors.Is(err, os.ErrNotExist))
	func() {
		defer fmt.Println("done")
	}()
}
