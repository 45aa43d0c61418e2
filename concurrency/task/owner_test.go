package task_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A hold is a lock of a library that is held by one, or by nobody.
type hold struct {
	self  task.Lockable
	owner task.Owner
}

func newHold() *hold {
	h := &hold{}
	h.self = h
	return h
}

//go:noinline
func (h *hold) take() {
	h.owner = task.Own(task.CallerPC())
	h.owner.Note(&h.self)
}

func (h *hold) give() {
	h.owner.Disown(&h.self)
	h.owner = task.Owner{}
}

func (h *hold) Holders() []task.Holder {
	if h.owner.Goroutine() == 0 {
		return nil
	}
	return []task.Holder{h.owner.Holder()}
}

// find returns what Locks says of h.
func find(h *hold) (found []task.LockInfo) {
	for _, l := range task.Locks() {
		if l.Object == task.Lockable(h) {
			found = append(found, l)
		}
	}
	return found
}

func TestOwnerPlace(t *testing.T) {
	h := newHold()
	_, _, line, _ := runtime.Caller(0)
	h.take()
	if want := fmt.Sprintf("owner_test.go:%d", line+1); h.owner.Place() != want || h.owner.Site() != 0 {
		t.Errorf("%s, want %s", h.owner.Place(), want)
	}
	if h.owner.Goroutine() != task.Goroutine() || (task.Owner{}).Goroutine() != 0 {
		t.Error("wrong goroutine")
	}
	if place := (task.Owner{}).Place(); place != "an unknown place" {
		t.Error(place)
	}
}

func TestOwnerInCell(t *testing.T) {
	r, _ := newRun(t, 3)
	r.Do(func() {
		h := newHold()
		task.Calling(task.At(3, 5, 2))
		h.take()
		if h.owner.Site() != task.At(3, 5, 2) || h.owner.Place() != "cell 3 line 5" {
			t.Errorf("%v, %s", h.owner.Site(), h.owner.Place())
		}
	})
}

func TestLockableIsListed(t *testing.T) {
	r, _ := newRun(t, 3)
	first, second := newHold(), newHold()
	r.Do(func() {
		first.take()
		second.take() // in the list, the first is in the slot
		for _, h := range []*hold{first, second} {
			if l := find(h); len(l) != 1 || l[0].Kind != "hold" || len(l[0].Holders) != 1 || l[0].Holders[0].Name != "main" {
				t.Errorf("%+v", l)
			}
		}
		second.give()
		first.give()
		if find(first) != nil || find(second) != nil {
			t.Error("still listed")
		}
		first.take()
		second.take()
	})
	for _, h := range []*hold{first, second} {
		if l := find(h); len(l) != 1 || !l[0].Holders[0].Ended {
			t.Errorf("left: %+v", l)
		}
	}
	first.give()
	second.give()
	if find(first) != nil {
		t.Error("still listed")
	}
}

// Somebody else may give up what a task holds.
func TestDisownForAnother(t *testing.T) {
	r, _ := newRun(t, 3)
	first, second := newHold(), newHold()
	gate := make(chan int)
	r.Do(func() {
		task.Go(0, func() {
			first.take()
			second.take()
			task.Recv(gate, 0)
		})
	})
	until(t, "it holds both", func() bool { return len(find(first))+len(find(second)) == 2 })
	first.give()
	second.give()
	if find(first) != nil || find(second) != nil {
		t.Error("still listed")
	}
	close(gate)
}

func BenchmarkOwner(b *testing.B) {
	h := newHold()
	b.Run("outside", func(b *testing.B) {
		for b.Loop() {
			h.take()
			h.give()
		}
	})
	b.Run("task", func(b *testing.B) {
		r, _ := newRun(b, 1)
		r.Do(func() {
			for b.Loop() {
				h.take()
				h.give()
			}
		})
	})
}
