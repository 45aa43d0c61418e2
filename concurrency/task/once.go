package task

import (
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"
)

// OnceDo is what o.Do(f) is lowered to. A killed task ends while it waits for another that is in o.Do.
func OnceDo(o *sync.Once, site Site, f func()) {
	if isDone(o) {
		o.Do(f)
		return
	}
	t := here()
	if t == nil {
		o.Do(f)
		return
	}
	if s := t.controlled(); s != nil {
		s.c.point(s, s.c.op(OpWait, unsafe.Pointer(o), site))
	}
	mine := &onceCall{done: make(chan struct{})}
	for {
		other, busy := onceCalls.LoadOrStore(o, mine)
		if !busy {
			break
		}
		t.awaitOnce(o, other.(*onceCall), site)
		other.(*onceCall).released(t, o)
	}
	defer mine.end(o)
	o.Do(f)
}

// A onceCall is a call of Do in progress. While there is one, nobody else calls Do on the same Once, so that
// Do never blocks on its own.
type onceCall struct {
	done chan struct{}
	by   source // who has made it, when it is done and that is recorded
}

var onceCalls sync.Map // from *sync.Once to *onceCall

func (c *onceCall) end(o *sync.Once) {
	onceCalls.Delete(o)
	if recordings.Load() != 0 {
		c.by = sourceAt(0)
	}
	close(c.done)
	if watch.Load() != 0 {
		steerOnceDone(o)
	}
}

// released draws the arrow to t, which has waited for the call.
func (c *onceCall) released(t *Task, o *sync.Once) {
	if t.log != nil && recordings.Load() != 0 {
		c.by.to(t.log, ArrowDone, o)
	}
}

func (t *Task) awaitOnce(o *sync.Once, c *onceCall, site Site) {
	if watch.Load() != 0 && steerOnce(o, c, site) {
		return
	}
	stop := t.block(WaitOnce, o, site)
	defer t.unblock()
	select {
	case <-c.done:
	case <-stop:
		t.die()
	}
}

// isDone reports whether o.Do has returned before, so that Do does nothing.
func isDone(o *sync.Once) bool {
	if doneOffset < 0 {
		return false
	}
	return (*atomic.Bool)(unsafe.Add(unsafe.Pointer(o), doneOffset)).Load()
}

// doneOffset is where a Once notes that it is done, -1 when this version of Go has that elsewhere, and
// every call then goes the long way. A test fails in that case.
var doneOffset = wordOffset(reflect.TypeFor[sync.Once](), reflect.TypeFor[atomic.Bool](), "done")
