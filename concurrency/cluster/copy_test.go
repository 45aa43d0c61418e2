package cluster_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/cluster"
	"github.com/gobraid/gobraid/concurrency/process"
)

type table struct {
	Factor int
	Names  map[string]int
}

func byTable(ctx context.Context, n int) (string, error) {
	t := process.Copied[table](ctx, 0)
	t.Names["more"]++
	return fmt.Sprint(n*t.Factor, process.Copied[table](ctx, 0).Names, len(process.Copied[[]byte](ctx, 1))), nil
}

// TestCopying has functions get copies of values, small and larger than a message, plain and idempotent.
func TestCopying(t *testing.T) {
	s := newServer(t, func(o *server.Options) { o.MaxPayload = 64 << 10 })
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 2})
	p := newPool(t, s)
	for _, size := range []int{1, 200_000} {
		names := map[string]int{"a": 1}
		given := cluster.Copying(cluster.Copying(p, table{3, names}), bytes.Repeat([]byte{7}, size))
		names["late"] = 1 // it was copied before
		for name, ex := range map[string]concurrency.Executor{"plain": given, "idempotent": given.Idempotent(2)} {
			all, err := concurrency.Map(within(t), ex, []int{1, 2, 3}, byTable, concurrency.ChunkSize(1))
			want := fmt.Sprintf("[3 map[a:1 more:1] %[1]d 6 map[a:1 more:1] %[1]d 9 map[a:1 more:1] %[1]d]", size)
			if err != nil || fmt.Sprint(all) != want {
				t.Errorf("%s, %d bytes: %v, %v", name, size, all, err)
			}
		}
		kept := cluster.Copying(cluster.Copying(p.Idempotent(2), table{2, map[string]int{}}), []byte{1})
		if got, err := concurrency.SubmitWith(within(t), kept, byTable, 1).Result(within(t)); err != nil || got != "2 map[more:1] 1" {
			t.Errorf("idempotent before it copies: %q, %v", got, err)
		}
	}
	if got, err := concurrency.SubmitWith(within(t), p, square, 3).Result(within(t)); got != 9 || err != nil {
		t.Error("the pool itself:", got, err)
	}
	_, err := concurrency.SubmitWith(within(t), cluster.Copying(p, make(chan int)), square, 3).Result(within(t))
	if wrong := (*process.TypeError)(nil); !errors.As(err, &wrong) {
		t.Errorf("a channel: %v", err)
	}
}
