package rt

// Defers is the list of deferred calls of one call of a function.
type Defers struct {
	calls     []func()
	panicking bool
	value     any
}

// NewDefers returns an empty list.
func NewDefers() *Defers { return &Defers{} }

// Push defers f.
func (d *Defers) Push(f func()) { d.calls = append(d.calls, f) }

// Recover is recover() in a function that the list calls.
func (d *Defers) Recover() any {
	if !d.panicking {
		return nil
	}
	d.panicking = false
	take()
	v := d.value
	d.value = nil
	return v
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
	f := d.calls[len(d.calls)-1]
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
	f()
	done = true
}
