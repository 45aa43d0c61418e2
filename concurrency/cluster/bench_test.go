package cluster_test

import (
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/cluster"
	"github.com/gobraid/gobraid/concurrency/process"
)

// BenchmarkRoundTrip submits and waits, in turn: to a process.Pool, plain and idempotent. The server, worker and pool are in this process.
func BenchmarkRoundTrip(b *testing.B) {
	s := newServer(b)
	serve(b, cluster.Worker{Server: cluster.At(s.ClientURL()), Concurrency: 1})
	p := newPool(b, s)
	local := process.NewPool().WithWorkers(1)
	b.Cleanup(func() { _ = local.Shutdown(background) })
	names := []string{"process", "plain", "idempotent"}
	pools := []concurrency.Executor{local, p, p.Idempotent(3)}
	var took [3]time.Duration
	one := func(i int) {
		began := time.Now()
		if _, err := concurrency.SubmitWith(background, pools[i], square, 3).Result(background); err != nil {
			b.Fatal(err)
		}
		took[i] += time.Since(began)
	}
	for i := range pools {
		one(i)
	}
	took = [3]time.Duration{}
	for b.Loop() {
		for i := range pools {
			one(i)
		}
	}
	for i, d := range took {
		b.ReportMetric(float64(d.Microseconds())/float64(b.N), names[i]+"-µs")
	}
	b.ReportMetric(float64(took[1])/float64(took[0]), "plain/process")
	b.ReportMetric(float64(took[2])/float64(took[0]), "idempotent/process")
}

// BenchmarkMany submits many at a time.
func BenchmarkMany(b *testing.B) {
	s := newServer(b)
	serve(b, cluster.Worker{Server: cluster.At(s.ClientURL()), Concurrency: 2})
	p := newPool(b, s)
	for name, ex := range map[string]concurrency.Executor{"plain": p, "idempotent": p.Idempotent(3)} {
		b.Run(name, func(b *testing.B) {
			items := make([]int, b.N)
			if _, err := concurrency.Map(background, ex, items, square, concurrency.ChunkSize(1)); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tasks/s")
		})
	}
}
