package task

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/petermattis/goid"
)

// Who waits for a channel stands in one of two queues of it, which package runtime keeps to itself. To see whether a goroutine
// stands last in one, and so has come after all that were there before, this reads the queue's last word, there
// the goroutine, and there its id. Where these are is found out by trying: if they are not found, channels
// on which several wait get no arrows, and a test fails.
//
// What is read may change meanwhile. But it is memory that is not given back while this looks at it: what a queue points to is
// in use or kept to be used again, and what it points to, goroutines, are never freed. And a goroutine that is
// there was put there.

// chanLayout is where to look, in bytes.
type chanLayout struct {
	recvLast, sendLast uintptr // in a channel
	id                 uintptr // in a goroutine
}

// layout is nil until it has been found.
var layout atomic.Pointer[chanLayout]

var layoutMu sync.Mutex

// layoutPatience bounds the search. It takes some µs, if the processors have time for it.
const layoutPatience = time.Second

// findLayout finds the layout if it is not known.
func findLayout() {
	layoutMu.Lock()
	defer layoutMu.Unlock()
	if layout.Load() == nil {
		if l, ok := searchLayout(); ok {
			layout.Store(&l)
		}
	}
}

const (
	chanWords = 12 // of a channel that are looked at: it is larger than that with its buffer
	goWords   = 48 // of a goroutine
)

func searchLayout() (l chanLayout, ok bool) {
	c := make(chan byte, 64)
	base := *(*unsafe.Pointer)(unsafe.Pointer(&c))
	stop := make(chan struct{})
	var parked sync.WaitGroup
	defer parked.Wait()
	defer close(stop)

	recv, id1 := make(chan int64, 1), int64(0)
	before := chanState(base)
	parked.Go(func() {
		uncarry()
		recv <- goid.Get()
		select {
		case <-c:
		case <-stop:
		}
	})
	id1 = <-recv
	if l.recvLast, ok = changed(base, before); !ok {
		return l, false
	}
	var ids [goWords]bool
	for i := range ids {
		ids[i] = peekID(base, l.recvLast, uintptr(i)*8) == id1
	}

	full := make(chan byte, 64)
	for range cap(full) {
		full <- 0
	}
	base = *(*unsafe.Pointer)(unsafe.Pointer(&full))
	before = chanState(base)
	parked.Go(func() {
		uncarry()
		recv <- goid.Get()
		select {
		case full <- 0:
		case <-stop:
		}
	})
	id2 := <-recv
	if l.sendLast, ok = changed(base, before); !ok {
		return l, false
	}
	for i := range ids {
		if ids[i] && peekID(base, l.sendLast, uintptr(i)*8) == id2 {
			l.id = uintptr(i) * 8
			return l, true
		}
	}
	return l, false
}

// changed waits until two words of a channel, one after the other, have become the same pointer, and returns where the second
// is.
func changed(base unsafe.Pointer, before [chanWords]uintptr) (uintptr, bool) {
	for start := time.Now(); time.Since(start) < layoutPatience; runtime.Gosched() {
		after := chanState(base)
		for i := 1; i < chanWords; i++ {
			if before[i-1] == 0 && before[i] == 0 && after[i] != 0 && after[i-1] == after[i] {
				return uintptr(i) * 8, true
			}
		}
	}
	return 0, false
}

// chanState returns the words of a channel.
//
//go:norace
//go:nocheckptr
func chanState(base unsafe.Pointer) (words [chanWords]uintptr) {
	for i := range words {
		words[i] = *(*uintptr)(unsafe.Add(base, i*8))
	}
	return words
}

// peekID returns the id of the goroutine that stands last in a queue, 0 when none does.
//
//go:norace
//go:nocheckptr
func peekID(base unsafe.Pointer, last, id uintptr) int64 {
	waiter := *(*unsafe.Pointer)(unsafe.Add(base, last))
	if waiter == nil {
		return 0
	}
	g := *(*unsafe.Pointer)(waiter)
	if g == nil {
		return 0
	}
	return *(*int64)(unsafe.Add(g, id))
}

// stands reports whether the goroutine id is the last in a queue of the channel.
func stands(c unsafe.Pointer, sends bool, id int64) bool {
	l := layout.Load()
	if l == nil {
		return false
	}
	if sends {
		return peekID(c, l.sendLast, l.id) == id
	}
	return peekID(c, l.recvLast, l.id) == id
}

// unsettled returns the last of those that wait to send or to receive if it has not been seen in the channel's queue yet. It
// looks now. s.mu is held.
func (s *shadow) unsettled(sends bool) *comm {
	list := *s.queue(sends)
	for i := len(list) - 1; i >= 0; i-- {
		c := list[i]
		if c.state.Load() != commWaits {
			continue
		}
		if !c.sure {
			c.sure = stands(s.c, sends, c.id)
		}
		if c.sure {
			return nil
		}
		return c
	}
	return nil
}

// settlePatience is how long an operation waits until the one before it stands in the queue, which takes less than a
// microsecond if its goroutine is not interrupted just then. It takes for ever if somebody who is not known came after it.
const (
	settlePatience = 500 * time.Millisecond
	settleInterval = 20 * time.Microsecond // between looks, when a few have not helped
)
