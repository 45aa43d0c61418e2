package concurrency_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gobraid/gobraid/concurrency"
)

func ExampleThread() {
	ctx := context.Background()
	greet := concurrency.NewThread(func() { fmt.Println("hello from a thread") }).WithName("greeter")
	greet.Start()
	if err := greet.Join(ctx); err != nil {
		fmt.Println(err)
	}
	fmt.Println(greet.Name(), greet.Alive())
	// Output:
	// hello from a thread
	// greeter false
}

func ExampleFuture() {
	ctx := context.Background()
	answer := concurrency.Start(ctx, func(context.Context) (int, error) { return 6 * 7, nil })
	v, err := answer.Result(ctx)
	fmt.Println(v, err)
	// Output: 42 <nil>
}

func ExampleFuture_Cancel() {
	ctx := context.Background()
	forever := concurrency.Start(ctx, func(ctx context.Context) (string, error) {
		<-ctx.Done()
		return "", context.Cause(ctx)
	})
	forever.Cancel()
	_, err := forever.Result(ctx)
	fmt.Println(errors.Is(err, concurrency.ErrCanceled))
	// Output: true
}

func ExampleThreadPool() {
	ctx := context.Background()
	pool := concurrency.NewThreadPool().WithWorkers(3)
	var lengths []*concurrency.Future[int]
	for _, word := range []string{"one", "three", "eleven"} {
		lengths = append(lengths, concurrency.Submit(ctx, pool, func(context.Context) (int, error) {
			return len(word), nil
		}))
	}
	for _, length := range lengths {
		fmt.Println(length.Result(ctx))
	}
	fmt.Println(pool.Shutdown(ctx))
	// Output:
	// 3 <nil>
	// 5 <nil>
	// 6 <nil>
	// <nil>
}

func ExampleMap() {
	ctx := context.Background()
	pool := concurrency.NewThreadPool()
	defer pool.Shutdown(ctx)
	loud, err := concurrency.Map(ctx, pool, []string{"a", "b", "c"},
		func(_ context.Context, s string) (string, error) { return strings.ToUpper(s), nil })
	fmt.Println(loud, err)
	// Output: [A B C] <nil>
}

func ExampleGroup() {
	g := concurrency.NewGroup(context.Background())
	g.Go(func(ctx context.Context) error {
		<-ctx.Done() // until the other fails
		return ctx.Err()
	})
	g.Go(func(context.Context) error { return errors.New("out of coffee") })
	fmt.Println(g.Wait())
	// Output: out of coffee
}

func ExampleGroup_panic() {
	defer func() {
		p := recover().(*concurrency.PanicError)
		fmt.Println(p.Text())
	}()
	g := concurrency.NewGroup(context.Background())
	g.Go(func(context.Context) error {
		var names []string
		return errors.New(names[0])
	})
	_ = g.Wait()
	// Output: panic: runtime error: index out of range [0] with length 0
}

func ExampleSemaphore() {
	ctx := context.Background()
	desks := concurrency.NewSemaphore(2)
	if err := desks.Acquire(ctx, 2); err != nil {
		return
	}
	fmt.Println(desks.TryAcquire(1), desks.Free())
	desks.Release(1)
	fmt.Println(desks.TryAcquire(1), desks.Free())
	// Output:
	// false 0
	// true 0
}

func ExampleGather() {
	fetch := func(page string) func(context.Context) (string, error) {
		return func(context.Context) (string, error) { return "content of " + page, nil }
	}
	pages, err := concurrency.Gather(context.Background(), fetch("home"), fetch("news"))
	fmt.Println(pages, err)
	// Output: [content of home content of news] <nil>
}

func ExampleGatherAll() {
	for _, o := range concurrency.GatherAll(context.Background(),
		func(context.Context) (int, error) { return 1, nil },
		func(context.Context) (int, error) { return 0, errors.New("no answer") },
	) {
		fmt.Println(o.Value, o.Err)
	}
	// Output:
	// 1 <nil>
	// 0 no answer
}
