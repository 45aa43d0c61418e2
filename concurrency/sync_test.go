//lint:file-ignore SA2001 that a lock can be taken and given back is what is looked at

package concurrency_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

func TestRWLockSharesReading(t *testing.T) {
	both(t, func(t *testing.T) {
		var l concurrency.RWLock
		l.RLock()
		if !l.TryAcquireRead() { // the same task
			t.Error("a reader could not read")
		}
		in := concurrency.NewThread(func() {
			l.RLock()
			if l.TryAcquire() {
				t.Error("a writer got in")
			}
			if n := len(l.Holders()); n != 2 || !l.Holders()[0].Read || l.Locked() {
				t.Errorf("%d holders", n)
			}
			l.RUnlock()
		}).Start()
		_ = in.Join(background)
		l.RUnlock()
		if l.TryAcquire() {
			t.Error("a writer got in while one reads")
		}
		l.ReleaseRead()
		if !l.TryAcquire() || l.TryAcquireRead() || !l.Locked() {
			t.Error("a writer does not exclude readers")
		}
		l.Release()
	})
}

// A reader waits behind a writer that waits, unless it reads already, and goes on when that one gives up.
func TestRWLockServesInOrder(t *testing.T) {
	var l concurrency.RWLock
	l.RLock()
	ctx, cancel := context.WithCancelCause(background)
	var err error
	writer := waiting(t, task.WaitLock, &l, func() { err = l.Acquire(ctx) })
	reader := waiting(t, task.WaitRLock, &l, func() { l.RLock(); l.RUnlock() })
	if !l.TryAcquireRead() {
		t.Error("who reads already has to wait")
	}
	l.RUnlock()
	cancel(errTest)
	if _ = writer.Join(background); err != errTest {
		t.Error(err)
	}
	_ = reader.Join(background)
	first := waiting(t, task.WaitLock, &l, func() { l.Lock(); l.Unlock() })
	second := waiting(t, task.WaitRLock, &l, func() { _ = l.AcquireRead(background); l.RUnlock() })
	l.RUnlock()
	_, _ = first.Join(background), second.Join(background)
}

func TestRWLockMisuse(t *testing.T) {
	var l concurrency.RWLock
	misuse(t, "concurrency: RWLock: RUnlock, but nobody holds it", func() { l.RUnlock() })
	l.Lock()
	misuse(t, "concurrency: RWLock: RUnlock by one who does not hold it for reading", func() { l.RUnlock() })
	l.Unlock()
	l.RLock()
	misuse(t, "concurrency: RWLock: Release by one who does not hold it", func() { l.Release() })
	l.RUnlock()
}

func TestEvent(t *testing.T) {
	both(t, func(t *testing.T) {
		var e concurrency.Event
		if e.IsSet() {
			t.Error("set from the beginning")
		}
		ctx, cancel := context.WithCancelCause(background)
		cancel(errTest)
		if err := e.Wait(ctx); err != errTest {
			t.Error(err)
		}
		var went concurrency.Counter
		g := concurrency.NewGroup(background)
		done := e.Done()
		for range 3 {
			g.Go(func(ctx context.Context) error { went.Inc(); return e.Wait(ctx) })
		}
		for went.Value() < 3 {
			runtime.Gosched()
		}
		e.Set()
		e.Set()
		<-done
		<-e.Done()
		if err := g.Wait(); err != nil || !e.IsSet() || e.Wait(ctx) != nil {
			t.Error(err)
		}
		e.Clear()
		e.Clear()
		if e.IsSet() || e.Wait(ctx) != errTest {
			t.Error("not cleared")
		}
	})
}

// lockers are the locks a condition can have.
func lockers(t *testing.T, f func(t *testing.T, l sync.Locker)) {
	for name, make := range map[string]func() sync.Locker{
		"Lock": func() sync.Locker { return nil }, "RLock": func() sync.Locker { return new(concurrency.RLock) },
		"RWLock": func() sync.Locker { return new(concurrency.RWLock) }, "Mutex": func() sync.Locker { return new(sync.Mutex) },
	} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T) { f(t, make()) })
		})
	}
}

func TestCondition(t *testing.T) {
	lockers(t, func(t *testing.T, l sync.Locker) {
		c := concurrency.NewCondition(l)
		n, took := 0, 0
		g := concurrency.NewGroup(background)
		for range 5 {
			g.Go(func(ctx context.Context) error {
				c.Lock()
				defer c.Unlock()
				if err := c.WaitFor(ctx, func() bool { return n > 0 }); err != nil {
					return err
				}
				n--
				took++
				return nil
			})
		}
		for i := range 5 {
			c.Lock()
			n++
			if i == 4 {
				c.NotifyAll()
			} else {
				c.Notify(1)
			}
			c.Unlock()
		}
		if err := g.Wait(); err != nil || took != 5 {
			t.Errorf("%v, %d", err, took)
		}
		ctx, cancel := context.WithCancelCause(background)
		cancel(errTest)
		c.Lock()
		if err := c.Wait(ctx); err != errTest {
			t.Error(err)
		}
		if err := c.WaitFor(ctx, func() bool { return false }); err != errTest {
			t.Error(err)
		}
		c.Unlock()
	})
}

// A re-entrant lock is left entirely while one waits, and locked as often again.
func TestConditionLeavesRLock(t *testing.T) {
	var l concurrency.RLock
	c := concurrency.NewCondition(&l)
	th := waiting(t, task.WaitCond, c, func() {
		l.Lock()
		l.Lock()
		_ = c.Wait(background)
		l.Unlock()
		if !l.Locked() {
			t.Error("it was not locked as often again")
		}
		l.Unlock()
	})
	c.Lock()
	c.Notify(7)
	c.Unlock()
	if err := th.Join(background); err != nil || l.Locked() {
		t.Error(err)
	}
}

// A killed task has the lock again when its deferred functions run.
func TestKillEndsCondition(t *testing.T) {
	lockers(t, func(t *testing.T, l sync.Locker) {
		c := concurrency.NewCondition(l)
		r, _ := newRun(t, 1)
		unlocked := false
		r.Do(func() {
			concurrency.NewThread(func() {
				c.Lock()
				defer func() { c.Unlock(); unlocked = true }()
				_ = c.Wait(background)
			}).Start()
		})
		untilWaits(t, r, task.WaitCond)
		r.Kill(nil)
		until(t, "it has ended", func() bool { return r.Live() == 0 })
		c.Lock()
		c.NotifyAll()
		c.Unlock()
		if !unlocked {
			t.Error("the deferred function was cut short")
		}
	})
}

func TestConditionMisuse(t *testing.T) {
	for _, l := range []sync.Locker{new(concurrency.Lock), new(concurrency.RLock), new(concurrency.RWLock)} {
		c := concurrency.NewCondition(l)
		misuse(t, "concurrency: Condition: Wait by one who does not hold its lock", func() { _ = c.Wait(background) })
		misuse(t, "concurrency: Condition: WaitFor by one who does not hold its lock", func() { _ = c.WaitFor(background, nil) })
		misuse(t, "concurrency: Condition: Notify by one who does not hold its lock", func() { c.Notify(1) })
		misuse(t, "concurrency: Condition: NotifyAll by one who does not hold its lock", c.NotifyAll)
		misuse(t, "concurrency: Condition: Notify of a negative number", func() { c.Notify(-1) })
	}
}

func TestBarrier(t *testing.T) {
	both(t, func(t *testing.T) {
		rounds := 0
		b := concurrency.NewBarrier(3).WithAction(func() { rounds++ })
		var mu sync.Mutex
		var numbers []int
		g := concurrency.NewGroup(background)
		for range 3 {
			g.Go(func(ctx context.Context) error {
				for range 4 {
					i, err := b.Wait(ctx)
					if err != nil {
						return err
					}
					mu.Lock()
					numbers = append(numbers, i)
					mu.Unlock()
				}
				return nil
			})
		}
		err := g.Wait()
		slices.Sort(numbers)
		if want := []int{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2}; err != nil || rounds != 4 || !slices.Equal(numbers, want) {
			t.Errorf("%v, %d rounds, %v", err, rounds, numbers)
		}
		if b.Broken() || b.Waiting() != 0 || b.Parties() != 3 {
			t.Error("not as it was")
		}
	})
}

// broken starts one that waits at a barrier, has f do something to it, and returns what Wait says.
func broken(t *testing.T, b *concurrency.Barrier, f func()) (err error) {
	t.Helper()
	th := waiting(t, task.WaitResult, b, func() { _, err = b.Wait(background) })
	if b.Waiting() != 1 {
		t.Errorf("%d wait", b.Waiting())
	}
	f()
	_ = th.Join(background)
	return err
}

func TestBarrierBreaks(t *testing.T) {
	b := concurrency.NewBarrier(3)
	if err := broken(t, b, b.Abort); err != concurrency.ErrBroken || !b.Broken() {
		t.Errorf("abort: %v", err)
	}
	if _, err := b.Wait(background); err != concurrency.ErrBroken || b.Waiting() != 0 {
		t.Errorf("after it: %v", err)
	}
	b.Reset()
	if err := broken(t, b, b.Reset); err != concurrency.ErrBroken || b.Broken() {
		t.Errorf("reset: %v", err)
	}
	ctx, cancel := context.WithCancelCause(background)
	cancel(errTest)
	err := broken(t, b, func() {
		if _, err := b.Wait(ctx); err != errTest {
			t.Error(err)
		}
	})
	if err != concurrency.ErrBroken || !b.Broken() {
		t.Errorf("cancelled: %v", err)
	}
	one := concurrency.NewBarrier(1).WithAction(func() { panic(errTest) })
	if v := panicOf(t, func() { _, _ = one.Wait(background) }); v != errTest || !one.Broken() {
		t.Errorf("action: %v", v)
	}
}

// One that is interrupted at a barrier breaks it.
func TestKillBreaksBarrier(t *testing.T) {
	b := concurrency.NewBarrier(3)
	err := broken(t, b, func() {
		r, _ := newRun(t, 1)
		r.Do(func() { concurrency.NewThread(func() { _, _ = b.Wait(background) }).Start() })
		untilWaits(t, r, task.WaitResult)
		r.Kill(nil)
	})
	if err != concurrency.ErrBroken {
		t.Error(err)
	}
}

func TestBarrierMisuse(t *testing.T) {
	misuse(t, "concurrency: Barrier: for 0 tasks", func() { concurrency.NewBarrier(0) })
	b := concurrency.NewBarrier(1)
	_, _ = b.Wait(background)
	misuse(t, "concurrency: Barrier: WithAction after Wait", func() { b.WithAction(nil) })
}

func TestOnce(t *testing.T) {
	both(t, func(t *testing.T) {
		var o concurrency.Once
		var ran concurrency.Counter
		gate := make(chan int)
		f := func(context.Context) error { ran.Inc(); <-gate; return errTest }
		g := concurrency.NewGroup(background)
		for range 4 {
			g.Go(func(ctx context.Context) error {
				if err := o.Do(ctx, f); err != errTest {
					t.Error(err)
				}
				return nil
			})
		}
		for ran.Value() == 0 {
			runtime.Gosched()
		}
		ctx, cancel := context.WithCancelCause(background)
		cancel(context.Canceled)
		if err := o.Do(ctx, f); err != context.Canceled || o.Done() || len(o.Holders()) != 1 {
			t.Error(err)
		}
		close(gate)
		if err := g.Wait(); err != nil || ran.Value() != 1 || !o.Done() || o.Holders() != nil || o.Do(ctx, f) != errTest {
			t.Error(err)
		}
	})
}

func TestOnceFails(t *testing.T) {
	var panics, exits, calls concurrency.Once
	for range 2 {
		carried(t, errTest, func() { _ = panics.Do(background, func(context.Context) error { panic(errTest) }) })
	}
	_ = concurrency.NewThread(func() {
		_ = exits.Do(background, func(context.Context) error { runtime.Goexit(); return nil })
	}).Start().Join(background)
	if err := exits.Do(background, nil); err != concurrency.ErrExited {
		t.Error(err)
	}
	_ = calls.Do(background, func(ctx context.Context) error {
		misuse(t, "concurrency: Once: Do within Do", func() { _ = calls.Do(ctx, nil) })
		return nil
	})
}

func TestCounter(t *testing.T) {
	both(t, func(t *testing.T) {
		var c concurrency.Counter
		if c.Inc() != 1 || c.Add(5) != 6 || c.Dec() != 5 || c.Value() != 5 {
			t.Error(c.Value())
		}
		if c.Set(3); c.Swap(4) != 3 || c.CompareAndSwap(3, 9) || !c.CompareAndSwap(4, 9) || c.Value() != 9 {
			t.Error(c.Value())
		}
	})
}

func TestSemaphoreHolders(t *testing.T) {
	s := concurrency.NewBoundedSemaphore(100)
	for range 40 {
		_ = s.Acquire(background, 1)
	}
	if h := s.Holders(); len(h) != 32 || h[0].Task != task.Goroutine() {
		t.Errorf("%d holders", len(h))
	}
	_ = concurrency.NewThread(func() { s.TryAcquire(2); s.Release(1); s.Release(35) }).Start().Join(background)
	if h := s.Holders(); s.Free() != 94 || len(h) > 6 {
		t.Errorf("%d free, %v", s.Free(), h)
	}
	if s.Release(6); s.Holders() != nil {
		t.Error("somebody holds it yet")
	}
}

// synchronized uses what synchronizes, and writes down what happens when.
func synchronized(t *testing.T) (log []string) {
	start := task.Now()
	say := func(what ...any) { log = append(log, fmt.Sprint(task.Since(start), " ", fmt.Sprint(what...))) }
	var (
		l       concurrency.Lock
		rl      concurrency.RLock
		rw      concurrency.RWLock
		e       concurrency.Event
		once    concurrency.Once
		counter concurrency.Counter
	)
	each := func(n int, f func(ctx context.Context)) {
		g := concurrency.NewGroup(background)
		for range n {
			g.Go(func(ctx context.Context) error { f(ctx); return nil })
		}
		_ = g.Wait()
	}
	each(3, func(context.Context) {
		l.Lock()
		defer l.Unlock()
		rl.Lock()
		rl.Lock()
		task.Sleep(time.Second, 0)
		rl.Unlock()
		rl.Unlock()
	})
	say("locks")
	each(3, func(context.Context) { rw.RLock(); task.Sleep(time.Second, 0); rw.RUnlock() })
	say("readers")
	each(2, func(context.Context) { rw.Lock(); task.Sleep(time.Second, 0); rw.Unlock() })
	say("writers")
	ctx, cancel := task.ContextWithTimeout(background, time.Minute)
	defer cancel()
	l.Lock()
	each(2, func(context.Context) {
		if err := l.Acquire(ctx); err != context.DeadlineExceeded {
			t.Error(err)
		}
	})
	l.Unlock()
	say("timeout")
	setter := concurrency.NewThread(func() { task.Sleep(time.Minute, 0); e.Set() }).Start()
	each(2, func(ctx context.Context) { _ = e.Wait(ctx) })
	_ = setter.Join(background)
	say("event")
	b := concurrency.NewBarrier(3)
	each(3, func(ctx context.Context) {
		i, _ := b.Wait(ctx)
		task.Sleep(time.Duration(i)*time.Second, 0)
		_ = once.Do(ctx, func(context.Context) error { task.Sleep(time.Second, 0); counter.Inc(); return nil })
	})
	say("barrier ", counter.Value())
	c := concurrency.NewCondition(nil)
	n := 0
	th := concurrency.NewThread(func() {
		c.Lock()
		defer c.Unlock()
		_ = c.WaitFor(background, func() bool { return n == 3 })
	}).Start()
	for range 3 {
		task.Sleep(time.Second, 0)
		c.Lock()
		n++
		c.Notify(1)
		c.Unlock()
	}
	_ = th.Join(background)
	say("condition")
	return log
}

func TestSyncUnderControl(t *testing.T) {
	want := []string{
		"3s locks", "4s readers", "6s writers", "1m6s timeout", "2m6s event", "2m8s barrier 1", "2m11s condition",
	}
	for seed := range uint64(20) {
		r, _ := newRun(t, 1)
		r.Virtual(seed)
		var got []string
		end := r.Do(func() { got = synchronized(t) })
		if end.Killed || end.Panic != nil || !slices.Equal(got, want) {
			t.Errorf("seed %d: end %+v\n%q\nwant\n%q", seed, end, got, want)
		}
	}
}
