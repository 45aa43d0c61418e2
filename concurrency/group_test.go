package concurrency_test

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/task"
)

func TestGroup(t *testing.T) {
	both(t, func(t *testing.T) {
		g := concurrency.NewGroup(background)
		var n atomic.Int32
		for range 10 {
			g.Go(func(context.Context) error {
				g.Go(func(context.Context) error { n.Add(1); return nil })
				n.Add(1)
				return nil
			})
		}
		if err := g.Wait(); err != nil || n.Load() != 20 {
			t.Errorf("%v, n = %d", err, n.Load())
		}
		if g.Context().Err() == nil {
			t.Error("the context did not end with Wait")
		}
	})
}

func TestGroupCancelsOthers(t *testing.T) {
	both(t, func(t *testing.T) {
		g := concurrency.NewGroup(background)
		var heeded atomic.Int32
		for range 5 {
			g.Go(func(ctx context.Context) error {
				err := untilCancelled(ctx)
				if err == errTest {
					heeded.Add(1)
				}
				return err
			})
		}
		g.Go(func(context.Context) error { return errTest })
		if err := g.Wait(); err != errTest || heeded.Load() != 5 {
			t.Errorf("%v, %d heeded", err, heeded.Load())
		}
	})
}

func TestGroupPanic(t *testing.T) {
	both(t, func(t *testing.T) {
		g := concurrency.NewGroup(background)
		g.Go(func(ctx context.Context) error { return untilCancelled(ctx) })
		g.Go(func(context.Context) error { panic("boom") })
		carried(t, "boom", func() { _ = g.Wait() })
		var p *concurrency.PanicError
		if !errors.As(context.Cause(g.Context()), &p) {
			t.Error("the panic is not the cause")
		}
	})
}

func TestGroupGoexit(t *testing.T) {
	g := concurrency.NewGroup(background)
	g.Go(func(context.Context) error { runtime.Goexit(); return nil })
	if err := g.Wait(); err != concurrency.ErrExited {
		t.Error(err)
	}
}

func TestGroupLimit(t *testing.T) {
	both(t, func(t *testing.T) {
		g := concurrency.NewGroup(background).WithLimit(2)
		var inside, over atomic.Int32
		for range 40 {
			g.Go(func(context.Context) error {
				if inside.Add(1) > 2 {
					over.Add(1)
				}
				runtime.Gosched()
				inside.Add(-1)
				return nil
			})
		}
		if err := g.Wait(); err != nil || over.Load() != 0 {
			t.Errorf("%v, %d over the limit", err, over.Load())
		}
	})
}

func TestCancelledGroupStartsNothing(t *testing.T) {
	ctx, cancel := context.WithCancelCause(background)
	cancel(errTest)
	for _, g := range []*concurrency.Group{
		concurrency.NewGroup(ctx), concurrency.NewGroup(ctx).WithLimit(1),
	} {
		g.Go(func(context.Context) error { t.Error("it ran"); return nil })
		if err := g.Wait(); err != errTest {
			t.Error(err)
		}
	}
}

func TestGoOfFullGroupEndsWithCancel(t *testing.T) {
	g := concurrency.NewGroup(background).WithLimit(1)
	gate := make(chan int)
	g.Go(func(context.Context) error { <-gate; return errTest })
	waits := concurrency.NewThread(func() {
		g.Go(func(context.Context) error { t.Error("it ran"); return nil })
	}).Start()
	close(gate)
	_ = waits.Join(background)
	if err := g.Wait(); err != errTest && err != nil {
		t.Error(err)
	}
}

func TestGroupMisuse(t *testing.T) {
	g := concurrency.NewGroup(background)
	misuse(t, "concurrency: Group: limit 0", func() { g.WithLimit(0) })
	g.Go(func(context.Context) error { return nil })
	misuse(t, "concurrency: Group: WithLimit after Go", func() { g.WithLimit(1) })
	_ = g.Wait()
}

func TestKillEndsGroup(t *testing.T) {
	r, _ := newRun(t, 1)
	go func() {
		until(t, "it waits", func() bool {
			for _, i := range r.Tasks() {
				if i.Wait.Kind == task.WaitGroup {
					return true
				}
			}
			return false
		})
		r.Kill(nil)
	}()
	end := tasktest.Do(t, r, func() {
		g := concurrency.NewGroup(background)
		for range 3 {
			g.Go(func(context.Context) error { task.Forever(0); return nil })
		}
		_ = g.Wait()
	})
	if !end.Killed {
		t.Errorf("end = %+v", end)
	}
}

// The zero Group is one, as errgroup's is, whichever method comes first.
func TestZeroGroup(t *testing.T) {
	both(t, func(t *testing.T) {
		var g concurrency.Group
		g.Go(func(ctx context.Context) error { return untilCancelled(ctx) })
		g.Go(func(context.Context) error { return errTest })
		if err := g.Wait(); err != errTest {
			t.Error(err)
		}
		var none, canceled, limited concurrency.Group
		if err := none.Wait(); err != nil {
			t.Error(err)
		}
		ctx := canceled.Context()
		canceled.Cancel(errTest)
		if canceled.TryGo(func(context.Context) error { return nil }) {
			t.Error("it runs")
		}
		if err := canceled.Wait(); err != errTest || context.Cause(ctx) != errTest {
			t.Error(err, context.Cause(ctx))
		}
		limited.WithLimit(1).WithPolicy(concurrency.CollectAll)
		for range 3 {
			limited.Go(func(context.Context) error { return nil })
		}
		if err := limited.Wait(); err != nil {
			t.Error(err)
		}
	})
}
