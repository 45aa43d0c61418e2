package concurrency_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
)

// heard are the reports that a listener got.
type heard struct {
	mu  sync.Mutex
	all []concurrency.Progress
}

func (h *heard) add(p concurrency.Progress) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all = append(h.all, p)
}

func (h *heard) list() []concurrency.Progress {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.all)
}

// counts reports 1 to n.
func counts(ctx context.Context, n int) (int, error) {
	for i := range n {
		concurrency.Report(ctx, i+1, n, "counting")
	}
	return n, nil
}

// inOrder fails the test if reports of counts are not in order, or the last is missing.
func inOrder(t *testing.T, all []concurrency.Progress, n int) {
	t.Helper()
	if len(all) == 0 || all[len(all)-1] != (concurrency.Progress{Done: n, Total: n, Text: "counting"}) {
		t.Errorf("the last report is missing: %v", all)
	}
	for i := 1; i < len(all); i++ {
		if all[i].Done <= all[i-1].Done {
			t.Errorf("%v after %v", all[i], all[i-1])
		}
	}
}

// TestProgress has all that was reported be told before the result is there.
func TestProgress(t *testing.T) {
	both(t, func(t *testing.T) {
		p := concurrency.NewThreadPool().WithWorkers(2)
		defer p.Shutdown(background)
		for range 50 {
			h := &heard{}
			ctx := concurrency.WithProgress(background, h.add)
			if got, err := concurrency.SubmitWith(ctx, p, counts, 100).Result(background); got != 100 || err != nil {
				t.Fatal(got, err)
			}
			inOrder(t, h.list(), 100)
			h = &heard{}
			ctx = concurrency.WithProgress(background, h.add)
			fu := concurrency.Start(ctx, func(ctx context.Context) (int, error) { return counts(ctx, 3) })
			<-fu.Done()
			inOrder(t, h.list(), 3)
		}
	})
}

// TestProgressDoesNotBlock has a function return while the first report of it is being told: the last is told after that, those between are not, and
// the future is done then.
func TestProgressDoesNotBlock(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(1)
	defer p.Shutdown(background)
	h, begun, goOn := &heard{}, make(chan struct{}), make(chan struct{})
	ctx := concurrency.WithProgress(background, func(p concurrency.Progress) {
		if p.Done == 1 {
			close(begun)
			<-goOn
		}
		h.add(p)
	})
	returned := make(chan context.Context, 1)
	fu := concurrency.Submit(ctx, p, func(ctx context.Context) (int, error) {
		concurrency.Report(ctx, 1, 3, "")
		<-begun
		concurrency.Report(ctx, 2, 3, "")
		concurrency.Report(ctx, 3, 3, "")
		returned <- ctx
		return 7, nil
	})
	inner := <-returned
	if _, err := concurrency.Submit(background, p, func(context.Context) (int, error) { return 0, nil }).Result(background); err != nil {
		t.Error("the only worker has something else to do meanwhile:", err)
	}
	select {
	case <-fu.Done():
		t.Error("the future is done before all was told")
	default:
	}
	if !fu.Running() || fu.Err() != nil {
		t.Error("the future does not run any more")
	}
	close(goOn)
	if v, err := fu.Result(background); v != 7 || err != nil {
		t.Error(v, err)
	}
	concurrency.Report(inner, 4, 4, "too late")
	if got := h.list(); !slices.Equal(got, []concurrency.Progress{{Done: 1, Total: 3}, {Done: 3, Total: 3}}) {
		t.Errorf("told: %v", got)
	}
}

// TestProgressMap has several chunks report to one listener, which is called by one task at a time.
func TestProgressMap(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(4)
	defer p.Shutdown(background)
	sum, calls := 0, 0
	ctx := concurrency.WithProgress(background, func(p concurrency.Progress) { sum += p.Done; calls++ }) // the race detector looks
	items := make([]int, 100)
	for i := range items {
		items[i] = 1
	}
	if _, err := concurrency.Map(ctx, p, items, counts, concurrency.ChunkSize(1)); err != nil {
		t.Fatal(err)
	}
	if sum != 100 || calls != 100 {
		t.Errorf("%d calls, sum %d", calls, sum)
	}
}

// TestProgressOfInner has a function be heard that another one has submitted with its context, as itself.
func TestProgressOfInner(t *testing.T) {
	h := &heard{}
	ctx := concurrency.WithProgress(background, h.add)
	v, err := concurrency.Start(ctx, func(ctx context.Context) (int, error) {
		return concurrency.Start(ctx, func(ctx context.Context) (int, error) { return counts(ctx, 1) }).Result(ctx)
	}).Result(background)
	if v != 1 || err != nil {
		t.Error(v, err)
	}
	inOrder(t, h.list(), 1)
	concurrency.Report(background, 1, 1, "to nobody")
}

// TestProgressOfFailures has futures be done that end in other ways.
func TestProgressOfFailures(t *testing.T) {
	h := &heard{}
	ctx := concurrency.WithProgress(background, h.add)
	fu := concurrency.Start(ctx, func(ctx context.Context) (int, error) {
		concurrency.Report(ctx, 1, 1, "counting")
		panic("no")
	})
	<-fu.Done()
	if p := (*concurrency.PanicError)(nil); !errors.As(fu.Err(), &p) {
		t.Error(fu.Err())
	}
	inOrder(t, h.list(), 1)
	promise := concurrency.NewPromise[int]()
	concurrency.Report(promise.Context(), 1, 1, "to nobody")
	promise.SetResult(1)
	h = &heard{}
	ctx = concurrency.WithProgress(background, h.add)
	fu = concurrency.Start(ctx, func(ctx context.Context) (int, error) {
		concurrency.Report(ctx, 1, 1, strings.Repeat("é", 1001))
		<-ctx.Done()
		return 0, context.Cause(ctx)
	})
	tasktest.Until(t, "it runs", fu.Running)
	fu.Cancel()
	<-fu.Done()
	if all := h.list(); !fu.Canceled() || len(all) > 0 && all[0].Text != strings.Repeat("é", 500) {
		t.Errorf("canceled %v, told %v", fu.Canceled(), all)
	}
}

// TestProgressListenerPanics has the cell have the panic of its listener, and the future be done nevertheless.
func TestProgressListenerPanics(t *testing.T) {
	r, _ := newRun(t, 1)
	var fu *concurrency.Future[int]
	end := tasktest.Do(t, r, func() {
		ctx := concurrency.WithProgress(background, func(concurrency.Progress) { panic("the listener's") })
		fu = concurrency.Start(ctx, func(ctx context.Context) (int, error) {
			for range 1000 {
				concurrency.Report(ctx, 1, 1, "")
			}
			return 5, nil
		})
		<-fu.Done()
	})
	if end.Panic == nil || !strings.Contains(end.Panic.Text(), "the listener's") {
		t.Errorf("end = %+v", end)
	}
	if v, err := fu.Result(background); v != 5 || err != nil {
		t.Error(v, err)
	}
}

// TestProgressVirtual has a run with virtual time be the same each time.
func TestProgressVirtual(t *testing.T) {
	for seed := range uint64(50) {
		var told [2][]concurrency.Progress
		for i := range told {
			r, _ := newRun(t, 1)
			r.Virtual(seed)
			h := &heard{}
			end := tasktest.Do(t, r, func() {
				ctx := concurrency.WithProgress(background, h.add)
				p := concurrency.NewThreadPool().WithWorkers(2)
				if _, err := concurrency.Map(ctx, p, []int{5, 5, 5}, counts, concurrency.ChunkSize(1)); err != nil {
					t.Error(err)
				}
				_ = p.Shutdown(background)
			})
			if end.Panic != nil || end.Deadlock != nil {
				t.Fatalf("end = %+v", end)
			}
			told[i] = h.list()
		}
		if !slices.Equal(told[0], told[1]) {
			t.Fatalf("seed %d: %v, then %v", seed, told[0], told[1])
		}
	}
}
