package main

import (
	"fmt"
	"time"
)

func work() {
	s := 0
	for i := 0; i < 20_000_000; i++ {
		s += i & 7
	}
}

func main() {
	start := time.Now()
	work()
	fmt.Println(time.Since(start).Seconds())
}
