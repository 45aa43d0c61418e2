package process_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
)

// pipeProgram answers each byte with a byte: the yardstick of a round trip.
func pipeProgram() {
	b := make([]byte, 1)
	for {
		if _, err := os.Stdin.Read(b); err != nil {
			return
		}
		if _, err := os.Stdout.Write(b); err != nil {
			return
		}
	}
}

// pipe starts the yardstick, and returns a function for one round trip.
func pipe(b *testing.B) func() {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PROCESS_TEST_PROGRAM=pipe")
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { in.Close(); _ = cmd.Wait() })
	one := make([]byte, 1)
	return func() {
		if _, err := in.Write(one); err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadFull(out, one); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRoundTrip submits and waits, and compares with a byte through two pipes, in turn.
func BenchmarkRoundTrip(b *testing.B) {
	p := newPool(b, 1)
	raw := pipe(b)
	trip := func() {
		if _, err := concurrency.SubmitWith(background, p, square, 7).Result(background); err != nil {
			b.Fatal(err)
		}
	}
	trip()
	raw()
	var ours, theirs time.Duration
	const block = 100
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		if i/block%2 == 0 {
			trip()
			ours += time.Since(began)
		} else {
			raw()
			theirs += time.Since(began)
		}
	}
	n := float64(b.N) / 2
	b.ReportMetric(float64(ours.Nanoseconds())/n, "ns/trip")
	b.ReportMetric(float64(theirs.Nanoseconds())/n, "ns/pipe")
	b.ReportMetric(ours.Seconds()/theirs.Seconds(), "ratio")
}

// BenchmarkPipelined submits all and then waits for all.
func BenchmarkPipelined(b *testing.B) {
	p := newPool(b, 1)
	if _, err := concurrency.SubmitWith(background, p, square, 7).Result(background); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	futures := make([]*concurrency.Future[int], b.N)
	b.ResetTimer()
	for i := range b.N {
		futures[i] = concurrency.SubmitWith(background, p, square, i)
	}
	for i, fu := range futures {
		if v, err := fu.Result(background); err != nil || v != i*i {
			b.Fatal(i, v, err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds()/1e6, "Mtasks/s")
}

// BenchmarkMap gives the same in chunks.
func BenchmarkMap(b *testing.B) {
	p := newPool(b, 2)
	items := make([]int, b.N)
	b.ResetTimer()
	if _, err := concurrency.Map(background, p, items, square); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds()/1e6, "Mtasks/s")
}

func length(_ context.Context, v []byte) (int, error) { return len(v), nil }

const bulk = 64 << 20

// bulkProgram reads as much as a large value has, again and again, into new memory as a worker does, and says so: the yardstick of
// BenchmarkBulk.
func bulkProgram() {
	in := os.NewFile(3, "socket")
	for {
		if _, err := io.ReadFull(in, make([]byte, bulk)); err != nil {
			return
		}
		if _, err := in.Write([]byte{1}); err != nil {
			return
		}
	}
}

// BenchmarkStart is from a pool without workers to the first result.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		p := process.NewPool().WithWorkers(1)
		if _, err := concurrency.SubmitWith(background, p, square, 7).Result(background); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := p.Shutdown(background); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// executor does in Python what the benchmarks do.
const executor = `
import time
from concurrent.futures import ProcessPoolExecutor
def square(n): return n * n
def length(b): return len(b)
if __name__ == "__main__":
    t = time.perf_counter()
    with ProcessPoolExecutor(1) as p:
        p.submit(square, 7).result()
        print("python: start %.1f ms" % (1e3*(time.perf_counter()-t)), end=", ")
        t = time.perf_counter()
        for _ in range(2000): p.submit(square, 7).result()
        print("round trip %.0f us" % (1e6*(time.perf_counter()-t)/2000), end=", ")
        t = time.perf_counter()
        for f in [p.submit(square, i) for i in range(20000)]: f.result()
        print("pipelined %.4f Mtasks/s" % (0.02/(time.perf_counter()-t)), end=", ")
        t = time.perf_counter()
        list(p.map(square, range(200000), chunksize=1000))
        print("map %.2f Mtasks/s" % (0.2/(time.perf_counter()-t)), end=", ")
        b = bytes(64 << 20)
        t = time.perf_counter()
        p.submit(length, b).result()
        print("64 MiB at %.0f MB/s" % (67.1/(time.perf_counter()-t)))
`

// BenchmarkPython runs the same in Python, to compare with.
func BenchmarkPython(b *testing.B) {
	file := b.TempDir() + "/executor.py"
	if err := os.WriteFile(file, []byte(executor), 0o600); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		out, err := exec.Command("python3", file).CombinedOutput()
		if err != nil {
			b.Skip("no python3: ", err)
		}
		fmt.Printf("%s", out)
	}
}
