package concurrency_test

import (
	"context"
	"slices"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
)

var _ concurrency.Awaitable = (*concurrency.Future[int])(nil)

// promises returns n promises and their futures.
func promises(n int) (ps []*concurrency.Promise[int], fs []*concurrency.Future[int]) {
	for range n {
		p := concurrency.NewPromise[int]()
		ps, fs = append(ps, p), append(fs, p.Future())
	}
	return ps, fs
}

func TestAsCompleted(t *testing.T) {
	both(t, func(t *testing.T) {
		ps, fs := promises(5)
		ps[3].SetResult(3)
		ps[1].SetError(errTest)
		order := []int{4, 0, 2}
		var got []int
		for fu := range concurrency.AsCompleted(background, fs...) {
			got = append(got, slices.Index(fs, fu))
			if len(got) >= 2 && len(order) > 0 {
				ps[order[0]].SetResult(0)
				order = order[1:]
			}
		}
		if want := []int{1, 3, 4, 0, 2}; !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
		for range concurrency.AsCompleted(background, fs...) {
			break
		}
		for range concurrency.AsCompleted[*concurrency.Future[int]](background) {
			t.Error("one of none")
		}
	})
}

func TestAsCompletedEndsWithContext(t *testing.T) {
	both(t, func(t *testing.T) {
		ps, fs := promises(2)
		ps[1].SetResult(1)
		ctx, cancel := context.WithCancelCause(background)
		defer cancel(nil)
		n := 0
		for range concurrency.AsCompleted(ctx, fs...) {
			n++
			cancel(errTest)
		}
		if n != 1 || context.Cause(ctx) != errTest {
			t.Errorf("%d came", n)
		}
	})
}

// own is an Awaitable of somebody else.
type own struct {
	concurrency.Awaitable
}

func TestMixedAwaitables(t *testing.T) {
	both(t, func(t *testing.T) {
		a, b, c := concurrency.NewPromise[int](), concurrency.NewPromise[string](), concurrency.NewPromise[bool]()
		foreign := &own{c.Future()}
		all := []concurrency.Awaitable{a.Future(), b.Future(), foreign}
		b.SetResult("b")
		var got []concurrency.Awaitable
		for f := range concurrency.AsCompleted(background, all...) {
			got = append(got, f)
			c.SetResult(true)
			if f == foreign {
				a.SetError(errTest)
			}
		}
		if want := []concurrency.Awaitable{b.Future(), foreign, a.Future()}; !slices.Equal(got, want) {
			t.Errorf("%v", got)
		}
	})
}

func TestWait(t *testing.T) {
	both(t, func(t *testing.T) {
		for _, test := range []struct {
			name       string
			when       concurrency.ReturnWhen
			first      func(p *concurrency.Promise[int])
			done, left int
		}{
			{"all", concurrency.AllCompleted, func(p *concurrency.Promise[int]) { p.SetError(errTest) }, 3, 0},
			{"first", concurrency.FirstCompleted, func(p *concurrency.Promise[int]) { p.SetResult(1) }, 1, 2},
			{"exception", concurrency.FirstException, func(p *concurrency.Promise[int]) { p.SetError(errTest) }, 1, 2},
			{"exception, cancelled", concurrency.FirstException, func(p *concurrency.Promise[int]) { p.Future().Cancel() }, 1, 2},
			{"no exception", concurrency.FirstException, func(p *concurrency.Promise[int]) { p.SetResult(1) }, 3, 0},
		} {
			ps, fs := promises(3)
			waits := concurrency.Start(background, func(ctx context.Context) ([2][]*concurrency.Future[int], error) {
				done, left, err := concurrency.Wait(ctx, test.when, fs...)
				return [2][]*concurrency.Future[int]{done, left}, err
			})
			test.first(ps[1])
			if test.left == 0 {
				ps[2].SetResult(2)
				ps[0].SetResult(0)
			}
			got, err := waits.Result(background)
			if len(got[0]) != test.done || len(got[1]) != test.left || err != nil || !slices.Contains(got[0], fs[1]) {
				t.Errorf("%s: %d done, %d left, %v", test.name, len(got[0]), len(got[1]), err)
			}
		}
	})
}

func TestWaitEndsWithContext(t *testing.T) {
	both(t, func(t *testing.T) {
		ps, fs := promises(2)
		ps[0].SetResult(1)
		ctx, cancel := context.WithCancelCause(background)
		cancel(errTest)
		done, left, err := concurrency.Wait(ctx, concurrency.AllCompleted, fs...)
		if len(done) != 1 || len(left) != 1 || err != errTest {
			t.Errorf("%d, %d, %v", len(done), len(left), err)
		}
		done, left, err = concurrency.Wait[*concurrency.Future[int]](background, concurrency.AllCompleted)
		if done != nil || left != nil || err != nil {
			t.Error("waiting for nothing")
		}
	})
}
