package concurrency_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
)

func fails(err error) func(context.Context) error {
	return func(context.Context) error { return err }
}

func TestFirstSuccess(t *testing.T) {
	both(t, func(t *testing.T) {
		g := concurrency.NewGroup(background).WithPolicy(concurrency.FirstSuccess)
		var heeded atomic.Int32
		failed := make(chan int)
		for range 3 {
			g.Go(func(ctx context.Context) error {
				if err := untilCancelled(ctx); err != context.Canceled {
					t.Errorf("cause %v", err)
				}
				heeded.Add(1)
				return ctx.Err()
			})
		}
		g.Go(func(context.Context) error { close(failed); return errTest })
		g.Go(func(context.Context) error { <-failed; return nil })
		if err := g.Wait(); err != nil || heeded.Load() != 3 {
			t.Errorf("%v; %d heeded", err, heeded.Load())
		}
	})
}

func TestFirstSuccessOfNone(t *testing.T) {
	other := errors.New("other")
	g := concurrency.NewGroup(background).WithPolicy(concurrency.FirstSuccess)
	g.Go(fails(errTest))
	g.Go(fails(other))
	if err := g.Wait(); !errors.Is(err, errTest) || !errors.Is(err, other) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancelCause(background)
	cancel(errTest)
	late := concurrency.NewGroup(ctx).WithPolicy(concurrency.FirstSuccess)
	late.Go(func(context.Context) error { t.Error("it ran"); return nil })
	if err := late.Wait(); !errors.Is(err, errTest) {
		t.Error(err)
	}
}

func TestCollectAll(t *testing.T) {
	both(t, func(t *testing.T) {
		other := errors.New("other")
		g := concurrency.NewGroup(background).WithPolicy(concurrency.CollectAll).WithLimit(2)
		var ran atomic.Int32
		for _, err := range []error{nil, errTest, nil, other, nil} {
			g.Go(func(ctx context.Context) error {
				if ctx.Err() == nil {
					ran.Add(1)
				}
				return err
			})
		}
		if err := g.Wait(); !errors.Is(err, errTest) || !errors.Is(err, other) || ran.Load() != 5 {
			t.Errorf("%v; %d ran uncancelled", err, ran.Load())
		}
		none := concurrency.NewGroup(background).WithPolicy(concurrency.CollectAll)
		none.Go(fails(nil))
		if err := none.Wait(); err != nil {
			t.Error(err)
		}
	})
}

// Whatever the policy, a panic is raised, and not before all have ended.
func TestPoliciesRaisePanics(t *testing.T) {
	both(t, func(t *testing.T) {
		for _, policy := range []concurrency.Policy{concurrency.AllOrCancel, concurrency.FirstSuccess, concurrency.CollectAll} {
			g := concurrency.NewGroup(background).WithPolicy(policy)
			var ended atomic.Bool
			all := make(chan int)
			g.Go(func(context.Context) error { <-all; return errTest })
			g.Go(func(context.Context) error { <-all; panic("boom") })
			g.Go(func(context.Context) error { <-all; runtime.Gosched(); ended.Store(true); return nil })
			close(all)
			carried(t, "boom", func() { _ = g.Wait() })
			if !ended.Load() {
				t.Errorf("policy %d: it did not wait", policy)
			}
		}
	})
}

func TestTryGo(t *testing.T) {
	both(t, func(t *testing.T) {
		g := concurrency.NewGroup(background).WithLimit(1)
		gate := make(chan int)
		if !g.TryGo(func(context.Context) error { <-gate; return nil }) {
			t.Error("no room in an empty group")
		}
		if g.TryGo(func(context.Context) error { t.Error("it ran"); return nil }) {
			t.Error("room in a full group")
		}
		close(gate)
		if err := g.Wait(); err != nil {
			t.Error(err)
		}
		cancelled := concurrency.NewGroup(background)
		cancelled.Cancel(nil)
		if cancelled.TryGo(func(context.Context) error { t.Error("it ran"); return nil }) {
			t.Error("a cancelled group took it")
		}
		if err := cancelled.Wait(); err != concurrency.ErrCanceled {
			t.Error(err)
		}
	})
}

func TestGroupCancel(t *testing.T) {
	both(t, func(t *testing.T) {
		g := concurrency.NewGroup(background)
		g.Go(func(ctx context.Context) error {
			if err := untilCancelled(ctx); err != errTest {
				t.Errorf("cause %v", err)
			}
			return nil
		})
		g.Cancel(errTest)
		g.Cancel(errors.New("second"))
		if err := g.Wait(); err != errTest || context.Cause(g.Context()) != errTest {
			t.Errorf("%v, cause %v", err, context.Cause(g.Context()))
		}
		failed := concurrency.NewGroup(background)
		failed.Go(fails(errTest))
		_ = untilCancelled(failed.Context())
		failed.Cancel(errors.New("late"))
		if err := failed.Wait(); err != errTest {
			t.Error(err)
		}
	})
}

func TestPolicyMisuse(t *testing.T) {
	g := concurrency.NewGroup(background)
	misuse(t, "concurrency: Group: policy 3", func() { g.WithPolicy(3) })
	g.Go(fails(nil))
	misuse(t, "concurrency: Group: WithPolicy after Go", func() { g.WithPolicy(concurrency.CollectAll) })
	_ = g.Wait()
	misuse(t, "concurrency: Group: Go after Wait", func() { g.Go(fails(nil)) })
	misuse(t, "concurrency: Group: Go after Wait", func() { g.TryGo(fails(nil)) })
}

func TestScope(t *testing.T) {
	both(t, func(t *testing.T) {
		var n atomic.Int32
		err := concurrency.Scope(background, func(g *concurrency.Group) error {
			g.WithLimit(2)
			for range 10 {
				g.Go(func(context.Context) error { n.Add(1); return nil })
			}
			return nil
		})
		if err != nil || n.Load() != 10 {
			t.Errorf("%v, %d ran", err, n.Load())
		}
		err = concurrency.Scope(background, func(g *concurrency.Group) error {
			g.Go(func(ctx context.Context) error { return untilCancelled(ctx) })
			return errTest
		})
		if err != errTest {
			t.Error(err)
		}
		err = concurrency.Scope(background, func(g *concurrency.Group) error {
			g.Go(fails(errTest))
			return untilCancelled(g.Context())
		})
		if err != errTest {
			t.Error(err)
		}
	})
}

// However a body ends, the functions of the scope have ended before.
func TestScopeIsLeftByNobody(t *testing.T) {
	both(t, func(t *testing.T) {
		for _, leave := range []func(){func() { panic("boom") }, runtime.Goexit} {
			var left atomic.Bool
			th := concurrency.NewThread(func() {
				defer func() {
					if !left.Load() {
						t.Error("a function outlived its scope")
					}
				}()
				_ = concurrency.Scope(background, func(g *concurrency.Group) error {
					g.Go(func(ctx context.Context) error {
						defer left.Store(true)
						return untilCancelled(ctx)
					})
					leave()
					return nil
				})
			}).Start()
			func() {
				defer func() { _ = recover() }()
				_ = th.Join(background)
			}()
			if err := th.Err(); err != concurrency.ErrExited && !strings.Contains(err.Error(), "boom") {
				t.Error(err)
			}
		}
	})
}
