package threads

import (
	"cmp"
	"slices"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A Record is what an execution trace tells about a time: which goroutine ran where. Times count from its beginning.
type Record struct {
	Length     time.Duration
	Cut        bool         // the beginning is missing because there was too much
	Procs      []Lane       // the Ps, which are what a goroutine needs to run; in order of their numbers
	Threads    []Lane       // the threads of the operating system, likewise
	Collector  []Range      // of the garbage collector, in order of their beginning
	Goroutines []*Goroutine // that ran, the one that ran longest first
}

// A Lane is what ran on a P or a thread, in order.
type Lane struct {
	ID    int64
	Spans []Span
}

// A Span is a time in which a goroutine ran somewhere without a break.
type Span struct {
	From, To  time.Duration
	Goroutine int64
	System    bool      // it was in a system call
	Proc      int64     // -1 for none
	Thread    int64     // -1 for none
	Why       string    // why it stopped, in Go's words, such as "chan receive" or "preempted"
	Site      task.Site // where in a cell it stopped
}

// A Range is something that the garbage collector did.
type Range struct {
	From, To time.Duration
	Name     string
	Stop     bool // all goroutines stood still
}

// A Goroutine is what a goroutine did in all.
type Goroutine struct {
	ID          int64
	Running     time.Duration
	System      time.Duration // in system calls
	Ready       time.Duration // waited for a P
	LongestWait time.Duration // for a P
	Assist      time.Duration // helped the garbage collector, waits in between included
	Stops       map[string]int
	Starts      int // how often it began to run
	Moves       int // how often that was on another thread than before
	Procs       []int64
	Threads     []int64
}

// busy returns how much of a lane is in use.
func (l *Lane) busy() time.Duration {
	var sum time.Duration
	for _, s := range l.Spans {
		if !s.System {
			sum += s.To - s.From
		}
	}
	return sum
}

// sum fills in Goroutines from what ran on threads.
func (r *Record) sum(ready map[int64]*waiting) {
	all := map[int64]*Goroutine{}
	get := func(id int64) *Goroutine {
		if all[id] == nil {
			all[id] = &Goroutine{ID: id, Stops: map[string]int{}}
		}
		return all[id]
	}
	type start struct {
		Span
		thread int64
	}
	var starts []start
	for _, l := range r.Threads {
		for _, s := range l.Spans {
			starts = append(starts, start{s, l.ID})
		}
	}
	slices.SortStableFunc(starts, func(a, b start) int { return cmp.Compare(a.From, b.From) })
	last := map[int64]int64{}
	for _, s := range starts {
		g := get(s.Goroutine)
		if s.System {
			g.System += s.To - s.From
			continue
		}
		g.Running += s.To - s.From
		g.Starts++
		if s.Why != "" {
			g.Stops[s.Why]++
		}
		if t, ok := last[g.ID]; ok && t != s.thread {
			g.Moves++
		}
		last[g.ID] = s.thread
		g.Threads = with(g.Threads, s.thread)
		if s.Proc >= 0 {
			g.Procs = with(g.Procs, s.Proc)
		}
	}
	for id, w := range ready {
		if g := all[id]; g != nil {
			g.Ready, g.LongestWait, g.Assist = w.sum, w.longest, w.assist
		}
	}
	r.Goroutines = nil
	for _, g := range all {
		r.Goroutines = append(r.Goroutines, g)
	}
	slices.SortFunc(r.Goroutines, func(a, b *Goroutine) int {
		return cmp.Or(cmp.Compare(b.Running, a.Running), cmp.Compare(a.ID, b.ID))
	})
}

// with returns a sorted list with an element in it.
func with(list []int64, x int64) []int64 {
	i, ok := slices.BinarySearch(list, x)
	if ok {
		return list
	}
	return slices.Insert(list, i, x)
}
