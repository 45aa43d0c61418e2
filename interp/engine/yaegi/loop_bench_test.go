package yaegi_test

import (
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
)

// loops are what interpreted coroutines do n times.
var loops = []struct{ name, text string }{
	{"switch", `func f(n int) {
		turns := func(ctx context.Context) (int, error) {
			for range n / 2 {
				loop.Sleep(ctx, 0)
			}
			return 0, nil
		}
		loop.Run(context.Background(), func(ctx context.Context) (int, error) {
			loop.Gather(ctx, turns, turns)
			return 0, nil
		})
	}`},
	{"gather", `func f(n int) {
		fs := make([]func(context.Context) (int, error), n)
		for i := range fs {
			fs[i] = func(context.Context) (int, error) { return 1, nil }
		}
		loop.Run(context.Background(), func(ctx context.Context) (int, error) {
			loop.Gather(ctx, fs...)
			return 0, nil
		})
	}`},
	{"await", `func f(n int) {
		loop.Run(context.Background(), func(ctx context.Context) (int, error) {
			for range n {
				loop.Await(ctx, loop.CreateTask(ctx, func(context.Context) (int, error) { return 1, nil }))
			}
			return 0, nil
		})
	}`},
	{"group", `func f(n int) {
		loop.Run(context.Background(), func(ctx context.Context) (int, error) {
			return 0, loop.Group(ctx, func(ctx context.Context, g *loop.TaskGroup) error {
				for range n {
					g.Go(func(context.Context) error { return nil })
				}
				return nil
			})
		})
	}`},
}

// BenchmarkLoop is the event loop from interpreted cells: what a task or a switch costs.
func BenchmarkLoop(b *testing.B) {
	for _, l := range loops {
		b.Run(l.name, func(b *testing.B) {
			s := newSession()
			if _, _, err := s.run("import (\"context\"; \"github.com/gobraid/gobraid/concurrency/loop\")\n"+l.text, &buffer{}); err != nil {
				b.Fatal(err)
			}
			vals, _, err := s.run("f", &buffer{})
			if err != nil {
				b.Fatal(err)
			}
			f, n := vals[0].Interface().(func(int)), 20_000
			run := task.NewRun(s.cells+1, &buffer{})
			end := run.Do(func() {
				before := cpuTime()
				for b.Loop() {
					f(n)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n)/float64(b.N), "ns/each")
				b.ReportMetric(float64(cpuTime()-before)/float64(n)/float64(b.N), "cpu-ns/each")
			})
			if err := closeRun(run); err != nil || end.Panic != nil {
				b.Fatal(err, end.Panic)
			}
		})
	}
}
