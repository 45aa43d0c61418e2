package process_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
)

// A program calls Main first; in tests it is TestMain that does.
func ExamplePool() {
	ctx := context.Background()
	pool := process.NewPool().WithWorkers(2)
	defer pool.Shutdown(ctx)

	squares, err := concurrency.Map(ctx, pool, []int{1, 2, 3}, func(_ context.Context, n int) (int, error) { return n * n, nil })
	fmt.Println(squares, err)

	_, err = concurrency.Submit(ctx, pool, func(context.Context) (int, error) { os.Exit(3); return 0, nil }).Result(ctx)
	var death *process.DeathError
	fmt.Println(errors.As(err, &death), death.Status)
	// Output:
	// [1 4 9] <nil>
	// true 3
}

func ExampleSendable() {
	fmt.Println(process.Sendable(reflect.TypeFor[[]string]()))
	fmt.Println(process.Sendable(reflect.TypeFor[map[string]chan int]()))
	// Output:
	// <nil>
	// process: values of type map[string]chan int cannot be sent to another process: map[string]chan int is a channel: give the values that come through it
}

func greet(ctx context.Context, p *process.Pipe[string]) error {
	name, err := p.Recv(ctx)
	if err != nil {
		return err
	}
	return p.Send(ctx, "hello "+name)
}

func ExampleProcess() {
	ctx := context.Background()
	mine, theirs, err := process.NewPipe[string](4096)
	if err != nil {
		panic(err)
	}
	p := process.New(greet, theirs)
	if err := p.Start(ctx); err != nil {
		panic(err)
	}
	_ = mine.Send(ctx, "world")
	fmt.Println(mine.Recv(ctx))
	err = p.Join(ctx)
	code, ended := p.ExitCode()
	fmt.Println(err, code, ended)
	// Output:
	// hello world <nil>
	// <nil> 0 true
}

func ExampleShared() {
	ctx := context.Background()
	m, err := process.NewShared[float64](4)
	if err != nil {
		panic(err)
	}
	p := process.New(func(_ context.Context, m *process.Shared[float64]) error {
		for i := range m.Slice() {
			m.Slice()[i] = float64(i) / 2
		}
		return nil
	}, m)
	fmt.Println(p.Start(ctx), p.Join(ctx), m.Slice())
	// Output:
	// <nil> <nil> [0 0.5 1 1.5]
}

func ExampleQueue() {
	ctx := context.Background()
	q, err := process.NewQueue[string](4096)
	if err != nil {
		panic(err)
	}
	p := process.New(func(ctx context.Context, q *process.Queue[string]) error {
		for _, word := range []string{"one", "two"} {
			if err := q.Put(ctx, word); err != nil {
				return err
			}
		}
		q.Close()
		return nil
	}, q)
	if err := p.Start(ctx); err != nil {
		panic(err)
	}
	for {
		word, err := q.Get(ctx)
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Println(word)
	}
	_ = p.Join(ctx)
	// Output:
	// one
	// two
	// process: queue is closed
}

// A function gets a copy of a value besides its argument.
func ExampleCopying() {
	pool := process.NewPool().WithWorkers(1)
	defer pool.Shutdown(context.Background())
	prices := map[string]int{"egg": 3, "ham": 7}
	price := func(ctx context.Context, what string) (int, error) {
		return process.Copied[map[string]int](ctx, 0)[what], nil
	}
	all, err := concurrency.Map(context.Background(), process.Copying(pool, prices), []string{"ham", "egg"}, price)
	fmt.Println(all, err)
	// Output: [7 3] <nil>
}

// Two workers take what is urgent first.
func ExampleQueue_PutPriority() {
	ctx := context.Background()
	urgent, err := process.NewPriorityQueue[string](1 << 12)
	if err != nil {
		fmt.Println(err)
		return
	}
	for text, priority := range map[string]int64{"write the report": 5, "put out the fire": -1, "answer the letter": 2} {
		_ = urgent.PutPriority(ctx, text, priority)
	}
	urgent.Close() // Get fails when it is empty
	pool := process.NewPool().WithWorkers(1)
	defer pool.Shutdown(ctx)
	done, err := concurrency.SubmitWith(ctx, pool, func(ctx context.Context, q *process.Queue[string]) (all []string, err error) {
		for {
			text, err := q.Get(ctx)
			if err != nil {
				return all, nil
			}
			all = append(all, text)
			q.TaskDone()
		}
	}, urgent).Result(ctx)
	fmt.Printf("%q %v %v\n", done, err, urgent.Join(ctx))
	// Output: ["put out the fire" "answer the letter" "write the report"] <nil> <nil>
}

// Every worker is prepared before it gets anything to do.
func ExamplePool_WithInitializer() {
	ctx := context.Background()
	pool := process.NewPool().WithWorkers(1).WithInitializer(func(context.Context) error { return os.Setenv("LANG", "C") })
	defer pool.Shutdown(ctx)
	fmt.Println(concurrency.Submit(ctx, pool, func(context.Context) (string, error) { return os.Getenv("LANG"), nil }).Result(ctx))
	// Output: C <nil>
}
