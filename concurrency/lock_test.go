//lint:file-ignore SA2001 that a lock can be taken and given back is what is looked at

package concurrency_test

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// An exclusive lock is a Lock, an RLock or what else one task holds at a time.
type exclusive interface {
	sync.Locker
	Acquire(ctx context.Context) error
	TryAcquire() bool
	Release()
	Locked() bool
	Holders() []concurrency.Holder
}

// locks runs a test with each lock that one task holds at a time.
func locks(t *testing.T, f func(t *testing.T, l exclusive)) {
	for name, make := range map[string]func() exclusive{
		"Lock":   func() exclusive { return new(concurrency.Lock) },
		"RLock":  func() exclusive { return new(concurrency.RLock) },
		"RWLock": func() exclusive { return new(concurrency.RWLock) },
	} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T) { f(t, make()) })
		})
	}
}

// waiting starts a thread in a run of its own, and returns when it waits for object.
func waiting(t *testing.T, kind task.Kind, object any, f func()) *concurrency.Thread {
	t.Helper()
	r, _ := newRun(t, 7)
	var th *concurrency.Thread
	r.Do(func() { th = concurrency.NewThread(f).Start() })
	until(t, "it waits", func() bool {
		tasks := r.Tasks()
		return len(tasks) == 1 && tasks[0].Wait.Kind == kind && tasks[0].Wait.Object == object
	})
	return th
}

func TestLockExcludes(t *testing.T) {
	locks(t, func(t *testing.T, l exclusive) {
		n := 0
		g := concurrency.NewGroup(background)
		for i := range 8 {
			g.Go(func(ctx context.Context) error {
				for range 500 {
					if i%2 == 0 {
						l.Lock()
					} else if err := l.Acquire(ctx); err != nil {
						return err
					}
					n++
					l.Unlock()
				}
				return nil
			})
		}
		if err := g.Wait(); err != nil || n != 4000 || l.Locked() || l.Holders() != nil {
			t.Errorf("%v, n = %d, locked %v, held by %v", err, n, l.Locked(), l.Holders())
		}
	})
}

func TestLockTry(t *testing.T) {
	locks(t, func(t *testing.T, l exclusive) {
		if !l.TryAcquire() || !l.Locked() {
			t.Fatal("a free lock was not taken")
		}
		other := func() (ok bool) {
			_ = concurrency.NewThread(func() {
				if ok = l.TryAcquire(); ok {
					l.Release()
				}
			}).Start().Join(background)
			return ok
		}
		if other() {
			t.Error("two hold it")
		}
		if l.Release(); l.Locked() || !other() {
			t.Error("it was not released")
		}
	})
}

func TestLockStopsWaiting(t *testing.T) {
	locks(t, func(t *testing.T, l exclusive) {
		l.Lock()
		ctx, cancel := context.WithCancelCause(background)
		var err error
		cancelled := waiting(t, task.WaitLock, l, func() { err = l.Acquire(ctx) })
		patient := waiting(t, task.WaitLock, l, func() { l.Lock(); l.Unlock() })
		cancel(errTest)
		if _ = cancelled.Join(background); err != errTest {
			t.Error(err)
		}
		l.Unlock()
		if _ = patient.Join(background); l.Locked() {
			t.Error("still locked")
		}
	})
}

// An interrupted waiter leaves the line.
func TestKillEndsLock(t *testing.T) {
	locks(t, func(t *testing.T, l exclusive) {
		l.Lock()
		r, _ := newRun(t, 1)
		r.Do(func() { concurrency.NewThread(func() { l.Lock(); t.Error("got it") }).Start() })
		untilWaits(t, r, task.WaitLock)
		r.Kill(nil)
		until(t, "it has ended", func() bool { return r.Live() == 0 })
		l.Unlock()
		if !l.TryAcquire() {
			t.Error("the killed task still waits")
		}
		l.Release()
	})
}

// Who waits is not overtaken for ever by one who takes the lock again and again.
func TestLockIsFair(t *testing.T) {
	locks(t, func(t *testing.T, l exclusive) {
		l.Lock()
		done := make(chan struct{})
		th := waiting(t, task.WaitLock, l, func() {
			l.Lock()
			defer l.Unlock()
			close(done)
		})
		for end := false; !end; {
			l.Unlock()
			l.Lock()
			select {
			case <-done:
				end = true
			default:
				runtime.Gosched()
			}
		}
		l.Unlock()
		_ = th.Join(background)
	})
}

func TestLockMisuse(t *testing.T) {
	locks(t, func(t *testing.T, l exclusive) {
		wrong := func(f func()) *concurrency.MisuseError {
			e, ok := panicOf(t, f).(*concurrency.MisuseError)
			if !ok {
				t.Fatal("no MisuseError")
			}
			return e
		}
		if e := wrong(func() { l.Unlock() }); e.Problem != "Unlock, but nobody holds it" || e.Holder != "" || !strings.Contains(e.Place, "lock_test.go:") {
			t.Error(e)
		}
		_, _, line, _ := runtime.Caller(0)
		l.Lock()
		var e *concurrency.MisuseError
		_ = concurrency.NewThread(func() { e = wrong(func() { l.Release() }) }).Start().Join(background)
		if e.Problem != "Release by one who does not hold it" || !strings.HasSuffix(e.Holder, fmt.Sprintf(" since lock_test.go:%d", line+1)) {
			t.Error(e)
		}
		if want := "concurrency: " + e.Object + ": " + e.Problem + ", at " + e.Place + "; held by " + e.Holder; e.Error() != want {
			t.Errorf("%s, want %s", e, want)
		}
		l.Unlock()
	})
}

func TestLockCopy(t *testing.T) {
	var l concurrency.Lock
	l.Lock()
	l.Unlock()
	var copied concurrency.Lock
	reflect.ValueOf(&copied).Elem().Set(reflect.ValueOf(&l).Elem())
	e, ok := panicOf(t, copied.Lock).(*concurrency.MisuseError)
	if !ok || e.Problem != "use of a copy" {
		t.Error(e)
	}
}

func TestRLock(t *testing.T) {
	both(t, func(t *testing.T) {
		var l concurrency.RLock
		l.Lock()
		if err := l.Acquire(background); err != nil || !l.TryAcquire() {
			t.Error("its holder could not lock it again")
		}
		l.Unlock()
		l.Unlock()
		if !l.Locked() {
			t.Error("free too early")
		}
		l.Unlock()
		if l.Locked() {
			t.Error("not free")
		}
	})
}

// Who holds a lock of this package is known, with name and line, and by whom it is left.
func TestLocksAreListed(t *testing.T) {
	var l concurrency.Lock
	r, _ := newRun(t, 3)
	find := func() (found task.LockInfo) {
		for _, i := range task.Locks() {
			if i.Object == &l {
				found = i
			}
		}
		return found
	}
	r.Do(func() {
		task.Current().SetName("owner")
		task.Calling(task.At(3, 7, 0))
		l.Lock()
		i := find()
		if i.Kind != "Lock" || len(i.Holders) != 1 || i.Holders[0].Name != "owner" || i.Holders[0].Site != task.At(3, 7, 0) {
			t.Errorf("held: %+v", i)
		}
	})
	i := find()
	if len(i.Holders) != 1 || !i.Holders[0].Ended {
		t.Errorf("left: %+v", i)
	}
	th := waiting(t, task.WaitLock, &l, func() { _ = l.Acquire(background) })
	if i = find(); len(i.Waiters) != 1 {
		t.Errorf("waited for: %+v", i)
	}
	task.Find(i.Waiters[0].ID).Run().Kill(nil)
	_ = th.Join(background)
}

// Two tasks that lock two locks in different order are a deadlock, which says who holds what.
func TestDeadlockOfLocks(t *testing.T) {
	for _, virtual := range []bool{false, true} {
		r, _ := newRun(t, 1)
		if virtual {
			r.Virtual(0)
		}
		locks := [2]*concurrency.Lock{{}, {}}
		end := r.Do(func() {
			both := concurrency.NewBarrier(2)
			g := concurrency.NewGroup(background)
			for i := range 2 {
				g.Go(func(ctx context.Context) error {
					locks[i].Lock()
					defer locks[i].Unlock()
					_, _ = both.Wait(ctx)
					locks[1-i].Lock()
					return nil
				})
			}
			_ = g.Wait()
		})
		if end.Deadlock == nil {
			t.Fatalf("no deadlock: %+v", end)
		}
		n := 0
		for _, l := range end.Deadlock.Locks {
			if (l.Object == locks[0] || l.Object == locks[1]) && len(l.Holders) == 1 && len(l.Waiters) == 1 {
				n++
			}
		}
		if n != 2 {
			t.Errorf("virtual %v: %+v", virtual, end.Deadlock.Locks)
		}
	}
}
