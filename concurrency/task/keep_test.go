package task_test

import (
	"slices"
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A witness is a Keeper that writes down what it is told.
type witness struct{ said []string }

func (w *witness) Safepoint() { w.said = append(w.said, "safepoint") }
func (w *witness) Leave()     { w.said = append(w.said, "leave") }
func (w *witness) Return() {
	w.said = append(w.said, "return")
	task.Recv(closedChannel, 0) // what it does itself is no concern of it
}

var closedChannel = func() chan int {
	c := make(chan int)
	close(c)
	return c
}()

func TestKeeper(t *testing.T) {
	r, _ := newRun(t, 1)
	w := &witness{}
	r.Do(func() {
		end := task.Keep(w)
		if end == nil || task.Keep(w) != nil {
			t.Error("not one keeper")
		}
		task.Safepoint()
		task.Raise()
		task.Safepoint()
		task.Lower()
		gate := make(chan int)
		task.Go(0, func() { task.To(gate, 0).Send(1) })
		task.Sleep(1, 0)
		task.Recv(gate, 0)
		task.Unkept(func() { task.Sleep(1, 0) })
		task.Sleep(1, 0)
		end()
		task.Sleep(1, 0)
	})
	// A receive that need not wait says nothing.
	var got []string
	for _, s := range w.said {
		if s != "safepoint" {
			got = append(got, s)
		}
	}
	if n := len(w.said) - len(got); n < 1 || n > 2 {
		t.Errorf("%q", w.said)
	}
	pair := []string{"leave", "return"}
	if !slices.Equal(got, slices.Concat(pair, pair)) && !slices.Equal(got, slices.Concat(pair, pair, pair)) {
		t.Errorf("%q", got)
	}
	if task.Keep(w) != nil {
		t.Error("a keeper outside tasks")
	}
}

// A killed task that waits does not return to its keeper.
func TestKeeperOfKilled(t *testing.T) {
	r, _ := newRun(t, 1)
	w := &witness{}
	r.Do(func() {
		task.Go(0, func() {
			task.Keep(w)
			task.Forever(0)
		})
	})
	untilWaiting(t, r, task.WaitForever, 1)
	r.Kill(nil)
	until(t, "it has ended", func() bool { return r.Live() == 0 })
	if !slices.Equal(w.said, []string{"leave"}) {
		t.Errorf("%q", w.said)
	}
}

func TestKeeperUnderControl(t *testing.T) {
	r, _ := newRun(t, 1)
	r.Virtual(0)
	r.Do(func() {
		if task.Keep(&witness{}) != nil || !task.Controlled() {
			t.Error("a keeper under control")
		}
	})
	if task.Controlled() {
		t.Error("this is no task")
	}
}

func TestAtEnd(t *testing.T) {
	r, _ := newRun(t, 1)
	var said []string
	r.Do(func() {
		defer func() { said = append(said, "deferred") }()
		if !task.AtEnd(func() { said = append(said, "end") }) {
			t.Error("no task")
		}
	})
	if !slices.Equal(said, []string{"deferred", "end"}) || task.AtEnd(func() {}) {
		t.Error(said)
	}
}
