package main

import (
	"fmt"
	"time"
)

func work() {
	for i := 0; i < 500_000; i++ {
		_ = fmt.Sprintf("%d %s", i, "word")
	}
}

func main() {
	start := time.Now()
	work()
	fmt.Println(time.Since(start).Seconds())
}
