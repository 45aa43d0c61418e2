package task_test

import (
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A task may go on for another client of its run, and not for one of another run, nor of one that is recorded, controlled or killed.
func TestClientShares(t *testing.T) {
	client := func(r *task.Run) (c task.Client) {
		r.Do(func() { c = task.ClientAt(1) })
		return c
	}
	a, _ := newRun(t, 1)
	b, _ := newRun(t, 2)
	recorded, _ := newRun(t, 3)
	recorded.Record(0)
	controlled, _ := newRun(t, 4)
	controlled.Virtual(1)
	none := task.ClientAt(1)
	for _, test := range []struct {
		name string
		a, b task.Client
		want bool
	}{
		{"same run", client(a), client(a), true},
		{"another run", client(a), client(b), false},
		{"no run", none, task.Client{}, true},
		{"a run and none", client(a), none, false},
		{"recorded", client(recorded), client(recorded), false},
		{"controlled", client(controlled), client(controlled), false},
	} {
		if got := test.a.Shares(test.b); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
	before := client(a)
	a.Kill(nil)
	if before.Shares(before) {
		t.Error("of a killed run")
	}
}

// A task that assumes a client is a child of that, at its site, from then on.
func TestClientAssume(t *testing.T) {
	r, _ := newRun(t, 1)
	other, _ := newRun(t, 2)
	r.Do(func() {
		first := task.ClientAt(7)
		var second task.Client
		var parent int64
		made := make(chan int)
		first.Go(func() {
			parent = task.Current().ID()
			second = task.ClientAt(8)
			close(made)
		})
		task.Recv(made, 0)
		infos := make(chan task.Info, 3)
		first.Go(func() {
			infos <- task.Current().Info()
			second.Assume()
			infos <- task.Current().Info()
			var foreign task.Client
			other.Do(func() { foreign = task.ClientAt(9) })
			foreign.Assume() // of another run: nothing
			infos <- task.Current().Info()
		})
		one, two, three := <-infos, <-infos, <-infos
		if one.Site != 7 || one.Parent != task.Current().ID() || two.Site != 8 || two.Parent != parent || three.Site != 8 || one.ID != two.ID {
			t.Errorf("%+v\n%+v\n%+v", one, two, three)
		}
	})
	second := task.Client{}
	second.Assume() // outside of any task: nothing
}
