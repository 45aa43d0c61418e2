package process

import (
	"runtime"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/parcel"
)

// pools are the pools that have workers, or may have: what a host lists.
var pools parcel.List[*core]

// Stats tell of a pool.
type Stats struct {
	Name    string
	Limit   int // of workers
	Workers []WorkerStats
	Waiting int    // functions that no worker has
	Done    uint64 // functions that returned a result,
	Failed  uint64 // an error, or panicked,
	Died    uint64 // or died with their worker
	Retried uint64
	// Recycled is how many workers were replaced because they had done much, or had grown.
	Recycled uint64
	Shut     bool
	// History is how many functions returned in each of the last 60 seconds, the present one last.
	History []uint64
}

// Rate returns how many functions returned in a second, on average over the last ten that are over. The first seconds of a pool count as
// they are.
func (s Stats) Rate() float64 {
	const span = 10
	if len(s.History) < span+1 {
		return 0
	}
	var sum uint64
	seconds := 0
	for i := range span {
		n := s.History[len(s.History)-2-i]
		if sum += n; n > 0 {
			seconds = i + 1
		}
	}
	if sum == s.Done+s.Failed && seconds > 0 { // it is no older
		return float64(sum) / float64(seconds)
	}
	return float64(sum) / span
}

// WorkerStats tell of a worker.
type WorkerStats struct {
	Pid      int
	Done     int                  // functions
	Has      int                  // functions now
	Func     string               // that runs, or ""
	For      time.Duration        // it has
	Progress concurrency.Progress // that it has reported; zero if it has not
	Age      time.Duration
	Busy     time.Duration // of that
	Bytes    int64         // of memory
	Windows  int           // how many functions it may have at a time
}

// Pools returns what the pools of the program do that have had work and were not shut down.
func Pools() []Stats {
	var out []Stats
	for _, c := range pools.All() {
		out = append(out, c.stats())
	}
	return out
}

// Stats tells what the pool does. It does not block.
func (p *Pool) Stats() Stats { return p.stats() }

func (c *core) stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := Stats{
		Name: c.name, Limit: c.workers, Waiting: c.queue.Len(), Shut: c.shut,
		Done: c.counts.done, Failed: c.counts.failed, Died: c.counts.died, Retried: c.counts.retried, Recycled: c.counts.recycled,
	}
	s.History = c.history.list(time.Now())
	for _, w := range c.live {
		if w.proc == nil {
			continue
		}
		ws := WorkerStats{
			Pid: w.pid, Done: w.done, Has: w.flight.Len(), Age: time.Since(w.started), Busy: w.busy, Bytes: resident(w.pid), Windows: w.window,
		}
		if ws.Has > 0 {
			ws.Func, ws.For = shortName(w.flight.Peek().routine.name), time.Since(w.since)
			if p := w.flight.Peek().progress; p != nil {
				ws.Progress = *p
			}
		}
		s.Workers = append(s.Workers, ws)
	}
	return s
}

// CPUCount returns how many processors the process may use: those that it is allowed to run on, and not more than a limit of
// its control group allows. Python's os.process_cpu_count knows the first only.
func CPUCount() int { return runtime.GOMAXPROCS(0) }
