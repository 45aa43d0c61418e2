package benchmarks

import (
	"context"
	"io"
	"sync"
	"syscall"
	"testing"

	"github.com/alitto/pond/v2"
	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/panjf2000/ants/v2"
	"github.com/sourcegraph/conc/iter"
	"github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
)

const workers = 8

var (
	background = context.Background()
	nothing    = func() {}
	one        = func(context.Context) (int, error) { return 1, nil }
)

// measured runs f for b, and reports the processor time it has used.
func measured(b *testing.B, f func(n int)) {
	b.Helper()
	b.ReportAllocs()
	b.ResetTimer()
	before := used()
	f(b.N)
	b.ReportMetric(float64(used()-before)/float64(b.N), "cpu-ns/op")
}

func used() int64 {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u.Utime.Nano() + u.Stime.Nano()
}

// silent is the output of a run that prints nothing.
type silent struct{}

func (silent) Write(string, []byte) {}

func (silent) Input(context.Context, string, bool) (string, error) { return "", io.EOF }

// cell is measured in a run, as a cell is one.
func cell(b *testing.B, f func(n int)) {
	b.Helper()
	r := task.NewRun(1, silent{})
	r.Do(func() { measured(b, f) })
	if err := r.Close(background); err != nil {
		b.Error(err)
	}
}

func shutdown(b *testing.B, p *concurrency.ThreadPool) {
	if err := p.Shutdown(background); err != nil {
		b.Error(err)
	}
}

func bounded() *concurrency.ThreadPool {
	return concurrency.NewThreadPool().WithWorkers(workers).WithQueue(1024)
}

// BenchmarkSubmit is functions that do nothing and have no result.
func BenchmarkSubmit(b *testing.B) {
	channel := func(n int) {
		jobs := make(chan func(), 1024)
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for f := range jobs {
					f()
				}
			})
		}
		for range n {
			jobs <- nothing
		}
		close(jobs)
		wg.Wait()
	}
	b.Run("channel", func(b *testing.B) { measured(b, channel) })
	ours := func(b *testing.B, p *concurrency.ThreadPool) func(n int) {
		return func(n int) {
			for range n {
				_ = p.Go(background, nothing)
			}
			shutdown(b, p)
		}
	}
	b.Run("ThreadPool.Go", func(b *testing.B) { measured(b, ours(b, bounded())) })
	b.Run("ThreadPool.Go-unbounded", func(b *testing.B) {
		measured(b, ours(b, concurrency.NewThreadPool().WithWorkers(workers)))
	})
	b.Run("ThreadPool.GoCell", func(b *testing.B) { cell(b, ours(b, bounded())) })
	b.Run("pond.Go", func(b *testing.B) {
		measured(b, func(n int) {
			p := pond.NewPool(workers)
			for range n {
				_ = p.Go(nothing)
			}
			p.StopAndWait()
		})
	})
	b.Run("conc", func(b *testing.B) {
		measured(b, func(n int) {
			p := pool.New().WithMaxGoroutines(workers)
			for range n {
				p.Go(nothing)
			}
			p.Wait()
		})
	})
	b.Run("ants", func(b *testing.B) {
		measured(b, func(n int) {
			p, _ := ants.NewPool(workers)
			defer p.Release()
			var wg sync.WaitGroup
			wg.Add(n)
			for range n {
				_ = p.Submit(wg.Done)
			}
			wg.Wait()
		})
	})
	b.Run("goroutine", func(b *testing.B) {
		measured(b, func(n int) {
			var wg sync.WaitGroup
			for range n {
				wg.Go(nothing)
			}
			wg.Wait()
		})
	})
}

// BenchmarkGroup is functions that return an error.
func BenchmarkGroup(b *testing.B) {
	b.Run("errgroup", func(b *testing.B) {
		measured(b, func(n int) {
			var g errgroup.Group
			for range n {
				g.Go(func() error { return nil })
			}
			_ = g.Wait()
		})
	})
	b.Run("errgroup-limit", func(b *testing.B) {
		measured(b, func(n int) {
			var g errgroup.Group
			g.SetLimit(workers)
			for range n {
				g.Go(func() error { return nil })
			}
			_ = g.Wait()
		})
	})
	ours := func(g *concurrency.Group) func(n int) {
		return func(n int) {
			for range n {
				g.Go(func(context.Context) error { return nil })
			}
			_ = g.Wait()
		}
	}
	b.Run("Group", func(b *testing.B) { measured(b, ours(concurrency.NewGroup(background))) })
	b.Run("Group-limit", func(b *testing.B) {
		measured(b, ours(concurrency.NewGroup(background).WithLimit(workers)))
	})
	b.Run("GroupCell", func(b *testing.B) { cell(b, ours(concurrency.NewGroup(background))) })
}

// BenchmarkFuture is functions with a result that is asked for, after a thousand were submitted.
func BenchmarkFuture(b *testing.B) {
	const window = 1000
	ours := func(b *testing.B) func(n int) {
		return func(n int) {
			p := concurrency.NewThreadPool().WithWorkers(workers)
			futures := make([]*concurrency.Future[int], 0, window)
			for n > 0 {
				futures = futures[:0]
				for range min(n, window) {
					futures = append(futures, concurrency.Submit(background, p, one))
				}
				for _, f := range futures {
					_, _ = f.Result(background)
				}
				n -= window
			}
			shutdown(b, p)
		}
	}
	b.Run("Submit", func(b *testing.B) { measured(b, ours(b)) })
	b.Run("SubmitCell", func(b *testing.B) { cell(b, ours(b)) })
	b.Run("pond", func(b *testing.B) {
		measured(b, func(n int) {
			p := pond.NewResultPool[int](workers)
			results := make([]pond.ResultTask[int], 0, window)
			for n > 0 {
				results = results[:0]
				for range min(n, window) {
					results = append(results, p.Submit(func() int { return 1 }))
				}
				for _, r := range results {
					_, _ = r.Wait()
				}
				n -= window
			}
			p.StopAndWait()
		})
	})
	b.Run("conc", func(b *testing.B) {
		measured(b, func(n int) {
			for n > 0 {
				p := pool.NewWithResults[int]().WithMaxGoroutines(workers)
				for range min(n, window) {
					p.Go(func() int { return 1 })
				}
				p.Wait()
				n -= window
			}
		})
	})
}

// passes calls f for n items, those of a slice that was made in advance, a part of it at a time. So all find the items in the same memory, and what
// they make is collected and used again: the memory that a process touches first costs more than a map.
func passes(n int, f func(items []int)) {
	for ; n > 0; n -= len(numbers) {
		f(numbers[:min(n, len(numbers))])
	}
}

var numbers = func() []int {
	items := make([]int, 100_000)
	for i := range items {
		items[i] = i
	}
	return items
}()

// BenchmarkMap is an item of an ordered map.
func BenchmarkMap(b *testing.B) {
	// By hand, as many at a time as there are workers. Map promises what the second does too: that no item begins when one has failed.
	b.Run("chunks", func(b *testing.B) { measured(b, func(n int) { passes(n, func(items []int) { plain(b, items) }) }) })
	b.Run("chunks-heeding", func(b *testing.B) { measured(b, func(n int) { passes(n, func(items []int) { heeding(b, items) }) }) })
	ours := func(b *testing.B) func(n int) {
		return func(n int) {
			p := concurrency.NewThreadPool().WithWorkers(workers)
			passes(n, func(items []int) {
				if _, err := concurrency.Map(background, p, items, double); err != nil {
					b.Error(err)
				}
			})
			shutdown(b, p)
		}
	}
	b.Run("Map", func(b *testing.B) { measured(b, ours(b)) })
	b.Run("MapCell", func(b *testing.B) { cell(b, ours(b)) })
	b.Run("conc-iter", func(b *testing.B) {
		measured(b, func(n int) {
			m := iter.Mapper[int, int]{MaxGoroutines: workers}
			passes(n, func(items []int) {
				_, _ = m.MapErr(items, func(i *int) (int, error) { return double(background, *i) })
			})
		})
	})
	seq := func(b *testing.B, opts ...concurrency.MapOption) func(n int) {
		return func(n int) {
			p := concurrency.NewThreadPool().WithWorkers(workers)
			items := func(yield func(int) bool) {
				for i := range n {
					if !yield(i) {
						return
					}
				}
			}
			for _, err := range concurrency.MapSeq(background, p, items, double, opts...) {
				if err != nil {
					b.Error(err)
				}
			}
			shutdown(b, p)
		}
	}
	b.Run("MapSeq", func(b *testing.B) { measured(b, seq(b)) })
	b.Run("MapSeq-256", func(b *testing.B) { measured(b, seq(b, concurrency.ChunkSize(256))) })
}

// doubled is double, called and not copied to where it is called.
var doubled = double

// plain doubles the items in chunks.
func plain(b *testing.B, items []int) []int {
	results := make([]int, len(items))
	chunks(b, len(items), func(at, end int) error {
		for i := at; i < end; i++ {
			v, err := doubled(background, items[i])
			if err != nil {
				return err
			}
			results[i] = v
		}
		return nil
	})
	return results
}

// heeding doubles the items in chunks, until one has failed.
func heeding(b *testing.B, items []int) []int {
	results := make([]int, len(items))
	ctx, cancel := context.WithCancel(background)
	defer cancel()
	chunks(b, len(items), func(at, end int) error {
		for i := at; i < end; i++ {
			if err := ctx.Err(); err != nil {
				return err
			}
			v, err := doubled(ctx, items[i])
			if err != nil {
				cancel()
				return err
			}
			results[i] = v
		}
		return nil
	})
	return results
}

// chunks has f do n items in as many chunks as Map makes of them, on goroutines of its own.
func chunks(b *testing.B, n int, f func(at, end int) error) {
	size := max(n/(workers*8), 1)
	jobs := make(chan int)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for at := range jobs {
				if err := f(at, min(at+size, n)); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for at := 0; at < n; at += size {
		jobs <- at
	}
	close(jobs)
	wg.Wait()
}
