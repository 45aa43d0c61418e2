package session

import (
	"context"
	"fmt"
	"time"
)

// The watch over a process's memory. The address space cannot be limited (a Go process reserves far
// more than it uses), and the collector's soft limit cannot stop what is still referenced. So the host
// looks, the more often the less room there is: a process would have to touch growthRate bytes a second
// to be twice as far over the limit as it was below it at the last look.
const (
	growthRate = 8 << 30 // bytes a second, more than one machine of today can fault in
	shortLook  = 10 * time.Millisecond
	longLook   = 500 * time.Millisecond

	// Memory that is allocated and never touched costs next to nothing, but a loop that does nothing
	// else would take a quarter of an hour to fail of itself. So mapping several times the limit counts
	// as using it.
	mappedFactor = 4
	mappedLeast  = 16 << 30
)

// watch kills the process when it uses more than the limit. It returns when ctx ends.
func (p *process) watch(ctx context.Context, limit int64) {
	if limit <= 0 {
		return
	}
	_, base, err := memoryOf(p.pid)
	if err != nil {
		return
	}
	mappable := max(mappedFactor*limit, mappedLeast)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		used, mapped, err := memoryOf(p.pid)
		if err != nil {
			return // it has died, which others notice
		}
		if used > limit {
			p.kill(causeMemory, "used more than "+bytesText(limit)+" of memory")
			return
		}
		if mapped-base > mappable {
			p.kill(causeMemory, "allocated more than "+bytesText(mappable)+" of memory")
			return
		}
		timer.Reset(nextLook(limit - used))
	}
}

// nextLook is when to look again, given the bytes of room that are left.
func nextLook(room int64) time.Duration {
	d := time.Duration(float64(room) / growthRate * float64(time.Second))
	return min(max(d, shortLook), longLook)
}

// bytesText writes a number of bytes for people.
func bytesText(n int64) string {
	if n < 1<<30 {
		return fmt.Sprintf("%.4g MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%.4g GiB", float64(n)/(1<<30))
}
