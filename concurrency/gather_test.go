package concurrency_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
)

func TestGather(t *testing.T) {
	both(t, func(t *testing.T) {
		// Each waits for the one after it, so that they end in reverse.
		gates := []chan int{make(chan int), make(chan int), make(chan int)}
		f := func(i int) func(context.Context) (int, error) {
			return func(context.Context) (int, error) {
				if i+1 < len(gates) {
					<-gates[i+1]
				}
				close(gates[i])
				return i * i, nil
			}
		}
		got, err := concurrency.Gather(background, f(0), f(1), f(2))
		if err != nil || !slices.Equal(got, []int{0, 1, 4}) {
			t.Errorf("%v, %v", got, err)
		}
		if got, err := concurrency.Gather[int](background); len(got) != 0 || err != nil {
			t.Errorf("of nothing: %v, %v", got, err)
		}
	})
}

func TestGatherFails(t *testing.T) {
	both(t, func(t *testing.T) {
		got, err := concurrency.Gather(background,
			func(ctx context.Context) (int, error) { return 1, untilCancelled(ctx) },
			func(context.Context) (int, error) { return 2, errTest })
		if got != nil || err != errTest {
			t.Errorf("%v, %v", got, err)
		}
		carried(t, "boom", func() {
			_, _ = concurrency.Gather(background, func(context.Context) (int, error) { panic("boom") })
		})
	})
}

func TestGatherAll(t *testing.T) {
	both(t, func(t *testing.T) {
		failed := make(chan int)
		got := concurrency.GatherAll(background,
			func(ctx context.Context) (string, error) { <-failed; return "a", ctx.Err() },
			func(context.Context) (string, error) { close(failed); return "b", errTest },
			func(context.Context) (string, error) { panic("boom") })
		var p *concurrency.PanicError
		if got[0].Value != "a" || got[0].Err != nil || got[1].Value != "b" || got[1].Err != errTest ||
			!errors.As(got[2].Err, &p) {
			t.Errorf("%+v", got)
		}
	})
}

func TestGatherAllHeedsContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(background)
	cancel(errTest)
	got := concurrency.GatherAll(ctx, constant(1), constant(2))
	if len(got) != 2 || got[0].Err != errTest || got[1].Err != errTest {
		t.Errorf("%+v", got)
	}
}
