package loop_test

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/gobraid/gobraid/concurrency/loop"
)

func ExampleRun() {
	v, err := loop.Run(context.Background(), func(ctx context.Context) (string, error) {
		if err := loop.Sleep(ctx, time.Millisecond); err != nil {
			return "", err
		}
		return "done", nil
	})
	fmt.Println(v, err)
	// Output: done <nil>
}

func ExampleCreateTask() {
	loop.Run(context.Background(), func(ctx context.Context) (int, error) {
		t := loop.CreateTask(ctx, func(ctx context.Context) (int, error) {
			fmt.Println("beside")
			return 6 * 7, nil
		})
		fmt.Println("main goes on until it awaits")
		v, err := loop.Await(ctx, t)
		fmt.Println(v, err)
		return 0, nil
	})
	// Output:
	// main goes on until it awaits
	// beside
	// 42 <nil>
}

func ExampleGather() {
	double := func(n int) func(context.Context) (int, error) {
		return func(ctx context.Context) (int, error) { return 2 * n, loop.Sleep(ctx, 0) }
	}
	fmt.Println(loop.Run(context.Background(), func(ctx context.Context) ([]int, error) {
		return loop.Gather(ctx, double(1), double(2), double(3))
	}))
	// Output: [2 4 6] <nil>
}

func ExampleGroup() {
	fmt.Println(loop.Run(context.Background(), func(ctx context.Context) (int, error) {
		return 0, loop.Group(ctx, func(ctx context.Context, g *loop.TaskGroup) error {
			g.Go(func(ctx context.Context) error { return fmt.Errorf("no disk") })
			g.Go(func(ctx context.Context) error { return loop.Sleep(ctx, time.Hour) })
			return nil
		})
	}))
	// Output: 0 no disk
}

func ExampleTimeout() {
	loop.Run(context.Background(), func(ctx context.Context) (int, error) {
		_, err := loop.Timeout(ctx, time.Millisecond, func(ctx context.Context) (int, error) {
			return 0, loop.Sleep(ctx, time.Hour)
		})
		fmt.Println(err == loop.ErrTimeout)
		return 0, nil
	})
	// Output: true
}

func ExampleToThread() {
	fmt.Println(loop.Run(context.Background(), func(ctx context.Context) (string, error) {
		return loop.ToThread(ctx, func(context.Context) (string, error) { return "may block", nil })
	}))
	// Output: may block <nil>
}

func ExampleQueue() {
	loop.Run(context.Background(), func(ctx context.Context) (int, error) {
		q := loop.NewQueue[string](1)
		loop.CreateTask(ctx, func(ctx context.Context) (int, error) {
			for _, s := range []string{"a", "b"} {
				if err := q.Put(ctx, s); err != nil {
					return 0, err
				}
			}
			q.Shutdown(false)
			return 0, nil
		})
		for s, err := range q.All(ctx) {
			fmt.Println(s, err)
		}
		return 0, nil
	})
	// Output:
	// a <nil>
	// b <nil>
}

func ExampleLock() {
	loop.Run(context.Background(), func(ctx context.Context) (int, error) {
		var lock loop.Lock
		if err := lock.Acquire(ctx); err != nil {
			return 0, err
		}
		defer lock.Release()
		fmt.Println(lock.Locked())
		return 0, nil
	})
	// Output: true
}

func ExampleEvent() {
	loop.Run(context.Background(), func(ctx context.Context) (int, error) {
		var e loop.Event
		loop.Of(ctx).CallSoon(e.Set)
		fmt.Println(e.Wait(ctx), e.IsSet())
		return 0, nil
	})
	// Output: <nil> true
}

func ExampleAsCompleted() {
	loop.Run(context.Background(), func(ctx context.Context) (int, error) {
		nap := func(d time.Duration) *loop.Task[time.Duration] {
			return loop.CreateTask(ctx, func(ctx context.Context) (time.Duration, error) { return d, loop.Sleep(ctx, d) })
		}
		for d, err := range loop.AsCompleted(ctx, nap(20*time.Millisecond), nap(time.Millisecond)) {
			fmt.Println(d, err)
		}
		return 0, nil
	})
	// Output:
	// 1ms <nil>
	// 20ms <nil>
}

// Somebody else sets the result, on the loop.
func ExampleFuture() {
	loop.Run(context.Background(), func(ctx context.Context) (int, error) {
		f := loop.NewFuture[string](ctx)
		loop.Of(ctx).CallLater(time.Millisecond, func() { f.SetResult("set") })
		fmt.Println(loop.Await(ctx, f))
		return 0, nil
	})
	// Output: set <nil>
}

// At most two coroutines are inside at a time.
func ExampleSemaphore() {
	loop.Run(context.Background(), func(ctx context.Context) (int, error) {
		places, inside, most := loop.NewSemaphore(2), 0, 0
		work := func(ctx context.Context) (int, error) {
			if err := places.Acquire(ctx); err != nil {
				return 0, err
			}
			defer places.Release()
			inside++ // no lock: nobody else runs until the next await
			most = max(most, inside)
			err := loop.Sleep(ctx, 0)
			inside--
			return 0, err
		}
		_, err := loop.Gather(ctx, work, work, work, work)
		fmt.Println(most, err)
		return 0, nil
	})
	// Output: 2 <nil>
}

func ExampleCondition() {
	loop.Run(context.Background(), func(ctx context.Context) (int, error) {
		stock, full := 0, loop.NewCondition(nil)
		buyer := loop.CreateTask(ctx, func(ctx context.Context) (int, error) {
			if err := full.Acquire(ctx); err != nil {
				return 0, err
			}
			defer full.Release()
			err := full.WaitFor(ctx, func() bool { return stock >= 3 })
			return stock, err
		})
		for range 3 {
			if err := full.Acquire(ctx); err != nil {
				return 0, err
			}
			stock++
			full.NotifyAll()
			full.Release()
		}
		fmt.Println(loop.Await(ctx, buyer))
		return 0, nil
	})
	// Output: 3 <nil>
}

// A server that answers lines, and its client, on one loop.
func ExampleStream() {
	loop.Run(context.Background(), func(ctx context.Context) (int, error) {
		listener, err := loop.Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return 0, err
		}
		loop.CreateTask(ctx, func(ctx context.Context) (int, error) {
			return 0, listener.Serve(ctx, func(ctx context.Context, conn *loop.Stream) error {
				for line, err := range conn.Lines(ctx) {
					if err != nil {
						return err
					}
					if err := conn.WriteString(ctx, strings.ToUpper(line)+"\n"); err != nil {
						return err
					}
				}
				return nil
			})
		})
		conn, err := loop.Dial(ctx, "tcp", listener.Addr())
		if err != nil {
			return 0, err
		}
		defer conn.Close()
		if err := conn.WriteString(ctx, "hello\n"); err != nil {
			return 0, err
		}
		fmt.Println(conn.ReadLine(ctx))
		return 0, nil
	})
	// Output: HELLO <nil>
}

func ExampleProcess() {
	loop.Run(context.Background(), func(ctx context.Context) (int, error) {
		p, err := loop.Exec(ctx, exec.Command("sort"))
		if err != nil {
			return 0, err
		}
		out, _, err := p.Communicate(ctx, []byte("b\na\n"))
		fmt.Printf("%q %v %d\n", out, err, p.ExitCode())
		return 0, nil
	})
	// Output: "a\nb\n" <nil> 0
}
