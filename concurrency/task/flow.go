package task

import (
	"reflect"
	"unsafe"
)

// In a controlled run every communication goes through the scheduler, so a recording need not find out who has sent what.

// source returns the task that has the turn as the tail of an arrow, nobody if it is not recorded. c.mu is held.
func (c *control) source() source {
	if c.current == nil || c.current.t.log == nil {
		return source{}
	}
	return source{c.current.t.log, c.drawn(), c.current.op.Site}
}

// flow draws an arrow to the task of s. c.mu is held.
func (c *control) flow(kind ArrowKind, from source, to *seat, object any) {
	if to != nil && to.t.log != nil {
		from.to(to.t.log, kind, object)
	}
}

// stored notes that from has put something into the buffer of a channel. c.mu is held.
func (c *control) stored(p unsafe.Pointer, ch reflect.Value, from source) {
	if recordings.Load() == 0 {
		return
	}
	list := c.stores[p]
	for len(list) < ch.Len()-1 { // what was there before, or came from others
		list = append(list, source{})
	}
	c.stores[p] = append(list, from)
}

// fetched returns who has put in what was taken out of the buffer of a channel. c.mu is held.
func (c *control) fetched(p unsafe.Pointer) source {
	list := c.stores[p]
	if len(list) == 0 {
		return source{}
	}
	c.stores[p] = list[1:]
	return list[0]
}
