package main

import (
	"fmt"
	"time"
)

func work() {
	m := map[int]int{}
	for i := 0; i < 1_000_000; i++ {
		m[i] = i
	}
}

func main() {
	start := time.Now()
	work()
	fmt.Println(time.Since(start).Seconds())
}
