package process_test

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"math"
	"math/big"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
)

// Types that encode themselves, types with interfaces in them, and values at the edges arrive as they were.
func TestMoreValues(t *testing.T) {
	p := newPool(t, 1)
	for range 3 {
		echo(t, p, time.Date(2024, 2, 29, 12, 0, 0, 123456789, time.UTC), identity)
		echo(t, p, 90*time.Second, identity)
		echo(t, p, *big.NewInt(0).Exp(big.NewInt(7), big.NewInt(300), nil), identity)
		echo(t, p, [2]bool{true, false}, identity)
		echo(t, p, [0]int{}, identity)
		echo(t, p, map[string]map[int][]float64{"a": {1: {2, 3}}, "b": {}}, identity)
		echo(t, p, []any{1, "two", 3.0, true}, identity)
		echo(t, p, shape{area{3}}, identity)
		echo(t, p, shape{nil}, identity)
		echo(t, p, []int8{-128, 127}, identity)
		echo(t, p, []complex128{complex(1, math.Inf(-1))}, identity)
		echo(t, p, math.MinInt64, identity)
		echo(t, p, uint64(math.MaxUint64), identity)
		echo(t, p, "\x00\xff\xfe not utf-8", identity)
		echo(t, p, celsius(-40), identity)
		echo(t, p, &[]*int{new(int)}, identity)
	}
	if v, err := concurrency.SubmitWith(background, p, identity, math.NaN()).Result(background); !math.IsNaN(v) || err != nil {
		t.Error(v, err)
	}
}

type celsius float64

type shape struct{ Of interface{ Area() int } }

type area struct{ Side int }

func (a area) Area() int { return a.Side * a.Side }

func init() { gob.Register(area{}) }

// stubborn is a type that encodes itself, and sometimes cannot.
type stubborn struct{ N int }

func (s stubborn) MarshalBinary() ([]byte, error) {
	if s.N == 13 {
		return nil, errors.New("13 brings bad luck")
	}
	return []byte(strings.Repeat("x", s.N)), nil
}

func (s *stubborn) UnmarshalBinary(b []byte) error {
	if s.N = len(b); s.N == 7 {
		return errors.New("7 is too many")
	}
	return nil
}

// A value that cannot be encoded, or decoded, is the error of its function, and the next value goes through.
func TestValuesThatFail(t *testing.T) {
	p := newPool(t, 1)
	more := func(_ context.Context, s stubborn) (stubborn, error) { return stubborn{s.N + 1}, nil }
	for n, want := range map[int]string{1: "", 13: "13 brings bad luck", 7: "7 is too many", 12: "13 brings bad luck", 6: "7 is too many", 20: ""} {
		got, err := concurrency.SubmitWith(background, p, more, stubborn{n}).Result(background)
		if want == "" && (got.N != n+1 || err != nil) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%d: %v, %v, want %q", n, got, err, want)
		}
	}
	// A type that is known here and there, but not registered with gob.
	unknown := func(context.Context) (any, error) { return unregistered{1}, nil }
	if _, err := concurrency.Submit(background, p, unknown).Result(background); err == nil || !strings.Contains(err.Error(), "not registered") {
		t.Error(err)
	}
	if _, err := concurrency.SubmitWith(background, p, identity[any], any(unregistered{1})).Result(background); err == nil || !strings.Contains(err.Error(), "not registered") {
		t.Error(err)
	}
	workerOf(t, p)
	if s := p.Stats(); s.Died != 0 || len(s.Workers) != 1 {
		t.Errorf("%+v", s)
	}
}

type unregistered struct{ N int }

// What a function gets is its own: it may keep it and change it, and what it returns is the caller's.
func TestValuesAreCopies(t *testing.T) {
	p := newPool(t, 1)
	for _, n := range []int{10, 40 << 10, 2 << 20} {
		mine := filled(n, 1)
		theirs, err := concurrency.SubmitWith(background, p, remember, mine).Result(background)
		if err != nil {
			t.Fatal(err)
		}
		if reflect.DeepEqual(mine, theirs) || mine[0] != 1 {
			t.Error("the change was made to the caller's value")
		}
		theirs[0] = 99
		if _, err := concurrency.SubmitWith(background, p, identity, filled(n, 3)).Result(background); err != nil {
			t.Fatal(err)
		}
		kept, err := concurrency.Submit(background, p, remembers).Result(background)
		if want, _ := remember(background, filled(n, 1)); err != nil || !reflect.DeepEqual(kept, want) {
			t.Errorf("%d bytes: what a function has kept has changed", n)
		}
	}
}

var remembered []byte

func remember(_ context.Context, b []byte) ([]byte, error) {
	b[0] = 200
	remembered = b
	return b, nil
}

func remembers(context.Context) ([]byte, error) { return remembered, nil }

// A worker has the environment of the program, without what it was started with; and is a program with pools of its own.
func TestInsideAWorker(t *testing.T) {
	p := newPool(t, 1)
	t.Setenv("PROCESS_TEST_INSIDE", "seen")
	env, err := concurrency.Submit(background, p, func(context.Context) ([]string, error) { return os.Environ(), nil }).Result(background)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(env, "\n")
	if !strings.Contains(all, "PROCESS_TEST_INSIDE=seen") || strings.Contains(all, "GOBRAID_PROCESS_WORKER") {
		t.Errorf("environment: %s", all)
	}
	pids, err := concurrency.SubmitWith(background, p, nested, 3).Result(background)
	if err != nil || len(pids) != 4 {
		t.Fatalf("%v, %v", pids, err)
	}
	seen := map[int]bool{os.Getpid(): true}
	for _, n := range pids {
		if seen[n] {
			t.Errorf("process %d is twice among %v and %d", n, pids, os.Getpid())
		}
		seen[n] = true
	}
	for _, n := range pids[1:] {
		until(t, "the workers of the inner pools end", func() bool { return !alive(n) })
	}
}

// nested has a pool in a worker, whose function does the same, and returns the processes.
func nested(ctx context.Context, depth int) ([]int, error) {
	all := []int{os.Getpid()}
	if depth == 0 {
		return all, nil
	}
	p := process.NewPool().WithWorkers(1)
	inner, err := concurrency.SubmitWith(ctx, p, nested, depth-1).Result(ctx)
	if err != nil {
		return nil, err
	}
	return append(all, inner...), p.Shutdown(ctx)
}

// The inner workers of one that is killed end with it.
func TestNestedKilled(t *testing.T) {
	p := newPool(t, 1)
	file := t.TempDir() + "/inner"
	fu := concurrency.SubmitWith(background, p, nestedWait, file)
	inner := running(t, file)
	outer := p.Stats().Workers[0].Pid
	if inner == outer || !alive(inner) {
		t.Fatalf("outer %d, inner %d", outer, inner)
	}
	if err := p.Kill(background); err != nil {
		t.Error(err)
	}
	if _, err := fu.Result(background); err == nil {
		t.Error("it has returned")
	}
	until(t, "the inner worker ends", func() bool { return !alive(inner) })
}

func nestedWait(ctx context.Context, file string) (int, error) {
	p := process.NewPool().WithWorkers(1)
	return concurrency.SubmitWith(ctx, p, wait, file).Result(ctx)
}

// Errors keep what errors.Is finds, through several layers and joins.
func TestErrorsKeepTheirChain(t *testing.T) {
	p := newPool(t, 1)
	_, err := concurrency.Submit(background, p, func(context.Context) (int, error) {
		return 0, fmt.Errorf("outer: %w", errors.Join(os.ErrPermission, fmt.Errorf("inner: %w", context.DeadlineExceeded)))
	}).Result(background)
	for _, target := range []error{os.ErrPermission, context.DeadlineExceeded} {
		if !errors.Is(err, target) {
			t.Errorf("%v is not found in %v", target, err)
		}
	}
	if errors.Is(err, os.ErrExist) || err.Error() != "outer: permission denied\ninner: context deadline exceeded" {
		t.Errorf("%v", err)
	}
}

// Panics of all kinds come back, and the worker lives.
func TestPanics(t *testing.T) {
	p := newPool(t, 1)
	first := workerOf(t, p)
	for _, c := range []struct {
		f    func(context.Context) (int, error)
		want string
	}{
		{func(context.Context) (int, error) { panic(errors.New("an error")) }, "an error"},
		{func(context.Context) (int, error) { panic(fmt.Sprintf("%d lines\nof text", 2)) }, "2 lines"},
		{func(context.Context) (int, error) { var a []int; return a[len(os.Args)], nil }, "index out of range"},
		{func(context.Context) (int, error) { panic(struct{ A, B int }{1, 2}) }, "struct { A int"},
		{func(context.Context) (int, error) { panic(nil) }, "nil"},
		{func(context.Context) (int, error) { panic(stubborn{4}) }, "stubborn"},
	} {
		fu := concurrency.Submit(background, p, c.f)
		<-fu.Done()
		var panicked *concurrency.PanicError
		if !errors.As(fu.Err(), &panicked) || !strings.Contains(panicked.Text(), c.want) {
			t.Errorf("%v, want %q", fu.Err(), c.want)
		}
	}
	if n := workerOf(t, p); n != first {
		t.Error("a panic has ended the worker")
	}
}
