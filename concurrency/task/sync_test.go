package task_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// locks are the ways to lock and unlock exclusively.
func locks() map[string]func() (lock, unlock func()) {
	return map[string]func() (lock, unlock func()){
		"mutex": func() (func(), func()) {
			m := new(sync.Mutex)
			return func() { task.Lock(m, 0) }, func() { task.Unlock(m) }
		},
		"rwmutex": func() (func(), func()) {
			m := new(sync.RWMutex)
			return func() { task.RWLock(m, 0) }, func() { task.RWUnlock(m) }
		},
		"locker": func() (func(), func()) {
			m := new(sync.Mutex)
			return func() { task.LockerLock(m, 0) }, func() { task.LockerUnlock(m) }
		},
		"custom locker": func() (func(), func()) {
			m := make(chanLock, 1)
			return func() { task.LockerLock(m, 0) }, func() { task.LockerUnlock(m) }
		},
	}
}

type chanLock chan int

func (c chanLock) Lock()   { task.To(c, 0).Send(0) }
func (c chanLock) Unlock() { task.Recv(c, 0) }

func TestLocksExclude(t *testing.T) {
	for name, form := range locks() {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T) {
				lock, unlock := form()
				var wg sync.WaitGroup
				n := 0
				for range 20 {
					task.WaitGroupGo(&wg, 0, func() {
						for range 200 {
							lock()
							n++
							unlock()
						}
					})
				}
				task.WaitGroupWait(&wg, 0)
				if n != 20*200 {
					t.Errorf("n = %d", n)
				}
			})
		})
	}
}

// Tasks that must wait long get the lock all the same.
func TestLockIsHandedOver(t *testing.T) {
	r, _ := newRun(t, 1)
	var mu sync.Mutex
	mu.Lock()
	go func() {
		until(t, "five tasks wait", func() bool { return count(r, task.WaitLock) == 5 })
		mu.Unlock()
	}()
	n := 0
	r.Do(func() {
		var wg sync.WaitGroup
		for range 5 {
			task.WaitGroupGo(&wg, 0, func() {
				task.Lock(&mu, 0)
				n++
				task.Unlock(&mu)
			})
		}
		task.WaitGroupWait(&wg, 0)
	})
	if n != 5 {
		t.Errorf("n = %d", n)
	}
}

func count(r *task.Run, kind task.Kind) (n int) {
	for _, i := range r.Tasks() {
		if i.Wait.Kind == kind {
			n++
		}
	}
	return n
}

// A killed task that waited for a lock leaves it as it was: the next gets it.
func TestKilledWaiterLeavesTheLock(t *testing.T) {
	var mu sync.Mutex
	mu.Lock()
	for range 3 {
		r, _ := newRun(t, 1)
		go func() {
			waiting(t, r, task.WaitLock)
			r.Kill(nil)
		}()
		if end := r.Do(func() { task.Lock(&mu, 0) }); !end.Killed {
			t.Errorf("end = %+v", end)
		}
	}
	r, _ := newRun(t, 2)
	go func() {
		waiting(t, r, task.WaitLock)
		mu.Unlock()
	}()
	r.Do(func() {
		task.Lock(&mu, 0)
		task.Unlock(&mu)
	})
	until(t, "the lock is free", mu.TryLock)
}

func TestWriterGoesBeforeNewReaders(t *testing.T) {
	r, _ := newRun(t, 1)
	var mu sync.RWMutex
	mu.RLock()
	var order []string
	pending := make(chan int) // closed when the writer keeps readers out
	go func() {
		until(t, "a writer that waits keeps new readers out", func() bool {
			if mu.TryRLock() {
				mu.RUnlock()
				return false
			}
			return true
		})
		close(pending)
		waiting(t, r, task.WaitRLock)
		mu.RUnlock()
	}()
	r.Do(func() {
		var wg sync.WaitGroup
		task.WaitGroupGo(&wg, 0, func() {
			task.RWLock(&mu, 0)
			order = append(order, "writer")
			task.RWUnlock(&mu)
		})
		task.WaitGroupGo(&wg, 0, func() {
			task.Recv(pending, 0)
			task.RWRLock(&mu, 0)
			order = append(order, "reader")
			task.RWRUnlock(&mu)
		})
		task.WaitGroupWait(&wg, 0)
	})
	if len(order) != 2 || order[0] != "writer" {
		t.Errorf("order = %q", order)
	}
}

// Readers that were waiting are let in together: these need one another.
func TestReadersComeInTogether(t *testing.T) {
	for _, form := range []string{"RLock", "RLocker"} {
		t.Run(form, func(t *testing.T) {
			r, _ := newRun(t, 1)
			var mu sync.RWMutex
			mu.Lock()
			go func() {
				until(t, "four readers wait", func() bool { return count(r, task.WaitRLock) == 4 })
				mu.Unlock()
			}()
			end := r.Do(func() {
				var wg, met sync.WaitGroup
				met.Add(4)
				for range 4 {
					task.WaitGroupGo(&wg, 0, func() {
						if form == "RLock" {
							task.RWRLock(&mu, 0)
							defer task.RWRUnlock(&mu)
						} else {
							task.LockerLock(mu.RLocker(), 0)
							defer task.LockerUnlock(mu.RLocker())
						}
						met.Done()
						task.WaitGroupWait(&met, 0)
					})
				}
				task.WaitGroupWait(&wg, 0)
			})
			if end.Panic != nil {
				t.Error(end.Panic)
			}
			until(t, "the lock is free", mu.TryLock)
		})
	}
}

func TestCond(t *testing.T) {
	both(t, func(t *testing.T) {
		var mu sync.Mutex
		c := sync.NewCond(&mu)
		var queue []int
		var wg sync.WaitGroup
		var sum atomic.Int64
		for range 4 {
			task.WaitGroupGo(&wg, 0, func() {
				for range 100 {
					task.Lock(&mu, 0)
					for len(queue) == 0 {
						task.CondWait(c, 0)
					}
					sum.Add(int64(queue[0]))
					queue = queue[1:]
					task.Unlock(&mu)
				}
			})
		}
		for i := range 400 {
			task.Lock(&mu, 0)
			queue = append(queue, i)
			task.Unlock(&mu)
			task.CondSignal(c, 0)
		}
		task.WaitGroupWait(&wg, 0)
		if sum.Load() != 400*399/2 {
			t.Errorf("sum = %d", sum.Load())
		}
	})
}

// Signals wake in the order of waiting.
func TestCondIsFirstInFirstOut(t *testing.T) {
	r, _ := newRun(t, 1)
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	var order []int
	r.Do(func() {
		var wg sync.WaitGroup
		for i := range 5 {
			task.WaitGroupGo(&wg, 0, func() {
				task.Lock(&mu, 0)
				defer task.Unlock(&mu)
				task.CondWait(c, 0)
				order = append(order, i)
			})
			for count(r, task.WaitCond) <= i {
				task.Sleep(time.Millisecond, 0)
			}
			// With the lock in hand, the delegate has unlocked it, so it waits.
			task.Lock(&mu, 0)
			task.Unlock(&mu)
		}
		for i := range 5 {
			c.Signal()
			for done := false; !done; {
				task.Lock(&mu, 0)
				done = len(order) == i+1
				task.Unlock(&mu)
			}
		}
		task.WaitGroupWait(&wg, 0)
	})
	for i, got := range order {
		if i != got {
			t.Fatalf("order = %v", order)
		}
	}
}

// Killed waiters end, in every style of unlocking, and the lock is free afterwards.
func TestKillWaitersOfCond(t *testing.T) {
	styles := map[string]func(mu *sync.Mutex, wait func()){
		"deferred": func(mu *sync.Mutex, wait func()) {
			task.Lock(mu, 0)
			defer task.Unlock(mu)
			wait()
		},
		"deferred in a function": func(mu *sync.Mutex, wait func()) {
			task.Lock(mu, 0)
			defer func() {
				task.Safepoint()
				task.Unlock(mu)
			}()
			wait()
		},
		"deferred, not lowered": func(mu *sync.Mutex, wait func()) {
			task.Lock(mu, 0)
			defer mu.Unlock()
			wait()
		},
		"plain": func(mu *sync.Mutex, wait func()) {
			task.Lock(mu, 0)
			wait()
			task.Unlock(mu)
		},
	}
	for name, style := range styles {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			c := sync.NewCond(&mu)
			r, _ := newRun(t, 1)
			go func() {
				until(t, "all wait", func() bool { return count(r, task.WaitCond) == 10 })
				mu.Lock()   // the delegates are within Wait
				mu.Unlock() //lint:ignore SA2001 that was all
				r.Kill(errStop)
			}()
			end := r.Do(func() {
				for range 10 {
					task.Go(0, func() {
						style(&mu, func() {
							for {
								task.CondWait(c, 0)
							}
						})
					})
				}
				task.Forever(0)
			})
			if !end.Killed {
				t.Errorf("end = %+v", end)
			}
			until(t, "all are gone", func() bool { return r.Live() == 0 })
			until(t, "the lock is free", mu.TryLock)
			mu.Unlock()
			c.Broadcast() // frees the delegates
		})
	}
}

// A signal that comes to the delegate of a killed task goes to somebody who waits.
func TestSignalIsNotLost(t *testing.T) {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	wait := func() {
		task.Lock(&mu, 0)
		defer task.Unlock(&mu)
		task.CondWait(c, 0)
	}
	r, _ := newRun(t, 1)
	go func() {
		waiting(t, r, task.WaitCond)
		mu.Lock()
		mu.Unlock() //lint:ignore SA2001 the delegate is within Wait
		r.Kill(nil)
	}()
	r.Do(wait)
	until(t, "the killed task is gone", func() bool { return r.Live() == 0 })

	s, _ := newRun(t, 2)
	go func() {
		waiting(t, s, task.WaitCond)
		mu.Lock()
		mu.Unlock() //lint:ignore SA2001 the delegate is within Wait
		c.Signal()
	}()
	if end := s.Do(wait); end.Killed || end.Panic != nil {
		t.Errorf("end = %+v", end)
	}
}

func TestOnce(t *testing.T) {
	both(t, func(t *testing.T) {
		var o sync.Once
		var n int
		var wg sync.WaitGroup
		for range 20 {
			task.WaitGroupGo(&wg, 0, func() {
				task.OnceDo(&o, 0, func() {
					task.Sleep(time.Millisecond, 0)
					n++
				})
				if n != 1 {
					t.Errorf("n = %d after Do", n)
				}
			})
		}
		task.WaitGroupWait(&wg, 0)
	})
}

func TestOnceThatPanicsIsDone(t *testing.T) {
	inTask(t, func() {
		var o sync.Once
		if p := task.Catch(func() { task.OnceDo(&o, 0, func() { boom(1) }) }); p == nil {
			t.Error("no panic")
		}
		task.OnceDo(&o, 0, func() { t.Error("ran again") })
	})
}

func TestGroupOfGroups(t *testing.T) {
	both(t, func(t *testing.T) {
		var wg sync.WaitGroup
		var n atomic.Int32
		var grow func(depth int)
		grow = func(depth int) {
			n.Add(1)
			if depth == 0 {
				return
			}
			for range 2 {
				task.WaitGroupGo(&wg, 0, func() { grow(depth - 1) })
			}
		}
		grow(7)
		task.WaitGroupWait(&wg, 0)
		if n.Load() != 255 {
			t.Errorf("n = %d", n.Load())
		}
		task.WaitGroupWait(&wg, 0)
	})
}

func TestManyWaitForOneGroup(t *testing.T) {
	r, _ := newRun(t, 1)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		until(t, "ten wait", func() bool { return count(r, task.WaitGroup) == 11 })
		wg.Done()
	}()
	r.Do(func() {
		var all sync.WaitGroup
		for range 10 {
			task.WaitGroupGo(&all, 0, func() { task.WaitGroupWait(&wg, 0) })
		}
		task.WaitGroupWait(&all, 0)
	})
}
