package threads_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/petermattis/goid"
	"go.uber.org/goleak"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp/threads"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func wellFormed(t *testing.T, b []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("not XML: %v", err)
		}
	}
}

// receive waits for a value at a place in cell 3.
func receive(c chan int) {
//line /gobraid.cell/3.go:9
	<-c
}

//line threads_test.go:51

// TestCapture looks at what a goroutine that computes, waits and sleeps has left in the trace.
func TestCapture(t *testing.T) {
	var worker int64
	r, err := threads.Around(func() {
		c, done := make(chan int), make(chan int)
		go func() {
			defer close(done)
			worker = goid.Get()
			receive(c)
			time.Sleep(time.Millisecond)
			for began := time.Now(); time.Since(began) < 5*time.Millisecond; {
				runtime.Gosched()
			}
		}()
		for goroutineIn("chan receive") == false {
			runtime.Gosched()
		}
		c <- 1
		<-done
		runtime.GC()
	})
	if err != nil {
		t.Fatal(err)
	}
	check(t, r)
	var g *threads.Goroutine
	for _, h := range r.Goroutines {
		if h.ID == worker {
			g = h
		}
	}
	if g == nil {
		t.Fatalf("goroutine %d is not among %d", worker, len(r.Goroutines))
	}
	if g.Stops["chan receive"] != 1 || g.Stops["sleep"] != 1 || g.Stops["end"] != 1 || g.Running <= 0 || len(g.Procs) == 0 || len(g.Threads) == 0 {
		t.Errorf("the worker: %+v", *g)
	}
	site := task.Site(0)
	for _, l := range r.Threads {
		for _, s := range l.Spans {
			if s.Goroutine == worker && s.Why == "chan receive" {
				site = s.Site
			}
		}
	}
	if site != task.At(3, 9, 0) {
		t.Errorf("it waited at %v", site)
	}
	stops := 0
	for _, c := range r.Collector {
		if c.Stop {
			stops++
		}
	}
	if stops == 0 || stops == len(r.Collector) {
		t.Errorf("the collector: %v", r.Collector)
	}
	opt := threads.Options{Name: func(id int64) string {
		if id == worker {
			return "worker"
		}
		return ""
	}}
	wellFormed(t, r.SVG(opt))
	if text := r.Text(opt); !strings.Contains(text, "- worker: ran ") || !strings.Contains(text, "chan receive (1)") || !strings.Contains(text, "Other goroutines") {
		t.Error(text)
	}
}

// goroutineIn reports whether a goroutine is in a state.
func goroutineIn(state string) bool {
	buf := make([]byte, 1<<16)
	return strings.Contains(string(buf[:runtime.Stack(buf, true)]), "["+state+"]:\ngithub.com/gobraid/gobraid/interp/threads_test.receive")
}

// check asserts what holds of every record: spans are in order and within it, no goroutine is at two places, and what ran on Ps
// ran on threads.
func check(t *testing.T, r *threads.Record) {
	t.Helper()
	sums := [2]time.Duration{}
	for k, lanes := range [][]threads.Lane{r.Procs, r.Threads} {
		for _, l := range lanes {
			at := time.Duration(0)
			for _, s := range l.Spans {
				if s.From < at || s.To < s.From || s.To > r.Length {
					t.Fatalf("lane %d: a span from %v to %v after %v, of %v", l.ID, s.From, s.To, at, r.Length)
				}
				at = s.To
				if !s.System {
					sums[k] += s.To - s.From
				}
			}
		}
	}
	if len(r.Procs) == 0 || len(r.Procs) > runtime.GOMAXPROCS(0) || len(r.Threads) == 0 {
		t.Errorf("%d Ps, %d threads", len(r.Procs), len(r.Threads))
	}
	if d := (sums[0] - sums[1]).Abs(); d > r.Length/50 {
		t.Errorf("%v on Ps, %v on threads", sums[0], sums[1])
	}
}

// TestMany: hundreds of goroutines, and more events than can be drawn.
func TestMany(t *testing.T) {
	r, err := threads.Around(func() {
		var wg sync.WaitGroup
		c := make(chan int)
		for range 300 {
			wg.Go(func() {
				for v := range c {
					if v > 0 {
						runtime.Gosched()
					}
				}
			})
		}
		for i := range 20_000 {
			c <- i % 2
		}
		close(c)
		wg.Wait()
	})
	if err != nil {
		t.Fatal(err)
	}
	check(t, r)
	picture := r.SVG(threads.Options{})
	wellFormed(t, picture)
	if len(picture) > 400_000 {
		t.Errorf("%d bytes", len(picture))
	}
	if text := r.Text(threads.Options{}); len(text) > 12_000 || !strings.Contains(text, "that ran for a shorter time") {
		t.Errorf("a text of %d bytes", len(text))
	}
}

// TestOne: there is one capture at a time, and what cannot be captured runs all the same.
func TestOne(t *testing.T) {
	c, err := threads.Start()
	if err != nil {
		t.Fatal(err)
	}
	ran := false
	if _, err := threads.Around(func() { ran = true }); err == nil || !ran {
		t.Errorf("a second capture: %v, ran: %v", err, ran)
	}
	if _, err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	oops := errors.New("oops")
	func() {
		defer func() {
			if got := recover(); got != oops {
				t.Errorf("panic: %v", got)
			}
		}()
		threads.Around(func() { panic(oops) })
	}()
	if _, err := threads.Around(func() {}); err != nil {
		t.Errorf("after a panic: %v", err)
	}
}

func TestReadErrors(t *testing.T) {
	for _, s := range []string{"", "not a trace at all", "go 1.26 trace\x00\x00\x00 and then something else"} {
		if _, err := threads.Read(strings.NewReader(s)); err == nil || !strings.HasPrefix(err.Error(), "threads: ") {
			t.Errorf("%q: %v", s, err)
		}
	}
}

// made is a record of two Ps and three threads.
func made() *threads.Record {
	const ms = time.Millisecond
	a := threads.Span{From: 0, To: 4 * ms, Goroutine: 7, Proc: 0, Thread: 100, Why: "preempted", Site: task.At(2, 5, 1)}
	b := threads.Span{From: 4 * ms, To: 5 * ms, Goroutine: 7, System: true, Proc: 0, Thread: 100}
	c := threads.Span{From: 1 * ms, To: 9 * ms, Goroutine: 8, Proc: 1, Thread: 101, Why: "chan send"}
	d := threads.Span{From: 5 * ms, To: 8 * ms, Goroutine: 2, Proc: 0, Thread: 102}
	return &threads.Record{
		Length: 10 * ms, Cut: true,
		Procs:     []threads.Lane{{0, []threads.Span{a, b, d}}, {1, []threads.Span{c}}},
		Threads:   []threads.Lane{{100, []threads.Span{a, b}}, {101, []threads.Span{c}}, {102, []threads.Span{d}}},
		Collector: []threads.Range{{2 * ms, 3 * ms, "GC concurrent mark phase", false}, {3 * ms, 3100 * time.Microsecond, "stop-the-world (GC mark termination)", true}},
		Goroutines: []*threads.Goroutine{
			{ID: 8, Running: 8 * ms, Starts: 1, Stops: map[string]int{"chan send": 1}, Procs: []int64{1}, Threads: []int64{101}, Ready: ms, LongestWait: ms, Assist: 20},
			{ID: 7, Running: 4 * ms, System: ms, Starts: 3, Moves: 2, Stops: map[string]int{"preempted": 1, "sync": 1}, Procs: []int64{0}, Threads: []int64{100, 102}},
			{ID: 2, Running: 3 * ms, Starts: 1, Procs: []int64{0}, Threads: []int64{102}},
		},
	}
}

func named(id int64) string { return map[int64]string{7: "main", 8: "worker <3>"}[id] }

func TestGolden(t *testing.T) {
	opt := threads.Options{Name: named, Note: "A note."}
	for name, got := range map[string][]byte{"two.svg": made().SVG(opt), "two.txt": []byte(made().Text(opt))} {
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(file); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %v; look at it, then run go test -update. Got:\n%.3000s", file, err, got)
		}
	}
}

func TestHostile(t *testing.T) {
	for _, s := range []string{`<&"'>]]>`, "a\x00\x1f", "\xff", "שלום 3", strings.Repeat("long ", 99), "</svg><script>", "%s%d", " "} {
		opt := threads.Options{Title: s, Note: s, Name: func(int64) string { return s }, Place: func(task.Site) string { return s }}
		wellFormed(t, made().SVG(opt))
	}
	wellFormed(t, (&threads.Record{}).SVG(threads.Options{}))
}

// BenchmarkCapture compares what runs with and without a capture.
func BenchmarkCapture(b *testing.B) {
	compute := func(n int) {
		x := 1
		for range n {
			for k := range 1000 {
				x += k ^ x
			}
		}
		runtime.KeepAlive(x)
	}
	exchange := func(n int) {
		c, back := make(chan int), make(chan int)
		go func() {
			for v := range c {
				back <- v
			}
			close(back)
		}()
		for i := range n {
			c <- i
			<-back
		}
		close(c)
		<-back
	}
	for _, k := range []struct {
		name string
		f    func(int)
	}{{"compute", compute}, {"exchange", exchange}} {
		b.Run(k.name+"/plain", func(b *testing.B) { k.f(b.N) })
		b.Run(k.name+"/captured", func(b *testing.B) {
			c, err := threads.Start()
			if err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			k.f(b.N)
			b.StopTimer()
			if _, err := c.Stop(); err != nil {
				b.Fatal(err)
			}
		})
	}
	b.Run("read", func(b *testing.B) {
		data := raw(b, func() { exchange(20_000) })
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			if _, err := threads.Read(bytes.NewReader(data)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func Example() {
	record, err := threads.Around(func() {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { runtime.Gosched() })
		}
		wg.Wait()
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	picture := record.SVG(threads.Options{Title: "Four goroutines"})
	fmt.Println(strings.HasPrefix(string(picture), "<svg"))
	// Output: true
}

// TestTextGroups: many tasks with one name are told of together.
func TestTextGroups(t *testing.T) {
	r := made()
	for i := range 30 {
		r.Goroutines = append(r.Goroutines, &threads.Goroutine{ID: int64(100 + i), Running: time.Millisecond, Ready: 2 * time.Millisecond, LongestWait: time.Duration(i),
			Starts: 2, Moves: 1, Stops: map[string]int{"sync": 2}, Procs: []int64{int64(i % 2)}, Threads: []int64{int64(i % 3)}})
	}
	text := r.Text(threads.Options{Name: func(id int64) string {
		if id >= 100 {
			return "func"
		}
		return named(id)
	}})
	want := "- func ×30: ran 30 ms in 60 pieces, on Ps 0, 1 and threads 0, 1, 2 (changed thread 30 times); waited 60 ms for a P, at most 29 ns; stopped by sync (60)\n"
	if !strings.Contains(text, want) || strings.Count(text, "\n") != 8 {
		t.Error(text)
	}
}
