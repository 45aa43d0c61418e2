package parcel_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gobraid/gobraid/concurrency/internal/parcel"
)

// TestQueue compares a queue with a slice through many random steps, with lengths beyond that from which on room is used again.
func TestQueue(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var q parcel.Queue[int]
	var want []int
	next := 0
	fresh := func() int { next++; return next }
	for range 20000 {
		switch op := rng.IntN(100); {
		case op < 45:
			v := fresh()
			q.Push(v)
			want = append(want, v)
		case op < 55 && len(want) > 0:
			if got := q.Peek(); got != want[0] {
				t.Fatalf("Peek: %d, want %d", got, want[0])
			}
		case op < 90 && len(want) > 0:
			if got := q.Pop(); got != want[0] {
				t.Fatalf("Pop: %d, want %d", got, want[0])
			}
			want = want[1:]
		case op < 95:
			first := []int{fresh(), fresh(), fresh()}[:rng.IntN(4)]
			q.Unshift(first...)
			want = append(slices.Clone(first), want...)
		case op < 96 && len(want) > 0:
			i := rng.IntN(len(want))
			if got := q.Cut(i); !slices.Equal(got, want[i:]) {
				t.Fatalf("Cut(%d): %v, want %v", i, got, want[i:])
			}
			want = want[:i]
		case op < 97:
			odd := func(n int) bool { return n%7 == 0 }
			q.Remove(odd)
			want = slices.DeleteFunc(slices.Clone(want), odd)
		case op < 98:
			for range 1500 {
				v := fresh()
				q.Push(v)
				want = append(want, v)
			}
		}
		if q.Len() != len(want) {
			t.Fatalf("Len: %d, want %d", q.Len(), len(want))
		}
	}
	if !slices.Equal(q.Items(), want) {
		t.Errorf("Items: %v, want %v", q.Items(), want)
	}
}

// TestPump has a step that is asked for again while it goes on: it is called once more afterwards, and never within itself.
func TestPump(t *testing.T) {
	var p parcel.Pump
	calls, within := 0, false
	step := func() {
		if within {
			t.Error("step was called within itself")
		}
		within = true
		calls++
		if calls == 1 {
			p.Run(func() { t.Error("another step was called") })
			p.Run(nil)
		}
		if !p.Going() {
			t.Error("Going is false in a step")
		}
		within = false
	}
	p.Run(step)
	if calls != 2 || p.Going() {
		t.Errorf("%d calls, going %v; want 2, false", calls, p.Going())
	}
}

func TestList(t *testing.T) {
	var l parcel.List[string]
	for _, v := range []string{"a", "b", "a", "c"} {
		l.Add(v)
	}
	l.Remove("b")
	l.Remove("not there")
	if got := l.All(); !slices.Equal(got, []string{"a", "c"}) {
		t.Errorf("%v", got)
	}
}
