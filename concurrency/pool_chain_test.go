package concurrency_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"weak"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
)

// The memory of the queue is used again and again, and what is in it runs once, in order where there is one worker.
func TestQueueIsUsedAgain(t *testing.T) {
	const each, clients = 20_000, 3
	for _, workers := range []int{1, 4} {
		for _, room := range []int{0, 100, 700, each * clients} {
			p := concurrency.NewThreadPool().WithWorkers(workers).WithQueue(room)
			var ran [clients][each]atomic.Int32
			var next [clients]int
			var wg sync.WaitGroup
			for c := range clients {
				wg.Go(func() {
					for i := range each {
						_ = p.Go(background, func() {
							ran[c][i].Add(1)
							if workers == 1 {
								if next[c] != i {
									t.Errorf("%d ran when it was the turn of %d", i, next[c])
								}
								next[c]++
							}
						})
					}
				})
			}
			wg.Wait()
			shutdown(t, p)
			for c := range clients {
				for i := range each {
					if n := ran[c][i].Load(); n != 1 {
						t.Fatalf("%d workers, room for %d: %d of %d ran %d times", workers, room, i, c, n)
					}
				}
			}
		}
	}
}

// A pool that has nothing to do keeps nothing of what it has done.
func TestDoneIsForgotten(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(2)
	defer shutdown(t, p)
	var kept []weak.Pointer[[1 << 10]int]
	for range 500 {
		big := new([1 << 10]int)
		kept = append(kept, weak.Make(big))
		_ = p.Go(background, func() { big[0]++ })
	}
	tasktest.Until(t, "the pool is idle", func() bool { return p.Running() == 0 })
	tasktest.Until(t, "all are forgotten", func() bool {
		runtime.GC()
		for _, w := range kept {
			if w.Value() != nil {
				return false
			}
		}
		return true
	})
}
