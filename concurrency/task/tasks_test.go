package task_test

import (
	"cmp"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

func TestTasks(t *testing.T) {
	r, _ := newRun(t, 5)
	q, _ := newRun(t, 6)
	c := make(chan int)
	r.Do(func() {
		task.Current().SetName("starter")
		task.Go(task.At(5, 2, 1), func() {
			task.Current().SetName("receiver")
			task.Recv(c, task.At(5, 3, 1))
		})
		waiting(t, r, task.WaitReceive)

		all := r.Tasks()
		slices.SortFunc(all, func(a, b task.Info) int { return cmp.Compare(a.Parent, b.Parent) })
		if len(all) != 2 || all[0].Name != "starter" || all[1].Name != "receiver" {
			t.Fatalf("tasks = %+v", all)
		}
		if s := all[0]; s.Cell != 5 || s.Parent != 0 || s.Site != 0 || s.Wait.Kind != task.WaitNone || s.Killed {
			t.Errorf("starter = %+v", s)
		}
		if w := all[1]; w.Parent != all[0].ID || w.Site != task.At(5, 2, 1) || w.Wait.Kind != task.WaitReceive ||
			w.Wait.Object != (<-chan int)(c) || w.Wait.Site != task.At(5, 3, 1) {
			t.Errorf("receiver = %+v", w)
		}
	})
	q.Do(func() { task.Go(0, func() { task.Forever(0) }) })
	waiting(t, q, task.WaitForever)
	if n := len(r.Tasks()); n != 1 {
		t.Errorf("%d tasks in the first run", n)
	}
	cells := map[int]int{}
	for _, i := range task.Tasks() {
		cells[i.Cell]++
	}
	if cells[5] != 1 || cells[6] != 1 {
		t.Errorf("tasks by cell: %v", cells)
	}
}

func TestSelectTellsItsChannels(t *testing.T) {
	r, _ := newRun(t, 5)
	c, d := make(chan int), make(chan string)
	r.Do(func() {
		task.Go(0, func() { task.Select(0, false, task.SelRecv(c), task.SelSend(d)) })
	})
	waiting(t, r, task.WaitSelect)
	w := r.Tasks()[0].Wait
	if got, _ := w.Object.([]any); !slices.Equal(got, []any{(<-chan int)(c), (chan<- string)(d)}) {
		t.Errorf("object = %v", got)
	}
	if !slices.Equal(w.Objects(), []uintptr{reflect.ValueOf(c).Pointer(), reflect.ValueOf(d).Pointer()}) {
		t.Errorf("objects = %v", w.Objects())
	}
}

func TestObjectsAreTheSameForAllWhoWait(t *testing.T) {
	r, _ := newRun(t, 5)
	c := make(chan int)
	r.Do(func() {
		task.Go(0, func() { task.To(c, 0).Send(1) })
		waiting(t, r, task.WaitSend)
		task.Go(0, func() { task.Select(0, false, task.SelSend(c).Val(1)) })
		task.Go(0, func() { task.Sleep(time.Hour, 0) })
	})
	waiting(t, r, task.WaitSelect)
	waiting(t, r, task.WaitSleep)
	for _, i := range r.Tasks() {
		want := []uintptr{reflect.ValueOf(c).Pointer()}
		if i.Wait.Kind == task.WaitSleep {
			want = nil
		}
		if got := i.Wait.Objects(); !slices.Equal(got, want) {
			t.Errorf("%v waits on %v, want %v", i.Wait.Kind, got, want)
		}
	}
}

func TestKindsHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for k := task.WaitNone; k <= task.WaitResult; k++ {
		if s := k.String(); s == "" || seen[s] {
			t.Errorf("kind %d is called %q", k, s)
		} else {
			seen[s] = true
		}
	}
	if got := task.Kind(200).String(); got != "Kind(200)" {
		t.Errorf("got %q", got)
	}
}
