//lint:file-ignore SA2001 that a lock can be taken and given back is what is looked at

package concurrency_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// The benchmarks of this file are read beside each other: what is of package sync is the yardstick.

// uncontended runs operations outside any task and in one.
func uncontended(b *testing.B, name string, op func()) {
	b.Run(name+"/program", func(b *testing.B) {
		for b.Loop() {
			op()
		}
	})
	b.Run(name+"/cell", func(b *testing.B) {
		r, _ := newRun(b, 1)
		r.Do(func() {
			for b.Loop() {
				op()
			}
		})
	})
}

func BenchmarkLock(b *testing.B) {
	var (
		mutex, mutex2 sync.Mutex
		l, outer      concurrency.Lock
		rl            concurrency.RLock
		rw            sync.RWMutex
		rwl           concurrency.RWLock
		once          sync.Once
		once2         concurrency.Once
		number        atomic.Int64
		counter       concurrency.Counter
	)
	s := concurrency.NewSemaphore(1)
	nothing := func(context.Context) error { return nil }
	uncontended(b, "sync.Mutex", func() { mutex.Lock(); mutex.Unlock() })
	uncontended(b, "task.Lock", func() { task.Lock(&mutex2, 0); task.Unlock(&mutex2) })
	uncontended(b, "Lock", func() { l.Lock(); l.Unlock() })
	uncontended(b, "Lock.Acquire", func() { _ = l.Acquire(background); l.Release() })
	uncontended(b, "Lock/nested", func() { outer.Lock(); l.Lock(); l.Unlock(); outer.Unlock() })
	uncontended(b, "RLock", func() { rl.Lock(); rl.Unlock() })
	uncontended(b, "sync.RWMutex/write", func() { rw.Lock(); rw.Unlock() })
	uncontended(b, "RWLock/write", func() { rwl.Lock(); rwl.Unlock() })
	uncontended(b, "sync.RWMutex/read", func() { rw.RLock(); rw.RUnlock() })
	uncontended(b, "RWLock/read", func() { rwl.RLock(); rwl.RUnlock() })
	uncontended(b, "Semaphore", func() { _ = s.Acquire(background, 1); s.Release(1) })
	uncontended(b, "sync.Once", func() { once.Do(func() {}) })
	uncontended(b, "Once", func() { _ = once2.Do(background, nothing) })
	uncontended(b, "atomic.Int64", func() { number.Add(1) })
	uncontended(b, "Counter", func() { counter.Add(1) })
}

// contended has 8 goroutines, tasks if cell is set, lock and unlock.
func contended(b *testing.B, name string, l sync.Locker, cell bool) {
	b.Run(name, func(b *testing.B) {
		work := func() {
			var wg sync.WaitGroup
			for range 8 {
				task.WaitGroupGo(&wg, 0, func() {
					for range b.N / 8 {
						l.Lock()
						l.Unlock()
					}
				})
			}
			task.WaitGroupWait(&wg, 0)
		}
		if !cell {
			work()
			return
		}
		r, _ := newRun(b, 1)
		r.Do(work)
	})
}

// A lowered mutex is locked as the task runtime does it in a cell.
type lowered struct{ sync.Mutex }

func (l *lowered) Lock()   { task.Lock(&l.Mutex, 0) }
func (l *lowered) Unlock() { task.Unlock(&l.Mutex) }

func BenchmarkContended(b *testing.B) {
	contended(b, "sync.Mutex/program", new(sync.Mutex), false)
	contended(b, "Lock/program", new(concurrency.Lock), false)
	contended(b, "task.Lock/cell", new(lowered), true)
	contended(b, "Lock/cell", new(concurrency.Lock), true)
	contended(b, "sync.RWMutex/program", new(sync.RWMutex), false)
	contended(b, "RWLock/program", new(concurrency.RWLock), false)
}
