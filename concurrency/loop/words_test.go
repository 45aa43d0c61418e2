package loop_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/loop"
)

func TestTimeout(t *testing.T) {
	each(t, "slow canceled; true; 1 <nil>; outer true", func(ctx context.Context, d *diary) {
		_, err := loop.Timeout(ctx, 2*ms, sleeper(d, "slow", time.Hour))
		d.say(err == loop.ErrTimeout && errors.Is(err, context.DeadlineExceeded))
		v, err := loop.Timeout(ctx, time.Hour, constant(1))
		d.say(v, " ", err)
		// A cancellation by somebody else goes through.
		x := loop.CreateTask(ctx, func(ctx context.Context) (string, error) {
			return loop.Timeout(ctx, time.Hour, func(ctx context.Context) (string, error) { return "", loop.Sleep(ctx, time.Hour) })
		})
		loop.Sleep(ctx, 0)
		x.Cancel()
		_, err = loop.Await(ctx, x)
		d.say("outer ", errors.Is(err, concurrency.ErrCanceled) && x.Canceled())
	})
}

func TestWaitForWaitsForTheEnd(t *testing.T) {
	each(t, "cleaned; timeout; done anyway <nil>", func(ctx context.Context, d *diary) {
		x := loop.CreateTask(ctx, func(ctx context.Context) (string, error) {
			err := loop.Sleep(ctx, time.Hour)
			loop.Sleep(ctx, ms)
			d.say("cleaned")
			return "", err
		})
		if _, err := loop.WaitFor(ctx, 2*ms, x); err == loop.ErrTimeout {
			d.say("timeout")
		}
		y := loop.CreateTask(ctx, func(ctx context.Context) (string, error) {
			loop.Sleep(ctx, time.Hour)
			return "done anyway", nil
		})
		v, err := loop.WaitFor(ctx, 2*ms, y)
		d.say(v, " ", err)
	})
}

func TestCancelGoesDownTheChain(t *testing.T) {
	each(t, "inner canceled; true true", func(ctx context.Context, d *diary) {
		inner := loop.CreateTask(ctx, sleeper(d, "inner", time.Hour))
		outer := loop.CreateTask(ctx, func(ctx context.Context) (string, error) { return loop.Await(ctx, inner) })
		loop.Sleep(ctx, 0)
		outer.Cancel()
		loop.Await(ctx, outer)
		d.say(inner.Canceled(), " ", outer.Canceled())
	})
}

func TestShield(t *testing.T) {
	each(t, "outer true; inner; inner", func(ctx context.Context, d *diary) {
		inner := loop.CreateTask(ctx, sleeper(d, "inner", 2*ms))
		outer := loop.CreateTask(ctx, func(ctx context.Context) (string, error) { return loop.Shield(ctx, inner) })
		loop.Sleep(ctx, 0)
		outer.Cancel()
		loop.Await(ctx, outer)
		d.say("outer ", outer.Canceled())
		v, _ := loop.Await(ctx, inner)
		d.say(v)
	})
}

func TestUncancel(t *testing.T) {
	each(t, "1; 0; went on", func(ctx context.Context, d *diary) {
		x := loop.CreateTask(ctx, func(ctx context.Context) (int, error) {
			loop.Sleep(ctx, time.Hour)
			me := loop.CurrentTask(ctx)
			d.say(me.Cancels())
			d.say(me.Uncancel())
			return 0, loop.Sleep(ctx, ms)
		})
		loop.Sleep(ctx, 0)
		x.Cancel()
		if _, err := loop.Await(ctx, x); err == nil {
			d.say("went on")
		}
	})
}

func TestGroupCancelsSiblings(t *testing.T) {
	each(t, "sibling canceled; body canceled; test error", func(ctx context.Context, d *diary) {
		err := loop.Group(ctx, func(ctx context.Context, g *loop.TaskGroup) error {
			loop.CreateIn(g, sleeper(d, "sibling", time.Hour))
			g.Go(func(ctx context.Context) error {
				loop.Sleep(ctx, ms)
				return errTest
			})
			err := loop.Sleep(ctx, time.Hour)
			d.say("body canceled")
			return err
		})
		if !errors.Is(err, errTest) {
			t.Errorf("err = %v", err)
		}
		d.say(err)
		if n := loop.CurrentTask(ctx).Cancels(); n != 0 {
			t.Errorf("%d cancellations are left", n)
		}
	})
}

func TestGroupIsCanceled(t *testing.T) {
	each(t, "child canceled; true", func(ctx context.Context, d *diary) {
		x := loop.CreateTask(ctx, func(ctx context.Context) (int, error) {
			return 0, loop.Group(ctx, func(ctx context.Context, g *loop.TaskGroup) error {
				loop.CreateIn(g, sleeper(d, "child", time.Hour))
				return nil
			})
		})
		loop.Sleep(ctx, ms)
		x.Cancel()
		loop.Await(ctx, x)
		d.say(x.Canceled())
	})
}

func TestWaitAndAsCompleted(t *testing.T) {
	each(t, "1; 1 2; 2; 3; [1 2 3]", func(ctx context.Context, d *diary) {
		nap := func(n int) *loop.Task[int] {
			return loop.CreateTask(ctx, func(ctx context.Context) (int, error) {
				return n, loop.Sleep(ctx, time.Duration(n)*3*ms)
			})
		}
		xs := []loop.Awaitable[int]{nap(3), nap(1), nap(2)}
		i, _ := loop.First(ctx, xs...)
		d.say(i)
		done, pending, err := loop.Wait(ctx, concurrency.FirstCompleted, xs...)
		if err != nil {
			t.Error(err)
		}
		d.say(len(done), " ", len(pending))
		done, _, _ = loop.Wait(ctx, concurrency.AllCompleted, xs[1], xs[2])
		d.say(len(done))
		done, _, _ = loop.Wait(ctx, concurrency.FirstException, xs...)
		d.say(len(done))
		var got []int
		for v, err := range loop.AsCompleted(ctx, nap(2), nap(1), nap(3)) {
			if err != nil {
				t.Error(err)
			}
			got = append(got, v)
		}
		d.say(got)
	})
}

func TestLockIsFair(t *testing.T) {
	each(t, "0; 1; 2; false", func(ctx context.Context, d *diary) {
		var lock loop.Lock
		work := func(i int) func(context.Context) (int, error) {
			return func(ctx context.Context) (int, error) {
				if err := lock.Acquire(ctx); err != nil {
					return 0, err
				}
				defer lock.Release()
				loop.Sleep(ctx, 0)
				d.say(i)
				return i, nil
			}
		}
		loop.Gather(ctx, work(0), work(1), work(2))
		d.say(lock.Locked())
	})
}

// A waiter that is cancelled when the lock has just become its hands it on.
func TestCanceledWaiterHandsOn(t *testing.T) {
	each(t, "second", func(ctx context.Context, d *diary) {
		var lock loop.Lock
		lock.Acquire(ctx)
		wait := func(name string) *loop.Task[int] {
			return loop.CreateTask(ctx, func(ctx context.Context) (int, error) {
				if err := lock.Acquire(ctx); err != nil {
					return 0, err
				}
				d.say(name)
				return 0, nil
			})
		}
		first, second := wait("first"), wait("second")
		loop.Sleep(ctx, 0)
		lock.Release()
		first.Cancel()
		loop.Await(ctx, second)
	})
}

func TestSemaphoreEventCondition(t *testing.T) {
	each(t, "most 2; set; 3; over", func(ctx context.Context, d *diary) {
		sem := loop.NewSemaphore(2)
		n, most := 0, 0
		loop.Group(ctx, func(ctx context.Context, g *loop.TaskGroup) error {
			for range 5 {
				g.Go(func(ctx context.Context) error {
					if err := sem.Acquire(ctx); err != nil {
						return err
					}
					defer sem.Release()
					n++
					most = max(most, n)
					loop.Sleep(ctx, ms)
					n--
					return nil
				})
			}
			return nil
		})
		d.say("most ", most)
		var e loop.Event
		loop.Of(ctx).CallLater(ms, e.Set)
		e.Wait(ctx)
		d.say("set")
		cond, count := loop.NewCondition(nil), 0
		x := loop.CreateTask(ctx, func(ctx context.Context) (int, error) {
			cond.Acquire(ctx)
			defer cond.Release()
			err := cond.WaitFor(ctx, func() bool { return count == 3 })
			d.say(count)
			return 0, err
		})
		for range 3 {
			loop.Sleep(ctx, 0)
			cond.Acquire(ctx)
			count++
			cond.NotifyAll()
			cond.Release()
		}
		loop.Await(ctx, x)
		d.say("over")
	})
}

func TestQueues(t *testing.T) {
	each(t, "[0 1 2 3 4]; joined; [2 1]; [1 2 3]", func(ctx context.Context, d *diary) {
		q := loop.NewQueue[int](2)
		loop.CreateTask(ctx, func(ctx context.Context) (int, error) {
			for i := range 5 {
				if err := q.Put(ctx, i); err != nil {
					return 0, err
				}
			}
			q.Shutdown(false)
			return 0, nil
		})
		var got []int
		for v, err := range q.All(ctx) {
			if err != nil {
				t.Error(err)
			}
			got = append(got, v)
			q.TaskDone()
		}
		d.say(got)
		if q.Join(ctx) == nil && q.Put(ctx, 1) == loop.ErrQueueShutdown {
			d.say("joined")
		}
		l := loop.NewLIFOQueue[int](0)
		l.TryPut(1)
		l.TryPut(2)
		a, _ := l.Get(ctx)
		b, _ := l.Get(ctx)
		d.say([]int{a, b})
		p := loop.NewPriorityQueue(0, func(a, b int) bool { return a < b })
		for _, v := range []int{3, 1, 2} {
			p.TryPut(v)
		}
		got = nil
		for p.Len() > 0 {
			v, _ := p.TryGet()
			got = append(got, v)
		}
		d.say(got)
	})
}

func TestCallbacksComeInOrder(t *testing.T) {
	each(t, "soon; posted; later 1; later 2", func(ctx context.Context, d *diary) {
		l := loop.Of(ctx)
		l.CallLater(4*ms, func() { d.say("later 2") })
		l.CallLater(2*ms, func() { d.say("later 1") })
		l.CallSoon(func() { d.say("never") }).Cancel()
		l.CallSoon(func() { d.say("soon") })
		loop.ToThread(ctx, func(context.Context) (int, error) {
			l.CallSoon(func() { d.say("posted") })
			return 0, nil
		})
		loop.Sleep(ctx, 6*ms)
	})
}

func TestLeftTasksAreCanceled(t *testing.T) {
	each(t, "main; left canceled", func(ctx context.Context, d *diary) {
		loop.CreateTask(ctx, sleeper(d, "left", time.Hour))
		loop.Sleep(ctx, 0)
		d.say("main")
	})
}

func TestFailureThatNobodySees(t *testing.T) {
	each(t, "reported: Task-2 failed, and nobody has asked for its result: test error", func(ctx context.Context, d *diary) {
		x := loop.CreateTask(ctx, func(context.Context) (int, error) { return 0, errTest })
		loop.Sleep(ctx, ms)
		_ = x
	})
}

func TestPanicIsRaised(t *testing.T) {
	each(t, "boom", func(ctx context.Context, d *diary) {
		defer func() { d.say(recover().(*concurrency.PanicError).Value) }()
		loop.Await(ctx, loop.CreateTask(ctx, func(context.Context) (int, error) { panic("boom") }))
	})
}

func TestDerivedContextEndsAnAwait(t *testing.T) {
	each(t, "test error; inner", func(ctx context.Context, d *diary) {
		inner := loop.CreateTask(ctx, sleeper(d, "inner", 5*ms))
		derived, cancel := context.WithCancelCause(ctx)
		loop.Of(ctx).CallLater(ms, func() { cancel(errTest) })
		_, err := loop.Await(derived, inner)
		d.say(err)
		loop.Await(ctx, inner)
	})
}

func TestRunsContextCancelsMain(t *testing.T) {
	ctx, cancel := context.WithCancelCause(background)
	_, err := loop.Run(ctx, func(ctx context.Context) (int, error) {
		cancel(errTest)
		return 0, loop.Sleep(ctx, time.Hour)
	})
	if !errors.Is(err, errTest) || !errors.Is(err, concurrency.ErrCanceled) {
		t.Errorf("err = %v", err)
	}
}

func TestMisuse(t *testing.T) {
	misuse(t, "not a coroutine's", func() { loop.Sleep(background, 0) })
	run(t, func(ctx context.Context) (int, error) {
		misuse(t, "another loop", func() { loop.Run(background, constant(1)) })
		misuse(t, "nobody holds", func() { new(loop.Lock).Release() })
		done := make(chan struct{})
		go func() {
			defer close(done)
			misuse(t, "not on the loop", func() { loop.Sleep(ctx, 0) })
		}()
		<-done
		return 0, nil
	})
}

// A hundred thousand coroutines that all wait, and go on in order.
func TestMany(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds")
	}
	const n = 100_000
	run(t, func(ctx context.Context) (int, error) {
		var got []int
		fs := make([]func(context.Context) (int, error), n)
		for i := range fs {
			fs[i] = func(ctx context.Context) (int, error) {
				if err := loop.Sleep(ctx, 0); err != nil {
					return 0, err
				}
				got = append(got, i)
				return i, nil
			}
		}
		results, err := loop.Gather(ctx, fs...)
		if err != nil || !slices.Equal(got, results) || !slices.IsSorted(got) || len(got) != n {
			t.Errorf("%d results, %v", len(results), err)
		}
		return 0, nil
	})
}

// An Executor of one's own takes what a coroutine gives it.
func TestRunInExecutor(t *testing.T) {
	pool := concurrency.NewThreadPool().WithWorkers(1)
	counts := &counting{Executor: pool}
	run(t, func(ctx context.Context) (int, error) {
		for _, ex := range []concurrency.Executor{pool, counts} {
			v, err := loop.RunInExecutor(ctx, ex, constant(7))
			if v != 7 || err != nil {
				t.Errorf("%T: %d, %v", ex, v, err)
			}
		}
		if err := pool.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		if _, err := loop.RunInExecutor(ctx, counts, constant(7)); !errors.Is(err, concurrency.ErrShutdown) {
			t.Errorf("after the end of the pool: %v", err)
		}
		return 0, nil
	})
	if counts.n != 2 {
		t.Errorf("%d calls came to the executor", counts.n)
	}
}

// A counting executor counts what it is given.
type counting struct {
	concurrency.Executor
	n int
}

func (c *counting) Execute(ctx context.Context, call concurrency.Call) error {
	c.n++
	return c.Executor.Execute(ctx, call)
}

// A misuse names the object, and the line that is to be mended.
func TestMisuseNamesTheLine(t *testing.T) {
	var lock loop.Lock
	defer func() {
		e, ok := recover().(*concurrency.MisuseError)
		if !ok || e.Object != "loop.Lock" || !strings.HasPrefix(e.Place, "words_test.go:") {
			t.Errorf("panic = %+v", e)
		}
	}()
	lock.Release()
}

func TestAwaitAll(t *testing.T) {
	each(t, "[b a] <nil>; [] test error; late; true true", func(ctx context.Context, d *diary) {
		a, b := loop.CreateTask(ctx, sleeper(&diary{}, "a", ms)), loop.CreateTask(ctx, sleeper(&diary{}, "b", 2*ms))
		r, err := loop.AwaitAll(ctx, b, a)
		d.say(r, " ", err)
		// An error ends it at once, and the others go on.
		late := loop.CreateTask(ctx, sleeper(d, "late", 3*ms))
		fails := loop.CreateTask(ctx, func(context.Context) (string, error) { return "", errTest })
		r, err = loop.AwaitAll(ctx, late, fails)
		d.say(r, " ", err)
		loop.Await(ctx, late)
		// A cancellation goes on to all.
		x, y := loop.CreateTask(ctx, sleeper(&diary{}, "x", time.Hour)), loop.CreateTask(ctx, sleeper(&diary{}, "y", time.Hour))
		all := loop.CreateTask(ctx, func(ctx context.Context) ([]string, error) { return loop.AwaitAll(ctx, x, y) })
		loop.Sleep(ctx, ms)
		all.Cancel()
		loop.Await(ctx, all)
		d.say(x.Canceled(), " ", y.Canceled())
	})
}
