package benchmarks

import (
	"bytes"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// resident returns the memory the process has, in bytes.
func resident(b *testing.B) int {
	debug.FreeOSMemory()
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		b.Skip(err)
	}
	var size, pages int
	if _, err := fmt.Fscan(bytes.NewReader(statm), &size, &pages); err != nil {
		b.Fatal(err)
	}
	return pages * os.Getpagesize()
}

// BenchmarkParked is what a unit takes while it waits for the others; package measure says it more exactly, of one's own units too.
func BenchmarkParked(b *testing.B) {
	const units = 10_000
	park := func(b *testing.B, start func(wait func())) {
		for b.Loop() {
			gate := make(chan struct{})
			var here, gone sync.WaitGroup
			before := resident(b)
			for range units {
				here.Add(1)
				gone.Add(1)
				start(func() {
					here.Done()
					task.Recv(gate, 0)
					gone.Done()
				})
			}
			here.Wait()
			b.ReportMetric(float64(resident(b)-before)/units, "bytes/unit")
			close(gate)
			gone.Wait()
		}
	}
	b.Run("goroutine", func(b *testing.B) { park(b, func(wait func()) { go wait() }) })
	b.Run("Thread", func(b *testing.B) { park(b, func(wait func()) { concurrency.NewThread(wait).Start() }) })
	b.Run("ThreadCell", func(b *testing.B) {
		cell(b, func(int) { park(b, func(wait func()) { concurrency.NewThread(wait).Start() }) })
	})
}
