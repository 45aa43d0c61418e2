//lint:file-ignore SA2001 that a lock can be taken and given back is what is looked at

package concurrency_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// guarded is a lock with something that shows who is within.
type guarded struct {
	concurrency.RWLock
	readers, writers atomic.Int32
}

func (g *guarded) write(t *testing.T) {
	if w, r := g.writers.Add(1), g.readers.Load(); w != 1 || r != 0 {
		t.Errorf("%d writers and %d readers", w, r)
	}
	runtime.Gosched()
	g.writers.Add(-1)
}

func (g *guarded) read(t *testing.T) {
	g.readers.Add(1)
	if w := g.writers.Load(); w != 0 {
		t.Errorf("%d writers while one reads", w)
	}
	runtime.Gosched()
	g.readers.Add(-1)
}

// Readers and writers exclude each other, though many give up waiting at all moments, and nobody is forgotten.
func TestRWLockExcludes(t *testing.T) {
	both(t, func(t *testing.T) {
		var g guarded
		var wg sync.WaitGroup
		for i := range 8 {
			task.WaitGroupGo(&wg, 0, func() {
				for n := range 200 {
					ctx, cancel := background, context.CancelFunc(func() {})
					if (n+i)%3 == 0 {
						ctx, cancel = task.ContextWithTimeout(background, time.Duration(n%7)*time.Microsecond)
					}
					if (n+i)%4 == 0 {
						if g.AcquireRead(ctx) == nil {
							g.read(t)
							g.ReleaseRead()
						}
					} else if g.Acquire(ctx) == nil {
						g.write(t)
						g.Release()
					}
					cancel()
				}
			})
		}
		task.WaitGroupWait(&wg, 0)
		if !g.TryAcquire() {
			t.Error("somebody holds it yet")
		}
		g.Release()
	})
}

// A writer gets its turn though others take the lock again as soon as it is free.
func TestRWLockWriterIsNotOvertakenForEver(t *testing.T) {
	var l concurrency.RWLock
	l.Lock()
	var got atomic.Bool
	th := waiting(t, task.WaitLock, &l, func() {
		l.Lock()
		got.Store(true)
		l.Unlock()
	})
	for !got.Load() { // it fails by never ending
		l.Unlock()
		l.Lock()
	}
	l.Unlock()
	_ = th.Join(background)
}

// Who waits behind a writer that is on its way comes after it, also when that one gives up.
func TestRWLockReadersBehindOneOnItsWay(t *testing.T) {
	for seed := range uint64(50) {
		var l concurrency.RWLock
		r, _ := newRun(t, 1)
		r.Virtual(seed)
		var order []string
		end := r.Do(func() {
			g := concurrency.NewGroup(background)
			l.Lock()
			ctx, cancel := task.ContextWithTimeout(background, time.Second)
			defer cancel()
			g.Go(func(context.Context) error { // it gives up
				if err := l.Acquire(ctx); err == nil {
					t.Error("a writer got in while another was there")
				}
				return nil
			})
			task.Sleep(time.Millisecond, 0)
			for i := range 2 {
				g.Go(func(context.Context) error {
					l.Lock()
					order = append(order, "writer")
					l.Unlock()
					return nil
				})
				task.Sleep(time.Millisecond, 0)
				g.Go(func(context.Context) error {
					l.RLock()
					order = append(order, "reader")
					l.RUnlock()
					return nil
				})
				task.Sleep(time.Duration(i+1)*time.Millisecond, 0)
			}
			task.Sleep(time.Minute, 0)
			l.Unlock()
			_ = g.Wait()
		})
		if got := fmt.Sprint(order); end.Panic != nil || got != "[writer reader writer reader]" {
			t.Fatalf("seed %d: %s, end %+v", seed, got, end)
		}
	}
}

// An interrupt takes tasks out of the line, be they in it, on their way or already given the lock.
func TestRWLockAfterKill(t *testing.T) {
	for range 10 {
		var l concurrency.RWLock
		r, _ := newRun(t, 1)
		started := make(chan struct{})
		go func() {
			<-started
			r.Kill(nil)
		}()
		r.Do(func() {
			for i := range 6 {
				concurrency.NewThread(func() {
					for {
						if i == 0 {
							l.RLock()
							l.RUnlock()
						} else {
							l.Lock()
							l.Unlock()
						}
						task.Safepoint()
					}
				}).Start()
			}
			close(started)
			task.Forever(0)
		})
		if err := r.Close(background); err != nil {
			t.Fatal(err)
		}
		for _, h := range l.Holders() { // it keeps what it held
			if !h.Ended {
				t.Errorf("%+v holds it", h)
			}
		}
		if len(l.Holders()) == 0 {
			l.Lock() // it would wait for ever if somebody was forgotten
			l.Unlock()
			l.RLock()
			l.RUnlock()
		}
	}
}
