package cluster_test

import (
	"os"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/cluster"
)

func TestPlain(t *testing.T) {
	s := newServer(t)
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 2})
	p := newPool(t, s)
	got, err := concurrency.SubmitWith(within(t), p, square, 12).Result(within(t))
	if err != nil || got != 144 {
		t.Errorf("got %d, %v", got, err)
	}
	if id, err := concurrency.Submit(within(t), p, pid).Result(within(t)); err != nil || id == os.Getpid() || id == 0 {
		t.Errorf("pid %d, %v", id, err)
	}
	items := make([]int, 1000)
	for i := range items {
		items[i] = i
	}
	squares, err := concurrency.Map(within(t), p, items, square)
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range squares {
		if n != i*i {
			t.Fatalf("the square of %d: %d", i, n)
		}
	}
}
