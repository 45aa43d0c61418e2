package main

import (
	"fmt"
	"sync"
	"time"
)

func work() {
	var wg sync.WaitGroup
	for i := 0; i < 100_000; i++ {
		wg.Add(1)
		go func() { wg.Done() }()
	}
	wg.Wait()
}

func main() {
	start := time.Now()
	work()
	fmt.Println(time.Since(start).Seconds())
}
