package task

// A Sender is a channel about to be sent on. Sending is lowered in two steps, To(c, site).Send(v), so that
// the compiler checks and converts v as it does in c <- v.
type Sender[T any] struct {
	c    chan<- T
	site Site
}

// To returns a sender to c.
func To[T any](c chan<- T, site Site) Sender[T] { return Sender[T]{c, site} }

// Send is what c <- v is lowered to. It blocks and panics as that does. A killed task ends while it waits.
func (s Sender[T]) Send(v T) {
	if watch.Load() != 0 {
		k := SelSend(s.c).Val(v)
		if t := steering(); t != nil && t.one(WaitSend, s.site, k) || exchangedOne(WaitSend, s.site, k) {
			return
		}
	}
	select {
	case s.c <- v:
	default:
		s.wait(v)
	}
}

func (s Sender[T]) wait(v T) {
	t := here()
	if t == nil {
		s.c <- v
		return
	}
	stop := t.block(WaitSend, s.c, s.site)
	defer t.unblock()
	select {
	case s.c <- v:
	case <-stop:
		t.die()
	}
}

// Recv is what <-c is lowered to. A killed task ends while it waits.
func Recv[T any](c <-chan T, site Site) T {
	if watch.Load() != 0 {
		k := SelRecv(c)
		if t := steering(); t != nil && t.one(WaitReceive, site, k) || exchangedOne(WaitReceive, site, k) {
			return k.V
		}
	}
	select {
	case v := <-c:
		return v
	default:
		v, _ := recvWait(c, site)
		return v
	}
}

// Recv2 is what v, ok := <-c is lowered to, and each round of a range over a channel.
func Recv2[T any](c <-chan T, site Site) (T, bool) {
	if watch.Load() != 0 {
		k := SelRecv(c)
		if t := steering(); t != nil && t.one(WaitReceive, site, k) || exchangedOne(WaitReceive, site, k) {
			return k.V, k.OK
		}
	}
	select {
	case v, ok := <-c:
		return v, ok
	default:
		return recvWait(c, site)
	}
}

func recvWait[T any](c <-chan T, site Site) (v T, ok bool) {
	t := here()
	if t == nil {
		v, ok = <-c
		return v, ok
	}
	stop := t.block(WaitReceive, c, site)
	defer t.unblock()
	select {
	case v, ok = <-c:
	case <-stop:
		t.die()
	}
	return v, ok
}
