package main

import (
	"fmt"
	"time"
)

var n int

func done() { n++ }

func guarded() { defer done() }

func work() {
	for i := 0; i < 100_000; i++ {
		guarded()
	}
}

func main() {
	start := time.Now()
	work()
	fmt.Println(time.Since(start).Seconds())
}
