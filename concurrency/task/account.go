package task

import (
	"runtime"
	"sync"
	"time"
)

// Stats returns what the run has cost. Wall, CPU and allocations grow while Do runs, the sums over tasks as long as a
// task lives; a wait that is going on counts up to now. Stats does not block and may be called any time. It looks at
// every task there is, which takes about 0.3 µs each.
func (r *Run) Stats() Stats {
	used := r.meter.read()
	s, whole := r.look(used)
	for range 10 {
		if whole {
			break
		}
		runtime.Gosched()
		s, whole = r.look(used)
	}
	return s
}

// look completes what the process has used with the sums over the tasks. It reports whether it has seen each task once: one that ends
// meanwhile may be in none of the sums, or in two.
func (r *Run) look(s Stats) (_ Stats, whole bool) {
	count := r.census.count.Load()
	s.Tasks, s.Peak, s.Live = r.census.born(), r.census.peak.Load(), r.census.live()
	s.Waiting = map[Kind]time.Duration{}
	var lived ticks
	for i := range r.census.wards {
		w := &r.census.wards[i]
		lived += ticks(w.lived.Load())
		for k := range w.waited {
			s.Waiting[Kind(k)] += time.Duration(w.waited[k].Load())
		}
	}
	end := tick()
	seen := int64(0)
	each(func(t *Task) {
		if t.run == r {
			seen++
			began, kind, d := t.share()
			lived += max(end-began, 0)
			s.Waiting[kind] += d
		}
	})
	s.Running = rate().duration(lived)
	for kind, d := range s.Waiting {
		s.Running -= d
		if kind == WaitSleep || d == 0 {
			delete(s.Waiting, kind)
		}
		if kind == WaitSleep {
			s.Sleeping = d
		}
	}
	// A task that went on while this looked may be in one of the sums and not in the other.
	s.Running = max(s.Running, 0)
	return s, seen == s.Live && count == r.census.count.Load()
}

// come counts t, which the task by starts now.
func (t *Task) come(by int64) {
	t.run.census.come()
	t.began = t.run.census.ward(by).tick()
	t.recording().logged(t)
}

// share returns when t began, what it waits for, and how long it has.
func (t *Task) share() (ticks, Kind, time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.rare == nil || t.rare.wait.kind == WaitNone {
		return t.began, WaitNone, 0
	}
	return t.began, t.rare.wait.kind, max(now()-t.rare.wait.since, 0)
}

// account adds a wait of t that has lasted d to the sums of its run.
func (t *Task) account(kind Kind, d time.Duration) {
	if d > 0 && int(kind) < len(kindText) {
		t.run.census.ward(t.id).waited[kind].Add(int64(d))
	}
}

// A meter measures what the process uses while it runs.
type meter struct {
	mu      sync.Mutex
	running bool
	began   usage
	total   usage // of the times before
}

// usage is what the process has used since it began.
type usage struct {
	at, cpu        time.Duration
	objects, bytes uint64
}

// readUsage reads it. It stops the world, for some 5 µs: what package runtime/metrics tells without that leaves out what each
// processor has allocated last, which in a short cell is everything.
func readUsage() usage {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return usage{now(), cpuTime(), m.Mallocs, m.TotalAlloc}
}

func (m *meter) start() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.running, m.began = true, readUsage()
}

func (m *meter) stop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.total, m.running = m.now(), false
}

// now returns what has been used up to now. m.mu is held.
func (m *meter) now() usage {
	u := m.total
	if m.running {
		n := readUsage()
		u.at += n.at - m.began.at
		u.cpu += n.cpu - m.began.cpu
		u.objects += n.objects - m.began.objects
		u.bytes += n.bytes - m.began.bytes
	}
	return u
}

func (m *meter) read() Stats {
	m.mu.Lock()
	defer m.mu.Unlock()
	u := m.now()
	return Stats{Wall: u.at, CPU: u.cpu, Allocs: u.objects, AllocBytes: u.bytes}
}
