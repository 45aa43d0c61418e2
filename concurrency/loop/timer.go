package loop

import "time"

// A timer is a time at which the loop has a coroutine go on or calls a function.
type timer struct {
	at    time.Duration // on the loop's clock
	order uint64
	index int // in the heap, and 1; 0 when it is not there
	c     *coroutine
	h     *Handle
}

// timers is a heap, the next in front; of those due at one time the one that was set first.
type timers []*timer

func (t timers) less(i, j int) bool {
	return t[i].at < t[j].at || t[i].at == t[j].at && t[i].order < t[j].order
}

func (t timers) swap(i, j int) {
	t[i], t[j] = t[j], t[i]
	t[i].index, t[j].index = i+1, j+1
}

func (t timers) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if !t.less(i, parent) {
			return
		}
		t.swap(i, parent)
		i = parent
	}
}

func (t timers) down(i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(t); child++ {
			if t.less(child, least) {
				least = child
			}
		}
		if least == i {
			return
		}
		t.swap(i, least)
		i = least
	}
}

func (t *timers) add(x *timer) {
	*t = append(*t, x)
	x.index = len(*t)
	t.up(len(*t) - 1)
}

// remove takes x out, if it is there.
func (t *timers) remove(x *timer) {
	i := x.index - 1
	if i < 0 {
		return
	}
	last := len(*t) - 1
	if i != last {
		t.swap(i, last)
	}
	(*t)[last] = nil
	*t = (*t)[:last]
	x.index = 0
	if i != last {
		t.up(i)
		t.down(i)
	}
}

// set sets a timer that is not set to go off when d has passed.
func (l *Loop) set(t *timer, d time.Duration) {
	l.orders++
	t.order = l.orders
	now := l.host.Now()
	if t.at = now + max(d, 0); t.at < now { // for ever
		t.at = 1<<63 - 1
	}
	l.timers.add(t)
}

// due makes ready what is due.
func (l *Loop) due() {
	now := l.host.Now()
	for len(l.timers) > 0 && l.timers[0].at <= now {
		t := l.timers[0]
		l.timers.remove(t)
		if t.c != nil {
			t.c.wake()
		} else {
			l.ready.push(entry{h: t.h})
		}
	}
}
