package process_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
)

func stack[T any](t *testing.T) *process.Queue[T] {
	t.Helper()
	q, err := process.NewStack[T](1 << 12)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func priorities[T any](t *testing.T) *process.Queue[T] {
	t.Helper()
	q, err := process.NewPriorityQueue[T](1 << 12)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func taken[T any](t *testing.T, q *process.Queue[T]) (all []T) {
	t.Helper()
	for q.Len() > 0 {
		v, err := q.Get(background)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}

func putIn[T any](t *testing.T, q *process.Queue[T], v T, priority int64) {
	t.Helper()
	if err := q.PutPriority(background, v, priority); err != nil {
		t.Fatal(err)
	}
}

func TestStack(t *testing.T) {
	q := stack[string](t)
	for _, s := range []string{"a", "", "longer than the others", "b"} {
		putIn(t, q, s, 7) // a stack does not heed it
	}
	if got := fmt.Sprintf("%q", taken(t, q)); got != `["b" "longer than the others" "" "a"]` {
		t.Error(got)
	}
}

func TestPriorityQueue(t *testing.T) {
	q := priorities[string](t)
	for _, x := range []struct {
		s string
		p int64
	}{{"late", 9}, {"first", -3}, {"middle, the first", 4}, {"middle, the second", 4}, {"default", 0}} {
		putIn(t, q, x.s, x.p)
	}
	if got := strings.Join(taken(t, q), "; "); got != "first; default; middle, the first; middle, the second; late" {
		t.Error(got)
	}
}

// Values of all sizes, put in and taken out at random, come in the order that a sorted slice has.
func TestPriorityQueueRandom(t *testing.T) {
	type entry struct {
		Priority int64
		Number   int
		Text     string
	}
	q := priorities[entry](t)
	var want []entry
	for n := range 300 {
		if rand.IntN(3) > 0 && len(want) < 20 {
			e := entry{rand.Int64N(7), n, strings.Repeat("x", rand.IntN(40))}
			putIn(t, q, e, e.Priority)
			want = append(want, e)
			slices.SortStableFunc(want, func(a, b entry) int { return int(a.Priority - b.Priority) })
			continue
		}
		if len(want) == 0 {
			continue
		}
		got, err := q.Get(background)
		if err != nil || got != want[0] {
			t.Fatalf("%+v, %v, want %+v", got, err, want[0])
		}
		want = want[1:]
	}
	if got := taken(t, q); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// A full stack has Put wait, and a value that never fits is refused.
func TestStackFull(t *testing.T) {
	q, err := process.NewStack[[]byte](256)
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Put(background, make([]byte, 300)); err == nil {
		t.Error("it took what does not fit")
	}
	for range 2 {
		putIn(t, q, make([]byte, 100), 0)
	}
	ctx, cancel := context.WithTimeout(background, 10*time.Millisecond)
	defer cancel()
	if err := q.Put(ctx, make([]byte, 100)); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if _, err := q.Get(background); err != nil {
		t.Error(err)
	}
	putIn(t, q, make([]byte, 100), 0)
	q.Close()
	if err := q.Put(background, nil); !errors.Is(err, process.ErrClosed) {
		t.Error(err)
	}
	if n := len(taken(t, q)); n != 2 {
		t.Error(n)
	}
	if _, err := q.Get(background); !errors.Is(err, process.ErrClosed) {
		t.Error(err)
	}
}

func work(ctx context.Context, q *process.Queue[int]) (int, error) {
	for sum := 0; ; {
		n, err := q.Get(ctx)
		if errors.Is(err, process.ErrClosed) {
			return sum, nil
		}
		if err != nil {
			return sum, err
		}
		sum += n
		q.TaskDone()
	}
}

// Two processes take what this one puts in, and Join waits for both.
func TestQueueJoin(t *testing.T) {
	p := newPool(t, 2)
	q := priorities[int](t)
	if err := q.Join(background); err != nil {
		t.Error(err)
	}
	workers := []*concurrency.Future[int]{concurrency.SubmitWith(background, p, work, q), concurrency.SubmitWith(background, p, work, q)}
	want := 0
	for n := range 200 {
		putIn(t, q, n, int64(n%5))
		want += n
	}
	if err := q.Join(background); err != nil {
		t.Error(err)
	}
	if n := q.Len(); n != 0 {
		t.Error("joined with", n)
	}
	q.Close()
	got := 0
	for _, w := range workers {
		n, err := w.Result(background)
		if err != nil {
			t.Error(err)
		}
		got += n
	}
	if got != want {
		t.Error(got, "want", want)
	}
}

// Join ends with its context while something is not done, and TaskDone is counted.
func TestQueueTaskDone(t *testing.T) {
	q, err := process.NewQueue[int](64)
	if err != nil {
		t.Fatal(err)
	}
	putIn(t, q, 1, 0)
	taken(t, q)
	ctx, cancel := context.WithTimeout(background, 10*time.Millisecond)
	defer cancel()
	if err := q.Join(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	q.TaskDone()
	if err := q.Join(background); err != nil {
		t.Error(err)
	}
	defer func() {
		if v := recover(); v != "process: Queue: TaskDone called more often than values were put in" {
			t.Error(v)
		}
	}()
	q.TaskDone()
}

// A line says what became of a command.
func TestOutputString(t *testing.T) {
	for o, want := range map[*process.Output]string{
		{Command: "make all", Took: 1234567 * time.Microsecond}: `"make all": exit status 0 after 1.235s`,
		{Command: "false", Status: 1}:                           `"false": exit status 1 after 0s`,
		{Command: "x", Status: -1, Signal: 9}:                   `"x": ended by signal 9 (killed) after 0s`,
	} {
		if got := o.String(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
