package process_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
)

func TestResults(t *testing.T) {
	p := newPool(t, 2)
	var futures []*concurrency.Future[int]
	for i := range 1000 {
		futures = append(futures, concurrency.SubmitWith(background, p, square, i))
	}
	for i, fu := range futures {
		if v, err := fu.Result(background); v != i*i || err != nil {
			t.Fatalf("square(%d) = %d, %v", i, v, err)
		}
	}
	if n := len(p.Stats().Workers); n > 2 {
		t.Errorf("%d workers, want at most 2", n)
	}
}

func TestOtherProcesses(t *testing.T) {
	p := newPool(t, 1)
	first, err := concurrency.Submit(background, p, pid).Result(background)
	if err != nil || first == os.Getpid() {
		t.Fatalf("ran in process %d, this is %d: %v", first, os.Getpid(), err)
	}
	if again, _ := concurrency.Submit(background, p, pid).Result(background); again != first {
		t.Errorf("the worker was not used again: %d, then %d", first, again)
	}
}

func TestMap(t *testing.T) {
	p := newPool(t, 2)
	items := make([]int, 10_000)
	for i := range items {
		items[i] = i
	}
	squares, err := concurrency.Map(background, p, items, square)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range squares {
		if v != i*i {
			t.Fatalf("result %d is %d", i, v)
		}
	}
	_, err = concurrency.Map(background, p, items, func(_ context.Context, n int) (int, error) {
		if n == 77 {
			return 0, io.ErrUnexpectedEOF
		}
		return n, nil
	})
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error = %v", err)
	}
}

type animal struct {
	Name string
	Legs int
	Kids []*animal
	Seen map[string]float64
}

type matrix [3][3]float64

// echo has a worker return a value.
func echo[T any](t *testing.T, p *process.Pool, v T, f func(context.Context, T) (T, error)) {
	t.Helper()
	got, err := concurrency.SubmitWith(background, p, f, v).Result(background)
	if err != nil || !reflect.DeepEqual(got, v) {
		t.Errorf("%T: sent and got differ: %v", v, err)
	}
}

func identity[T any](_ context.Context, v T) (T, error) { return v, nil }

func TestValues(t *testing.T) {
	p := newPool(t, 1)
	for range 3 { // the first of a type goes another way than those after it
		echo(t, p, 7, identity)
		echo(t, p, uint8(255), identity)
		echo(t, p, -1.5, identity)
		echo(t, p, true, identity)
		echo(t, p, 2i, identity)
		echo(t, p, "text", identity)
		echo(t, p, "", identity)
		echo(t, p, []byte("bytes"), identity)
		echo(t, p, []float64{1, 2, 3}, identity)
		echo(t, p, []string{"a", "", "c"}, identity)
		echo(t, p, matrix{{1}, {2, 3}}, identity)
		echo(t, p, map[string][]int{"a": {1}, "b": {2, 3}}, identity)
		echo(t, p, animal{Name: "hen", Legs: 2, Kids: []*animal{{Name: "chick"}}, Seen: map[string]float64{"x": 1}}, identity)
		echo(t, p, &animal{Name: "hen"}, identity)
		echo(t, p, (*animal)(nil), identity)
		echo(t, p, struct{}{}, identity)
		echo(t, p, nil, identity[error])
		echo(t, p, strings.Repeat("long ", 1<<16), identity)
		echo(t, p, make([]int64, 1<<17), identity)
		echo(t, p, slices.Repeat([]string{"many"}, 1<<15), identity)
	}
}

func TestRefused(t *testing.T) {
	p := newPool(t, 1)
	n := 3
	captures := func(_ context.Context, x int) (int, error) { return x * n, nil }
	var wrong *process.FuncError
	if _, err := concurrency.SubmitWith(background, p, captures, 7).Result(background); !errors.As(err, &wrong) || !strings.Contains(err.Error(), "variables") {
		t.Errorf("a literal that captures: %v", err)
	}
	a := animal{}
	if _, err := concurrency.Submit(background, p, a.bark).Result(background); !errors.As(err, &wrong) {
		t.Errorf("a method value: %v", err)
	}
	var none func(context.Context) (int, error)
	if _, err := concurrency.Submit(background, p, none).Result(background); !errors.As(err, &wrong) {
		t.Errorf("a nil function: %v", err)
	}
	for path, err := range map[string]error{
		"process_test.private.secret": refusal(p, private{}, identity),
		"struct { C chan int }.C":     refusal(p, struct{ C chan int }{}, identity),
		"func() is a function":        refusal(p, func() {}, identity),
		"struct { F []func() }.F":     refusal(p, struct{ F []func() }{}, identity),
		"*os.File":                    refusal(p, os.Stdout, identity),
	} {
		var typ *process.TypeError
		if !errors.As(err, &typ) || !strings.Contains(err.Error(), path) {
			t.Errorf("want an error that names %s, got: %v", path, err)
		}
	}
}

type private struct{ secret int }

var _ = private{}.secret

func (a animal) bark(context.Context) (string, error) { return a.Name, nil }

func refusal[T any](p *process.Pool, v T, f func(context.Context, T) (T, error)) error {
	_, err := concurrency.SubmitWith(background, p, f, v).Result(background)
	return err
}

func TestErrors(t *testing.T) {
	p := newPool(t, 1)
	_, err := concurrency.SubmitWith(background, p, func(_ context.Context, name string) (int, error) {
		_, err := os.Open(name)
		return 0, fmt.Errorf("opening: %w", err)
	}, "/no/such/file").Result(background)
	var remote *process.RemoteError
	if !errors.As(err, &remote) || err.Error() != "opening: open /no/such/file: no such file or directory" || remote.Type != "*fmt.wrapError" {
		t.Errorf("error = %#v", err)
	}
	if !errors.Is(err, syscall.ENOENT) || errors.Is(err, fs.ErrExist) {
		t.Error("errors.Is does not find what the error wraps")
	}
	_, err = concurrency.Submit(background, p, func(context.Context) (int, error) { runtime.Goexit(); return 0, nil }).Result(background)
	if err != concurrency.ErrExited {
		t.Errorf("Goexit: %v", err)
	}
	if _, err := concurrency.SubmitWith(background, p, square, 3).Result(background); err != nil {
		t.Errorf("after Goexit: %v", err)
	}
}

func put(m map[int]int) { m[1]++ }

func TestPanic(t *testing.T) {
	p := newPool(t, 1)
	fu := concurrency.Submit(background, p, func(context.Context) (int, error) { var m map[int]int; put(m); return 0, nil })
	defer func() {
		e, ok := recover().(*concurrency.PanicError)
		if !ok || e.Text() != "panic: assignment to entry in nil map" {
			t.Fatalf("panic: %v", e)
		}
		if len(e.Stack) == 0 || !strings.HasSuffix(e.Stack[0].File, "pool_test.go") {
			t.Errorf("stack: %+v", e.Stack)
		}
		if s := p.Stats(); s.Died != 0 || s.Failed != 1 {
			t.Errorf("a panic ended the worker: %+v", s)
		}
	}()
	_, _ = fu.Result(background)
	t.Error("Result did not panic")
}

func TestConfiguration(t *testing.T) {
	for name, f := range map[string]func(){
		"no workers":      func() { process.NewPool().WithWorkers(0) },
		"negative queue":  func() { process.NewPool().WithQueue(-1) },
		"no tasks":        func() { process.NewPool().WithTasks(0) },
		"no bytes":        func() { process.NewPool().WithBytes(0) },
		"Idempotent(0)":   func() { process.NewPool().Idempotent(0) },
		"after the first": func() { p := newPool(t, 1); concurrency.Submit(background, p, pid); p.WithName("late") },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		})
	}
}

func TestShutdown(t *testing.T) {
	p := process.NewPool().WithWorkers(1)
	var futures []*concurrency.Future[int]
	for i := range 50 {
		futures = append(futures, concurrency.SubmitWith(background, p, square, i))
	}
	shutDown(t, p)
	for i, fu := range futures {
		if v, err := fu.Result(background); v != i*i || err != nil {
			t.Errorf("square(%d) = %d, %v", i, v, err)
		}
	}
	if _, err := concurrency.SubmitWith(background, p, square, 1).Result(background); err != concurrency.ErrShutdown {
		t.Errorf("after Shutdown: %v", err)
	}
	shutDown(t, p)
	shutDown(t, process.NewPool())
}

func TestPoolCancel(t *testing.T) {
	p := process.NewPool().WithWorkers(1)
	file := filepath.Join(t.TempDir(), "running")
	runs := concurrency.SubmitWith(background, p, wait, file)
	waits := concurrency.SubmitWith(background, p, wait, file)
	running(t, file)
	if err := p.Cancel(background); err != nil {
		t.Fatal(err)
	}
	if _, err := waits.Result(background); !errors.Is(err, concurrency.ErrCanceled) {
		t.Errorf("what waited: %v", err)
	}
	if _, err := runs.Result(background); err == nil || !strings.Contains(err.Error(), "canceled") {
		t.Errorf("what ran: %v", err)
	}
}

func TestPoolKill(t *testing.T) {
	p := process.NewPool().WithWorkers(1)
	fu := concurrency.Submit(background, p, func(context.Context) (int, error) { select {} })
	until(t, "it runs", func() bool { return fu.Running() })
	if err := p.Kill(background); err != nil {
		t.Fatal(err)
	}
	if _, err := fu.Result(background); err == nil {
		t.Error("no error")
	}
}

func TestFutureCancel(t *testing.T) {
	p := newPool(t, 1)
	file := filepath.Join(t.TempDir(), "running")
	fu := concurrency.SubmitWith(background, p, wait, file)
	worker := running(t, file)
	next := concurrency.SubmitWith(background, p, square, 3)
	if !next.Cancel() {
		t.Error("what waits cannot be cancelled")
	}
	fu.Cancel()
	if _, err := fu.Result(background); err == nil || err.Error() != concurrency.ErrCanceled.Error() {
		t.Errorf("error = %v", err)
	}
	if !alive(worker) {
		t.Error("Cancel ended the worker")
	}

	ctx, cancel := context.WithCancelCause(background)
	other := filepath.Join(t.TempDir(), "running")
	fu = concurrency.SubmitWith(ctx, p, wait, other)
	running(t, other)
	cancel(errors.New("no longer wanted"))
	if _, err := fu.Result(background); err == nil || err.Error() != "no longer wanted" {
		t.Errorf("error = %v", err)
	}
}

func TestQueueLimit(t *testing.T) {
	p := process.NewPool().WithWorkers(1).WithQueue(0)
	t.Cleanup(func() { shutDown(t, p) })
	file := filepath.Join(t.TempDir(), "running")
	fu := concurrency.SubmitWith(background, p, wait, file)
	running(t, file)
	ctx, cancel := context.WithCancelCause(background)
	cancel(io.EOF)
	if _, err := concurrency.SubmitWith(ctx, p, square, 2).Result(background); err != io.EOF {
		t.Errorf("full: %v", err)
	}
	fu.Cancel()
	if v, err := concurrency.SubmitWith(background, p, square, 2).Result(background); v != 4 || err != nil {
		t.Errorf("free: %d, %v", v, err)
	}
}

func TestAbandonedPool(t *testing.T) {
	worker, err := concurrency.Submit(background, process.NewPool().WithWorkers(1), pid).Result(background)
	if err != nil {
		t.Fatal(err)
	}
	until(t, "the worker has ended", func() bool { runtime.GC(); return !alive(worker) })
}
