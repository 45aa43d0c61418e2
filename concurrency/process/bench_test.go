package process_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
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

// paired runs things in turn, in short rounds, so that what else the machine does meets all of them, and reports the median of what each takes, and of
// the ratio of each to the first in the same round, with the quartiles of that.
func paired(b *testing.B, trips int, names []string, things ...func()) {
	took := make([][]float64, len(things))
	ratio := make([][]float64, len(things))
	for _, f := range things {
		f()
	}
	round := 0
	for b.Loop() {
		for k := range things {
			i := (k + round) % len(things) // nobody is always the first
			began := time.Now()
			for range trips {
				things[i]()
			}
			took[i] = append(took[i], float64(time.Since(began).Nanoseconds())/float64(trips))
		}
		for i := range things {
			ratio[i] = append(ratio[i], took[i][round]/took[0][round])
		}
		round++
	}
	b.ReportMetric(0, "ns/op") // a round of all says nothing
	for i, name := range names {
		b.ReportMetric(quantile(took[i], 0.5), "ns/"+name)
		if i > 0 {
			b.ReportMetric(quantile(ratio[i], 0.5), name+"/"+names[0])
			b.ReportMetric(quantile(ratio[i], 0.25), name+"/"+names[0]+"-q1")
			b.ReportMetric(quantile(ratio[i], 0.75), name+"/"+names[0]+"-q3")
		}
	}
}

func quantile(all []float64, q float64) float64 {
	all = slices.Sorted(slices.Values(all))
	return all[int(q*float64(len(all)-1))]
}

// BenchmarkRoundTrip submits and waits, beside a byte there and back through two pipes.
func BenchmarkRoundTrip(b *testing.B) {
	p := newPool(b, 1)
	trip := func() {
		if _, err := concurrency.SubmitWith(background, p, square, 7).Result(background); err != nil {
			b.Fatal(err)
		}
	}
	paired(b, 40, []string{"pipe", "trip"}, pipe(b), trip)
}

// BenchmarkPipelined submits all and then waits for all: with -benchtime 1000000x it is a million at a time.
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
