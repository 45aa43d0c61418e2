package task

import (
	"bytes"
	"io"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"unsafe"

	"github.com/petermattis/goid"
)

// Go's goroutine-leak profile finds goroutines that are blocked on what no other goroutine can reach. The tasks of this package
// it would never find: the table knows them, and they know what they wait for and the channel that ends their wait.
// So for the time of the profile the tasks that are in question hide these. A pointer is hidden as a number which
// the collector does not take for one. What it points to is meanwhile kept in memory by a goroutine, the keeper, that
// is blocked on a channel that is hidden too: in the eyes of the profile it is a leak as well, and what leaked
// goroutines hold is not collected.
//
// A goroutine that the profile has found must not be woken: the Go runtime dies of that. Who wakes a task through what was
// hidden needs the task's mutex first, which is held until a second profile, with nothing hidden, has found the task to be alive.

// leaked adds to proved the tasks that the leak profile finds, if there is one.
func leaked(waits []*Task, proved map[*Task]bool) {
	profile := pprof.Lookup("goroutineleak")
	if profile == nil {
		return
	}
	leaking.Lock()
	defer leaking.Unlock()
	var hidden []hiding
	defer func() {
		for _, h := range hidden {
			h.t.mu.Unlock()
		}
	}()
	for _, t := range waits {
		if proved[t] {
			continue
		}
		if _, ok := t.stuck(); !ok {
			continue
		}
		t.mu.Lock()
		if t.rare == nil || t.rare.wait.kind == WaitNone || t.stopping.Load() {
			t.mu.Unlock()
			continue
		}
		hidden = append(hidden, hiding{t: t})
	}
	if len(hidden) == 0 {
		return
	}
	keeper, until := hide(hidden)
	var ids map[int64]bool
	for try := 0; try < 3 && !ids[keeper]; try++ { // the keeper may not have been blocked yet
		if profile.WriteTo(io.Discard, 1) != nil {
			break
		}
		ids = leakedNow()
	}
	for _, h := range hidden {
		h.show()
	}
	end := until.pointer()
	_ = profile.WriteTo(io.Discard, 1)
	close(*(*chan bool)(unsafe.Pointer(&end)))
	if !ids[keeper] {
		return
	}
	for _, h := range hidden {
		if ids[h.t.id] {
			proved[h.t] = true
		}
	}
}

// A hiding is what a task has hidden.
type hiding struct {
	t                 *Task
	rare, group, lock hiddenPointer
}

// A hiddenPointer is a pointer that the collector does not see.
type hiddenPointer uintptr

func hidePointer(p unsafe.Pointer) hiddenPointer { return hiddenPointer(^uintptr(p)) }

func (h hiddenPointer) pointer() unsafe.Pointer {
	p := ^uintptr(h)
	return *(*unsafe.Pointer)(unsafe.Pointer(&p))
}

// show undoes hide for a task. The race detector is not told: see held.go.
//
//go:norace
func (h hiding) show() {
	h.t.rare = (*rare)(h.rare.pointer())
	h.t.group = (*sync.WaitGroup)(h.group.pointer())
	h.t.held.lock = h.lock.pointer()
}

// hide hides what the tasks wait for, starts the keeper, and returns its goroutine's id and the hidden channel that
// ends it.
//
//go:noinline
//go:norace
func hide(tasks []hiding) (keeper int64, until hiddenPointer) {
	kept := make([]unsafe.Pointer, 0, 3*len(tasks))
	for i := range tasks {
		h := &tasks[i]
		t := h.t
		kept = append(kept, unsafe.Pointer(t.rare), unsafe.Pointer(t.group), t.held.lock)
		h.rare, h.group, h.lock = hidePointer(unsafe.Pointer(t.rare)), hidePointer(unsafe.Pointer(t.group)), hidePointer(t.held.lock)
		t.rare, t.group, t.held.lock = nil, nil, nil
	}
	end, id := make(chan bool), make(chan int64)
	go keep(kept, end, id)
	keeper = <-id
	runtime.Gosched()
	return keeper, hidePointer(*(*unsafe.Pointer)(unsafe.Pointer(&end)))
}

// keep keeps what is hidden in memory.
func keep(kept []unsafe.Pointer, end chan bool, id chan int64) {
	uncarry()
	id <- goid.Get()
	<-end
	runtime.KeepAlive(kept)
}

// leakedNow returns the ids of the goroutines that the profile has found.
func leakedNow() map[int64]bool {
	ids := map[int64]bool{}
	for one := range bytes.SplitSeq(dumpStacks(), []byte("\n\n")) {
		if g, ok := parseStack(one); ok && strings.HasSuffix(g.state, "(leaked)") {
			ids[g.id] = true
		}
	}
	return ids
}
