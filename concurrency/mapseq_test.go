package concurrency_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
)

// naturals are 0, 1, 2 … without end; taken says how many were taken.
func naturals(taken *atomic.Int64) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; ; i++ {
			taken.Store(int64(i + 1))
			if !yield(i) {
				return
			}
		}
	}
}

func TestMapSeq(t *testing.T) {
	both(t, func(t *testing.T) {
		p := concurrency.NewThreadPool().WithWorkers(3)
		defer shutdown(t, p)
		for _, opts := range [][]concurrency.MapOption{
			nil, {concurrency.ChunkSize(7)}, {concurrency.BufferSize(1)}, {concurrency.ChunkSize(3), concurrency.BufferSize(100)},
		} {
			items := make([]int, 100)
			for i := range items {
				items[i] = i
			}
			seq := concurrency.MapSeq(background, p, slices.Values(items), double, opts...)
			for range 2 { // it can be looped over again
				n := 0
				for v, err := range seq {
					if v != 2*n || err != nil {
						t.Fatalf("item %d: %d, %v", n, v, err)
					}
					n++
				}
				if n != 100 {
					t.Errorf("%d items", n)
				}
			}
		}
	})
}

func TestMapSeqIsLazy(t *testing.T) {
	both(t, func(t *testing.T) {
		p := concurrency.NewThreadPool().WithWorkers(2)
		defer shutdown(t, p)
		var taken atomic.Int64
		seq := concurrency.MapSeq(background, p, naturals(&taken), double, concurrency.BufferSize(5))
		if taken.Load() != 0 {
			t.Error("it has begun by itself")
		}
		n := 0
		for v, err := range seq {
			if v != 2*n || err != nil {
				t.Errorf("item %d: %d, %v", n, v, err)
			}
			if ahead := int(taken.Load()) - n; ahead > 6 {
				t.Fatalf("%d items ahead", ahead)
			}
			if n++; n == 50 {
				break
			}
		}
	})
}

func TestMapSeqFails(t *testing.T) {
	both(t, func(t *testing.T) {
		p := concurrency.NewThreadPool().WithWorkers(2)
		defer shutdown(t, p)
		var running atomic.Int64
		f := func(ctx context.Context, n int) (int, error) {
			running.Add(1)
			defer running.Add(-1)
			switch {
			case n == 3:
				return 1, errTest
			case n > 3:
				return 0, untilCancelled(ctx)
			}
			return n, nil
		}
		var got []int
		var last error
		var taken atomic.Int64
		for v, err := range concurrency.MapSeq(background, p, naturals(&taken), f) {
			got, last = append(got, v), err
		}
		if !slices.Equal(got, []int{0, 1, 2, 0}) || last != errTest || running.Load() != 0 {
			t.Errorf("%v, %v; %d are running", got, last, running.Load())
		}
	})
}

func TestMapSeqPanics(t *testing.T) {
	p := concurrency.NewThreadPool().WithWorkers(2)
	defer shutdown(t, p)
	carried(t, "boom", func() {
		for range concurrency.MapSeq(background, p, slices.Values([]int{1}), func(context.Context, int) (int, error) { panic("boom") }) {
			t.Error("a result")
		}
	})
}

func TestMapSeqEndsWithContext(t *testing.T) {
	both(t, func(t *testing.T) {
		p := concurrency.NewThreadPool().WithWorkers(2)
		defer shutdown(t, p)
		ctx, cancel := context.WithCancelCause(background)
		defer cancel(nil)
		f := func(ctx context.Context, n int) (int, error) {
			if n < 4 {
				return n, nil
			}
			return 0, untilCancelled(ctx)
		}
		n := 0
		var last error
		for _, err := range concurrency.MapSeq(ctx, p, naturals(new(atomic.Int64)), f) {
			if last = err; err == nil {
				n++
			}
			if n == 4 {
				cancel(errTest)
			}
		}
		if n != 4 || last != errTest {
			t.Errorf("%d, %v", n, last)
		}
	})
}

func TestMapOptions(t *testing.T) {
	both(t, func(t *testing.T) {
		p := concurrency.NewThreadPool().WithWorkers(4)
		defer shutdown(t, p)
		var inside, over atomic.Int32
		f := func(_ context.Context, n int) (int, error) {
			if inside.Add(1) > 2 {
				over.Add(1)
			}
			defer inside.Add(-1)
			return n, nil
		}
		got, err := concurrency.Map(background, p, make([]int, 100), f, concurrency.ChunkSize(2), concurrency.BufferSize(4))
		if len(got) != 100 || err != nil || over.Load() != 0 {
			t.Errorf("%d, %v; %d times too many", len(got), err, over.Load())
		}
		wait := func(ctx context.Context, _ int) (int, error) { return 0, untilCancelled(ctx) }
		if _, err := concurrency.Map(background, p, make([]int, 10), wait, concurrency.Timeout(time.Millisecond)); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		for _, err := range concurrency.MapSeq(background, p, slices.Values([]int{1}), wait, concurrency.Timeout(time.Millisecond)) {
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
		}
	})
	misuse(t, "concurrency: Map: ChunkSize(0)", func() { concurrency.ChunkSize(0) })
	misuse(t, "concurrency: Map: BufferSize(-1)", func() { concurrency.BufferSize(-1) })
}
