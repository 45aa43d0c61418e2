package task

import (
	"reflect"
	"time"
	"unsafe"
)

// Timers and tickers of controlled runs are Go's own, set so far ahead that they never go off: their channels get
// the time from the run's clock. When control ends they are set to what is left, and go on by themselves.

// never is when the real timer behind a virtual one would go off.
const never = 1 << 62

// sender returns the channel behind a timer's.
func sender(c <-chan time.Time) chan time.Time { return *(*chan time.Time)(unsafe.Pointer(&c)) }

// channelBell returns a bell that sends the time on ch.
func (c *control) channelBell(ch <-chan time.Time) *bell {
	send := sender(ch)
	return &bell{c: c, index: -1, send: send, line: reflect.ValueOf(send).UnsafePointer()}
}

// timing is a point before an operation on a timer. It returns the control that the calling task is under, with its mutex
// held, or nil.
func timing(site Site) *control {
	if watch.Load() == 0 {
		return nil
	}
	s := steering()
	if s == nil || !s.c.point(s, Op{Kind: OpTimer, Site: site}) {
		return nil
	}
	s.c.mu.Lock()
	if s.c.off.Load() {
		s.c.mu.Unlock()
		return nil
	}
	return s.c
}

// NewTimer is what time.NewTimer(d) is lowered to.
func NewTimer(d time.Duration, site Site) *time.Timer {
	c := timing(site)
	if c == nil {
		return time.NewTimer(d)
	}
	defer c.mu.Unlock()
	t := time.NewTimer(never)
	c.set(c.timer(t), d)
	return t
}

// timer returns the bell of a timer with a channel. c.mu is held.
func (c *control) timer(t *time.Timer) *bell {
	return c.belled(unsafe.Pointer(t), t.C, func(_ *bell, d time.Duration) { t.Reset(d) })
}

// belled returns the bell of a timer or ticker with a channel, which reset starts in real time. c.mu is held.
func (c *control) belled(p unsafe.Pointer, ch <-chan time.Time, reset func(*bell, time.Duration)) *bell {
	a := c.timers[p]
	if a == nil {
		a = c.channelBell(ch)
		a.real = func(d time.Duration) { reset(a, d) }
		c.timers[p] = a
	}
	return a
}

// After is what time.After(d) is lowered to.
func After(d time.Duration, site Site) <-chan time.Time {
	c := timing(site)
	if c == nil {
		return time.After(d)
	}
	defer c.mu.Unlock()
	t := time.NewTimer(never)
	a := c.channelBell(t.C)
	a.real = func(d time.Duration) { t.Reset(d) }
	c.set(a, d)
	return t.C
}

// StopTimer is what t.Stop() is lowered to.
func StopTimer(t *time.Timer, site Site) bool {
	c := timing(site)
	if c == nil {
		return t.Stop()
	}
	defer c.mu.Unlock()
	a := c.timers[unsafe.Pointer(t)]
	if a == nil {
		return t.Stop()
	}
	if a.send != nil {
		t.Stop() // takes an old time out of the channel
	}
	return c.unsetTimer(a)
}

// unsetTimer takes a timer's bell back, and reports whether nobody has got the time yet. c.mu is held.
func (c *control) unsetTimer(a *bell) bool {
	held := c.full[a.line]
	delete(c.full, a.line)
	return c.unset(a) || held
}

// ResetTimer is what t.Reset(d) is lowered to.
func ResetTimer(t *time.Timer, d time.Duration, site Site) bool {
	c := timing(site)
	if c == nil {
		return t.Reset(d)
	}
	defer c.mu.Unlock()
	a := c.timers[unsafe.Pointer(t)]
	if a == nil {
		if t.C == nil { // of time.AfterFunc, made before this run
			return t.Reset(d)
		}
		a = c.timer(t)
		was := t.Reset(never)
		c.set(a, d)
		return was
	}
	if a.send != nil {
		t.Reset(never)
	}
	was := c.unsetTimer(a)
	c.set(a, d)
	return was
}

// steerAfterFunc is AfterFunc under control. It returns false when the calling task is not.
func steerAfterFunc(site Site, d time.Duration, f func()) (*time.Timer, bool) {
	c := timing(site)
	if c == nil {
		return nil, false
	}
	defer c.mu.Unlock()
	call := current().callback(site, f)
	t := time.AfterFunc(never, call)
	a := &bell{c: c, index: -1, real: func(d time.Duration) { t.Reset(d); noteTimer(t) }}
	spawn := current().later(site, f)
	a.fire = func() { spawn() }
	c.timers[unsafe.Pointer(t)] = a
	c.set(a, d)
	return t, true
}

// later returns a function that starts f as a task, a child of t.
func (t *Task) later(site Site, f func()) func() {
	run, up, to := t.run, t.ancestor(), t.to.Load()
	return func() {
		c := &Task{run: run, site: site, f: f, up: up}
		c.inherit(to)
		c.start(0)
	}
}

// NewTicker is what time.NewTicker(d) is lowered to.
func NewTicker(d time.Duration, site Site) *time.Ticker {
	if d <= 0 {
		return time.NewTicker(d) // panics
	}
	c := timing(site)
	if c == nil {
		return time.NewTicker(d)
	}
	defer c.mu.Unlock()
	t := time.NewTicker(never)
	c.setTicker(c.ticker(t), d)
	return t
}

// ticker returns the bell of a ticker. c.mu is held.
func (c *control) ticker(t *time.Ticker) *bell {
	return c.belled(unsafe.Pointer(t), t.C, func(a *bell, _ time.Duration) { t.Reset(a.period) })
}

func (c *control) setTicker(a *bell, d time.Duration) {
	a.period = d
	c.set(a, d)
}

// Tick is what time.Tick(d) is lowered to.
func Tick(d time.Duration, site Site) <-chan time.Time {
	if d <= 0 {
		return nil
	}
	return NewTicker(d, site).C
}

// StopTicker is what t.Stop() is lowered to for a ticker.
func StopTicker(t *time.Ticker, site Site) {
	c := timing(site)
	t.Stop()
	if c == nil {
		return
	}
	defer c.mu.Unlock()
	if a := c.timers[unsafe.Pointer(t)]; a != nil {
		c.unsetTimer(a)
		delete(c.timers, unsafe.Pointer(t))
	}
}

// ResetTicker is what t.Reset(d) is lowered to for a ticker.
func ResetTicker(t *time.Ticker, d time.Duration, site Site) {
	if d <= 0 {
		t.Reset(d) // panics
	}
	c := timing(site)
	if c == nil {
		t.Reset(d)
		return
	}
	defer c.mu.Unlock()
	t.Reset(never)
	a := c.ticker(t)
	c.unsetTimer(a)
	c.setTicker(a, d)
}

// Now is what time.Now() is lowered to: the time on the clock of the cell, which is not the real one in a
// controlled run.
func Now() time.Time {
	if c := virtual(); c != nil {
		return c.read()
	}
	return time.Now()
}

// read returns the date and time, for a task that reads the clock.
func (c *control) read() time.Time {
	if s := steering(); s != nil {
		c.point(s, Op{Kind: OpTimer})
	}
	return c.calendar()
}

// Since is what time.Since(t) is lowered to.
func Since(t time.Time) time.Duration {
	if c := virtual(); c != nil {
		return c.read().Sub(t)
	}
	return time.Since(t)
}

// Until is what time.Until(t) is lowered to.
func Until(t time.Time) time.Duration {
	if c := virtual(); c != nil {
		return t.Sub(c.read())
	}
	return time.Until(t)
}
