package task

import "sync/atomic"

// A census counts the tasks of a run. Tasks that come and go on different processors write to different
// cache lines.
type census struct{ wards [wards]ward }

const wards = 4

type ward struct {
	born, gone atomic.Int64
	_          [48]byte
}

func (c *census) ward(id int64) *ward { return &c.wards[id&(wards-1)] }

// live returns how many have come and not gone. When nobody comes or goes meanwhile, that is the number; when it
// returns 0 there was a moment at which there were none, for what has gone is counted first.
func (c *census) live() int64 {
	var n int64
	for i := range c.wards {
		n -= c.wards[i].gone.Load()
	}
	for i := range c.wards {
		n += c.wards[i].born.Load()
	}
	return n
}
