package main

import (
	"fmt"
	"sync"
	"time"
)

func work() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	n := 0
	for i := 0; i < 8; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := 0; j < 50_000; j++ {
				mu.Lock()
				n++
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
}

func main() {
	start := time.Now()
	work()
	fmt.Println(time.Since(start).Seconds())
}
