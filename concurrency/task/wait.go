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
	WaitTurn                // its turn, in a controlled run: only in recordings by steps, see Run.RecordSteps
)

var kindText = [...]string{
	"running", "send", "receive", "select", "select with no cases", "lock", "read lock", "wait group",
	"condition", "once", "sleep", "output", "input", "library call", "result", "turn",
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
	// Detail says how the object stood when this was taken, such as "counter is 2" or "full, 3 of 3"; for a select
	// it does so for every channel.
	Detail string
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
	fired  any // of the objects of a select, the one that let the task go on

	outside bool          // something else than a task may end it
	virtual time.Duration // since, on the clock of a controlled run
}

// Everything in this package that blocks the calling task does it between block and unblock, and
// selects on the channel that block returns. Tasks are started by start alone, and time is read
// and waited for by now and newTimer alone. These five are the seam at which a scheduler that decides itself who
// runs takes the place of Go's.

// block notes what the task is about to wait for. The wait must also end when the channel does, and
// then call die.
func (t *Task) block(kind Kind, object any, site Site) <-chan struct{} {
	if t.visitor {
		t.arrive()
	} else if t.keeper != nil {
		t.rest(kind)
	}
	began := now()
	t.mu.Lock()
	w := &t.more().wait
	w.kind, w.object, w.site, w.since = kind, object, site, began
	if t.seat != nil {
		w.virtual = t.run.ctl.now()
	}
	stop := t.stopped()
	t.mu.Unlock()
	if t.log != nil {
		t.log.waits(kind, object, site, t.clock(began))
	}
	return stop
}

// unblock notes that the wait is over.
func (t *Task) unblock() {
	ended := now()
	t.mu.Lock()
	w := &t.rare.wait
	kind, since, fired := w.kind, w.since, w.fired
	if t.host != nil || t.rare.hosts != nil {
		t.noteBlocked(*w, ended)
	}
	*w = waitState{}
	t.mu.Unlock()
	t.account(kind, ended-since)
	if t.log != nil {
		t.log.waited(fired, t.clock(ended))
	}
	if t.visitor {
		t.depart()
	} else if t.resting != nil {
		t.unrest()
	}
}

// Blocking runs f, a call into compiled library code that may block, and notes meanwhile that the task waits
// there. The runtime cannot end such a call: when the run is killed, Do gives the task up, and the
// task ends as soon as f returns.
func Blocking(site Site, f func()) {
	t := here()
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
	t := here()
	if t == nil {
		select {}
	}
	if s := t.controlled(); s != nil {
		s.c.communicate(s, WaitForever, site, false, nil)
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
	return AwaitLock(ctx, WaitResult, done, object, site)
}

// AwaitLock is Await of something that is said to be a wait of the given kind, such as WaitLock for a lock of a library.
func AwaitLock(ctx context.Context, kind Kind, done <-chan struct{}, object any, site Site) error {
	select {
	case <-done:
		return nil
	default:
	}
	if watch.Load() != 0 {
		if err, ok := steerAwait(ctx, kind, done, object, site); ok {
			return err
		}
	}
	var stop <-chan struct{}
	t := here()
	promise, end := t.promised(done), t.promised(ctx.Done())
	if t != nil {
		stop = t.block(kind, object, site)
		if _, ends := ctx.Deadline(); ends {
			t.outside()
		}
		defer t.unblock()
	}
	select {
	case <-done:
		t.completed(promise, object)
		return nil
	case <-ctx.Done():
		t.completed(end, ctx)
		return endOf(ctx, done)
	case <-stop:
		t.die()
		return nil
	}
}

func endOf(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	default:
		return context.Cause(ctx)
	}
}
