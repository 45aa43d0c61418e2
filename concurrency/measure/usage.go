package measure

import (
	"math"
	"runtime"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A reading is what the counters show at a moment. What is not known is NaN.
type reading struct {
	at     time.Time
	cpu    float64
	allocs uint64
	bytes  uint64
	split  split
}

// split is what the tasks of a cell have done so far, in seconds, and how many there have been.
type split struct {
	at                         time.Time
	running, waiting, sleeping float64
	tasks                      float64
}

// before reads the counters that run on, the clock last. Reading them costs some ten microseconds, and the same again
// afterwards: the clock, the processor's time and the allocations leave that out.
func before(mem *runtime.MemStats) reading {
	var r reading
	r.split = readSplit()
	r.split.at = task.Now()
	runtime.ReadMemStats(mem)
	r.allocs, r.bytes = mem.Mallocs, mem.TotalAlloc
	r.cpu = cpuTime()
	r.at = task.Now()
	return r
}

// after reads them the other way round.
func after(mem *runtime.MemStats) reading {
	var r reading
	r.at = task.Now()
	r.cpu = cpuTime()
	runtime.ReadMemStats(mem)
	r.allocs, r.bytes = mem.Mallocs, mem.TotalAlloc
	at := task.Now()
	r.split = readSplit()
	r.split.at = at
	return r
}

// readSplit reads what the task runtime knows of the run that the calling task belongs to.
func readSplit() split {
	t := task.Current()
	if t == nil || t.Run().Controlled() {
		nan := math.NaN()
		s := split{running: nan, waiting: nan, sleeping: nan, tasks: nan}
		if t != nil {
			s.tasks = float64(t.Run().Stats().Tasks)
		}
		return s
	}
	st := t.Run().Stats()
	s := split{running: st.Running.Seconds(), sleeping: st.Sleeping.Seconds(), tasks: float64(st.Tasks)}
	for _, d := range st.Waiting {
		s.waiting += d.Seconds()
	}
	return s
}

// spent returns what n calls between two readings have cost, each of them.
func spent(from, to reading, peak float64, n int) [metrics]float64 {
	// The calling task ran while the other counters were read.
	reading := (from.at.Sub(from.split.at) + to.split.at.Sub(to.at)).Seconds()
	all := [metrics]float64{
		Wall:     to.at.Sub(from.at).Seconds(),
		CPU:      to.cpu - from.cpu,
		Running:  max(to.split.running-from.split.running-reading, 0),
		Waiting:  max(to.split.waiting-from.split.waiting, 0),
		Sleeping: max(to.split.sleeping-from.split.sleeping, 0),
		Allocs:   float64(to.allocs - from.allocs),
		Bytes:    float64(to.bytes - from.bytes),
		Tasks:    to.split.tasks - from.split.tasks,
	}
	for m := range all {
		all[m] /= float64(n)
	}
	all[PeakRSS] = peak
	return all
}

// unknown says why a metric is not known, "" if it is.
func unknown(m Metric) string {
	t := task.Current()
	controlled := t != nil && t.Run().Controlled()
	switch m {
	case Running, Waiting, Sleeping:
		if controlled {
			return "time is virtual"
		}
		if t == nil {
			return "only the task runtime of a cell knows it"
		}
	case Tasks:
		if t == nil {
			return "only the task runtime of a cell knows it"
		}
	case CPU:
		if math.IsNaN(cpuTime()) {
			return "this system does not tell"
		}
	case PeakRSS:
		if !resetPeak() || math.IsNaN(peakRSS()) {
			return "this system does not tell"
		}
	}
	return ""
}
