package main

import (
	"fmt"
	"time"
)

func work() {
	l := make([]int, 1000)
	s := 0
	for i := 0; i < 5000; i++ {
		for _, v := range l {
			s += v
		}
	}
}

func main() {
	start := time.Now()
	work()
	fmt.Println(time.Since(start).Seconds())
}
