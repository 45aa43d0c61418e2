package waitgraph_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/gobraid/gobraid/concurrency/internal/svg/svgtest"
	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/concurrency/waitgraph"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// nowhere is an Output that keeps nothing.
type nowhere struct{}

func (nowhere) Write(string, []byte) {}

func (nowhere) Input(context.Context, string, bool) (string, error) { return "", context.Canceled }

func at(line int) task.Site { return task.At(3, line, 1) }

func place(s task.Site) string { return fmt.Sprintf("line %d", s.Line()) }

// TestDeadlock runs a cell that ends in a deadlock: two tasks lock two mutexes in different order, a third has ended without unlocking
// a fourth one's, and the main task waits for them.
func TestDeadlock(t *testing.T) {
	var a, b, left sync.Mutex
	var all, both sync.WaitGroup
	end := task.NewRun(3, nowhere{}).Do(func() {
		both.Add(2)
		for i, order := range [][2]*sync.Mutex{{&a, &b}, {&b, &a}} {
			task.WaitGroupGo(&all, at(7), func() {
				task.Current().SetName(fmt.Sprintf("worker %d", i+1))
				task.Lock(order[0], at(8))
				defer task.Unlock(order[0])
				both.Done()
				task.WaitGroupWait(&both, at(9))
				task.Lock(order[1], at(10))
			})
		}
		gone := make(chan bool)
		task.Go(at(14), func() {
			task.Lock(&left, at(15))
			close(gone)
		})
		task.Recv(gone, at(16))
		task.WaitGroupGo(&all, at(17), func() {
			task.Lock(&left, at(18))
		})
		task.WaitGroupWait(&all, at(20))
	})
	if end.Deadlock == nil {
		t.Fatalf("no deadlock: %+v", end)
	}
	left.Unlock()
	g := waitgraph.FromDeadlock(end.Deadlock, waitgraph.Options{Place: place, Object: func(w task.Wait) string {
		switch w.Object {
		case &a:
			return "a"
		case &b:
			return "b"
		case &left:
			return "left"
		}
		return "all"
	}})
	text := waitgraph.Text(g)
	for _, want := range []string{
		"main (cell 3) waits for all at line 20",
		"worker 1 (line 7) waits to lock b at line 10, held by worker 2 since line 8",
		"worker 2 (line 7) waits to lock a at line 10, held by worker 1 since line 8",
		"waits to lock left at line 18, held by task ", " since line 15, which has ended",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if !strings.Contains(text, "Circle: worker 1 waits to lock b at line 10, held by worker 2 since line 8, which waits to lock a at line 10, held by worker 1 since line 8.") &&
		!strings.Contains(text, "Circle: worker 2 waits to lock a") {
		t.Errorf("no circle in\n%s", text)
	}
	svgtest.WellFormed(t, waitgraph.SVG(g))
}

// TestFromTasks has what a deadlock of a test cannot have, or not always in the same order.
func TestFromTasks(t *testing.T) {
	var mu, other sync.RWMutex
	jobs, results := make(chan int, 3), make(chan int)
	info := func(id int64, w task.Wait) task.Info {
		return task.Info{ID: id, Cell: 3, Parent: 1, Site: at(int(id)), Wait: w}
	}
	tasks := []task.Info{
		{ID: 1, Cell: 3, Wait: task.Wait{Kind: task.WaitSend, Object: jobs, Site: at(30), Detail: "full, 3 of 3"}},
		info(2, task.Wait{Kind: task.WaitSelect, Object: []any{jobs, (<-chan int)(results)}, Site: at(31), Detail: "both empty"}),
		info(3, task.Wait{Kind: task.WaitLock, Object: &mu, Site: at(32)}),
		info(4, task.Wait{Kind: task.WaitRLock, Object: &other, Site: at(33)}),
		info(5, task.Wait{Kind: task.WaitForever, Site: at(34)}),
		info(6, task.Wait{Kind: task.WaitReceive, Object: (chan int)(nil), Site: at(35)}),
		info(7, task.Wait{Kind: task.WaitReceive, Object: (chan<- int)(results), Site: at(36)}),
		info(8, task.Wait{}),
	}
	locks := []task.LockInfo{
		{Object: &mu, Kind: "RWMutex", Holders: []task.Holder{{Task: 2, Site: at(20), Read: true}, {Task: 99, Cell: 2, Name: "gone", Site: at(21), Ended: true}}},
		{Object: &other, Kind: "RWMutex", Holders: []task.Holder{{Task: 77}}},
		{Object: new(sync.Mutex), Kind: "Mutex", Holders: []task.Holder{{Task: 3}}},
	}
	g := waitgraph.FromTasks(tasks, locks, waitgraph.Options{Title: "Stuck", Note: "Look.", Source: func(s task.Site) string { return "source " + fmt.Sprint(s.Line()) }})
	svgtest.Golden(t, "tasks.txt", []byte(waitgraph.Text(g)))
	picture := waitgraph.SVG(g)
	svgtest.WellFormed(t, picture)
	svgtest.Golden(t, "tasks.svg", picture)
}

func ExampleText() {
	fmt.Print(waitgraph.Text(two()))
	// Output:
	// - main (the cell) waits for wg at line 20
	// - A (line 7) waits to lock mu2 at line 9, held by B since line 13
	// - B (line 12) waits to lock mu1 at line 14, held by A since line 8
	// - task 21 (line 17) waits to lock mu1 at line 18, held by A since line 8
	// Circle: A waits to lock mu2 at line 9, held by B since line 13, which waits to lock mu1 at line 14, held by A since line 8.
}
