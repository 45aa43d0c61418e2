package task

import (
	"sync/atomic"
	"time"
)

// To read the processor's counter takes some 30 ns, and each task needs two readings, in which starting it takes a few hundred
// ns. So when tasks begin and end in a burst, readings of one ward are shared for about a millisecond. What that does to
// the lifetime of a task, up to a millisecond more or less, cancels out in their sum: a task that lives for a
// hundredth of that time has a chance of one in a hundred to be counted with all of it.

// beat changes every beatInterval while there are bursts, and is odd then.
var beat struct {
	now  atomic.Uint32
	used atomic.Bool // since it has changed
}

const (
	beatInterval = time.Millisecond
	burstLength  = 64                   // readings make a burst
	burstPace    = 5 * time.Microsecond // if there is less time between them
)

// A pulse says whether the tasks of a ward begin and end in a burst.
type pulse struct {
	shared atomic.Int64  // a reading
	beat   atomic.Uint32 // at which it was made
	fast   atomic.Bool   // the last readings were a burst
	count  atomic.Int64  // of readings since
	since  atomic.Int64
}

// tick returns the time in ticks, or what it was a little before.
func (p *pulse) tick() ticks {
	b := beat.now.Load()
	if b&1 != 0 && p.beat.Load() == b {
		if !beat.used.Load() {
			beat.used.Store(true)
		}
		return ticks(p.shared.Load())
	}
	return p.read(b)
}

// read reads the time. It is to be shared if there is a burst.
func (p *pulse) read(b uint32) ticks {
	t := tick()
	if p.count.Add(1)%burstLength == 0 {
		last := ticks(p.since.Swap(int64(t)))
		p.fast.Store(last != 0 && rate().duration(t-last) < burstLength*burstPace)
	}
	if !p.fast.Load() {
		return t
	}
	if b&1 == 0 {
		if beat.now.CompareAndSwap(b, b+1) {
			time.AfterFunc(beatInterval, keepBeat)
		}
		return t
	}
	// Whoever sees the beat sees the reading. If another reads at the same time theirs differ by little.
	p.shared.Store(int64(t))
	p.beat.Store(b)
	return t
}

// keepBeat changes the beat, as long as somebody uses it.
func keepBeat() {
	uncarry()
	if !beat.used.Swap(false) {
		beat.now.Add(1) // even
		return
	}
	beat.now.Add(2)
	time.AfterFunc(beatInterval, keepBeat)
}
