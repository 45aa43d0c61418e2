package measure

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/gobraid/gobraid/concurrency/task"
)

// Memory measures what a unit takes while it waits: it parks several numbers of each, and divides by the number what there is more than
// before. It blocks until all have been measured and released. In between it returns what is free to the operating system, which
// slows everything down for a while. When ctx ends it returns its cause before the next step. It is an error in a controlled run.
//
// Units that wait reuse what earlier ones have left: Go keeps the descriptors of goroutines that have ended. So before it measures Memory
// has goroutines wait until there are no such descriptors any more.
func Memory(ctx context.Context, units ...Unit) (*Footprint, error) {
	if t := task.Current(); t != nil && t.Run().Controlled() {
		return nil, errors.New("measure: memory: not in a controlled run")
	}
	if len(units) == 0 {
		return nil, errors.New("measure: nothing to measure")
	}
	var soaked soaked
	defer soaked.release()
	f := &Footprint{}
	for _, u := range units {
		if u.Park == nil {
			return nil, fmt.Errorf("measure: %s: no function", u.Name)
		}
		counts := u.Counts
		if counts == nil {
			counts = []int{1000, 2000, 3000, 4000, 5000}
		}
		for _, n := range counts {
			if n < 1 {
				return nil, fmt.Errorf("measure: %s: %d of them", u.Name, n)
			}
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			soaked.soak()
			p, err := u.measure(ctx, n)
			if err != nil {
				return nil, fmt.Errorf("measure: %s: %w", u.Name, err)
			}
			f.parked = append(f.parked, p)
			task.Safepoint()
		}
	}
	return f, nil
}

// measure parks n units.
func (u Unit) measure(ctx context.Context, n int) (Parked, error) {
	debug.FreeOSMemory()
	heap, resident := goMemory(), rss()
	begin := task.Now()
	release, err := u.Park(ctx, n)
	if err != nil {
		return Parked{}, err
	}
	defer release()
	took := task.Since(begin)
	task.Safepoint() // what follows takes a while
	runtime.GC()
	each := float64(n)
	return Parked{u.Name, n, (goMemory() - heap) / each, (rss() - resident) / each, took.Seconds() / each}, nil
}

// goMemory returns how many bytes are in use for objects and for stacks.
func goMemory() float64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) + float64(m.StackInuse)
}

// soaked are goroutines that wait only so that they have the descriptors which others have left.
type soaked struct{ releases []func() }

// soak has goroutines wait until each that is started needs a new descriptor, and another thing to wait in the line of a channel with. These
// are the only two objects that are made for one.
func (s *soaked) soak() {
	const batch, most = 1024, 1 << 16
	park := goroutines(func() {})
	var m runtime.MemStats
	for range most / batch {
		runtime.ReadMemStats(&m)
		before := m.Mallocs
		r, _ := park(context.Background(), batch) // which does not fail
		s.releases = append(s.releases, r)
		runtime.ReadMemStats(&m)
		if m.Mallocs-before >= batch*3/2 {
			return
		}
	}
}

func (s *soaked) release() {
	for _, r := range s.releases {
		r()
	}
}
