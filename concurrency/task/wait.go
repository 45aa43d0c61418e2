package task

import (
	"context"
	"fmt"
	"reflect"
	"time"
)

// A Kind says what a task waits for.
type Kind uint8

// The kinds of waits.
const (
	WaitNone    Kind = iota // not waiting
	WaitSend                // c <- v
	WaitReceive             // <-c
	WaitSelect              // select
	WaitForever             // select {}
	WaitLock                // Lock of a Mutex, RWMutex or Locker
	WaitRLock               // RLock of an RWMutex
	WaitGroup               // WaitGroup.Wait
	WaitCond                // Cond.Wait
	WaitOnce                // Once.Do, while another task is in it
	WaitSleep               // time.Sleep
	WaitOutput              // output, while its reader is slow
	WaitInput               // input
	WaitLibrary             // a call into compiled library code
	WaitResult              // a primitive of package concurrency
)

var kindText = [...]string{
	"running", "send", "receive", "select", "select with no cases", "lock", "read lock", "wait group",
	"condition", "once", "sleep", "output", "input", "library call", "result",
}

// String returns the kind in words.
func (k Kind) String() string {
	if int(k) < len(kindText) {
		return kindText[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// A Wait tells what a task waits for.
type Wait struct {
	Kind Kind
	// Object is what it waits on: the channel, *sync.Mutex, *sync.WaitGroup and so on; for a select
	// an []any of its channels; nil where there is none.
	Object any
	// Site is where the waiting statement stands.
	Site Site
	// Since is when the wait began.
	Since time.Time
}

// Objects returns the addresses of what the task waits on, which are the same for all that wait on the same things,
// whichever direction of a channel they hold: of a select several.
func (w Wait) Objects() []uintptr {
	list, ok := w.Object.([]any)
	if !ok {
		list = []any{w.Object}
	}
	var addresses []uintptr
	for _, o := range list {
		switch v := reflect.ValueOf(o); v.Kind() {
		case reflect.Chan, reflect.Pointer:
			addresses = append(addresses, v.Pointer())
		}
	}
	return addresses
}

// A waitState is a Wait as a task notes it, at the least cost.
type waitState struct {
	kind   Kind
	object any
	site   Site
	since  time.Duration
}

// Everything in this package that blocks the calling task does it between block and unblock, and
// selects on the channel that block returns. Tasks are started by start alone, and time is read
// and waited for by now and newTimer alone. These five are the seam at which a scheduler that decides itself who
// runs takes the place of Go's.

// block notes what the task is about to wait for. The wait must also end when the channel does, and
// then call die.
func (t *Task) block(kind Kind, object any, site Site) <-chan struct{} {
	began := now()
	t.mu.Lock()
	t.more().wait = waitState{kind, object, site, began}
	stop := t.stopped()
	t.mu.Unlock()
	return stop
}

// unblock notes that the wait is over.
func (t *Task) unblock() {
	t.mu.Lock()
	t.rare.wait = waitState{}
	t.mu.Unlock()
}

// Blocking runs f, a call into compiled library code that may block, and notes meanwhile that the task waits
// there. The runtime cannot end such a call: when the run is killed, Do gives the task up, and the
// task ends as soon as f returns.
func Blocking(site Site, f func()) {
	t := current()
	if t == nil {
		f()
		return
	}
	t.block(WaitLibrary, nil, site)
	defer func() {
		t.unblock()
		if t.stopping.Load() && t.end == nil {
			t.die()
		}
	}()
	f()
}

// Forever blocks for ever, as select {} does. It returns only in type: what follows is never reached.
func Forever(site Site) bool {
	t := current()
	if t == nil {
		select {}
	}
	defer t.unblock()
	<-t.block(WaitForever, nil, site)
	t.die()
	return false
}

// Await waits until done is closed or gives a value, and returns nil, or until ctx ends, and returns
// its cause. When both have happened it returns nil. It is for the primitives of libraries: object is
// the thing waited on. A killed task ends here.
func Await(ctx context.Context, done <-chan struct{}, object any, site Site) error {
	select {
	case <-done:
		return nil
	default:
	}
	var stop <-chan struct{}
	t := current()
	if t != nil {
		stop = t.block(WaitResult, object, site)
		defer t.unblock()
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return awaited(ctx, done)
	case <-stop:
		t.die()
		return nil
	}
}

func awaited(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	default:
		return context.Cause(ctx)
	}
}
