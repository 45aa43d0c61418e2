package notebooks

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// watch keeps a progress line on a terminal until the function it returns is called; that waits for
// the end of what draws it.
func (r *run) watch() (stop func()) {
	if !r.opts.Terminal {
		return func() {}
	}
	done := make(chan struct{})
	var drawn sync.WaitGroup
	drawn.Go(func() { r.tick(done) })
	return func() {
		close(done)
		drawn.Wait()
	}
}

// tick keeps the progress line of a terminal until done.
func (r *run) tick(done <-chan struct{}) {
	t := time.NewTicker(200 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-done:
			return
		case <-t.C:
			r.mu.Lock()
			r.screen.progress()
			r.mu.Unlock()
		}
	}
}

// progress draws the progress line below what has been shown, unless that did not end its line.
func (s *screen) progress() {
	if s.current == 0 || s.midline {
		return
	}
	s.clear()
	s.bar = true
	took := time.Since(s.began).Round(100 * time.Millisecond)
	fmt.Fprintf(s.err, "\x1b[2m%s cell %d of %d, %v\x1b[0m", bar(s.current-1, s.of), s.current, s.of, took)
}

// clear takes the progress line away.
func (s *screen) clear() {
	if s.bar {
		io.WriteString(s.err, "\r\x1b[K")
		s.bar = false
	}
}

// bar draws done of all as ten blocks.
func bar(done, all int) string {
	const blocks = 10
	n := done * blocks / all
	return "▰▰▰▰▰▰▰▰▰▰"[:3*n] + "▱▱▱▱▱▱▱▱▱▱"[:3*(blocks-n)]
}
