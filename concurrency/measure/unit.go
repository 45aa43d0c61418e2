package measure

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"sync"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A Unit is something of which a program may have many that wait: a goroutine, a thread.
type Unit struct {
	Name string
	// Park makes n of them, and returns when all of them wait, or are about to. Release ends them, and returns when they have.
	Park func(ctx context.Context, n int) (release func(), err error)
	// Counts are how many to park at a time; nil for 1000, 2000 and so on to 5000.
	Counts []int
}

// GoroutineUnit is a goroutine that waits for a channel.
func GoroutineUnit() Unit { return Unit{Name: "goroutine", Park: goroutines(func() {})} }

// ThreadUnit is a goroutine that has a thread of the operating system for itself, and waits for a channel. It ends with its goroutine.
func ThreadUnit() Unit {
	return Unit{Name: "thread", Park: goroutines(runtime.LockOSThread), Counts: []int{100, 150, 200, 250, 300}}
}

// TaskUnit is a task of a cell that waits for a channel. Outside cells it cannot be parked.
func TaskUnit() Unit { return Unit{Name: "task", Park: parkTasks} }

// CoroutineUnit is a coroutine of iter.Pull after its first value, as the tasks of an event loop are.
func CoroutineUnit() Unit { return Unit{Name: "coroutine", Park: parkCoroutines} }

// goroutines returns a function that parks goroutines which first call begin. These are plain go statements: tasks would be another unit.
func goroutines(begin func()) func(context.Context, int) (func(), error) {
	return func(ctx context.Context, n int) (func(), error) {
		var started, ended sync.WaitGroup
		stop := make(chan struct{})
		release := sync.OnceFunc(func() {
			close(stop)
			ended.Wait() // they have nothing else to do
		})
		f := func() {
			defer ended.Done()
			begin()
			started.Done()
			<-stop
		}
		started.Add(n)
		ended.Add(n)
		for range n {
			go f()
		}
		started.Wait()
		return release, nil
	}
}

func parkTasks(_ context.Context, n int) (func(), error) {
	if task.Current() == nil {
		return nil, errors.New("only cells have tasks")
	}
	var started, ended sync.WaitGroup
	stop := make(chan struct{})
	f := func() {
		task.WaitGroupDone(&started, 0)
		task.Recv(stop, 0)
	}
	task.WaitGroupAdd(&started, n, 0)
	for range n {
		task.WaitGroupGo(&ended, task.Here(), f)
	}
	task.WaitGroupWait(&started, task.Here())
	return func() {
		close(stop)
		task.WaitGroupWait(&ended, task.Here())
	}, nil
}

func parkCoroutines(_ context.Context, n int) (func(), error) {
	stops := make([]func(), n)
	seq := iter.Seq[int](func(yield func(int) bool) { yield(1) })
	for i := range stops {
		next, stop := iter.Pull(seq)
		next()
		stops[i] = stop
	}
	return func() {
		for _, stop := range stops {
			stop()
		}
	}, nil
}
