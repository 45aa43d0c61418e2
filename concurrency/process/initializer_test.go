package process_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
)

// prepared is set in workers that were initialized.
var prepared string

func prepare(context.Context) error {
	prepared += fmt.Sprint("by ", os.Getpid())
	return nil
}

func isPrepared(context.Context) (bool, error) {
	return prepared == fmt.Sprint("by ", os.Getpid()), nil
}

func TestInitializer(t *testing.T) {
	p := newPool(t, 2).WithInitializer(prepare)
	var all []*concurrency.Future[bool]
	for range 20 {
		all = append(all, concurrency.Submit(background, p, isPrepared))
	}
	for i, fu := range all {
		if ok, err := fu.Result(background); !ok || err != nil {
			t.Error(i, ok, err)
		}
	}
	if s := p.Stats(); s.Done != 20 || s.Failed != 0 {
		t.Errorf("%+v: the initializer is no task", s)
	}
	if prepared != "" {
		t.Error("it has run here")
	}
}

// A worker that replaces another is initialized too.
func TestInitializerOfReplacement(t *testing.T) {
	p := newPool(t, 1).WithTasks(1).WithInitializer(prepare)
	for range 3 {
		if ok, err := concurrency.Submit(background, p, isPrepared).Result(background); !ok || err != nil {
			t.Error(ok, err)
		}
	}
}

func TestInitializerFails(t *testing.T) {
	for name, c := range map[string]struct {
		f    func(context.Context) error
		want string
		as   func(error) bool
	}{
		"error": {func(context.Context) error { return errors.New("no room") }, "no room", is[*process.RemoteError]},
		"panic": {func(context.Context) error { panic("oh") }, "panic: oh", is[*concurrency.PanicError]},
		"exit":  {func(context.Context) error { os.Exit(4); return nil }, "exit status 4", is[*process.DeathError]},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPool(t, 2).WithInitializer(c.f)
			var all []*concurrency.Future[int]
			for range 5 {
				all = append(all, concurrency.Submit(background, p, pid))
			}
			for _, fu := range all {
				<-fu.Done()
				err := fu.Err()
				if !is[*process.InitializerError](err) || !c.as(err) || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%v", err)
				}
			}
			if _, err := concurrency.Submit(background, p, pid).Result(background); !is[*process.InitializerError](err) {
				t.Error("later:", err)
			}
		})
	}
}

func is[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

// An initializer that captures something is refused when the first function is submitted.
func TestInitializerCaptures(t *testing.T) {
	n := len(os.Args)
	p := newPool(t, 1).WithInitializer(func(context.Context) error { return fmt.Errorf("%d", n) })
	if _, err := concurrency.Submit(background, p, pid).Result(background); !is[*process.FuncError](err) {
		t.Error(err)
	}
}

// A worker that is killed while it is initialized, because its pool is, breaks nothing and is waited for.
func TestInitializerKilled(t *testing.T) {
	file := t.TempDir() + "/runs"
	t.Setenv("PROCESS_TEST_FILE", file) // workers inherit it
	p := newPool(t, 1).WithInitializer(func(ctx context.Context) error {
		_, err := wait(ctx, os.Getenv("PROCESS_TEST_FILE"))
		return err
	})
	fu := concurrency.Submit(background, p, pid)
	worker := running(t, file)
	if err := p.Kill(background); err != nil {
		t.Error(err)
	}
	if _, err := fu.Result(background); !errors.Is(err, concurrency.ErrCanceled) {
		t.Error(err)
	}
	if alive(worker) {
		t.Error("the worker lives")
	}
}

// The text of a function can be the initializer.
func TestInitializerText(t *testing.T) {
	p := newPool(t, 1).WithInitializerText(&process.Text{Name: "main.refuse", Source: "refuse"})
	if _, err := concurrency.Submit(background, p, pid).Result(background); !is[*process.InitializerError](err) || !strings.HasSuffix(err.Error(), ": refused") {
		t.Error(err)
	}
}

func TestInitializerMisuse(t *testing.T) {
	defer func() {
		if v := recover(); v != "process: Pool: WithInitializer(nil)" {
			t.Error(v)
		}
	}()
	process.NewPool().WithInitializer(nil)
}
