package task

import "sync/atomic"

// A census counts the tasks of a run: how many are alive, and how many there have been at a time at the most. It is
// one word, so that both are exact; what tasks add up besides goes to wards.
type census struct {
	count atomic.Int64 // how many have been born, and above bornBits how many are alive
	peak  atomic.Int64
	wards [wards]ward
}

// A ward holds the sums of some of the tasks of a run. Tasks that come and go on different processors mostly write to
// different cache lines.
type ward struct {
	lived  atomic.Int64                // ticks between begin and end of tasks that have ended
	waited [len(kindText)]atomic.Int64 // ns of waits that have ended
	pulse
	_ [128 - (8+8*len(kindText)+32)%128]byte
}

const wards = 4

// bornBits leaves room for a trillion tasks, and for eight million at a time.
const bornBits = 40

func (c *census) ward(id int64) *ward { return &c.wards[id&(wards-1)] }

// come counts a task that is about to begin.
func (c *census) come() { c.add(1<<bornBits + 1) }

// enter counts a visitor, which is alive from now on, but is no other each time that it waits.
func (c *census) enter() { c.add(1 << bornBits) }

func (c *census) add(n int64) {
	n = c.count.Add(n) >> bornBits
	for p := c.peak.Load(); n > p && !c.peak.CompareAndSwap(p, n); p = c.peak.Load() {
	}
}

// leave counts a task that has ended.
func (c *census) leave() { c.count.Add(-1 << bornBits) }

// live returns how many have come and not gone.
func (c *census) live() int64 { return c.count.Load() >> bornBits }

// born returns how many have come.
func (c *census) born() int64 { return c.count.Load() & (1<<bornBits - 1) }
