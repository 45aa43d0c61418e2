package exercise_test

import (
	"context"
	"fmt"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/exercise"
)

// Results of a pool come in the order of the items, whatever order they are ready in.
func Example() {
	result := exercise.New("squares come in order").WithRuns(6).Check(func(ctx context.Context) error {
		pool := concurrency.NewThreadPool().WithWorkers(3)
		defer pool.Shutdown(ctx)
		squares, err := concurrency.Map(ctx, pool, []int{1, 2, 3}, func(_ context.Context, n int) (int, error) { return n * n, nil })
		if err != nil {
			return err
		}
		if fmt.Sprint(squares) != "[1 4 9]" {
			return fmt.Errorf("the squares are %v", squares)
		}
		return nil
	})
	fmt.Println(result)
	// Output: ✔ squares come in order: right in 6 runs (4 with random orders of steps, 2 live)
}

// A plan says how often and how, and what to tell those whose answer is wrong.
func ExamplePlan() {
	var total int // of all runs: not made anew, which is a mistake
	result := exercise.New("the sum is 6").WithRuns(2).WithHint("Where is total declared?").Check(func(context.Context) error {
		for n := range 4 {
			total += n
		}
		if total != 6 {
			return fmt.Errorf("the sum is %d", total)
		}
		return nil
	})
	made, wrong := result.Runs()
	fmt.Println(wrong, "of", made, "runs:", result.Err())
	// Output: 1 of 2 runs: the sum is 6: run 2: the sum is 12
}
