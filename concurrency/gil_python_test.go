package concurrency_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
)

// gilInPython measures what BenchmarkGILBesidePython does, with the lock itself.
const gilInPython = `
import json, os, threading, time
SECONDS = 1

def switches(n):
    last, count, stop = [None], [0], []
    def compute():
        me = object()
        while not stop:
            if last[0] is not me:
                last[0] = me
                count[0] += 1
    threads = [threading.Thread(target=compute) for _ in range(n)]
    for t in threads: t.start()
    time.sleep(SECONDS)
    stop.append(1)
    for t in threads: t.join()
    return count[0] / SECONDS

def waits(beside, wait):
    stop = []
    def compute():
        while not stop: pass
    threads = [threading.Thread(target=compute) for _ in range(beside)]
    for t in threads: t.start()
    n, end = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        wait()
        n += 1
    stop.append(1)
    for t in threads: t.join()
    return n / SECONDS

null = os.open(os.devnull, os.O_WRONLY)
short, long = lambda: os.write(null, b"x"), lambda: time.sleep(0.0001)
print(json.dumps({"switches2": switches(2), "switches4": switches(4), "writes0": waits(0, short), "writes1": waits(1, short),
    "sleeps0": waits(0, long), "sleeps1": waits(1, long), "sleeps2": waits(2, long)}))
`

// gilSwitches returns how often a second n functions that compute see that another has run since.
func gilSwitches(n int) float64 {
	var last, count, stop atomic.Int64
	g := concurrency.NewGIL()
	compute := func(me int64) func(context.Context) error {
		return func(context.Context) error {
			for stop.Load() == 0 {
				if last.Load() != me {
					last.Store(me)
					count.Add(1)
				}
				g.Check()
			}
			return nil
		}
	}
	var fs []func(context.Context) error
	for i := range n {
		fs = append(fs, compute(int64(i+1)))
	}
	began := time.Now()
	time.AfterFunc(time.Second, func() { stop.Store(1) })
	_ = g.RunAll(background, fs...)
	return float64(count.Load()) / time.Since(began).Seconds()
}

// gilWaits returns how often a second a function waits, beside others that compute.
func gilWaits(beside int, wait func()) float64 {
	var stop atomic.Bool
	g := concurrency.NewGIL()
	n := 0
	began := time.Now()
	time.AfterFunc(time.Second, func() { stop.Store(true) })
	fs := []func(context.Context) error{func(context.Context) error {
		for ; !stop.Load(); n++ {
			g.Allow(wait)
			g.Check()
		}
		return nil
	}}
	for range beside {
		fs = append(fs, func(context.Context) error {
			for !stop.Load() {
				g.Check()
			}
			return nil
		})
	}
	_ = g.RunAll(background, fs...)
	return float64(n) / time.Since(began).Seconds()
}

// BenchmarkGILBesidePython shows what the model does beside what python3's lock does on the same machine at about the same time: how often it changes
// hands between functions that compute, and how often one that waits for short times gets it back beside such as compute: the convoy
// effect. Who waits for very short times (a write to the null device) has the lock again before the other is awake; who waits for longer (0.1 ms)
// gets it back after 5 ms.
func BenchmarkGILBesidePython(b *testing.B) {
	python, err := exec.LookPath("python3")
	if err != nil {
		b.Skip("no python3")
	}
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	defer null.Close()
	for b.Loop() {
		out, err := exec.Command(python, "-c", gilInPython).Output()
		if err != nil {
			b.Fatal(err)
		}
		var real map[string]float64
		if err := json.Unmarshal(out, &real); err != nil {
			b.Fatal(err)
		}
		short, long := func() { _, _ = null.Write([]byte{'x'}) }, func() { time.Sleep(100 * time.Microsecond) }
		model := map[string]float64{
			"switches2": gilSwitches(2), "switches4": gilSwitches(4), "writes0": gilWaits(0, short), "writes1": gilWaits(1, short),
			"sleeps0": gilWaits(0, long), "sleeps1": gilWaits(1, long), "sleeps2": gilWaits(2, long),
		}
		for name := range model {
			b.ReportMetric(model[name], name+"/s")
			b.ReportMetric(real[name], "python-"+name+"/s")
		}
	}
}
