// Goroutines, channels, select, sync, context.
package main

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

type result struct {
	id, v int
}

func worker(id int, jobs <-chan int, results chan<- result, wg *sync.WaitGroup) {
	defer wg.Done()
	for j := range jobs {
		results <- result{id, j * j}
	}
}

func gen(ctx context.Context, n int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for i := range n {
			select {
			case out <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func square(in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for v := range in {
			out <- v * v
		}
	}()
	return out
}

func merge(cs ...<-chan int) <-chan int {
	var wg sync.WaitGroup
	out := make(chan int, 10)
	for _, c := range cs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for v := range c {
				out <- v
			}
		}()
	}
	go func() { wg.Wait(); close(out) }()
	return out
}

type counter struct {
	mu sync.RWMutex
	m  map[string]int
}

func (c *counter) inc(k string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.m[k]++
}

func (c *counter) get(k string) int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.m[k]
}

func main() {
	jobs, results := make(chan int, 10), make(chan result, 10)
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go worker(i, jobs, results, &wg)
	}
	for i := 1; i <= 9; i++ {
		jobs <- i
	}
	close(jobs)
	wg.Wait()
	close(results)
	sum := 0
	for r := range results {
		sum += r.v
	}
	fmt.Println(sum, len(results), cap(jobs))

	ctx, cancel := context.WithCancel(context.Background())
	total := 0
	for v := range merge(square(gen(ctx, 5)), square(gen(ctx, 4))) {
		total += v
	}
	cancel()
	<-ctx.Done()
	fmt.Println(total, ctx.Err(), errors.Is(ctx.Err(), context.Canceled))

	c := counter{m: map[string]int{}}
	for i := range 20 {
		wg.Go(func() { c.inc(fmt.Sprint("k", i%2)) })
	}
	wg.Wait()
	fmt.Println(c.get("k0"), c.get("k1"))

	var once sync.Once
	for range 3 {
		once.Do(func() { fmt.Println("once") })
	}
	var n atomic.Int64
	var n32 int32
	for range 10 {
		wg.Go(func() { n.Add(2); atomic.AddInt32(&n32, 1) })
	}
	wg.Wait()
	fmt.Println(n.Load(), atomic.LoadInt32(&n32))

	done := make(chan struct{})
	var order []string
	var mu sync.Mutex
	go func() {
		defer close(done)
		for i := 0; i < 3; i++ {
			mu.Lock()
			order = append(order, fmt.Sprint("g", i))
			mu.Unlock()
		}
	}()
	<-done
	sort.Strings(order)
	fmt.Println(order)

	tick := time.NewTimer(time.Millisecond)
	select {
	case <-tick.C:
		fmt.Println("tick")
	case <-time.After(10 * time.Second):
		fmt.Println("late")
	}
	tctx, stop := context.WithTimeout(context.Background(), time.Millisecond)
	defer stop()
	select {
	case <-tctx.Done():
		fmt.Println(tctx.Err())
	}
	var nilc chan int
	select {
	case v := <-nilc:
		fmt.Println(v)
	case nilc <- 1:
	default:
		fmt.Println("default")
	}
	buf := make(chan string, 2)
	buf <- "a"
	select {
	case buf <- "b":
		fmt.Println("sent", len(buf))
	default:
	}
	v, ok := <-buf
	fmt.Println(v, ok)
	close(buf)
	fmt.Println(<-buf)
	v, ok = <-buf
	fmt.Printf("%q %v\n", v, ok)
	errs := make(chan error, 1)
	go func() { errs <- errors.New("boom") }()
	if err := <-errs; err != nil {
		fmt.Println(err)
	}
	fc := make(chan func() int, 3)
	for i := range 3 {
		fc <- func() int { return i * 10 }
	}
	close(fc)
	for f := range fc {
		fmt.Print(f(), " ")
	}
	fmt.Println()
	sem := make(chan struct{}, 2)
	var most, running atomic.Int32
	for range 6 {
		sem <- struct{}{}
		wg.Go(func() {
			if r := running.Add(1); r > most.Load() {
				most.Store(r)
			}
			running.Add(-1)
			<-sem
		})
	}
	wg.Wait()
	fmt.Println(most.Load() <= 2)
	cond := sync.NewCond(&mu)
	ready := false
	go func() { mu.Lock(); ready = true; mu.Unlock(); cond.Broadcast() }()
	mu.Lock()
	for !ready {
		cond.Wait()
	}
	mu.Unlock()
	time.Sleep(time.Millisecond)
	for k := 0; k < 3; k++ {
		defer func() { fmt.Println("end", k) }()
	}
	type pair struct{ a, b int }
	pc := make(chan *pair, 5)
	for i := range 5 {
		pc <- &pair{i, i * i}
	}
	close(pc)
	for p := range pc {
		fmt.Print(*p, " ")
	}
	fmt.Println()
	ping, pong := make(chan int), make(chan int)
	go func() {
		for v := range ping {
			pong <- v + 1
		}
		close(pong)
	}()
	x := 0
	for range 5 {
		ping <- x
		x = <-pong
	}
	close(ping)
	_, open := <-pong
	fmt.Println(x, open)
}
