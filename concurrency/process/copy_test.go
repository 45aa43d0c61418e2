package process_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
)

type table struct {
	Factor int
	Names  map[string]int
}

func byTable(ctx context.Context, n int) (string, error) {
	t := process.Copied[table](ctx, 0)
	t.Names["more"]++
	inner, cancel := context.WithTimeout(ctx, time.Hour)
	defer cancel()
	return fmt.Sprint(n*t.Factor, process.Copied[table](inner, 0).Names, process.Copied[[]byte](ctx, 1)), nil
}

func TestCopying(t *testing.T) {
	p := newPool(t, 2)
	names := map[string]int{"a": 1}
	given := process.Copying(process.Copying(p, table{3, names}), []byte{7})
	names["late"] = 1 // it was copied before
	for n := range 3 {
		v, err := concurrency.SubmitWith(background, given, byTable, n).Result(background)
		if want := fmt.Sprint(3*n, " map[a:1 more:1] [7]"); err != nil || v != want {
			t.Errorf("%q, %v, want %q", v, err, want)
		}
	}
	all, err := concurrency.Map(background, given, []int{1, 2}, byTable, concurrency.ChunkSize(1))
	if fmt.Sprint(all) != "[3 map[a:1 more:1] [7] 6 map[a:1 more:1] [7]]" || err != nil {
		t.Error(all, err)
	}
	if v, err := concurrency.SubmitWith(background, p, square, 3).Result(background); v != 9 || err != nil {
		t.Error("the pool itself:", v, err)
	}
}

// Idempotent and Copying go together, in either order.
func TestCopyingIdempotent(t *testing.T) {
	p := newPool(t, 1)
	for _, given := range []*process.Pool{process.Copying(p, 5).Idempotent(1), process.Copying(p.Idempotent(1), 5)} {
		v, err := concurrency.Submit(background, given, five).Result(background)
		if v != 5 || err != nil {
			t.Error(v, err)
		}
	}
}

func five(ctx context.Context) (int, error) { return process.Copied[int](ctx, 0), nil }

// A large value goes with each function, and the argument beside it is whole.
func TestCopyingLarge(t *testing.T) {
	p := newPool(t, 1)
	big := make([]byte, 3<<20)
	for i := range big {
		big[i] = byte(i % 251)
	}
	given := process.Copying(p, big)
	for range 3 {
		v, err := concurrency.SubmitWith(background, given, compare, big).Result(background)
		if v != len(big) || err != nil {
			t.Fatal(v, err)
		}
	}
}

func compare(ctx context.Context, arg []byte) (int, error) {
	copied := process.Copied[[]byte](ctx, 0)
	if string(copied) != string(arg) {
		return 0, errors.New("the copy and the argument differ")
	}
	return len(copied), nil
}

func TestCopyingTo(t *testing.T) {
	p := process.CopyingTo(process.New(tell, "it is"), 42)
	if err := p.Start(background); err != nil {
		t.Fatal(err)
	}
	if err := p.Join(background); err == nil || err.Error() != "it is 42" {
		t.Error(err)
	}
	defer func() {
		if v := fmt.Sprint(recover()); v != "process: Process: WithCopy after Start" {
			t.Error(v)
		}
	}()
	process.CopyingTo(p, 1)
}

func tell(ctx context.Context, s string) error {
	return fmt.Errorf("%s %d", s, process.Copied[int](ctx, 0))
}

// What cannot be sent fails what is submitted, and not before.
func TestCopyingUnsendable(t *testing.T) {
	p := newPool(t, 1)
	given := process.Copying(process.Copying(p, make(chan int)), 1)
	_, err := concurrency.Submit(background, given, five).Result(background)
	var wrong *process.TypeError
	if !errors.As(err, &wrong) || !strings.Contains(err.Error(), "chan int") {
		t.Error(err)
	}
}

// Asking for what was not given panics, and says so.
func TestCopiedMisuse(t *testing.T) {
	p := newPool(t, 1)
	for name, c := range map[string]struct {
		pool *process.Pool
		want string
	}{
		"nothing": {p, "the context is not that of a function whose pool copies values"},
		"type":    {process.Copying(p, "text"), "it is a string, not a int"},
		"empty":   {process.Copying(p, struct{}{}), "it is a struct, not a int"},
	} {
		fu := concurrency.Submit(background, c.pool, five)
		<-fu.Done()
		var panicked *concurrency.PanicError
		if err := fu.Err(); !errors.As(err, &panicked) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	fu := concurrency.Submit(background, process.Copying(p, 1), second)
	<-fu.Done()
	if err := fu.Err(); err == nil || !strings.Contains(err.Error(), "Copied(1): there is no such value") {
		t.Error(err)
	}
}

func second(ctx context.Context) (int, error) { return process.Copied[int](ctx, 1), nil }
