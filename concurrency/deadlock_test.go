package concurrency_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// What waits for ever is found, by the thing it waits for.
func TestDeadlocks(t *testing.T) {
	for _, test := range []struct {
		name  string
		waits string // what the main task waits for
		f     func()
	}{
		{"promise", "*concurrency.Future[int]", func() {
			_, _ = concurrency.NewPromise[int]().Future().Result(background)
		}},
		{"as completed", "*concurrency.arrivals", func() {
			for range concurrency.AsCompleted(background, concurrency.NewPromise[int]().Future()) {
			}
		}},
		{"a worker that waits for itself", "*concurrency.Future[int]", func() {
			p := concurrency.NewThreadPool().WithWorkers(1)
			_, _ = concurrency.Submit(background, p, func(ctx context.Context) (int, error) {
				return concurrency.Submit(ctx, p, constant(1)).Result(ctx)
			}).Result(background)
		}},
		{"a full queue", "*concurrency.ThreadPool", func() {
			p := concurrency.NewThreadPool().WithWorkers(1).WithQueue(0)
			concurrency.Submit(background, p, func(context.Context) (int, error) { task.Forever(0); return 0, nil })
			concurrency.Submit(background, p, constant(1))
		}},
		{"map within map", "*concurrency.Future[[]int]", func() {
			p := concurrency.NewThreadPool().WithWorkers(1)
			_, _ = concurrency.Map(background, p, []int{1}, func(ctx context.Context, n int) (int, error) {
				_, err := concurrency.Map(ctx, p, []int{n}, double)
				return 0, err
			})
		}},
		{"a scope that waits for itself", "*sync.WaitGroup", func() {
			_ = concurrency.Scope(background, func(g *concurrency.Group) error {
				g.Go(func(context.Context) error { return g.Wait() })
				return nil
			})
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, _ := newRun(t, 1)
			r.Virtual(1)
			end := r.Do(test.f)
			i := slices.IndexFunc(end.Ended, func(i task.Info) bool { return i.Name == "main" })
			if end.Deadlock == nil || i < 0 {
				t.Fatalf("end = %+v", end)
			}
			if got := fmt.Sprintf("%T", end.Ended[i].Wait.Object); got != test.waits {
				t.Errorf("it waits for a %s, want %s", got, test.waits)
			}
		})
	}
}
