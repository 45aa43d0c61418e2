package task

import (
	"sync"
	"sync/atomic"
)

// The waits of package sync cannot be ended from outside. A task that has to wait there therefore leaves the
// waiting to a helper goroutine, a delegate, and waits for the delegate, which it can leave. Ownership of
// a mutex is not bound to a goroutine, so a delegate can lock for a task.
//
// A delegate whose task was killed stays where it waits, an orphan: nothing can call it back. When its
// wait ends it undoes what it has got. Until then it stands ready for the next task that wants the same, so
// there are never more of them than there were tasks that waited for one thing at one time.
type delegate struct {
	wish wish
	wait func() // blocks
	undo func() // gives back what wait has got

	mu       sync.Mutex
	state    delegateState
	ready    chan struct{} // closed when the wish is granted
	panicked any           // what wait panicked with
}

// A wish is what a task waits for: an operation on an object.
type wish struct {
	kind   Kind
	object any
}

type delegateState uint8

const (
	sent     delegateState = iota // a task waits for it
	orphaned                      // nobody does
	returned                      // its wait has ended
)

// delegate makes the task wait until wait has returned, on another goroutine. If the task is killed before that it
// dies.
func (t *Task) delegate(w wish, site Site, wait, undo func()) {
	t.obeyRun()
	d := adopt(w)
	if d == nil {
		d = send(w, wait, undo)
	}
	stop := t.block(w.kind, w.object, site)
	defer t.unblock()
	select {
	case <-d.ready:
	case <-stop:
		if d.orphan() {
			orphans.add(d)
		} else if d.panicked == nil {
			undo()
		}
		t.die()
	}
	if d.panicked != nil {
		panic(d.panicked)
	}
}

// obeyRun ends the task if its run is killed already, though it may not have been told yet: a delegate would be left behind.
func (t *Task) obeyRun() {
	if t.end == nil && t.run.killed.Load() {
		t.die()
	}
}

func send(w wish, wait, undo func()) *delegate {
	d := &delegate{wish: w, wait: wait, undo: undo, ready: make(chan struct{})}
	go d.run()
	return d
}

func (d *delegate) run() {
	uncarry()
	defer d.finish()
	defer func() { d.panicked = recover() }()
	d.wait()
}

// finish hands what was waited for to the task, or gives it back.
func (d *delegate) finish() {
	d.mu.Lock()
	was := d.state
	d.state = returned
	d.mu.Unlock()
	if was == sent {
		close(d.ready)
		return
	}
	orphans.remove(d)
	if d.panicked == nil {
		d.undo()
	}
}

// orphan gives the delegate up. It returns false when its wait has ended already.
func (d *delegate) orphan() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.state == returned {
		return false
	}
	d.state = orphaned
	return true
}

// claim makes an orphan work again. It returns false when its wait has ended.
func (d *delegate) claim() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.state != orphaned {
		return false
	}
	d.state = sent
	return true
}

// orphans holds the delegates without a task, by what they wait for.
var orphans orphanage

type orphanage struct {
	count atomic.Int64 // so that usually nobody needs the lock
	mu    sync.Mutex
	by    map[wish][]*delegate
}

// add adds an orphan, unless its wait has ended meanwhile.
func (o *orphanage) add(d *delegate) {
	o.mu.Lock()
	defer o.mu.Unlock()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.state != orphaned {
		return
	}
	if o.by == nil {
		o.by = map[wish][]*delegate{}
	}
	o.by[d.wish] = append(o.by[d.wish], d)
	o.count.Add(1)
}

// remove removes d if it is there.
func (o *orphanage) remove(d *delegate) {
	o.mu.Lock()
	defer o.mu.Unlock()
	list := o.by[d.wish]
	for i, x := range list {
		if x == d {
			o.cut(d.wish, list, i)
			return
		}
	}
}

// cut removes the entry at i of the list of w.
func (o *orphanage) cut(w wish, list []*delegate, i int) {
	list[i] = list[len(list)-1]
	list[len(list)-1] = nil
	if o.by[w] = list[:len(list)-1]; len(list) == 1 {
		delete(o.by, w)
	}
	o.count.Add(-1)
}

// adopt returns an orphan that waits for w, now in the caller's service, or nil.
func adopt(w wish) *delegate {
	if orphans.count.Load() == 0 {
		return nil
	}
	orphans.mu.Lock()
	defer orphans.mu.Unlock()
	for list := orphans.by[w]; len(list) > 0; list = orphans.by[w] {
		d := list[len(list)-1]
		orphans.cut(w, list, len(list)-1)
		if d.claim() {
			return d
		}
	}
	return nil
}
