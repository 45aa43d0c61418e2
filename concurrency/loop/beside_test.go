package loop_test

import (
	"context"
	"io"
	"testing"

	"github.com/gobraid/gobraid/concurrency/loop"
)

// A gift is an Awaitable of somebody else, that calls who waits.
type gift struct {
	ch   chan struct{}
	then chan func()
}

func (g *gift) Done() <-chan struct{} { return g.ch }

func (g *gift) Result(context.Context) (string, error) { return "given", nil }

func (g *gift) Notify(f func()) { g.then <- f }

// give makes it done.
func (g *gift) give() {
	f := <-g.then
	close(g.ch)
	f()
}

// What calls who waits is awaited without a task, and what is beside the loop makes it come.
func TestNotify(t *testing.T) {
	run(t, func(ctx context.Context) (int, error) {
		g := &gift{make(chan struct{}), make(chan func(), 1)}
		loop.Of(ctx).Beside(g.give)
		v, err := loop.Await[string](ctx, g)
		if v != "given" || err != nil {
			t.Errorf("%q, %v", v, err)
		}
		if v, err := loop.Await[string](ctx, g); v != "given" || err != nil {
			t.Errorf("again: %q, %v", v, err)
		}
		return 0, nil
	})
}

// The loop closes what it owns at its end, and then waits for what runs beside.
func TestOwnAndBeside(t *testing.T) {
	d := &diary{}
	run(t, func(ctx context.Context) (int, error) {
		l := loop.Of(ctx)
		closed := make(chan struct{})
		kept, not := &closer{d, "kept", closed}, &closer{d, "not", nil}
		l.Own(kept)
		l.Own(not)
		l.Disown(not)
		l.Beside(func() {
			<-closed
			d.say("over")
		})
		loop.CreateTask(ctx, func(ctx context.Context) (int, error) {
			defer d.say("task")
			return 0, new(loop.Event).Wait(ctx)
		})
		return 0, loop.Sleep(ctx, 0)
	})
	if got := d.String(); got != "task; kept; over" {
		t.Errorf("%s", got)
	}
}

type closer struct {
	d    *diary
	name string
	ch   chan struct{}
}

var _ io.Closer = (*closer)(nil)

func (c *closer) Close() error {
	c.d.say(c.name)
	if c.ch != nil {
		close(c.ch)
	}
	return nil
}

func TestOn(t *testing.T) {
	if loop.On(background) {
		t.Error("on a loop without one")
	}
	run(t, func(ctx context.Context) (int, error) {
		derived, cancel := context.WithCancel(ctx)
		defer cancel()
		if !loop.On(ctx) || !loop.On(derived) || loop.On(background) {
			t.Errorf("on a coroutine: %v, %v, %v", loop.On(ctx), loop.On(derived), loop.On(background))
		}
		outer := ctx
		loop.Gather(ctx, func(ctx context.Context) (int, error) {
			if !loop.On(outer) {
				t.Error("with the context of another coroutine of the loop")
			}
			return 0, nil
		})
		called := loop.NewFuture[bool](ctx)
		loop.Of(ctx).CallSoon(func() { called.SetResult(loop.On(ctx)) })
		if in, _ := loop.Await(ctx, called); in {
			t.Error("in a callback")
		}
		in, err := loop.ToThread(ctx, func(ctx context.Context) (bool, error) { return loop.On(ctx), nil })
		if in || err != nil {
			t.Errorf("beside the loop: %v, %v", in, err)
		}
		return 0, nil
	})
}

func TestBesideElsewhere(t *testing.T) {
	l := loop.New()
	misuse(t, "Beside on another goroutine", func() { l.Beside(func() {}) })
}
