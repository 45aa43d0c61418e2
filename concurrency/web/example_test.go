package web_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/loop"
	"github.com/gobraid/gobraid/concurrency/web"
	"github.com/gobraid/gobraid/concurrency/webtest"
)

// On a loop requests are awaited.
func ExampleClient() {
	server := webtest.New().WithLatency(time.Millisecond)
	defer server.Close()
	client := web.NewClient().WithLimit(10).WithTimeout(time.Minute)
	defer client.Close()

	get := func(n int) func(context.Context) (int, error) {
		return func(ctx context.Context) (int, error) {
			text, err := client.GetText(ctx, server.URL(fmt.Sprint("/bytes/", n)))
			return len(text), err
		}
	}
	fmt.Println(loop.Run(context.Background(), func(ctx context.Context) ([]int, error) {
		return loop.Gather(ctx, get(1), get(20), get(300))
	}))
	// Output: [1 20 300] <nil>
}

// Elsewhere they block, here in the tasks of a pool.
func ExampleClient_pool() {
	server := webtest.New()
	defer server.Close()
	client := web.NewClient()
	defer client.Close()

	pool := concurrency.NewThreadPool().WithWorkers(2)
	defer pool.Shutdown(context.Background())
	fmt.Println(concurrency.Map(context.Background(), pool, []int{1, 20, 300}, func(ctx context.Context, n int) (int, error) {
		text, err := client.GetText(ctx, server.URL(fmt.Sprint("/bytes/", n)))
		return len(text), err
	}))
	// Output: [1 20 300] <nil>
}

func ExampleResponse() {
	server := webtest.New()
	defer server.Close()
	client := web.NewClient()
	defer client.Close()

	ctx := context.Background()
	resp, err := client.Get(ctx, server.URL("/lines/2"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Close()
	fmt.Println(resp.Status, resp.Header.Get("Content-Type"))
	for line, err := range resp.Lines(ctx) {
		fmt.Println(line, err)
	}
	// Output:
	// 200 text/plain; charset=utf-8
	// line 1 <nil>
	// line 2 <nil>
}

func ExampleStatusError() {
	server := webtest.New().WithRate(1, time.Hour)
	defer server.Close()
	client := web.NewClient().WithCheck()
	defer client.Close()

	for range 2 {
		_, err := client.GetText(context.Background(), server.URL("/json"))
		var status *web.StatusError
		if errors.As(err, &status) {
			fmt.Println(status.Status, status.RetryAfter > 0)
		}
	}
	// Output: 429 true
}
