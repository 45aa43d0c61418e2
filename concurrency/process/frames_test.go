package process_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
)

// sum returns the length and the sum of bytes, so that what got lost, doubled or out of order shows.
func sum(_ context.Context, b []byte) (uint64, error) {
	h := uint64(len(b))
	for _, c := range b {
		h = h*31 + uint64(c)
	}
	return h, nil
}

func filled(n int, seed byte) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = seed + byte(i*i)
	}
	return b
}

// Values of sizes around those at which the transport changes what it does, small and large in any order, arrive whole at a worker that has
// many at a time.
func TestFrameSizes(t *testing.T) {
	p := newPool(t, 1)
	edges := []int{0, 1, 15, 16, 17, 4 << 10, 24 << 10, 32<<10 - 1, 32 << 10, 32<<10 + 1, 40 << 10, 48<<10 - 24, 48 << 10, 64<<10 - 25, 64<<10 - 24, 64<<10 - 23, 64 << 10, 1<<20 - 1, 1 << 20, 1<<20 + 1}
	random := rand.New(rand.NewPCG(1, 2))
	var futures []*concurrency.Future[uint64]
	var want []uint64
	for i := range 2000 {
		n := random.IntN(64)
		if i%8 == 7 {
			n = edges[random.IntN(len(edges))]
		}
		b := filled(n, byte(i))
		w, _ := sum(background, b)
		want = append(want, w)
		futures = append(futures, concurrency.SubmitWith(background, p, sum, b))
	}
	for i, fu := range futures {
		if got, err := fu.Result(background); got != want[i] || err != nil {
			t.Fatalf("function %d: %d, %v, want %d", i, got, err, want[i])
		}
	}
}

// The same of results.
func TestResultSizes(t *testing.T) {
	p := newPool(t, 1)
	for _, n := range []int{0, 1, 4<<10 - 24, 4 << 10, 32<<10 - 1, 32 << 10, 64<<10 - 25, 64<<10 - 24, 64<<10 - 23, 64 << 10, 64<<10 + 1, 1 << 20, 3 << 20} {
		var futures []*concurrency.Future[[]byte]
		for range 5 {
			futures = append(futures, concurrency.SubmitWith(background, p, fill, n))
		}
		for i, fu := range futures {
			if got, err := fu.Result(background); !bytes.Equal(got, filled(n, 7)) || err != nil {
				t.Errorf("%d bytes, %d: %d bytes, %v", n, i, len(got), err)
			}
		}
	}
}

func fill(_ context.Context, n int) ([]byte, error) { return filled(n, 7), nil }
