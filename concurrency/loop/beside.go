package loop

import "io"

// What a library needs to have things of its own awaited: [On], an [Awaitable] with a method Notify, [Loop.Beside] and [Loop.Own]. Package
// concurrency/web is made of them.

// notifier is an Awaitable that calls who waits for it.
type notifier interface {
	// Notify has f called when the result is there, at once if it is. f does not block. It may be called from any goroutine.
	Notify(f func())
}

// Beside has f, which may block, run in a task of its own, beside the loop, which waits for it before it ends. It does not block, and must be called
// on the loop. Whoever wants what f does awaits something that f brings about; [ToThread] does both.
func (l *Loop) Beside(f func()) {
	if h := l.shared.Load(); h == nil || !h.Here() {
		misused("Loop", "Beside on another goroutine than the loop's: use Loop.CallSoon")
	}
	l.threads++
	l.spawn(func() {
		defer l.post(func() { l.threads-- })
		f()
	})
}

// Own has the loop close c at its end: when all coroutines have ended, and before it waits for what runs beside. c must be comparable. It
// does not block, and may be called from any goroutine.
func (l *Loop) Own(c io.Closer) { l.here(func() { l.opened(c) }) }

// Disown takes back what [Loop.Own] was told.
func (l *Loop) Disown(c io.Closer) { l.here(func() { delete(l.open, c) }) }
