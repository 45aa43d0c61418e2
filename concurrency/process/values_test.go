package process_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/gobraid/gobraid/concurrency/process"
)

// Queues whose type is known by reflection only keep the order that their kind says.
func TestValueQueue(t *testing.T) {
	for kind, want := range [][]string{{"b", "a", "c"}, {"c", "a", "b"}, {"c", "a", "b"}} {
		ctx := context.Background()
		q, err := process.NewValueQueue(kind, 1<<10, new(string))
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range []string{"b", "a", "c"} {
			if err := q.PutPriority(ctx, &s, int64(-i)); err != nil {
				t.Fatal(err)
			}
		}
		if n := q.Len(); n != 3 {
			t.Errorf("kind %d: Len is %d", kind, n)
		}
		b, err := q.GobEncode()
		if err != nil {
			t.Fatal(err)
		}
		same := new(process.ValueQueue)
		if err := same.GobDecode(b); err != nil {
			t.Fatal(err)
		}
		var got []string
		for range 3 {
			var s string
			if err := same.Get(ctx, &s); err != nil {
				t.Fatal(err)
			}
			got = append(got, s)
			same.TaskDone()
		}
		if !slices.Equal(got, want) {
			t.Errorf("kind %d: %q, want %q", kind, got, want)
		}
		if err := q.Join(ctx); err != nil {
			t.Error(err)
		}
		q.Close()
		if err := same.Get(ctx, new(string)); !errors.Is(err, process.ErrClosed) {
			t.Errorf("kind %d: %v after Close", kind, err)
		}
	}
}

func TestValueMemory(t *testing.T) {
	ctx := context.Background()
	m, err := process.NewValueMemory(3, new(struct{ N int32 }))
	if err != nil {
		t.Fatal(err)
	}
	b, err := m.GobEncode()
	if err != nil {
		t.Fatal(err)
	}
	same := new(process.ValueMemory)
	if err := same.GobDecode(b); err != nil {
		t.Fatal(err)
	}
	type numbers []struct{ N int32 }
	var mine []struct{ N int32 }
	var theirs numbers
	m.Slice(&mine)
	same.Slice(&theirs)
	if err := m.Lock(ctx); err != nil {
		t.Fatal(err)
	}
	mine[2].N = 7
	m.Unlock()
	if len(theirs) != 3 || theirs[2].N != 7 {
		t.Errorf("the other has %v", theirs)
	}
	if err := errors.Join(same.Close(), m.Close()); err != nil {
		t.Error(err)
	}
	none, err := process.NewValueMemory(0, new(int))
	if err != nil {
		t.Fatal(err)
	}
	empty := []int{1}
	if none.Slice(&empty); empty != nil {
		t.Errorf("memory for no values is %v", empty)
	}
	none.Close()
}

func TestValueTypes(t *testing.T) {
	var wrong *process.TypeError
	if _, err := process.NewValueQueue(0, 100, new(chan int)); !errors.As(err, &wrong) {
		t.Errorf("a queue of channels: %v", err)
	}
	if _, err := process.NewValueMemory(1, new(*int)); !errors.As(err, &wrong) {
		t.Errorf("memory for pointers: %v", err)
	}
}
