package process

import "time"

// remembered is how many seconds a pool remembers.
const remembered = 60

// A history counts what happens in each second.
type history struct {
	last   int64 // the second of the newest count
	counts [remembered]uint64
}

// add counts n things that have just happened.
func (h *history) add(now time.Time, n int) {
	h.advance(now)
	h.counts[h.last%remembered] += uint64(n)
}

// advance forgets what is too long ago.
func (h *history) advance(now time.Time) {
	second := max(now.Unix(), h.last)
	for i := max(h.last+1, second-remembered+1); i <= second; i++ {
		h.counts[i%remembered] = 0
	}
	h.last = second
}

// list returns the counts, the oldest first, the second that is not over last.
func (h *history) list(now time.Time) []uint64 {
	h.advance(now)
	out := make([]uint64, remembered)
	for i := range out {
		out[i] = h.counts[(h.last+1+int64(i))%remembered]
	}
	return out
}
