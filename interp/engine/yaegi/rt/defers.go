package rt

import (
	"sync"
	"sync/atomic"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/petermattis/goid"
)

// Defers is the list of deferred calls of one call of a function.
type Defers struct {
	calls     []deferred
	panicking bool
	value     any
}

// A deferred is a call to be made. What it calls may be any function: one that recovers has to ask by Claim.
type deferred struct {
	f     func()
	offer bool
}

// NewDefers returns an empty list.
func NewDefers() *Defers { return &Defers{} }

// Push defers f, which knows of the list if it recovers.
func (d *Defers) Push(f func()) { d.calls = append(d.calls, deferred{f, false}) }

// Offer defers f, which calls a function that may recover.
func (d *Defers) Offer(f func()) { d.calls = append(d.calls, deferred{f, true}) }

// Recover is recover() in a function that the list d calls, or in none if d is nil.
func Recover(d *Defers) any {
	if d == nil || !d.panicking {
		return nil
	}
	d.panicking = false
	take()
	v := Any(d.value)
	d.value = nil
	return v
}

// offers holds the lists that are just calling a function while they panic, by goroutine. As long as there
// is one, the stop word is not zero, so that safepoints come here.
var (
	offers sync.Map // goroutine id → *Defers
	offer  atomic.Int32
)

// Claim returns the list that has called the function that calls Claim first, if that is so and it panics.
func Claim() *Defers {
	if offer.Load() == 0 {
		return nil
	}
	return withdraw()
}

// withdraw takes back the offer of this goroutine, if there is one.
func withdraw() *Defers {
	if offer.Load() == 0 {
		return nil
	}
	d, ok := offers.LoadAndDelete(goid.Get())
	if !ok {
		return nil
	}
	offer.Add(-1)
	task.Lower()
	return d.(*Defers)
}

// offerTo offers the panic to what f calls.
func (d *Defers) offerTo(f func()) {
	offers.Store(goid.Get(), d)
	offer.Add(1)
	task.Raise()
	defer withdraw()
	f()
}

// Run calls body and then what was deferred, however body ends.
func Run(d *Defers, body func()) {
	done := false
	defer func() {
		if !done {
			d.caught(recover())
		}
		d.unwind()
		if d.panicking {
			panic(d.value)
		}
	}()
	body()
	done = true
}

// caught notes a panic; v is nil when runtime.Goexit is under way.
func (d *Defers) caught(v any) {
	d.panicking, d.value = v != nil, nil
	if v != nil {
		d.value = genuine(v)
	}
}

// unwind makes the deferred calls, the last first.
func (d *Defers) unwind() {
	for len(d.calls) > 0 {
		d.call()
	}
}

// call makes the last deferred call. A panic of it takes the place of the one under way, and
// runtime.Goexit makes the remaining calls too.
func (d *Defers) call() {
	c := d.calls[len(d.calls)-1]
	d.calls = d.calls[:len(d.calls)-1]
	done := false
	defer func() {
		if done {
			return
		}
		v := recover()
		d.caught(v)
		if v == nil {
			d.unwind()
		}
	}()
	if c.offer && d.panicking {
		d.offerTo(c.f)
	} else {
		c.f()
	}
	done = true
}
