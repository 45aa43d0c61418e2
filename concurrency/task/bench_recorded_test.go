package task_test

import (
	"runtime"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
)

// What operations cost while their run is recorded, against plain Go.

// compareRecorded is compare with the lowered form in a recorded run that keeps all of it.
func compareRecorded(b *testing.B, plain, lowered func(n int)) {
	r, _ := newRun(b, 1)
	rec := r.Record(100*b.N + 1_000_000)
	r.Do(func() { compareIn(b, plain, lowered) })
	if tr := rec.Trace(); tr.Dropped > 0 {
		b.Errorf("%d events dropped", tr.Dropped)
	}
}

func BenchmarkRecordedChanReady(b *testing.B)    { chanReady(b, compareRecorded) }
func BenchmarkRecordedChanPingPong(b *testing.B) { chanPingPong(b, compareRecorded) }
func BenchmarkRecordedMutex(b *testing.B)        { mutex(b, compareRecorded) }
func BenchmarkRecordedSpawn(b *testing.B)        { spawned(b, compareRecorded) }

// BenchmarkBesideRecorded is a channel operation that does not wait, of a task that is not recorded while another is.
func BenchmarkBesideRecorded(b *testing.B) {
	other, _ := newRun(b, 2)
	other.Record(0)
	other.Do(func() { task.Go(1, func() { task.Forever(1) }) })
	defer other.Kill(nil)
	chanReady(b, compare)
}

// Operations that do not wait.

func BenchmarkRWMutex(b *testing.B) {
	var m sync.RWMutex
	compare(b,
		func(n int) {
			for range n {
				m.Lock()
				m.Unlock() //lint:ignore SA2001 that is what is measured
			}
		},
		func(n int) {
			for range n {
				task.RWLock(&m, 1)
				task.RWUnlock(&m)
			}
		})
}

func BenchmarkTryLock(b *testing.B) {
	var m sync.Mutex
	compare(b,
		func(n int) {
			for range n {
				if m.TryLock() {
					m.Unlock()
				}
			}
		},
		func(n int) {
			for range n {
				if task.TryLock(&m, 1) {
					task.Unlock(&m)
				}
			}
		})
}

// BenchmarkMutexNested holds one lock while it locks another.
func BenchmarkMutexNested(b *testing.B) {
	var m, k sync.Mutex
	compare(b,
		func(n int) {
			for range n {
				m.Lock()
				k.Lock()
				k.Unlock() //lint:ignore SA2001 that is what is measured
				m.Unlock()
			}
		},
		func(n int) {
			for range n {
				task.Lock(&m, 1)
				task.Lock(&k, 1)
				task.Unlock(&k)
				task.Unlock(&m)
			}
		})
}

func BenchmarkWaitGroupAddDone(b *testing.B) {
	var wg sync.WaitGroup
	compare(b,
		func(n int) {
			for range n {
				wg.Add(1)
				wg.Done()
			}
		},
		func(n int) {
			for range n {
				task.WaitGroupAdd(&wg, 1, 1)
				task.WaitGroupDone(&wg, 1)
			}
		})
}

func BenchmarkMakeAndClose(b *testing.B) {
	compare(b,
		func(n int) {
			for range n {
				close(make(chan int))
			}
		},
		func(n int) {
			for range n {
				task.Close(make(chan int), 1)
			}
		})
}

func BenchmarkSignal(b *testing.B) {
	c := sync.NewCond(new(sync.Mutex))
	compare(b,
		func(n int) {
			for range n {
				c.Signal()
			}
		},
		func(n int) {
			for range n {
				task.CondSignal(c, 1)
			}
		})
}

// Operations that wait.

// BenchmarkMutexHandover has two tasks that take turns with a lock and let go of the processor while they hold it.
func BenchmarkMutexHandover(b *testing.B) {
	var m sync.Mutex
	hold := func(n int, lock, unlock func()) {
		for range n / 2 {
			lock()
			runtime.Gosched()
			unlock()
		}
	}
	compare(b,
		func(n int) {
			var wg sync.WaitGroup
			for range 2 {
				wg.Go(func() { hold(n, m.Lock, m.Unlock) })
			}
			wg.Wait()
		},
		func(n int) {
			var wg sync.WaitGroup
			for range 2 {
				task.WaitGroupGo(&wg, 1, func() {
					hold(n, func() { task.Lock(&m, 1) }, func() { task.Unlock(&m) })
				})
			}
			task.WaitGroupWait(&wg, 1)
		})
}

func BenchmarkCond(b *testing.B) {
	var m sync.Mutex
	c := sync.NewCond(&m)
	turns := func(n, me int, turn *int, lock, unlock, wait, signal func()) {
		lock()
		for range n / 2 {
			for *turn != me {
				wait()
			}
			*turn = 1 - me
			signal()
		}
		unlock()
	}
	compare(b,
		func(n int) {
			var wg sync.WaitGroup
			turn := 0
			for me := range 2 {
				wg.Go(func() { turns(n, me, &turn, m.Lock, m.Unlock, c.Wait, c.Signal) })
			}
			wg.Wait()
		},
		func(n int) {
			var wg sync.WaitGroup
			turn := 0
			for me := range 2 {
				task.WaitGroupGo(&wg, 1, func() {
					turns(n, me, &turn, func() { task.Lock(&m, 1) }, func() { task.Unlock(&m) },
						func() { task.CondWait(c, 1) }, func() { task.CondSignal(c, 1) })
				})
			}
			task.WaitGroupWait(&wg, 1)
		})
}

func BenchmarkWaitGroupWait(b *testing.B) {
	compare(b,
		func(n int) {
			for range n {
				var wg sync.WaitGroup
				wg.Go(func() {})
				wg.Wait()
			}
		},
		func(n int) {
			for range n {
				var wg sync.WaitGroup
				task.WaitGroupGo(&wg, 1, func() {})
				task.WaitGroupWait(&wg, 1)
			}
		})
}

// What is asked about a thousand tasks.

func benchmarkLook(b *testing.B, look func(r *task.Run)) {
	r, _ := newRun(b, 1)
	c := make(chan int)
	r.Do(func() {
		for range 1000 {
			task.Go(1, func() { task.Recv(c, 1) })
		}
	})
	untilWaiting(b, r, task.WaitReceive, 1000)
	for b.Loop() {
		look(r)
	}
	close(c)
}

func BenchmarkStats(b *testing.B) { benchmarkLook(b, func(r *task.Run) { r.Stats() }) }
func BenchmarkTasks(b *testing.B) { benchmarkLook(b, func(r *task.Run) { r.Tasks() }) }
func BenchmarkLocks(b *testing.B) { benchmarkLook(b, func(*task.Run) { task.Locks() }) }
