package cluster_test

import (
	"context"
	"fmt"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/cluster"
)

// A pool of the workers of a NATS server. The example needs one, and a worker, so it is not run.
func Example() {
	ctx := context.Background()
	pool, err := cluster.Connect(ctx, "nats://10.0.0.1:4222")
	if err != nil {
		fmt.Println(err)
		return
	}
	squares, err := concurrency.Map(ctx, pool.Idempotent(3), []int{1, 2, 3}, square)
	fmt.Println(squares, err, pool.Shutdown(ctx))
}

// A worker that has a label, and logs in with credentials.
func ExampleWorker() {
	w := cluster.Worker{Server: cluster.At("tls://nats.example.org").WithCredentials("worker.creds"), Labels: []string{"gpu=yes"}}
	fmt.Println(w.Serve(context.Background()))
}
