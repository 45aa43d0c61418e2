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
