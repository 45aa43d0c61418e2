package task

import "reflect"

// An engine that interprets has no instances of this package's generic functions. The functions of this file do
// the same on channels it holds as any value, with pointers to where a value is taken from or put.

// ChanSend is To(c, site).Send(*v) for a channel c and a pointer v to a value that can be sent on it.
func ChanSend(site Site, c, v any) {
	d := CaseSend(c, v)
	if watch.Load() != 0 {
		if t := steering(); t != nil && t.one(WaitSend, site, d) || exchangedOne(WaitSend, site, d) {
			return
		}
	}
	if !d.try() {
		selectSlow(WaitSend, site, false, []Case{d})
	}
}

// ChanRecv receives from the channel c, stores the value through the pointer v unless v is nil, and
// returns whether the value was sent.
func ChanRecv(site Site, c, v any) (ok bool) {
	d := CaseRecv(c, v, &ok)
	if watch.Load() != 0 {
		if t := steering(); t != nil && t.one(WaitReceive, site, d) || exchangedOne(WaitReceive, site, d) {
			return ok
		}
	}
	if !d.try() {
		selectSlow(WaitReceive, site, false, []Case{d})
	}
	return ok
}

type dynamicCase struct {
	dir  reflect.SelectDir
	c, v reflect.Value // v is what is sent, or the variable that receives
	ok   *bool
	got  bool
}

// CaseSend returns the clause that sends *v on c, like [SelSend].
func CaseSend(c, v any) Case {
	return &dynamicCase{dir: reflect.SelectSend, c: reflect.ValueOf(c), v: reflect.ValueOf(v).Elem()}
}

// CaseRecv returns the clause that receives from c into *v and *ok, of which either may be nil.
func CaseRecv(c, v any, ok *bool) Case {
	d := &dynamicCase{dir: reflect.SelectRecv, c: reflect.ValueOf(c), ok: ok}
	if v != nil {
		d.v = reflect.ValueOf(v).Elem()
	}
	return d
}

func (d *dynamicCase) try() bool {
	if d.dir == reflect.SelectSend {
		return d.c.TrySend(d.value())
	}
	v, ok := d.c.TryRecv()
	if !v.IsValid() { // would block
		return false
	}
	d.took(v, ok)
	return true
}

// value returns what is sent, as the channel's element type.
func (d *dynamicCase) value() reflect.Value {
	elem := d.c.Type().Elem()
	if d.v.Type() == elem {
		return d.v
	}
	v := reflect.New(elem).Elem()
	v.Set(d.v)
	return v
}

func (d *dynamicCase) channel() any { return d.c.Interface() }

func (d *dynamicCase) communicated() bool { return d.got || d.sends() }

func (d *dynamicCase) sends() bool { return d.dir == reflect.SelectSend }

func (d *dynamicCase) reflected() reflect.SelectCase {
	c := reflect.SelectCase{Dir: d.dir, Chan: d.c}
	if d.dir == reflect.SelectSend {
		c.Send = d.value()
	}
	return c
}

func (d *dynamicCase) took(v reflect.Value, ok bool) {
	if d.dir == reflect.SelectSend {
		return
	}
	d.got = ok
	if d.v.IsValid() {
		d.v.Set(v)
	}
	if d.ok != nil {
		*d.ok = ok
	}
}
