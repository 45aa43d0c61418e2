package concurrency

import (
	"context"
	"sync"

	"github.com/gobraid/gobraid/concurrency/task"
)

// An Event is a flag that tasks wait for, as Python's threading.Event. Its zero value is not set. Its methods may be called from
// several goroutines. It must not be copied once used.
type Event struct {
	mu   sync.Mutex
	set  bool
	done chan struct{} // closed when set; nil until somebody needs it
}

// Set sets the flag, and has all go on that wait for it. It does not block.
func (e *Event) Set() {
	task.Point(e, 0)
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.set && e.done != nil {
		task.Close(e.done, 0)
	}
	e.set = true
}

// Clear takes the flag back: who calls Wait from now on waits for the next Set. It does not block.
func (e *Event) Clear() {
	task.Point(e, 0)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.set {
		e.set, e.done = false, nil
	}
}

// IsSet reports whether the flag is set. It does not block.
func (e *Event) IsSet() bool {
	task.Point(e, 0)
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.set
}

// Wait blocks until the flag is set and returns nil, or until ctx ends, and returns the cause of that. Who waits when Set is called
// goes on, even if Clear is called at once.
func (e *Event) Wait(ctx context.Context) error { return wait(ctx, e.Done(), e) }

// Done returns a channel for use in a select: it is closed at the next Set, or already if the flag is set.
func (e *Event) Done() <-chan struct{} {
	task.Point(e, 0)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.done == nil {
		e.done = make(chan struct{})
		if e.set {
			close(e.done)
		}
	}
	return e.done
}
