package main

import (
	"fmt"
	"time"
)

func work() {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for v := range ping {
			pong <- v
		}
		close(pong)
	}()
	for i := 0; i < 100_000; i++ {
		ping <- i
		<-pong
	}
	close(ping)
}

func main() {
	start := time.Now()
	work()
	fmt.Println(time.Since(start).Seconds())
}
