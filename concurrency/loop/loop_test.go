package loop_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/loop"
	"github.com/gobraid/gobraid/concurrency/task"
)

func TestTasksTakeTurns(t *testing.T) {
	each(t, "main; a0; b0; a1; b1; a2; b2; [a b]", func(ctx context.Context, d *diary) {
		work := func(name string) func(context.Context) (string, error) {
			return func(ctx context.Context) (string, error) {
				for i := range 3 {
					d.say(name, i)
					if err := loop.Sleep(ctx, 0); err != nil {
						return "", err
					}
				}
				return name, nil
			}
		}
		a, b := loop.CreateTask(ctx, work("a")), loop.CreateTask(ctx, work("b"))
		d.say("main")
		x, _ := loop.Await(ctx, a)
		y, _ := loop.Await(ctx, b)
		d.say([]string{x, y})
	})
}

func TestSleepsEndInOrder(t *testing.T) {
	each(t, "2; 3; 5; 5 too", func(ctx context.Context, d *diary) {
		_, err := loop.Gather(ctx,
			sleeper(d, "5", 5*ms), sleeper(d, "2", 2*ms), sleeper(d, "3", 3*ms),
			sleeper(d, "5 too", 5*ms))
		if err != nil {
			t.Error(err)
		}
	})
}

func TestCancelIsDeliveredOnce(t *testing.T) {
	each(t, "canceled; cleaned; true", func(ctx context.Context, d *diary) {
		a := loop.CreateTask(ctx, func(ctx context.Context) (int, error) {
			err := loop.Sleep(ctx, time.Hour)
			if !errors.Is(err, concurrency.ErrCanceled) || !errors.Is(err, context.Canceled) {
				t.Errorf("err = %v", err)
			}
			d.say("canceled")
			if err := loop.Sleep(ctx, ms); err != nil {
				t.Errorf("cleaning up: %v", err)
			}
			d.say("cleaned")
			return 0, err
		})
		loop.Sleep(ctx, 0)
		if !a.Cancel() {
			t.Error("it was not done")
		}
		_, err := loop.Await(ctx, a)
		d.say(a.Canceled() && errors.Is(err, concurrency.ErrCanceled) && !a.Cancel())
	})
}

func TestCanceledBeforeItBegins(t *testing.T) {
	each(t, "true", func(ctx context.Context, d *diary) {
		a := loop.CreateTask(ctx, func(ctx context.Context) (int, error) {
			d.say("it runs")
			return 0, nil
		})
		a.Cancel()
		loop.Await(ctx, a)
		d.say(a.Canceled())
	})
}

func TestGatherGivesTheFirstError(t *testing.T) {
	each(t, "test error; slow", func(ctx context.Context, d *diary) {
		_, err := loop.Gather(ctx, sleeper(d, "slow", 3*ms), func(ctx context.Context) (string, error) {
			return "", errTest
		})
		d.say(err)
		loop.Sleep(ctx, 6*ms) // the others go on
	})
}

func TestToThread(t *testing.T) {
	each(t, "other; 7 <nil>", func(ctx context.Context, d *diary) {
		other := loop.CreateTask(ctx, sleeper(d, "other", 0))
		v, err := loop.ToThread(ctx, func(context.Context) (int, error) { return 7, task.Await(background, other.Done(), other, 0) })
		d.say(v, " ", err)
	})
}
