package live

import (
	"fmt"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
)

func TestConnected(t *testing.T) {
	a, b, other := make(chan int), new(sync.Mutex), make(chan int)
	waits := func(id int64, cell int, on any) task.Info {
		return task.Info{ID: id, Cell: cell, Wait: task.Wait{Kind: task.WaitReceive, Object: on}}
	}
	d := &task.Deadlock{
		Tasks: []task.Info{waits(1, 3, a), waits(2, 2, []any{other, a}), waits(3, 2, other), waits(4, 1, make(chan int)), waits(5, 3, b), waits(6, 1, nil)},
		Locks: []task.LockInfo{{Object: b, Kind: "Mutex", Holders: []task.Holder{{Task: 6}}}, {Object: new(sync.Mutex), Holders: []task.Holder{{Task: 4}}}},
	}
	var got []int64
	for _, i := range connected(d, 3).Tasks {
		got = append(got, i.ID)
	}
	if fmt.Sprint(got) != "[1 2 3 5 6]" {
		t.Errorf("connected with cell 3 are %v", got)
	}
}
