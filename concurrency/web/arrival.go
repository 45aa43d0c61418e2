package web

import (
	"context"
	"sync"

	"github.com/gobraid/gobraid/concurrency/loop"
	"github.com/gobraid/gobraid/concurrency/task"
)

// An arrival is something that is there or not yet: awaited on a loop, waited for elsewhere.
type arrival struct {
	name string
	ch   chan struct{}

	mu   sync.Mutex
	is   bool
	then []func()
}

func newArrival(name string) *arrival { return &arrival{name: name, ch: make(chan struct{})} }

// Awaited names what is waited for, in listings.
func (a *arrival) Awaited() string { return a.name }

// Done returns a channel that is closed when it is there.
func (a *arrival) Done() <-chan struct{} { return a.ch }

// Result is for loop.Await.
func (a *arrival) Result(context.Context) (struct{}, error) { return struct{}{}, nil }

// Notify has f called when it is there.
func (a *arrival) Notify(f func()) {
	a.mu.Lock()
	is := a.is
	if !is {
		a.then = append(a.then, f)
	}
	a.mu.Unlock()
	if is {
		f()
	}
}

// come says that it is there. More calls do nothing.
func (a *arrival) come() {
	a.mu.Lock()
	again, then := a.is, a.then
	a.is, a.then = true, nil
	a.mu.Unlock()
	if again {
		return
	}
	task.Close(a.ch, 0)
	for _, f := range then {
		f()
	}
}

// await waits until it is there, and returns nil, or until the caller is cancelled or ctx ends, and returns that.
func (a *arrival) await(ctx context.Context) error {
	if loop.On(ctx) {
		_, err := loop.Shield(ctx, loop.Awaitable[struct{}](a))
		return err
	}
	return task.Await(ctx, a.ch, a, task.Here())
}
