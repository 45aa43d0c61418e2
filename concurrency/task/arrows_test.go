package task_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A truth is what a test knows of one value or event: who it came from, and who got it.
type truth struct{ from, to int64 }

// truths collects them.
type truths struct {
	mu   sync.Mutex
	seen map[truth]int
}

func (tr *truths) add(from, to int64) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	if tr.seen == nil {
		tr.seen = map[truth]int{}
	}
	tr.seen[truth{from, to}]++
}

func me() int64 { return task.Current().ID() }

// check compares the arrows of a kind with the truth. All must be there, and no other.
func (tr *truths) check(t *testing.T, trace *task.Trace, kind task.ArrowKind) {
	t.Helper()
	got := map[truth]int{}
	for _, a := range arrows(trace, kind) {
		got[truth{a.From, a.To}]++
		if a.Sent > a.Got || a.Sent < 0 || a.Got > trace.Length {
			t.Errorf("arrow from %v to %v in a trace of %v", a.Sent, a.Got, trace.Length)
		}
	}
	for k, n := range tr.seen {
		if got[k] != n {
			t.Errorf("%d arrows from %d to %d, want %d", got[k], k.from, k.to, n)
		}
	}
	for k, n := range got {
		if tr.seen[k] == 0 {
			t.Errorf("%d arrows from %d to %d, want none", n, k.from, k.to)
		}
	}
	if trace.Unmatched != 0 || trace.Dropped != 0 {
		t.Errorf("%d unmatched, %d dropped", trace.Unmatched, trace.Dropped)
	}
}

func arrows(trace *task.Trace, kind task.ArrowKind) []task.Arrow {
	var all []task.Arrow
	for _, a := range trace.Arrows {
		if a.Kind == kind {
			all = append(all, a)
		}
	}
	return all
}

// channelForms are the ways in which cells send and receive.
var channelForms = []struct {
	name string
	send func(c chan int64, v int64)
	recv func(c chan int64) (int64, bool)
}{
	{"plain",
		func(c chan int64, v int64) { task.To(c, 7).Send(v) },
		func(c chan int64) (int64, bool) { return task.Recv2(c, 8) }},
	{"dynamic",
		func(c chan int64, v int64) { task.ChanSend(7, c, &v) },
		func(c chan int64) (v int64, ok bool) { return v, task.ChanRecv(8, c, &v) }},
	{"select",
		func(c chan int64, v int64) {
			never := make(chan int)
			task.Select(7, false, task.SelRecv(never), task.SelSend(c).Val(v))
		},
		func(c chan int64) (int64, bool) {
			never := make(chan int)
			r := task.SelRecv(c)
			task.Select(8, false, task.SelRecv(never), r)
			return r.V, r.OK
		}},
}

// Each value names its sender, so that every arrow can be compared with the truth: 50 tasks, on channels
// with and without buffer, with many that wait on both sides.
func TestArrowsOfValues(t *testing.T) {
	if !task.ChannelLayoutKnown() {
		t.Fatal("this version of Go keeps the queues of channels in another way")
	}
	for _, form := range channelForms {
		for _, size := range []int{0, 1, 3, 100} {
			t.Run(fmt.Sprintf("%s, buffer of %d", form.name, size), func(t *testing.T) {
				const senders, receivers, each = 25, 24, 20
				var want truths
				c := make(chan int64, size)
				trace, _ := recorded(t, func() {
					var sending, receiving sync.WaitGroup
					for range receivers {
						task.WaitGroupGo(&receiving, 1, func() {
							for {
								v, ok := form.recv(c)
								if !ok {
									return
								}
								want.add(v, me())
							}
						})
					}
					for range senders {
						task.WaitGroupGo(&sending, 1, func() {
							for range each {
								form.send(c, me())
							}
						})
					}
					task.WaitGroupWait(&sending, 1)
					task.Close(c, 1)
					task.WaitGroupWait(&receiving, 1)
				})
				want.check(t, trace, task.ArrowValue)
			})
		}
	}
}

// Selects of many tasks over several channels, each value sent and received here or there.
func TestArrowsOfSelects(t *testing.T) {
	const tasks, rounds, channels = 25, 40, 3
	var want truths
	trace, _ := recorded(t, func() {
		var c [channels]chan int64
		for i := range c {
			c[i] = make(chan int64, i)
		}
		var sending, receiving sync.WaitGroup
		done := make(chan int)
		for range tasks {
			task.WaitGroupGo(&receiving, 1, func() {
				for {
					r0, r1, r2, end := task.SelRecv(c[0]), task.SelRecv(c[1]), task.SelRecv(c[2]), task.SelRecv(done)
					switch task.Select(2, false, r0, r1, r2, end) {
					case 0:
						want.add(r0.V, me())
					case 1:
						want.add(r1.V, me())
					case 2:
						want.add(r2.V, me())
					case 3:
						return
					}
				}
			})
			task.WaitGroupGo(&sending, 1, func() {
				for range rounds {
					switch rand.IntN(3) {
					case 0:
						task.To(c[rand.IntN(channels)], 3).Send(me())
					case 1:
						task.Select(3, false, task.SelSend(c[0]).Val(me()), task.SelSend(c[1]).Val(me()), task.SelSend(c[2]).Val(me()))
					case 2:
						for task.Select(3, true, task.SelSend(c[1]).Val(me()), task.SelSend(c[0]).Val(me())) < 0 {
							task.Sleep(time.Microsecond, 3)
						}
					}
				}
			})
		}
		task.WaitGroupWait(&sending, 1)
		for task.Select(4, true, task.SelRecv(done)) == -1 && len(c[1])+len(c[2]) > 0 {
			task.Sleep(time.Microsecond, 3)
		}
		task.Close(done, 1)
		task.WaitGroupWait(&receiving, 1)
	})
	want.check(t, trace, task.ArrowValue)
}

// Several tasks that have come one after another are served in that order, all before one of them runs again.
func TestArrowsInARow(t *testing.T) {
	var want truths
	trace, _ := recorded(t, func() {
		c := make(chan int64)
		r := task.Current().Run()
		const n = 10
		for i := range n {
			task.Go(1, func() { want.add(task.Recv(c, 1), me()) })
			untilWaiting(t, r, task.WaitReceive, i+1)
		}
		for range n {
			task.To(c, 2).Send(me())
		}
		for i := range n {
			task.Go(1, func() { task.To(c, 1).Send(me()) })
			untilWaiting(t, r, task.WaitSend, i+1)
		}
		for range n {
			want.add(task.Recv(c, 2), me())
		}
	})
	want.check(t, trace, task.ArrowValue)
}

// An arrow says where the value was sent, and through what.
func TestArrowDetails(t *testing.T) {
	trace, _ := recorded(t, func() {
		c := make(chan int)
		task.Go(1, func() { task.To(c, task.At(1, 5, 3)).Send(1) })
		task.Recv(c, task.At(1, 6, 2))
	})
	a := arrows(trace, task.ArrowValue)
	if len(a) != 1 || a[0].Site != task.At(1, 5, 3) || a[0].To != trace.Tasks[0].ID {
		t.Fatalf("arrows %+v", a)
	}
	if o := trace.Objects[a[0].Object-1]; o.Type != "chan int" {
		t.Errorf("through %+v", o)
	}
}

func TestArrowsOfClose(t *testing.T) {
	var want truths
	const n = 10
	trace, _ := recorded(t, func() {
		c := make(chan int64, 1)
		r := task.Current().Run()
		for range n {
			task.Go(1, func() {
				task.Recv2(c, 1)
				want.add(r.Tasks()[0].ID, me())
			})
		}
		untilWaiting(t, r, task.WaitReceive, n)
		task.Close(c, task.At(1, 3, 0))
		task.Recv(c, 1) // did not wait for it
	})
	want.seen = map[truth]int{}
	for _, tt := range trace.Tasks[1:] {
		want.add(trace.Tasks[0].ID, tt.ID)
	}
	want.check(t, trace, task.ArrowClose)
	for _, a := range trace.Arrows {
		if a.Site != task.At(1, 3, 0) {
			t.Errorf("closed at %v", a.Site)
		}
	}
}

// A channel that library code uses too gets no arrow that might be wrong.
func TestNoArrowsOfLibraries(t *testing.T) {
	cases := map[string]func(c chan int64){
		"a library sends": func(c chan int64) {
			go func() { c <- 1 }()
			task.Recv(c, 1)
		},
		"a library receives": func(c chan int64) {
			go func() { <-c }()
			task.To(c, 1).Send(1)
		},
		"a library takes from the buffer": func(c chan int64) {
			task.To(c, 1).Send(1)
			task.To(c, 1).Send(2)
			<-c
			task.Recv(c, 1)
		},
		"a library puts into the buffer": func(c chan int64) {
			c <- 1
			task.To(c, 1).Send(2)
			c <- 1
			task.Recv(c, 1)
			task.Recv(c, 1)
		},
		"a timer": func(chan int64) { task.Recv(time.After(1), 1) },
	}
	for name, f := range cases {
		for _, size := range []int{0, 3} {
			if strings.HasSuffix(name, "buffer") == (size == 0) && name != "a timer" && name != "a library sends" {
				continue // the value may stay in the buffer, where nobody misses it
			}
			t.Run(fmt.Sprint(name, size), func(t *testing.T) {
				trace, _ := recorded(t, func() { f(make(chan int64, size)) })
				if len(trace.Arrows) != 0 || trace.Unmatched == 0 {
					t.Errorf("arrows %+v, %d unmatched", trace.Arrows, trace.Unmatched)
				}
			})
		}
	}
}

// Arrows that were drawn before a library was found out to use the channel are taken back.
func TestArrowsTakenBack(t *testing.T) {
	r, _ := newRun(t, 1)
	rec := r.Record(0)
	r.Do(func() {
		c := make(chan int, 1)
		task.To(c, 1).Send(1)
		task.Recv(c, 1)
		if n := len(rec.Trace().Arrows); n != 1 {
			t.Errorf("%d arrows at first", n)
		}
		c <- 1
		task.Recv(c, 1)
	})
	if tr := rec.Trace(); len(tr.Arrows) != 0 || tr.Unmatched != 2 {
		t.Errorf("arrows %+v, %d unmatched", tr.Arrows, tr.Unmatched)
	}
}

// What goes between cells is no arrow of either.
func TestNoArrowsBetweenRuns(t *testing.T) {
	first, _ := newRun(t, 1)
	second, _ := newRun(t, 2)
	c := make(chan int)
	first.Do(func() { task.Go(1, func() { task.To(c, 1).Send(1) }) })
	waiting(t, first, task.WaitSend)
	rec := second.Record(0)
	second.Do(func() {
		task.Recv(c, 1)
	})
	if tr := rec.Trace(); len(tr.Arrows) != 0 || tr.Unmatched != 1 {
		t.Errorf("arrows %+v, %d unmatched", tr.Arrows, tr.Unmatched)
	}
}

// Sending on a closed channel panics as ever, and a killed task leaves no trace of what it has not done.
func TestArrowsOfWhatFails(t *testing.T) {
	if raceEnabled {
		t.Skip("to send on a channel that is being closed is a race")
	}
	r, _ := newRun(t, 1)
	rec := r.Record(0)
	r.Do(func() {
		c := make(chan int)
		panics := func(what string, f func()) {
			defer func() {
				if v := recover(); v == nil {
					t.Errorf("%s does not panic", what)
				}
			}()
			f()
		}
		waits := make(chan int)
		task.Go(1, func() {
			defer close(waits)
			panics("a waiting send", func() { task.To(c, 1).Send(1) })
		})
		untilWaiting(t, r, task.WaitSend, 1)
		victim := make(chan *task.Task, 1)
		d := make(chan int)
		task.Go(1, func() { victim <- task.Current(); task.Recv(d, 1) })
		v := <-victim
		untilWaiting(t, r, task.WaitReceive, 1)
		v.Kill()
		until(t, "it ends", func() bool { return r.Live() <= 2 })
		task.Close(c, 1)
		<-waits
		panics("a send", func() { task.To(c, 1).Send(1) })
		panics("a second close", func() { task.Close(c, 1) })
		var none chan int
		panics("close of nil", func() { task.Close(none, 1) })
		task.Go(1, func() { task.To(d, 1).Send(1) })
		task.Recv(d, 1)
	})
	if tr := rec.Trace(); len(tr.Arrows) != 1 || tr.Unmatched != 0 {
		t.Errorf("arrows %+v, %d unmatched", tr.Arrows, tr.Unmatched)
	}
}

// oneTask runs f in a task of its own and returns its id, when it has begun.
func oneTask(f func()) int64 {
	id := make(chan int64)
	task.Go(1, func() { id <- me(); f() })
	return <-id
}

func TestArrowsOfUnlock(t *testing.T) {
	eachLockForm(t, func(t *testing.T, r *task.Run, lock, unlock func(), object any, read bool) {
		var want truths
		rec := r.Record(0)
		r.Do(func() {
			// Two that hold it for reading do not wait for each other: first somebody must hold it alone.
			first, release := lock, unlock
			if rw, ok := object.(*sync.RWMutex); ok {
				first, release = func() { task.RWLock(rw, 3) }, func() { task.RWUnlock(rw) }
			}
			first()
			const n = 5
			before := me()
			for i := range n {
				m := oneTask(func() {
					switch l := object.(type) {
					case *sync.Mutex:
						task.Lock(l, 4)
						task.Unlock(l)
					case *sync.RWMutex:
						if read {
							task.RWRLock(l, 4)
							task.RWRUnlock(l)
						} else {
							task.RWLock(l, 4)
							task.RWUnlock(l)
						}
					}
				})
				if want.add(before, m); !read {
					before = m
				}
				kind := task.WaitLock
				if read {
					kind = task.WaitRLock
				}
				untilWaiting(t, r, kind, i+1)
			}
			release()
		})
		until(t, "all tasks end", func() bool { return r.Live() == 0 })
		tr := rec.Trace()
		if read {
			want.check(t, tr, task.ArrowUnlock)
			return
		}
		// In which order delegates come to the lock is not known; each has had it from another.
		got := map[int64]bool{}
		for _, a := range arrows(tr, task.ArrowUnlock) {
			if got[a.To] || a.From == a.To || a.Sent > a.Got || a.Object == 0 {
				t.Errorf("arrow %+v", a)
			}
			got[a.To] = true
		}
		if len(got) != 5 || tr.Unmatched != 0 {
			t.Errorf("%d arrows, %d unmatched: %+v", len(got), tr.Unmatched, tr.Arrows)
		}
		_ = lock
		_ = unlock
	})
}

// Each holder writes down who had the lock before, so that every arrow can be compared with the truth.
func TestArrowsOfLocksStress(t *testing.T) {
	const tasks, rounds = 12, 60
	type pair struct{ from, to int64 }
	valid := map[pair]bool{}
	trace, _ := recorded(t, func() {
		var m sync.RWMutex
		var wg sync.WaitGroup
		last := me()
		task.RWLock(&m, 1) // somebody waits for this one
		for i := range tasks {
			task.WaitGroupGo(&wg, 1, func() {
				for k := range rounds {
					if (i+k)%4 == 0 {
						ok := task.RWTryLock(&m, 1)
						if !ok {
							continue
						}
					} else {
						task.RWLock(&m, 1)
					}
					valid[pair{last, me()}] = true
					if last = me(); k%3 == 0 {
						task.Sleep(time.Microsecond, 1)
					}
					task.RWUnlock(&m)
				}
			})
		}
		r := task.Current().Run()
		until(t, "somebody waits", func() bool { return count(r, task.WaitLock) > 0 })
		task.RWUnlock(&m)
		task.WaitGroupWait(&wg, 1)
	})
	all := arrows(trace, task.ArrowUnlock)
	for _, a := range all {
		if !valid[pair{a.From, a.To}] {
			t.Errorf("%d had the lock never from %d", a.To, a.From)
		}
	}
	if len(all) == 0 {
		t.Error("no arrows")
	}
}

// A writer waits for the last reader, readers for the writer.
func TestArrowsOfReaders(t *testing.T) {
	var want truths
	trace, _ := recorded(t, func() {
		r := task.Current().Run()
		var m sync.RWMutex
		gates := []chan int{make(chan int), make(chan int), make(chan int)}
		var readers []int64
		for _, gate := range gates {
			readers = append(readers, oneTask(func() {
				task.RWRLock(&m, 1)
				<-gate
				task.RWRUnlock(&m)
			}))
		}
		until(t, "all have it", func() bool { l, _ := lockInfo(&m); return len(l.Holders) == 3 })
		writer := oneTask(func() { task.RWLock(&m, 2); task.RWUnlock(&m) })
		untilWaiting(t, r, task.WaitLock, 1)
		late := oneTask(func() { task.RWRLock(&m, 3); task.RWRUnlock(&m) })
		untilWaiting(t, r, task.WaitRLock, 1)
		for i, k := range []int{2, 0, 1} {
			close(gates[k])
			until(t, "it lets go", func() bool { l, _ := lockInfo(&m); return i == 2 || len(l.Holders) == 2-i })
		}
		want.add(readers[1], writer)
		want.add(writer, late)
	})
	want.check(t, trace, task.ArrowUnlock)
}

func TestArrowsOfWaitGroup(t *testing.T) {
	for name, last := range map[string]func(wg *sync.WaitGroup){
		"Done": func(wg *sync.WaitGroup) { task.WaitGroupDone(wg, task.At(1, 4, 0)) },
		"Add":  func(wg *sync.WaitGroup) { task.WaitGroupAdd(wg, -1, task.At(1, 4, 0)) },
		"Go":   nil,
	} {
		t.Run(name, func(t *testing.T) {
			var want truths
			trace, _ := recorded(t, func() {
				r := task.Current().Run()
				for range 3 { // used again and again
					var wg sync.WaitGroup
					gate, id := make(chan int), make(chan int64)
					task.WaitGroupAdd(&wg, 2, 1)
					body := func() { id <- me(); <-gate }
					if last != nil {
						task.Go(1, func() { body(); last(&wg) })
					} else {
						task.WaitGroupGo(&wg, 1, body)
						task.WaitGroupDone(&wg, 1)
					}
					by := <-id
					task.WaitGroupDone(&wg, 1) // not the last
					var done sync.WaitGroup
					for i := range 2 {
						done.Add(1)
						want.add(by, oneTask(func() { task.WaitGroupWait(&wg, 1); done.Done() }))
						untilWaiting(t, r, task.WaitGroup, i+1)
					}
					close(gate)
					done.Wait()
				}
			})
			want.check(t, trace, task.ArrowDone)
		})
	}
}

func TestArrowsOfOnce(t *testing.T) {
	var want truths
	trace, _ := recorded(t, func() {
		r := task.Current().Run()
		var o sync.Once
		gate, begun := make(chan int), make(chan int)
		by := oneTask(func() { task.OnceDo(&o, 1, func() { close(begun); <-gate }) })
		<-begun
		for range 3 {
			want.add(by, oneTask(func() { task.OnceDo(&o, 1, func() {}) }))
		}
		untilWaiting(t, r, task.WaitOnce, 3)
		close(gate)
	})
	want.check(t, trace, task.ArrowDone)
}

// Signal wakes who has waited longest, and Broadcast all, whether or not they hold the lock.
func TestArrowsOfCond(t *testing.T) {
	for _, holding := range []bool{false, true} {
		t.Run(fmt.Sprint("holding the lock: ", holding), func(t *testing.T) {
			var want truths
			trace, _ := recorded(t, func() {
				r := task.Current().Run()
				var m sync.Mutex
				c := sync.NewCond(&m)
				const n = 6
				var ids []int64
				for i := range n {
					ids = append(ids, oneTask(func() {
						task.Lock(&m, 1)
						task.CondWait(c, 1)
						task.Unlock(&m)
					}))
					untilWaiting(t, r, task.WaitCond, i+1)
					m.Lock()
					//lint:ignore SA2001 when that was possible the task is within Wait
					m.Unlock()
				}
				wake := func(f func()) {
					if holding {
						task.Lock(&m, 1)
						defer task.Unlock(&m)
					}
					f()
				}
				for i := range 3 {
					want.add(oneTask(func() { wake(func() { task.CondSignal(c, 1) }) }), ids[i])
					untilWaiting(t, r, task.WaitCond, n-1-i)
				}
				by := oneTask(func() { wake(func() { task.CondBroadcast(c, 1) }) })
				for _, id := range ids[3:] {
					want.add(by, id)
				}
				untilWaiting(t, r, task.WaitCond, 0)
			})
			trace.Unmatched = 0 // of the lock, which the test itself has locked
			want.check(t, trace, task.ArrowDone)
		})
	}
}

// Primitives of libraries say who has let others go on by closing their channel with Close.
func TestArrowsOfAwait(t *testing.T) {
	var want truths
	trace, _ := recorded(t, func() {
		r := task.Current().Run()
		done := make(chan struct{})
		object := new(int)
		for range 3 {
			want.add(me(), oneTask(func() { task.Await(t.Context(), done, object, 1) }))
		}
		untilWaiting(t, r, task.WaitResult, 3)
		task.Close(done, task.At(1, 5, 0))
	})
	want.check(t, trace, task.ArrowDone)
	for _, a := range trace.Arrows {
		if a.Site != task.At(1, 5, 0) || trace.Objects[a.Object-1].Type != "int" {
			t.Errorf("arrow %+v", a)
		}
	}
}
