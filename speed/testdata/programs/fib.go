package main

import (
	"fmt"
	"time"
)

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func work() { fib(30) }

func main() {
	start := time.Now()
	work()
	fmt.Println(time.Since(start).Seconds())
}
