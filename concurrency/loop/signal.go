package loop

import (
	"context"
	"os"
	"os/signal"

	"github.com/gobraid/gobraid/concurrency/task"
)

// OnSignal has f called on the loop whenever the process gets one of the signals, until remove is called or the loop ends: asyncio's
// add_signal_handler. f must not await. It must be called on the loop. In a notebook the interrupt of a cell is no signal to it.
func (l *Loop) OnSignal(f func(os.Signal), signals ...os.Signal) (remove func()) {
	if h := l.shared.Load(); h == nil || !h.Here() {
		misused("Loop", "OnSignal elsewhere than on the loop")
	}
	task.Refuse("Loop.OnSignal")
	ch := make(chan os.Signal, 16)
	signal.Notify(ch, signals...)
	ctx, cancel := task.ContextWithCancel(context.Background())
	w := &handler{ch: ch, cancel: cancel}
	l.opened(w)
	l.threads++
	l.spawn(func() {
		defer l.post(func() { l.threads-- })
		defer signal.Stop(ch)
		for {
			got, end := task.SelRecv[os.Signal](ch), task.SelRecv(ctx.Done())
			if task.Select(0, false, got, end) == 1 {
				return
			}
			s := got.V
			l.post(func() {
				if !w.closed {
					l.call(&Handle{l: l, f: func() { f(s) }})
				}
			})
		}
	})
	return func() {
		delete(l.open, w)
		_ = w.Close()
	}
}

// handler is a handler of signals that the loop removes at its end.
type handler struct {
	ch     chan os.Signal
	cancel func()
	closed bool
}

func (s *handler) Close() error {
	s.closed = true
	s.cancel()
	return nil
}
