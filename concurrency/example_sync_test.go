package concurrency_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/gobraid/gobraid/concurrency"
)

func ExampleLock() {
	var l concurrency.Lock
	balance := 0
	g := concurrency.NewGroup(context.Background())
	for range 100 {
		g.Go(func(context.Context) error {
			l.Lock()
			defer l.Unlock()
			balance++
			return nil
		})
	}
	fmt.Println(g.Wait(), balance)
	// Output: <nil> 100
}

func ExampleLock_Acquire() {
	var l concurrency.Lock
	l.Lock()
	defer l.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	_ = concurrency.NewThread(func() { fmt.Println(l.Acquire(ctx)) }).Start().Join(context.Background())
	// Output: context deadline exceeded
}

// Misuse is a bug, and says whose.
func ExampleMisuseError() {
	defer func() {
		e := recover().(*concurrency.MisuseError)
		fmt.Println(e.Object, "|", e.Problem)
	}()
	var l concurrency.Lock
	l.Unlock()
	// Output: Lock | Unlock, but nobody holds it
}

// A method that needs the lock calls another that needs it too.
func ExampleRLock() {
	var l concurrency.RLock
	total := 0
	add := func(n int) {
		l.Lock()
		defer l.Unlock()
		total += n
	}
	addTwice := func(n int) {
		l.Lock()
		defer l.Unlock()
		add(n)
		add(n)
	}
	addTwice(21)
	fmt.Println(total, l.Locked())
	// Output: 42 false
}

func ExampleRWLock() {
	var l concurrency.RWLock
	l.RLock()
	fmt.Println("another reader:", l.TryAcquireRead(), "a writer:", l.TryAcquire())
	l.RUnlock()
	l.RUnlock()
	fmt.Println("a writer:", l.TryAcquire())
	l.Unlock()
	// Output:
	// another reader: true a writer: false
	// a writer: true
}

func ExampleCondition() {
	ctx := context.Background()
	c := concurrency.NewCondition(nil)
	var plates []string
	guest := concurrency.NewThread(func() {
		c.Lock()
		defer c.Unlock()
		if err := c.WaitFor(ctx, func() bool { return len(plates) == 2 }); err == nil {
			fmt.Println("eats", plates)
		}
	}).Start()
	for _, dish := range []string{"soup", "bread"} {
		c.Lock()
		plates = append(plates, dish)
		c.Notify(1)
		c.Unlock()
	}
	_ = guest.Join(ctx)
	// Output: eats [soup bread]
}

func ExampleEvent() {
	ctx := context.Background()
	var ready concurrency.Event
	th := concurrency.NewThread(func() {
		fmt.Println(ready.Wait(ctx), ready.IsSet())
	}).Start()
	ready.Set()
	_ = th.Join(ctx)
	// Output: <nil> true
}

func ExampleBarrier() {
	ctx := context.Background()
	field := []int{1, 2, 3, 4}
	sums := [2]int{}
	b := concurrency.NewBarrier(2).WithAction(func() { fmt.Println("both halves are done:", sums[0]+sums[1]) })
	g := concurrency.NewGroup(ctx)
	for half := range 2 {
		g.Go(func(ctx context.Context) error {
			for _, n := range field[2*half : 2*half+2] {
				sums[half] += n
			}
			_, err := b.Wait(ctx)
			return err
		})
	}
	fmt.Println(g.Wait())
	// Output:
	// both halves are done: 10
	// <nil>
}

func ExampleOnce() {
	ctx := context.Background()
	var once concurrency.Once
	open := func(context.Context) error {
		fmt.Println("opens")
		return nil
	}
	fmt.Println(once.Do(ctx, open), once.Do(ctx, open))
	// Output:
	// opens
	// <nil> <nil>
}

func ExampleCounter() {
	var hits concurrency.Counter
	g := concurrency.NewGroup(context.Background())
	for range 10 {
		g.Go(func(context.Context) error { hits.Inc(); return nil })
	}
	_ = g.Wait()
	fmt.Println(hits.Value())
	// Output: 10
}

func ExampleQueue() {
	ctx := context.Background()
	q := concurrency.NewQueue[int](2)
	g := concurrency.NewGroup(ctx)
	g.Go(func(ctx context.Context) error {
		defer q.Shutdown()
		for i := range 5 {
			if err := q.Put(ctx, i); err != nil {
				return err
			}
		}
		return nil
	})
	for n := range q.All(ctx) {
		fmt.Print(n, " ")
	}
	fmt.Println(g.Wait())
	// Output: 0 1 2 3 4 <nil>
}

// One waits until all that was put has been dealt with.
func ExampleQueue_Join() {
	ctx := context.Background()
	q := concurrency.NewQueue[string](0)
	var done concurrency.Counter
	for range 3 {
		concurrency.NewThread(func() {
			for range q.All(ctx) {
				done.Inc()
				q.TaskDone()
			}
		}).WithDaemon().Start()
	}
	for _, page := range []string{"a", "b", "c", "d"} {
		_ = q.Put(ctx, page)
	}
	fmt.Println(q.Join(ctx), done.Value())
	q.Shutdown()
	// Output: <nil> 4
}

func ExampleNewStack() {
	s := concurrency.NewStack[int](0)
	for i := range 3 {
		s.TryPut(i)
	}
	last, _ := s.TryGet()
	fmt.Println(last)
	// Output: 2
}

func ExampleNewPriorityQueue() {
	type job struct {
		name string
		rank int
	}
	q := concurrency.NewPriorityQueue(0, func(j job) int { return j.rank })
	for _, j := range []job{{"sweep", 9}, {"fire", 0}, {"paint", 5}} {
		q.TryPut(j)
	}
	for j, ok := q.TryGet(); ok; j, ok = q.TryGet() {
		fmt.Print(j.name, " ")
	}
	// Output: fire paint sweep
}

func ExampleCurrent() {
	ctx := context.Background()
	th := concurrency.NewThread(func() { fmt.Println(concurrency.Current().Name()) }).WithName("reader")
	fmt.Println(th.Start().Join(ctx), concurrency.Current() == nil)
	// Output:
	// reader
	// <nil> true
}

func ExampleJoinThreads() {
	ctx := context.Background()
	var done concurrency.Counter
	for range 3 {
		concurrency.NewThread(func() { done.Inc() }).Start()
	}
	fmt.Println(concurrency.JoinThreads(ctx), done.Value())
	// Output: <nil> 3
}

func ExampleTimer() {
	ctx := context.Background()
	t := concurrency.NewTimer(time.Millisecond, func() { fmt.Println("time is up") }).Start()
	never := concurrency.NewTimer(time.Hour, func() { fmt.Println("never") }).Start()
	fmt.Println(never.Cancel())
	_, _ = t.Join(ctx), never.Join(ctx)
	// Output:
	// true
	// time is up
}

func ExampleLocal() {
	ctx := context.Background()
	var user concurrency.Local[string]
	greet := func() string { return "hello " + user.Get() }
	names := []string{"Ada", "Bob"}
	said := make([]string, len(names))
	g := concurrency.NewGroup(ctx)
	for i, name := range names {
		g.Go(func(context.Context) error {
			user.Set(name)
			defer user.Delete()
			said[i] = greet()
			return nil
		})
	}
	_ = g.Wait()
	slices.SortFunc(said, cmp.Compare)
	fmt.Println(said)
	// Output: [hello Ada hello Bob]
}

// Two functions that compute have one processor between them under the lock, however many there are. In a cell the loop asks by itself
// whether another one wants the lock.
func ExampleGIL() {
	ctx := context.Background()
	gil := concurrency.NewGIL().WithInterval(time.Millisecond)
	var inside, most int
	compute := func(context.Context) error {
		for gil.Stats().Forced < 4 {
			inside++
			most = max(most, inside)
			inside--
			gil.Check()
		}
		return nil
	}
	err := gil.RunAll(ctx, compute, compute)
	fmt.Println(err, "at most", most, "at a time")
	// Output: <nil> at most 1 at a time
}

func ExampleNewCountingSemaphore() {
	happened := concurrency.NewCountingSemaphore(0)
	for range 3 {
		concurrency.NewThread(func() { happened.Release(1) }).Start()
	}
	err := happened.Acquire(context.Background(), 3) // until three things have happened
	fmt.Println(err, happened.Free())
	// Output: <nil> 0
}
