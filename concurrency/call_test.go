package concurrency_test

import (
	"context"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
)

var (
	_ concurrency.Executor = (*concurrency.ThreadPool)(nil)
	_ concurrency.Executor = (*elsewhere)(nil)
)

// elsewhere is an Executor that knows of a call only what can be sent to another process.
type elsewhere struct {
	wg    sync.WaitGroup
	calls []concurrency.Call
	full  bool
}

func (e *elsewhere) Workers() int { return 2 }

func (e *elsewhere) Shutdown(context.Context) error { e.wg.Wait(); return nil }

func (e *elsewhere) Execute(ctx context.Context, c concurrency.Call) error {
	if e.full {
		return errTest
	}
	e.calls = append(e.calls, c)
	e.wg.Go(func() {
		if !c.Begin() {
			return
		}
		shape := reflect.New(reflect.TypeOf(c.Shape())).Elem().Interface().(concurrency.Shape)
		argument, result := shape.NewArgument(), shape.NewResult()
		if argument != nil { // a copy of it arrives
			reflect.ValueOf(argument).Elem().Set(reflect.ValueOf(c.Argument()).Elem())
		} else if c.Argument() != nil {
			panic("an argument for nothing")
		}
		err := shape.Invoke(c.Context(), c.Function(), argument, result)
		c.Finish(result, err)
		c.Finish(nil, errTest) // too late
	})
	return nil
}

func TestExecutorElsewhere(t *testing.T) {
	ex := &elsewhere{}
	if v, err := concurrency.Submit(background, ex, constant(3)).Result(background); v != 3 || err != nil {
		t.Errorf("%d, %v", v, err)
	}
	if v, err := concurrency.SubmitWith(background, ex, double, 4).Result(background); v != 8 || err != nil {
		t.Errorf("%d, %v", v, err)
	}
	got, err := concurrency.Map(background, ex, []int{1, 2, 3, 4, 5}, double, concurrency.ChunkSize(2))
	if !slices.Equal(got, []int{2, 4, 6, 8, 10}) || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	got = nil
	for v, err := range concurrency.MapSeq(background, ex, slices.Values([]int{1, 2, 3}), double) {
		if got = append(got, v); err != nil {
			t.Error(err)
		}
	}
	if !slices.Equal(got, []int{2, 4, 6}) {
		t.Errorf("%v", got)
	}
	if !ex.calls[len(ex.calls)-1].Each() || ex.calls[0].Each() {
		t.Error("which calls are chunks")
	}
	_ = ex.Shutdown(background)
}

func TestExecutorRefuses(t *testing.T) {
	ex := &elsewhere{}
	ex.full = true
	if _, err := concurrency.Submit(background, ex, constant(1)).Result(background); err != errTest {
		t.Error(err)
	}
	if _, err := concurrency.SubmitWith(background, ex, double, 1).Result(background); err != errTest {
		t.Error(err)
	}
	if _, err := concurrency.Map(background, ex, []int{1}, double); err != errTest {
		t.Error(err)
	}
	ex.full = false
	misuse(t, "concurrency: Call: Finish with a *string, want a *int", func() {
		concurrency.Submit(background, ex, constant(1))
		ex.calls[len(ex.calls)-1].Finish(new(string), nil)
	})
	_ = ex.Shutdown(background)
}

func TestSubmitWith(t *testing.T) {
	both(t, func(t *testing.T) {
		p := concurrency.NewThreadPool().WithWorkers(2)
		defer shutdown(t, p)
		var futures []*concurrency.Future[int]
		for i := range 100 {
			futures = append(futures, concurrency.SubmitWith(background, p, double, i))
		}
		for i, fu := range futures {
			if v, err := fu.Result(background); v != 2*i || err != nil {
				t.Errorf("%d: %d, %v", i, v, err)
			}
		}
		bad := concurrency.SubmitWith(background, p, func(context.Context, string) (int, error) { panic("boom") }, "x")
		carried(t, "boom", func() { _, _ = bad.Result(background) })
	})
}
