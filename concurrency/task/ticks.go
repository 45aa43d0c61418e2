package task

import "time"

// Ticks are what the beginning and the end of a task are measured in: on amd64 the processor's own counter, which is read in
// half the time that the clock takes, and there are two readings to each task, in which everything else takes a few
// hundred ns. Where that counter is not steady, ticks are ns since epoch.
type ticks int64

var (
	steady     = ticksSteady()
	tickEpoch  = readTicks() // at epoch, give or take the time that a program takes to start
	clockEpoch = now()
)

// tick returns the time in ticks.
func tick() ticks {
	if steady {
		return ticks(readTicks())
	}
	return ticks(now())
}

// A tickRate says how long a tick is. The longer the process has lived the better it is known.
type tickRate float64

func rate() tickRate {
	if !steady {
		return 1
	}
	t, c := readTicks(), now()
	return tickRate(float64(c-clockEpoch) / float64(t-tickEpoch))
}

// duration returns how long d is.
func (r tickRate) duration(d ticks) time.Duration { return time.Duration(float64(r) * float64(d)) }

// at returns when t was, in time since epoch.
func (r tickRate) at(t ticks) time.Duration {
	if !steady {
		return time.Duration(t)
	}
	return clockEpoch + r.duration(t-ticks(tickEpoch))
}
