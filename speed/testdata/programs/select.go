package main

import (
	"fmt"
	"time"
)

func work() {
	c, d := make(chan int, 1), make(chan int)
	s := 0
	for i := 0; i < 200_000; i++ {
		c <- i
		select {
		case v := <-c:
			s += v
		case v := <-d:
			s -= v
		}
	}
}

func main() {
	start := time.Now()
	work()
	fmt.Println(time.Since(start).Seconds())
}
