package main

import (
	"fmt"
	"time"
)

type node struct {
	v    int
	next *node
}

func work() {
	var l *node
	for i := 0; i < 1_000_000; i++ {
		l = &node{i, l}
		if i%1000 == 0 {
			l = nil
		}
	}
}

func main() {
	start := time.Now()
	work()
	fmt.Println(time.Since(start).Seconds())
}
