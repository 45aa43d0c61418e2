package concurrency_test

import (
	"context"
	"fmt"

	"github.com/gobraid/gobraid/concurrency"
)

func ExampleReport() {
	pool := concurrency.NewThreadPool().WithWorkers(2)
	defer pool.Shutdown(context.Background())
	ctx := concurrency.WithProgress(context.Background(), func(p concurrency.Progress) { fmt.Println(p) })
	fu := concurrency.SubmitWith(ctx, pool, func(ctx context.Context, pages int) (string, error) {
		// … for each page
		concurrency.Report(ctx, pages, pages, "all printed")
		return "the book", nil
	}, 300)
	fmt.Println(fu.Result(ctx))
	// Output:
	// 300 of 300: all printed
	// the book <nil>
}
