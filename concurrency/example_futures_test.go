package concurrency_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/concurrency"
)

func ExamplePromise() {
	ctx := context.Background()
	answer := concurrency.NewPromise[int]()
	asker := concurrency.NewThread(func() {
		v, err := answer.Future().Result(ctx)
		fmt.Println(v, err)
	}).Start()
	fmt.Println(answer.SetResult(42), answer.SetResult(43))
	_ = asker.Join(ctx)
	// Unordered output:
	// true false
	// 42 <nil>
}

func ExampleThen() {
	ctx := context.Background()
	page := concurrency.Start(ctx, func(context.Context) (string, error) { return "a page of five words", nil })
	words := concurrency.Then(ctx, page, func(_ context.Context, s string) (int, error) {
		return len(strings.Fields(s)), nil
	})
	fmt.Println(words.Result(ctx))
	// Output: 5 <nil>
}

func ExampleAsCompleted() {
	ctx := context.Background()
	slow, fast := concurrency.NewPromise[string](), concurrency.NewPromise[string]()
	fast.SetResult("fast")
	for fu := range concurrency.AsCompleted(ctx, slow.Future(), fast.Future()) {
		v, _ := fu.Result(ctx)
		fmt.Println(v)
		slow.SetResult("slow")
	}
	// Output:
	// fast
	// slow
}

func ExampleAwaitable() {
	ctx := context.Background()
	number := concurrency.Start(ctx, func(context.Context) (int, error) { return 1, nil })
	word := concurrency.Start(ctx, func(context.Context) (string, error) { return "", errors.New("no word") })
	done, _, _ := concurrency.Wait(ctx, concurrency.AllCompleted, []concurrency.Awaitable{number, word}...)
	for _, f := range done {
		fmt.Println(f.Err())
	}
	// Output:
	// <nil>
	// no word
}

func ExampleWait() {
	ctx := context.Background()
	mirrors := []*concurrency.Promise[string]{concurrency.NewPromise[string](), concurrency.NewPromise[string]()}
	mirrors[1].SetResult("from the second")
	done, notDone, err := concurrency.Wait(ctx, concurrency.FirstCompleted, mirrors[0].Future(), mirrors[1].Future())
	fmt.Println(len(done), len(notDone), err)
	for _, fu := range notDone {
		fu.Cancel()
	}
	fmt.Println(done[0].Result(ctx))
	// Output:
	// 1 1 <nil>
	// from the second <nil>
}

func ExampleSubmitWith() {
	ctx := context.Background()
	var pool concurrency.Executor = concurrency.NewThreadPool() // or one of processes
	square := func(_ context.Context, n int) (int, error) { return n * n, nil }
	fu := concurrency.SubmitWith(ctx, pool, square, 7)
	fmt.Println(fu.Result(ctx))
	fmt.Println(pool.Shutdown(ctx))
	// Output:
	// 49 <nil>
	// <nil>
}

func ExampleMapSeq() {
	ctx := context.Background()
	pool := concurrency.NewThreadPool().WithWorkers(4)
	naturals := func(yield func(int) bool) {
		for n := 0; yield(n); n++ {
		}
	}
	square := func(_ context.Context, n int) (int, error) { return n * n, nil }
	for v, err := range concurrency.MapSeq(ctx, pool, naturals, square, concurrency.BufferSize(8)) {
		if err != nil || v > 20 {
			break
		}
		fmt.Println(v)
	}
	// Output:
	// 0
	// 1
	// 4
	// 9
	// 16
}

func ExampleThreadPool_Go() {
	ctx := context.Background()
	pool := concurrency.NewThreadPool().WithWorkers(2)
	lengths := make([]int, 3)
	for i, word := range []string{"one", "two", "three"} {
		if err := pool.Go(ctx, func() { lengths[i] = len(word) }); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(pool.Shutdown(ctx), lengths)
	// Output: <nil> [3 3 5]
}

func ExampleThreadPool_WithInitializer() {
	ctx := context.Background()
	type cache struct{}
	pool := concurrency.NewThreadPool().WithWorkers(1).WithInitializer(func(ctx context.Context) (context.Context, error) {
		return context.WithValue(ctx, cache{}, map[int]bool{}), nil // no other worker has it, so it needs no lock
	})
	for _, n := range []int{3, 1, 3} {
		concurrency.Submit(ctx, pool, func(ctx context.Context) (int, error) {
			ctx.Value(cache{}).(map[int]bool)[n] = true
			return n, nil
		})
	}
	last := concurrency.Submit(ctx, pool, func(ctx context.Context) ([]int, error) {
		return slices.Sorted(maps.Keys(ctx.Value(cache{}).(map[int]bool))), nil
	})
	fmt.Println(last.Result(ctx))
	fmt.Println(pool.Shutdown(ctx))
	// Output:
	// [1 3] <nil>
	// <nil>
}

func ExampleGroup_WithPolicy() {
	ctx := context.Background()
	g := concurrency.NewGroup(ctx).WithPolicy(concurrency.FirstSuccess)
	found := concurrency.NewPromise[string]()
	for _, mirror := range []string{"broken.example", "good.example"} {
		g.Go(func(context.Context) error {
			if strings.HasPrefix(mirror, "broken") {
				return errors.New("no answer")
			}
			found.SetResult(mirror)
			return nil
		})
	}
	fmt.Println(g.Wait())
	fmt.Println(found.Future().Result(ctx))
	// Output:
	// <nil>
	// good.example <nil>
}

func ExampleScope() {
	ctx := context.Background()
	sums := make([]int, 2)
	err := concurrency.Scope(ctx, func(g *concurrency.Group) error {
		for i, part := range [][]int{{1, 2}, {3, 4}} {
			g.Go(func(context.Context) error {
				for _, n := range part {
					sums[i] += n
				}
				return nil
			})
		}
		return nil
	})
	fmt.Println(sums, err) // nothing runs any more
	// Output: [3 7] <nil>
}
