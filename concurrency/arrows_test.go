package concurrency_test

import (
	"context"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// record runs f in a recorded run and returns the arrows of a kind.
func record(t *testing.T, kind task.ArrowKind, f func(r *task.Run)) []task.Arrow {
	t.Helper()
	r, _ := newRun(t, 1)
	rec := r.Record(0)
	r.Do(func() { f(r) })
	until(t, "all tasks end", func() bool { return r.Live() == 0 })
	var found []task.Arrow
	for _, a := range rec.Trace().Arrows {
		if a.Kind == kind {
			found = append(found, a)
		}
	}
	return found
}

// untilWaits waits until a task of the run waits with kind.
func untilWaits(t *testing.T, r *task.Run, kind task.Kind) {
	t.Helper()
	until(t, kind.String(), func() bool {
		for _, i := range r.Tasks() {
			if i.Wait.Kind == kind {
				return true
			}
		}
		return false
	})
}

// Who waits for a future, for units of a semaphore or for a pool is let go on by the task that finishes, gives back, or
// does the last job.
func TestRecordedPrimitives(t *testing.T) {
	release := func(r *task.Run, gate chan int) {
		untilWaits(t, r, task.WaitResult)
		close(gate)
	}
	for name, f := range map[string]func(r *task.Run, gate chan int) (from int64){
		"future": func(r *task.Run, gate chan int) (from int64) {
			fu := concurrency.Start(t.Context(), func(context.Context) (int, error) {
				from = task.Current().ID()
				<-gate
				return 1, nil
			})
			go release(r, gate)
			fu.Result(t.Context())
			return from
		},
		"semaphore": func(r *task.Run, gate chan int) (from int64) {
			s := concurrency.NewSemaphore(1)
			begun := make(chan int)
			task.Go(0, func() {
				from = task.Current().ID()
				s.Acquire(t.Context(), 1)
				close(begun)
				<-gate
				s.Release(1)
			})
			<-begun
			go release(r, gate)
			s.Acquire(t.Context(), 1)
			return from
		},
		"pool": func(r *task.Run, gate chan int) (from int64) {
			p := concurrency.NewThreadPool().WithWorkers(1)
			concurrency.Submit(t.Context(), p, func(context.Context) (int, error) {
				from = task.Current().ID()
				<-gate
				return 1, nil
			})
			go release(r, gate)
			p.Shutdown(t.Context())
			return from
		},
	} {
		t.Run(name, func(t *testing.T) {
			var from, to int64
			arrows := record(t, task.ArrowDone, func(r *task.Run) {
				to = task.Current().ID()
				from = f(r, make(chan int))
			})
			if len(arrows) != 1 || arrows[0].From != from || arrows[0].To != to {
				t.Errorf("arrows %+v, want one from %d to %d", arrows, from, to)
			}
		})
	}
}

// The function of a group that fails cancels the others.
func TestRecordedGroup(t *testing.T) {
	var from, to int64
	arrows := record(t, task.ArrowCancel, func(r *task.Run) {
		g := concurrency.NewGroup(t.Context())
		g.Go(func(ctx context.Context) error {
			to = task.Current().ID()
			task.Recv(ctx.Done(), 0)
			return nil
		})
		untilWaits(t, r, task.WaitReceive)
		g.Go(func(context.Context) error {
			from = task.Current().ID()
			return errTest
		})
		g.Wait()
	})
	if len(arrows) != 1 || arrows[0].From != from || arrows[0].To != to {
		t.Errorf("arrows %+v, want one from %d to %d", arrows, from, to)
	}
}
