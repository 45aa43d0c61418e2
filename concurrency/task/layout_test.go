package task_test

import (
	"sync"
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
)

// The package looks into several types of the standard library. It works without that, but slower: a new
// version of Go that has moved things is to be noticed.
func TestLayoutIsKnown(t *testing.T) {
	for name, offset := range task.Layout() {
		if offset < 0 {
			t.Errorf("%s: the field is not where it was", name)
		}
	}
}

// Delegates are not left behind without limit: the next that waits takes one over.
func TestOrphansAreAdopted(t *testing.T) {
	var mu sync.Mutex
	mu.Lock()
	var wg sync.WaitGroup
	wg.Add(1)
	before := task.Orphans()
	for range 5 {
		r, _ := newRun(t, 1)
		go func() {
			waiting(t, r, task.WaitLock)
			waiting(t, r, task.WaitGroup)
			r.Kill(nil)
		}()
		r.Do(func() {
			task.Go(0, func() { task.Lock(&mu, 0) })
			task.WaitGroupWait(&wg, 0)
		})
		until(t, "the tasks are gone", func() bool { return r.Live() == 0 })
	}
	if n := task.Orphans() - before; n != 2 {
		t.Errorf("%d orphans", n)
	}
	mu.Unlock()
	wg.Done()
	until(t, "the orphans are gone", func() bool { return task.Orphans() == before })
	until(t, "the lock is free", mu.TryLock)
}
