package report

import (
	"encoding/binary"
	"sync"
	"time"
)

// A Pacer passes on one report in a while at most: the first at once, then the latest there is when the while is over, and the last when the function has
// returned. It is a [Sink].
type Pacer struct {
	Every time.Duration
	Send  func(done, total int, text string) // does not block; is called for one at a time

	mu          sync.Mutex
	sent        time.Time
	timer       *time.Timer
	waits       bool // what is below was not sent
	over        bool
	done, total int
	text        string
}

// Report passes it on, now or later.
func (p *Pacer) Report(done, total int, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		return
	}
	p.done, p.total, p.text = done, total, text
	if p.waits {
		return
	}
	now := time.Now()
	rest := p.Every - now.Sub(p.sent)
	if rest <= 0 {
		p.sent = now
		p.Send(done, total, text)
		return
	}
	p.waits = true
	if p.timer == nil {
		p.timer = time.AfterFunc(rest, p.later)
	} else {
		p.timer.Reset(rest)
	}
}

func (p *Pacer) later() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flush()
}

// flush passes on what waits. p.mu is held.
func (p *Pacer) flush() {
	if p.waits {
		p.waits, p.sent = false, time.Now()
		p.Send(p.done, p.total, p.text)
	}
}

// End passes on what waits, and nothing more.
func (p *Pacer) End() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flush()
	p.over = true
	if p.timer != nil {
		p.timer.Stop()
	}
}

// Append appends a report as it is sent to another process.
func Append(b []byte, done, total int, text string) []byte {
	b = binary.AppendVarint(b, int64(done))
	b = binary.AppendVarint(b, int64(total))
	return append(b, text...)
}

// Parse returns a report that was sent, and reports false if b is none.
func Parse(b []byte) (done, total int, text string, ok bool) {
	d, n := binary.Varint(b)
	if n <= 0 {
		return 0, 0, "", false
	}
	t, k := binary.Varint(b[n:])
	if k <= 0 {
		return 0, 0, "", false
	}
	return int(d), int(t), string(b[n+k:]), true
}
