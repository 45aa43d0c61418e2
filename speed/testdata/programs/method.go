package main

import (
	"fmt"
	"time"
)

type counter struct{ n int }

func (c *counter) add(d int) { c.n += d }

func work() {
	c := counter{}
	for i := 0; i < 1_000_000; i++ {
		c.add(i)
	}
}

func main() {
	start := time.Now()
	work()
	fmt.Println(time.Since(start).Seconds())
}
