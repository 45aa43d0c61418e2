package cluster_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"math/rand/v2"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/cluster"
)

// sum is a large argument, a small result.
func sum(_ context.Context, b []byte) ([sha256.Size]byte, error) { return sha256.Sum256(b), nil }

// double is both large.
func double(_ context.Context, b []byte) ([]byte, error) { return append(b, b...), nil }

// TestLarge has values larger than the server takes in a message go there and back.
func TestLarge(t *testing.T) {
	s := newServer(t, func(o *server.Options) { o.MaxPayload = 64 << 10 })
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 2})
	p := newPool(t, s)
	random := rand.NewChaCha8([32]byte{1})
	for _, n := range []int{0, 1, 63 << 10, 64<<10 - 300, 64 << 10, 65 << 10, 1 << 20, 3<<20 + 17} {
		b := make([]byte, n)
		random.Read(b)
		if got, err := concurrency.SubmitWith(within(t), p, sum, b).Result(within(t)); err != nil || got != sha256.Sum256(b) {
			t.Errorf("%d bytes there: %v", n, err)
		}
		if got, err := concurrency.SubmitWith(within(t), p, double, b).Result(within(t)); err != nil || !bytes.Equal(got, append(b, b...)) {
			t.Errorf("%d bytes there and twice that back: %d bytes, %v", n, len(got), err)
		}
	}
}
