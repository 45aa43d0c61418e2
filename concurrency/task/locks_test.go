package task_test

import (
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
)

// lockInfo returns what Locks says of a lock.
func lockInfo(object any) (task.LockInfo, bool) {
	for _, l := range task.Locks() {
		if l.Object == object {
			return l, true
		}
	}
	return task.LockInfo{}, false
}

// lockForms are the ways in which cells lock and unlock.
var lockForms = []struct {
	name, kind string
	read       bool
	lock       func(*sync.Mutex, *sync.RWMutex)
	unlock     func(*sync.Mutex, *sync.RWMutex)
}{
	{"Mutex", "Mutex", false,
		func(m *sync.Mutex, _ *sync.RWMutex) { task.Lock(m, 7) },
		func(m *sync.Mutex, _ *sync.RWMutex) { task.Unlock(m) }},
	{"Mutex.TryLock", "Mutex", false,
		func(m *sync.Mutex, _ *sync.RWMutex) { task.TryLock(m, 7) },
		func(m *sync.Mutex, _ *sync.RWMutex) { task.Unlock(m) }},
	{"Locker", "Mutex", false,
		func(m *sync.Mutex, _ *sync.RWMutex) { task.LockerLock(m, 7) },
		func(m *sync.Mutex, _ *sync.RWMutex) { task.LockerUnlock(m) }},
	{"RWMutex", "RWMutex", false,
		func(_ *sync.Mutex, m *sync.RWMutex) { task.RWLock(m, 7) },
		func(_ *sync.Mutex, m *sync.RWMutex) { task.RWUnlock(m) }},
	{"RWMutex.TryLock", "RWMutex", false,
		func(_ *sync.Mutex, m *sync.RWMutex) { task.RWTryLock(m, 7) },
		func(_ *sync.Mutex, m *sync.RWMutex) { task.RWUnlock(m) }},
	{"RWMutex.RLock", "RWMutex", true,
		func(_ *sync.Mutex, m *sync.RWMutex) { task.RWRLock(m, 7) },
		func(_ *sync.Mutex, m *sync.RWMutex) { task.RWRUnlock(m) }},
	{"RWMutex.TryRLock", "RWMutex", true,
		func(_ *sync.Mutex, m *sync.RWMutex) { task.RWTryRLock(m, 7) },
		func(_ *sync.Mutex, m *sync.RWMutex) { task.RWRUnlock(m) }},
	{"RLocker", "RWMutex", true,
		func(_ *sync.Mutex, m *sync.RWMutex) { task.LockerLock(m.RLocker(), 7) },
		func(_ *sync.Mutex, m *sync.RWMutex) { task.LockerUnlock(m.RLocker()) }},
}

// eachLockForm calls f for each of them with locks of its own.
func eachLockForm(t *testing.T, f func(t *testing.T, r *task.Run, lock, unlock func(), object any, read bool)) {
	for _, form := range lockForms {
		t.Run(form.name, func(t *testing.T) {
			r, _ := newRun(t, 3)
			m, rw := new(sync.Mutex), new(sync.RWMutex)
			object := any(m)
			if form.kind == "RWMutex" {
				object = rw
			}
			f(t, r, func() { form.lock(m, rw) }, func() { form.unlock(m, rw) }, object, form.read)
		})
	}
}

func TestLocksHolder(t *testing.T) {
	eachLockForm(t, func(t *testing.T, r *task.Run, lock, unlock func(), object any, read bool) {
		r.Do(func() {
			lock()
			l, ok := lockInfo(object)
			if !ok || len(l.Holders) != 1 || len(l.Waiters) != 0 {
				t.Fatalf("a lock that is locked: %v, %+v", ok, l)
			}
			want := task.Holder{Task: task.Current().ID(), Name: "main", Cell: 3, Site: 7, Read: read}
			if l.Holders[0] != want {
				t.Errorf("holder %+v, want %+v", l.Holders[0], want)
			}
			if n := task.Current().Info().Locks; n != 1 {
				t.Errorf("the task says it holds %d locks", n)
			}
			unlock()
			if l, ok := lockInfo(object); ok {
				t.Errorf("a lock that is not locked: %+v", l)
			}
		})
	})
}

// Another task may unlock what a task has locked. Then nobody holds it.
func TestLocksUnlockedByAnother(t *testing.T) {
	eachLockForm(t, func(t *testing.T, r *task.Run, lock, unlock func(), object any, _ bool) {
		var locked, unlocked sync.WaitGroup
		locked.Add(1)
		unlocked.Add(1)
		r.Do(func() {
			var extra sync.Mutex
			task.Go(1, func() {
				lock()
				locked.Done()
				task.WaitGroupWait(&unlocked, 1)
				if n := task.Current().Info().Locks; n != 0 {
					t.Errorf("who has locked it says it holds %d", n)
				}
				lock() // and it can be locked again
				if _, ok := lockInfo(object); !ok {
					t.Error("locked again, nobody holds it")
				}
				unlock()
			})
			task.WaitGroupWait(&locked, 1)
			task.Lock(&extra, 1)
			unlock()
			if l, ok := lockInfo(object); ok {
				t.Errorf("unlocked by another task: %+v", l)
			}
			unlocked.Done()
			task.Unlock(&extra)
		})
	})
}

// A task that ends with a lock is still its holder, until somebody unlocks it.
func TestLocksOfEndedTask(t *testing.T) {
	eachLockForm(t, func(t *testing.T, r *task.Run, lock, unlock func(), object any, read bool) {
		r.Do(func() {
			task.Current().SetName("careless")
			lock()
		})
		l, ok := lockInfo(object)
		if !ok || len(l.Holders) != 1 || !l.Holders[0].Ended || l.Holders[0].Name != "careless" || l.Holders[0].Read != read {
			t.Fatalf("a lock of a task that has ended: %v, %+v", ok, l)
		}
		r.Do(unlock)
		if l, ok := lockInfo(object); ok {
			t.Errorf("unlocked by a later task: %+v", l)
		}
	})
}

// Goroutines that are no tasks hold locks too.
func TestLocksOutside(t *testing.T) {
	eachLockForm(t, func(t *testing.T, _ *task.Run, lock, unlock func(), object any, _ bool) {
		lock()
		if l, ok := lockInfo(object); !ok || len(l.Holders) != 1 || l.Holders[0].Task == 0 {
			t.Errorf("locked by the test: %v, %+v", ok, l)
		}
		unlock()
		if l, ok := lockInfo(object); ok {
			t.Errorf("unlocked by the test: %+v", l)
		}
	})
}

// What a library has unlocked is not held.
func TestLocksUnlockedByLibrary(t *testing.T) {
	r, _ := newRun(t, 1)
	r.Do(func() {
		var m sync.Mutex
		task.Lock(&m, 1)
		m.Unlock()
		if l, ok := lockInfo(&m); ok {
			t.Errorf("%+v", l)
		}
	})
}

func TestLocksSeveral(t *testing.T) {
	r, _ := newRun(t, 1)
	r.Do(func() {
		var m [5]sync.Mutex
		var rw sync.RWMutex
		for i := range m {
			task.Lock(&m[i], task.Site(i+1))
		}
		task.RWRLock(&rw, 8)
		task.RWRLock(&rw, 9)
		if n := task.Current().Info().Locks; n != 7 {
			t.Errorf("holds %d locks, want 7", n)
		}
		for i := range m {
			if l, ok := lockInfo(&m[i]); !ok || l.Holders[0].Site != task.Site(i+1) {
				t.Errorf("lock %d: %v, %+v", i, ok, l)
			}
			task.Unlock(&m[i]) // in the order in which they were locked
			if _, ok := lockInfo(&m[i]); ok {
				t.Errorf("lock %d is held after Unlock", i)
			}
		}
		task.RWRUnlock(&rw)
		if l, ok := lockInfo(&rw); !ok || len(l.Holders) != 1 || l.Holders[0].Site != 8 {
			t.Errorf("locked twice for reading and unlocked once: %v, %+v", ok, l)
		}
		task.RWRUnlock(&rw)
		if _, ok := lockInfo(&rw); ok {
			t.Error("held after the last RUnlock")
		}
	})
}

func TestLocksWaiters(t *testing.T) {
	r, _ := newRun(t, 1)
	var rw sync.RWMutex
	r.Do(func() {
		for range 2 {
			task.RWRLock(&rw, 1)
		}
		for i := range 3 {
			task.Go(1, func() {
				task.RWLock(&rw, task.Site(10+i))
				task.RWUnlock(&rw)
			})
			untilWaiting(t, r, task.WaitLock, i+1)
		}
		task.Go(1, func() {
			task.RWRLock(&rw, 20)
			task.RWRUnlock(&rw)
		})
		untilWaiting(t, r, task.WaitRLock, 1)
		l, _ := lockInfo(&rw)
		var sites []task.Site
		for _, w := range l.Waiters {
			sites = append(sites, w.Wait.Site)
		}
		if len(l.Holders) != 2 || len(sites) != 4 || sites[0] != 10 || sites[1] != 11 || sites[2] != 12 || sites[3] != 20 {
			t.Errorf("holders %+v, waiters at %v", l.Holders, sites)
		}
		task.RWRUnlock(&rw)
		task.RWRUnlock(&rw)
	})
	until(t, "all end", func() bool { return r.Live() == 0 })
	if l, ok := lockInfo(&rw); ok {
		t.Errorf("in the end %+v", l)
	}
}

// A task in Cond.Wait does not hold the condition's lock; who goes on does.
func TestLocksCond(t *testing.T) {
	r, _ := newRun(t, 1)
	r.Do(func() {
		var m sync.Mutex
		c := sync.NewCond(&m)
		ready, after := false, make(chan task.LockInfo, 1)
		task.Go(1, func() {
			task.Lock(&m, 5)
			for !ready {
				task.CondWait(c, 6)
			}
			l, _ := lockInfo(&m)
			after <- l
			task.Unlock(&m)
		})
		untilWaiting(t, r, task.WaitCond, 1)
		task.Lock(&m, 7)
		l, _ := lockInfo(&m)
		if len(l.Holders) != 1 || l.Holders[0].Site != 7 {
			t.Errorf("while another waits: %+v", l)
		}
		ready = true
		c.Signal()
		task.Unlock(&m)
		if l := task.Recv(after, 1); len(l.Holders) != 1 || l.Holders[0].Site != 5 {
			t.Errorf("after the wait: %+v", l)
		}
	})
}

// A killed task that unlocks in a deferred function leaves nothing locked, wherever it was.
func TestLocksKilled(t *testing.T) {
	before := task.Orphans()
	r, _ := newRun(t, 1)
	var free, kept, m sync.Mutex
	c := sync.NewCond(&m)
	r.Do(func() {
		task.Lock(&kept, 1)
		task.Go(1, func() {
			task.Lock(&free, 2)
			defer task.Unlock(&free)
			task.Lock(&kept, 3)
		})
		task.Go(1, func() {
			task.Lock(&m, 4)
			defer task.Unlock(&m)
			task.CondWait(c, 5)
		})
		task.Go(1, func() {
			task.Lock(&m, 4)
			task.CondWait(c, 5)
		})
		untilWaiting(t, r, task.WaitLock, 1)
		untilWaiting(t, r, task.WaitCond, 2)
	})
	r.Kill(nil)
	closeRun(t, r)
	for _, l := range []any{&free, &m} {
		if i, ok := lockInfo(l); ok {
			t.Errorf("after the kill: %+v", i)
		}
	}
	if l, ok := lockInfo(&kept); !ok || !l.Holders[0].Ended || l.Holders[0].Site != 1 {
		t.Errorf("what the main task never unlocks: %v, %+v", ok, l)
	}
	c.Broadcast() // frees the delegates
	kept.Unlock() // an orphan waits for it
	until(t, "no delegate is left", func() bool { return task.Orphans() <= before })
}

// A lock that is garbage is forgotten.
func TestLocksGarbage(t *testing.T) {
	type big struct {
		sync.Mutex
		_ [100]byte
	}
	r, _ := newRun(t, 1)
	const site = task.Site(99)
	left := func() int {
		n := 0
		for _, l := range task.Locks() {
			if l.Holders != nil && l.Holders[0].Site == site {
				n++
			}
		}
		return n
	}
	for range 10 {
		r.Do(func() { task.Lock(&new(big).Mutex, site) })
	}
	if n := left(); n == 0 {
		t.Error("nothing is remembered")
	}
	until(t, "all are collected", func() bool {
		runtime.GC()
		return left() == 0
	})
}

// While tasks lock and unlock, own locks and each other's, whoever looks sees only locks that exist, held by tasks that
// may hold them; and in the end nothing is held.
func TestLocksStress(t *testing.T) {
	r, _ := newRun(t, 1)
	const tasks, rounds = 8, 300
	var m [4]sync.Mutex
	known := map[any]bool{}
	for i := range m {
		known[&m[i]] = true
	}
	stop, looked := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(looked)
		for {
			select {
			case <-stop:
				return
			default:
			}
			for _, l := range task.Locks() {
				if !known[l.Object] {
					continue // of another test
				}
				for _, h := range l.Holders {
					if h.Site == 0 || h.Task == 0 {
						t.Errorf("holder %+v", h)
					}
				}
			}
		}
	}()
	r.Do(func() {
		var wg sync.WaitGroup
		for i := range tasks {
			task.WaitGroupGo(&wg, 1, func() {
				for k := range rounds {
					a, b := &m[k%3], &m[3]
					task.Lock(a, 1)
					task.Lock(b, 2)
					if (i+k)%5 == 0 { // let another unlock them
						done := make(chan int)
						task.Go(1, func() { task.Unlock(a); task.Unlock(b); close(done) })
						task.Recv(done, 1)
						continue
					}
					task.Unlock(a)
					task.Unlock(b)
				}
			})
		}
		task.WaitGroupWait(&wg, 1)
	})
	close(stop)
	await(t, looked, "end of looking")
	for i := range m {
		if l, ok := lockInfo(&m[i]); ok {
			t.Errorf("in the end %+v", l)
		}
	}
}

func TestLocksKind(t *testing.T) {
	for _, k := range []task.Kind{task.WaitLock, task.WaitRLock} {
		if !strings.Contains(k.String(), "lock") {
			t.Errorf("%d is %q", k, k)
		}
	}
}
