package task_test

import (
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// compare runs the plain and the lowered form of an operation by turns, in pieces, so that both see the same
// machine, and reports the median ns of each and the median of the ratios. Each form does its operation n times.
func compare(b *testing.B, plain, lowered func(n int)) {
	r, _ := newRun(b, 1)
	r.Do(func() { compareIn(b, plain, lowered) })
}

// compareIn is compare within a task.
func compareIn(b *testing.B, plain, lowered func(n int)) {
	const pieces = 101
	n := max(b.N/pieces, 1)
	var tp, tl, ratio []float64
	b.ResetTimer()
	for range pieces {
		p, l := perOp(n, plain), perOp(n, lowered)
		tp, tl, ratio = append(tp, p), append(tl, l), append(ratio, l/p)
	}
	b.ReportMetric(median(tp), "plain-ns")
	b.ReportMetric(median(tl), "task-ns")
	b.ReportMetric(median(ratio), "ratio")
	b.ReportMetric(0, "ns/op")
}

func perOp(n int, f func(int)) float64 {
	start := time.Now()
	f(n)
	return float64(time.Since(start)) / float64(n)
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}

func BenchmarkSafepoint(b *testing.B) {
	x := 0
	compare(b,
		func(n int) {
			for i := range n {
				x += i
			}
		},
		func(n int) {
			for i := range n {
				if task.Stop.Load() != 0 {
					task.Safepoint()
				}
				x += i
			}
		})
}

func BenchmarkSafepointWhileSomethingStops(b *testing.B) {
	stuck, _ := newRun(b, 2)
	release := make(chan int)
	defer close(release)
	stuck.Do(func() {
		task.Go(0, func() { task.Blocking(0, func() { <-release }) })
	})
	waiting(b, stuck, task.WaitLibrary)
	stuck.Kill(nil)
	BenchmarkSafepoint(b)
}

func BenchmarkChanReady(b *testing.B) { chanReady(b, compare) }

func chanReady(b *testing.B, compare func(b *testing.B, plain, lowered func(n int))) {
	c := make(chan int, 1)
	compare(b,
		func(n int) {
			for i := range n {
				c <- i
				<-c
			}
		},
		func(n int) {
			for i := range n {
				task.To(c, 1).Send(i)
				task.Recv(c, 1)
			}
		})
}

// BenchmarkChanPingPong waits at every operation.
func BenchmarkChanPingPong(b *testing.B) { chanPingPong(b, compare) }

func chanPingPong(b *testing.B, compare func(b *testing.B, plain, lowered func(n int))) {
	c, d := make(chan int), make(chan int)
	compare(b,
		func(n int) {
			go func() {
				for range n {
					d <- <-c
				}
			}()
			for i := range n {
				c <- i
				<-d
			}
		},
		func(n int) {
			task.Go(1, func() {
				for range n {
					task.To(d, 1).Send(task.Recv(c, 1))
				}
			})
			for i := range n {
				task.To(c, 1).Send(i)
				task.Recv(d, 1)
			}
		})
}

func BenchmarkChanStream(b *testing.B) {
	c := make(chan int, 64)
	compare(b,
		func(n int) {
			go func() {
				for i := range n {
					c <- i
				}
			}()
			for range n {
				<-c
			}
		},
		func(n int) {
			task.Go(1, func() {
				for i := range n {
					task.To(c, 1).Send(i)
				}
			})
			for range n {
				task.Recv(c, 1)
			}
		})
}

func BenchmarkSelectReady(b *testing.B) {
	c, d := make(chan int, 1), make(chan int, 1)
	compare(b,
		func(n int) {
			for i := range n {
				c <- i
				select {
				case <-c:
				case <-d:
				}
			}
		},
		func(n int) {
			for i := range n {
				c <- i
				task.Select(1, false, task.SelRecv(c), task.SelRecv(d))
			}
		})
}

func BenchmarkSelectWaits(b *testing.B) {
	c, d, never := make(chan int), make(chan int), make(chan int)
	compare(b,
		func(n int) {
			go func() {
				for range n {
					d <- <-c
				}
			}()
			for i := range n {
				c <- i
				select {
				case <-d:
				case <-never:
				}
			}
		},
		func(n int) {
			task.Go(1, func() {
				for range n {
					d <- <-c
				}
			})
			for i := range n {
				c <- i
				task.Select(1, false, task.SelRecv(d), task.SelRecv(never))
			}
		})
}

func BenchmarkSelectDefault(b *testing.B) {
	c, d := make(chan int), make(chan int)
	compare(b,
		func(n int) {
			for range n {
				select {
				case <-c:
				case <-d:
				default:
				}
			}
		},
		func(n int) {
			for range n {
				task.Select(1, true, task.SelRecv(c), task.SelRecv(d))
			}
		})
}

func BenchmarkMutex(b *testing.B) { mutex(b, compare) }

func mutex(b *testing.B, compare func(b *testing.B, plain, lowered func(n int))) {
	var m sync.Mutex
	compare(b,
		func(n int) {
			for range n {
				m.Lock()
				m.Unlock() //lint:ignore SA2001 that is what is measured
			}
		},
		func(n int) {
			for range n {
				task.Lock(&m, 1)
				task.Unlock(&m)
			}
		})
}

func BenchmarkMutexContended(b *testing.B) {
	var m sync.Mutex
	var x int
	const workers = 8
	compare(b,
		func(n int) {
			var wg sync.WaitGroup
			for range workers {
				wg.Go(func() {
					for range n / workers {
						m.Lock()
						x++
						m.Unlock()
					}
				})
			}
			wg.Wait()
		},
		func(n int) {
			var wg sync.WaitGroup
			for range workers {
				task.WaitGroupGo(&wg, 1, func() {
					for range n / workers {
						task.Lock(&m, 1)
						x++
						task.Unlock(&m)
					}
				})
			}
			task.WaitGroupWait(&wg, 1)
		})
}

func BenchmarkRWMutexRead(b *testing.B) {
	var m sync.RWMutex
	compare(b,
		func(n int) {
			for range n {
				m.RLock()
				m.RUnlock() //lint:ignore SA2001 that is what is measured
			}
		},
		func(n int) {
			for range n {
				task.RWRLock(&m, 1)
				task.RWRUnlock(&m)
			}
		})
}

func BenchmarkOnce(b *testing.B) {
	var o sync.Once
	f := func() {}
	compare(b,
		func(n int) {
			for range n {
				o.Do(f)
			}
		},
		func(n int) {
			for range n {
				task.OnceDo(&o, 1, f)
			}
		})
}

func BenchmarkSpawn(b *testing.B) { spawned(b, compare) }

func spawned(b *testing.B, compare func(b *testing.B, plain, lowered func(n int))) {
	compare(b,
		func(n int) {
			var wg sync.WaitGroup
			wg.Add(n)
			for range n {
				go wg.Done()
			}
			wg.Wait()
		},
		func(n int) {
			var wg sync.WaitGroup
			wg.Add(n)
			for range n {
				task.Go(1, wg.Done)
			}
			task.WaitGroupWait(&wg, 1)
		})
}

func BenchmarkSpawnInGroup(b *testing.B) {
	var x atomic.Int64
	compare(b,
		func(n int) {
			var wg sync.WaitGroup
			for i := range n {
				wg.Go(func() { x.Add(int64(i)) })
			}
			wg.Wait()
		},
		func(n int) {
			var wg sync.WaitGroup
			for i := range n {
				task.WaitGroupGo(&wg, 1, func() { x.Add(int64(i)) })
			}
			task.WaitGroupWait(&wg, 1)
		})
}

func BenchmarkCurrent(b *testing.B) {
	r, _ := newRun(b, 1)
	r.Do(func() {
		for b.Loop() {
			task.Current()
		}
	})
}

func BenchmarkPrint(b *testing.B) {
	r, _ := newRun(b, 1)
	r.Do(func() {
		for b.Loop() {
			task.Print("a line of output\n")
		}
	})
}

func BenchmarkPrintThroughPipe(b *testing.B) {
	r, _ := newRun(b, 1)
	r.Do(func() {
		task.Stdout()
		for b.Loop() {
			task.Print("a line of output\n")
		}
	})
}

// BenchmarkParked reports the memory of a task that waits to receive, with its stack, beside a goroutine's.
func BenchmarkParked(b *testing.B) {
	const n = 100_000
	measure := func(start func()) float64 {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		start()
		runtime.GC()
		runtime.ReadMemStats(&after)
		use := func(m *runtime.MemStats) uint64 { return m.HeapInuse + m.StackInuse }
		return float64(use(&after)-use(&before)) / n
	}
	r, _ := newRun(b, 1)
	c := make(chan int)
	tasks := measure(func() {
		r.Do(func() {
			for range n {
				task.Go(1, func() { task.Recv(c, 1) })
			}
		})
		until(b, "all wait", func() bool { return count(r, task.WaitReceive) == n })
	})
	d := make(chan int)
	plain := measure(func() {
		var begun sync.WaitGroup
		begun.Add(n)
		for range n {
			go func() { begun.Done(); <-d }()
		}
		begun.Wait()
	})
	close(c)
	close(d)
	b.ReportMetric(tasks*n/1e6, "MB-for-100000")
	b.ReportMetric(tasks, "task-bytes")
	b.ReportMetric(plain, "plain-bytes")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkVirtualSleepers is what a task costs that sleeps in a controlled run, beside many others.
func BenchmarkVirtualSleepers(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				r := task.NewRun(1, &record{})
				r.Virtual(0)
				r.Do(func() {
					var all sync.WaitGroup
					for range n {
						task.WaitGroupGo(&all, 0, func() { task.Sleep(time.Millisecond, 0) })
					}
					task.WaitGroupWait(&all, 0)
				})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/task")
		})
	}
}
