package main

import (
	"fmt"
	"time"
)

func work() {
	s := 0
	add := func(d int) { s += d }
	for i := 0; i < 500_000; i++ {
		add(i)
	}
}

func main() {
	start := time.Now()
	work()
	fmt.Println(time.Since(start).Seconds())
}
