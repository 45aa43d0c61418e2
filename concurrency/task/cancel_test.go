package task_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// cancelForms are contexts that end with a call.
var cancelForms = map[string]func(context.Context) (context.Context, func()){
	"WithCancel": func(ctx context.Context) (context.Context, func()) { return task.ContextWithCancel(ctx) },
	"WithCancelCause": func(ctx context.Context) (context.Context, func()) {
		ctx, cancel := task.ContextWithCancelCause(ctx)
		return ctx, func() { cancel(errStop) }
	},
	"WithTimeout": func(ctx context.Context) (context.Context, func()) {
		return task.ContextWithTimeout(ctx, time.Hour)
	},
	"WithDeadline": func(ctx context.Context) (context.Context, func()) {
		return task.ContextWithDeadline(ctx, time.Now().Add(time.Hour))
	},
}

func TestArrowsOfCancel(t *testing.T) {
	for name, with := range cancelForms {
		t.Run(name, func(t *testing.T) {
			var want truths
			trace, _ := recorded(t, func() {
				r := task.Current().Run()
				ctx, cancel := with(t.Context())
				child, stop := task.ContextWithCancel(context.WithValue(ctx, someKey{}, 1))
				defer stop()
				other, stopOther := task.ContextWithCancel(t.Context())
				ids := []int64{
					oneTask(func() { task.Recv(ctx.Done(), 1) }),
					oneTask(func() { task.Recv(child.Done(), 1) }),
					oneTask(func() {
						task.Select(1, false, task.SelRecv(make(chan int)), task.SelRecv(child.Done()))
					}),
					oneTask(func() { task.Await(child, make(chan struct{}), new(int), 1) }),
				}
				last := oneTask(func() { task.Recv(other.Done(), 1) })
				untilWaiting(t, r, task.WaitReceive, 3)
				untilWaiting(t, r, task.WaitSelect, 1)
				untilWaiting(t, r, task.WaitResult, 1)
				by := oneTask(cancel)
				for _, id := range ids {
					want.add(by, id)
				}
				until(t, "all but one have gone on", func() bool { return r.Live() == 2 })
				cancel() // once more, to no effect
				stopOther()
				want.add(me(), last)
				if !errors.Is(child.Err(), context.Canceled) || !errors.Is(other.Err(), context.Canceled) {
					t.Errorf("%v, %v", child.Err(), other.Err())
				}
			})
			want.check(t, trace, task.ArrowCancel)
		})
	}
}

// A context that ends by itself gets no arrow.
func TestNoArrowsOfDeadlines(t *testing.T) {
	trace, _ := recorded(t, func() {
		ctx, cancel := task.ContextWithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		task.Recv(ctx.Done(), 1)
		cancel()
	})
	if len(trace.Arrows) != 0 || trace.Unmatched != 1 {
		t.Errorf("arrows %+v, %d unmatched", trace.Arrows, trace.Unmatched)
	}
}
