package concurrency_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// drained returns all that is in a queue.
func drained[T any](q *concurrency.Queue[T]) (all []T) {
	for v, ok := q.TryGet(); ok; v, ok = q.TryGet() {
		all = append(all, v)
	}
	return all
}

func TestQueueOrders(t *testing.T) {
	var ordered, shuffled []int
	for i := range 100 {
		ordered = append(ordered, i)
	}
	shuffled = slices.Clone(ordered)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	backwards := slices.Clone(shuffled)
	slices.Reverse(backwards)
	for name, c := range map[string]struct {
		q    *concurrency.Queue[int]
		want []int
	}{
		"queue":    {concurrency.NewQueue[int](0), shuffled},
		"stack":    {concurrency.NewStack[int](0), backwards},
		"priority": {concurrency.NewPriorityQueue(0, func(n int) int { return n }), ordered},
	} {
		for range 2 { // the second time what is inside has been used
			for _, n := range shuffled {
				if err := c.q.Put(background, n); err != nil {
					t.Fatal(err)
				}
			}
			if c.q.Len() != 100 || c.q.Cap() != 0 {
				t.Errorf("%s: %d in it", name, c.q.Len())
			}
			if got := drained(c.q); !slices.Equal(got, c.want) {
				t.Errorf("%s: %v", name, got)
			}
		}
	}
}

// Things that come and go wander round the ring.
func TestQueueWraps(t *testing.T) {
	q := concurrency.NewQueue[int](5)
	next := 0
	for i := range 1000 {
		if !q.TryPut(i) {
			t.Fatal("full")
		}
		for ; q.Len() > i%5; next++ {
			if v, ok := q.TryGet(); !ok || v != next {
				t.Fatalf("%d, %v, want %d", v, ok, next)
			}
		}
	}
}

func TestPriorityQueueIsStable(t *testing.T) {
	type job struct {
		level string
		n     int
	}
	q := concurrency.NewPriorityQueue(0, func(j job) string { return j.level })
	for i := range 30 {
		q.TryPut(job{[]string{"b", "a", "c"}[i%3], i})
	}
	last := job{n: -1}
	for _, j := range drained(q) {
		if j.level < last.level || j.level == last.level && j.n < last.n {
			t.Errorf("%v after %v", j, last)
		}
		last = j
	}
}

func TestQueueBounds(t *testing.T) {
	both(t, func(t *testing.T) {
		q := concurrency.NewQueue[int](2)
		if !q.TryPut(0) || !q.TryPut(1) || q.TryPut(2) || q.Cap() != 2 {
			t.Error("wrong bound")
		}
		g := concurrency.NewGroup(background)
		g.Go(func(ctx context.Context) error {
			for i := 2; i < 100; i++ {
				if err := q.Put(ctx, i); err != nil {
					return err
				}
			}
			q.Shutdown()
			return nil
		})
		n := 0
		for v := range q.All(background) {
			if v != n || q.Len() > 2 {
				t.Errorf("%d, want %d; %d in it", v, n, q.Len())
			}
			n++
		}
		if err := g.Wait(); err != nil || n != 100 {
			t.Errorf("%v, %d", err, n)
		}
	})
}

// Many put and many get, and each thing is got once.
func TestQueueBetweenMany(t *testing.T) {
	both(t, func(t *testing.T) {
		q := concurrency.NewQueue[int](3)
		var sum, count concurrency.Counter
		workers := concurrency.NewGroup(background)
		for range 4 {
			workers.Go(func(ctx context.Context) error {
				for v := range q.All(ctx) {
					sum.Add(int64(v))
					count.Inc()
					q.TaskDone()
				}
				return nil
			})
		}
		senders := concurrency.NewGroup(background)
		for range 4 {
			senders.Go(func(ctx context.Context) error {
				for i := range 250 {
					if err := q.Put(ctx, i); err != nil {
						return err
					}
				}
				return nil
			})
		}
		if err := senders.Wait(); err != nil {
			t.Error(err)
		}
		if err := q.Join(background); err != nil || count.Value() != 1000 || sum.Value() != 4*250*249/2 {
			t.Errorf("%v, %d, %d", err, count.Value(), sum.Value())
		}
		q.Shutdown()
		if err := workers.Wait(); err != nil {
			t.Error(err)
		}
	})
}

func TestQueueStopsWaiting(t *testing.T) {
	q := concurrency.NewQueue[int](1)
	ctx, cancel := context.WithCancelCause(background)
	var getErr, putErr, joinErr error
	get := waiting(t, task.WaitResult, q, func() { _, getErr = q.Get(ctx) })
	cancel(errTest)
	if _ = get.Join(background); getErr != errTest {
		t.Error(getErr)
	}
	q.TryPut(1)
	ctx, cancel = context.WithCancelCause(background)
	put := waiting(t, task.WaitResult, q, func() { putErr = q.Put(ctx, 2) })
	join := waiting(t, task.WaitResult, q, func() { joinErr = q.Join(ctx) })
	cancel(errTest)
	_, _ = put.Join(background), join.Join(background)
	if v, ok := q.TryGet(); putErr != errTest || joinErr != errTest || v != 1 || !ok || q.Len() != 0 {
		t.Errorf("%v, %v, got %d, %d left", putErr, joinErr, v, q.Len())
	}
	for range q.All(ctx) {
		t.Error("something came")
	}
}

// A killed task leaves what it waits for to others.
func TestKillEndsGet(t *testing.T) {
	q := concurrency.NewQueue[int](1)
	r, _ := newRun(t, 1)
	r.Do(func() { concurrency.NewThread(func() { _, _ = q.Get(background) }).Start() })
	untilWaits(t, r, task.WaitResult)
	got := 0
	other := waiting(t, task.WaitResult, q, func() { got, _ = q.Get(background) })
	r.Kill(nil)
	q.TryPut(7)
	if _ = other.Join(background); got != 7 {
		t.Error(got)
	}
}

func TestQueueShutdown(t *testing.T) {
	q := concurrency.NewQueue[int](1)
	q.TryPut(1)
	var err error
	put := waiting(t, task.WaitResult, q, func() { err = q.Put(background, 2) })
	q.Shutdown()
	q.Shutdown()
	if _ = put.Join(background); err != concurrency.ErrQueueShutdown || !q.Closed() || q.TryPut(3) {
		t.Error(err)
	}
	if err := q.Put(background, 3); err != concurrency.ErrQueueShutdown {
		t.Error(err)
	}
	if v, err := q.Get(background); v != 1 || err != nil {
		t.Errorf("%d, %v", v, err)
	}
	if _, err := q.Get(background); err != concurrency.ErrQueueShutdown {
		t.Error(err)
	}
	empty := concurrency.NewStack[int](0)
	get := waiting(t, task.WaitResult, empty, func() { _, err = empty.Get(background) })
	empty.Shutdown()
	if _ = get.Join(background); err != concurrency.ErrQueueShutdown {
		t.Error(err)
	}
}

func TestQueueShutdownNow(t *testing.T) {
	q := concurrency.NewPriorityQueue(0, func(n int) int { return -n })
	for i := range 5 {
		q.TryPut(i)
	}
	if v, _ := q.TryGet(); v != 4 {
		t.Error(v)
	}
	var err error
	join := waiting(t, task.WaitResult, q, func() { err = q.Join(background) })
	if n := q.ShutdownNow(); n != 4 || q.Len() != 0 {
		t.Errorf("%d dropped, %d left", n, q.Len())
	}
	if !join.Alive() {
		t.Error("one thing is not done yet")
	}
	q.TaskDone()
	if _ = join.Join(background); err != nil {
		t.Error(err)
	}
}

func TestQueueMisuse(t *testing.T) {
	misuse(t, "concurrency: Queue: size -1", func() { concurrency.NewQueue[int](-1) })
	q := concurrency.NewQueue[int](0)
	misuse(t, "concurrency: Queue: TaskDone called more often than Put", q.TaskDone)
	if err := q.Join(background); err != nil {
		t.Error(err)
	}
}

func TestQueueUnderControl(t *testing.T) {
	for seed := range uint64(20) {
		r, _ := newRun(t, 1)
		r.Virtual(seed)
		var got []string
		end := r.Do(func() {
			start := task.Now()
			q := concurrency.NewQueue[time.Duration](1)
			g := concurrency.NewGroup(background)
			for range 2 {
				g.Go(func(ctx context.Context) error {
					for d := range q.All(ctx) {
						task.Sleep(d, 0)
						q.TaskDone()
					}
					return nil
				})
			}
			for range 6 {
				_ = q.Put(background, time.Minute)
			}
			_ = q.Join(background)
			got = append(got, fmt.Sprint(task.Since(start)))
			q.Shutdown()
			_ = g.Wait()
		})
		if end.Killed || end.Panic != nil || !slices.Equal(got, []string{"3m0s"}) {
			t.Errorf("seed %d: %+v, %v", seed, end, got)
		}
	}
}

func TestDeadlockOfQueue(t *testing.T) {
	r, _ := newRun(t, 1)
	q := concurrency.NewQueue[int](0)
	end := r.Do(func() { _, _ = q.Get(background) })
	if end.Deadlock == nil || end.Deadlock.Tasks[0].Wait.Object != q {
		t.Errorf("%+v", end)
	}
}

func BenchmarkQueue(b *testing.B) {
	channel := make(chan int, 1024)
	q := concurrency.NewQueue[int](1024)
	s := concurrency.NewStack[int](1024)
	p := concurrency.NewPriorityQueue(1024, func(n int) int { return n })
	uncontended(b, "channel", func() { task.To(channel, 0).Send(1); task.Recv(channel, 0) })
	for name, q := range map[string]*concurrency.Queue[int]{"Queue": q, "Stack": s, "Priority": p} {
		uncontended(b, name, func() { _ = q.Put(background, 1); _, _ = q.Get(background) })
	}
	for _, size := range []int{1, 1024} {
		b.Run(fmt.Sprintf("handover/channel/%d", size), func(b *testing.B) {
			c := make(chan int, size)
			go func() {
				for i := range b.N {
					c <- i
				}
				close(c)
			}()
			for range c {
			}
		})
		b.Run(fmt.Sprintf("handover/Queue/%d", size), func(b *testing.B) {
			q := concurrency.NewQueue[int](size)
			go func() {
				for i := range b.N {
					_ = q.Put(background, i)
				}
				q.Shutdown()
			}()
			for range q.All(background) {
			}
		})
	}
}
