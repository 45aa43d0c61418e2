package main

import (
	"fmt"
	"time"
)

func work() {
	const n = 2_000_000
	s := make([]bool, n)
	count := 0
	for i := 2; i < n; i++ {
		if !s[i] {
			count++
			for j := i * i; j < n; j += i {
				s[j] = true
			}
		}
	}
}

func main() {
	start := time.Now()
	work()
	fmt.Println(time.Since(start).Seconds())
}
