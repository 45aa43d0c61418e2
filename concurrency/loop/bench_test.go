package loop_test

import (
	"context"
	"iter"
	"syscall"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/loop"
)

// inBoth runs a benchmark on the main coroutine of a loop, in an ordinary program and in a cell.
func inBoth(b *testing.B, f func(ctx context.Context, b *testing.B)) {
	main := func(b *testing.B) {
		run(b, func(ctx context.Context) (int, error) {
			f(ctx, b)
			return 0, nil
		})
	}
	b.Run("program", main)
	b.Run("cell", func(b *testing.B) {
		r, _ := newRun(b, 1)
		r.Do(func() { main(b) })
	})
}

// per reports what one of n things in each of the rounds has cost since from, of time and of the processors. The second says more
// on a busy machine; it has the garbage collector in it.
func per(b *testing.B, n int, from time.Duration) {
	n *= b.N
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/each")
	b.ReportMetric(float64((cpu()-from).Nanoseconds())/float64(n), "cpu-ns/each")
}

// cpu returns what the process has used of the processors.
func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// gathered is how many tasks are gathered at a time.
const gathered = 10_000

func BenchmarkGather(b *testing.B) {
	fs := make([]func(context.Context) (int, error), gathered)
	for i := range fs {
		fs[i] = constant(i)
	}
	inBoth(b, func(ctx context.Context, b *testing.B) {
		from := cpu()
		for b.Loop() {
			if _, err := loop.Gather(ctx, fs...); err != nil {
				b.Error(err)
			}
		}
		per(b, gathered, from)
	})
}

func BenchmarkGroup(b *testing.B) {
	inBoth(b, func(ctx context.Context, b *testing.B) {
		from := cpu()
		for b.Loop() {
			loop.Group(ctx, func(ctx context.Context, g *loop.TaskGroup) error {
				for range gathered {
					g.Go(func(context.Context) error { return nil })
				}
				return nil
			})
		}
		per(b, gathered, from)
	})
}

// Two coroutines take turns: each round is two switches.
func BenchmarkSwitch(b *testing.B) {
	inBoth(b, func(ctx context.Context, b *testing.B) {
		over := false
		other := loop.CreateTask(ctx, func(ctx context.Context) (int, error) {
			for !over {
				loop.Sleep(ctx, 0)
			}
			return 0, nil
		})
		from := cpu()
		for b.Loop() {
			loop.Sleep(ctx, 0)
		}
		over = true
		loop.Await(ctx, other)
		per(b, 2, from)
	})
}

// The floor: a value of iter.Pull, which is two switches of goroutines.
func BenchmarkSwitchOfPull(b *testing.B) {
	next, stop := iter.Pull(func(yield func(int) bool) {
		for yield(1) {
		}
	})
	defer stop()
	from := cpu()
	for b.Loop() {
		next()
	}
	per(b, 1, from)
}

func BenchmarkSleepers(b *testing.B) {
	inBoth(b, func(ctx context.Context, b *testing.B) {
		fs := make([]func(context.Context) (int, error), gathered)
		for i := range fs {
			fs[i] = func(ctx context.Context) (int, error) { return 0, loop.Sleep(ctx, 50*time.Millisecond) }
		}
		from := cpu()
		for b.Loop() {
			loop.Gather(ctx, fs...)
		}
		per(b, gathered, from)
	})
}

func BenchmarkToThread(b *testing.B) {
	inBoth(b, func(ctx context.Context, b *testing.B) {
		f := constant(1)
		from := cpu()
		for b.Loop() {
			loop.ToThread(ctx, f)
		}
		per(b, 1, from)
	})
}
