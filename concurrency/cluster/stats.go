package cluster

import (
	"cmp"
	"slices"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/parcel"
)

// pools are the pools that are not shut down: what a host lists.
var pools parcel.List[*core]

// Stats tell of a pool.
type Stats struct {
	Name      string
	URL       string // that the pool was connected with
	Server    string // the one it is connected to now, "" if to none
	Connected bool
	Queue     string
	Labels    []string // that workers must have
	Version   Version  // that they must be
	Waiting   int      // functions that no worker has said to have
	Running   int      // that one has
	Done      uint64   // functions that returned a result,
	Failed    uint64   // an error, or panicked,
	Died      uint64   // or died with their process,
	Lost      uint64   // or with their worker
	// Redelivered is how many times an idempotent function was given to another worker, Duplicated how many of its results were not the
	// first, and Dead how many were given up after their last attempt.
	Redelivered, Duplicated, Dead uint64
	Missing                       string // why no worker fits, "" if one does
	Workers                       []WorkerStats
	// Reports are how far functions have come that run and have said so, the oldest first, at most 20.
	Reports []Report
	Shut    bool
}

// A Report is how far a function has come, see [concurrency.Report].
type Report struct {
	Func     string
	Host     string // its worker's, "" if that is not known any more
	Progress concurrency.Progress
}

// maxReports is how many reports are listed.
const maxReports = 20

// reports lists how far functions have come. c.mu is held.
func (c *core) reports() (out []Report) {
	var items []*item
	for _, it := range c.items {
		if it.progress != nil {
			items = append(items, it)
		}
	}
	slices.SortFunc(items, func(a, b *item) int { return cmp.Compare(a.seq, b.seq) })
	for _, it := range items[:min(len(items), maxReports)] {
		r := Report{Func: base(it.routine.Name), Progress: *it.progress}
		if w := c.peers[it.reporter]; w != nil {
			r.Host = w.Host
		}
		out = append(out, r)
	}
	return out
}

// WorkerStats tell of a worker, as it has said last.
type WorkerStats struct {
	ID, Name, Host     string
	Pid                int
	Version            Version
	Fits               bool // it takes work of the pool
	Labels             []string
	Queue              string
	Concurrency        int // how many functions it runs at a time
	Running            int // functions it has now, of all pools
	Done, Failed, Died uint64
	Rate               float64       // functions a second, lately
	Age                time.Duration // since it has joined
	Seen               time.Duration // since its last sign of life
	Draining           bool          // it takes no more
}

// Pools returns what the pools of the program do that were not shut down.
func Pools() []Stats {
	var out []Stats
	for _, c := range pools.All() {
		out = append(out, c.stats())
	}
	return out
}

// Stats tells what the pool does. It does not block.
func (p *Pool) Stats() Stats { return of(p).stats() }

func (c *core) stats() Stats {
	url := At(c.link.ConnectedUrl()).String() // a token in it is not for listings
	c.mu.Lock()
	defer c.mu.Unlock()
	s := Stats{
		Name: c.name, URL: c.server.String(), Server: url, Connected: c.connected, Queue: c.want.Queue, Labels: slices.Clone(c.want.Labels),
		Version: c.version, Done: c.counts.done, Failed: c.counts.failed, Died: c.counts.died, Lost: c.counts.lost, Redelivered: c.counts.redelivered,
		Duplicated: c.counts.duplicated, Dead: c.counts.dead, Missing: c.missing(), Shut: c.shut, Reports: c.reports(),
	}
	for _, it := range c.items {
		if it.state == taken {
			s.Running++
		} else {
			s.Waiting++
		}
	}
	for _, w := range c.peers {
		if !w.known {
			continue
		}
		s.Workers = append(s.Workers, WorkerStats{
			ID: w.ID, Name: w.Name, Host: w.Host, Pid: w.Pid, Version: w.Version, Fits: w.usable(), Labels: w.Labels, Queue: w.Queue,
			Concurrency: w.Concurrency, Running: w.Running, Done: w.Done, Failed: w.Failed, Died: w.Died, Rate: w.Rate, Age: w.Age,
			Seen: time.Since(w.seen), Draining: w.Draining,
		})
	}
	slices.SortFunc(s.Workers, func(a, b WorkerStats) int {
		return cmp.Or(cmp.Compare(a.Host, b.Host), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return s
}
