package benchmarks

import (
	"context"
	"os"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
)

func TestMain(m *testing.M) {
	process.Main()
	os.Exit(m.Run())
}

func double(_ context.Context, n int) (int, error) { return 2 * n, nil }

// processes returns a pool of two workers that have begun.
func processes(b *testing.B) *process.Pool {
	p := process.NewPool().WithWorkers(2)
	b.Cleanup(func() { _ = p.Shutdown(background) })
	if _, err := concurrency.Map(background, p, make([]int, 100), double); err != nil {
		b.Fatal(err)
	}
	return p
}

// BenchmarkProcess is functions that run in another process.
func BenchmarkProcess(b *testing.B) {
	b.Run("process.Pool-one-by-one", func(b *testing.B) {
		p := processes(b)
		measured(b, func(n int) {
			for i := range n {
				if _, err := concurrency.SubmitWith(background, p, double, i).Result(background); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
	b.Run("process.Pool", func(b *testing.B) {
		p := processes(b)
		measured(b, func(n int) {
			futures := make([]*concurrency.Future[int], n)
			for i := range n {
				futures[i] = concurrency.SubmitWith(background, p, double, i)
			}
			for _, f := range futures {
				if _, err := f.Result(background); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}

// BenchmarkProcessMap is an item of an ordered map over processes, in chunks of 1000.
func BenchmarkProcessMap(b *testing.B) {
	b.Run("process.Pool-Map-1000", func(b *testing.B) {
		p := processes(b)
		measured(b, func(n int) {
			if _, err := concurrency.Map(background, p, make([]int, n), double, concurrency.ChunkSize(1000)); err != nil {
				b.Fatal(err)
			}
		})
	})
}
