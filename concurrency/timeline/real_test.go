package timeline_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/gobraid/gobraid/concurrency/internal/svg/svgtest"
	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/concurrency/timeline"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// nowhere is an Output that keeps nothing.
type nowhere struct{}

func (nowhere) Write(string, []byte) {}

func (nowhere) Input(context.Context, string, bool) (string, error) { return "", context.Canceled }

// pool is a cell: n workers take jobs from a channel, share a lock, and are waited for.
func pool(n, jobs int) {
	at := func(line int) task.Site { return task.At(3, line, 2) }
	queue := make(chan int)
	var mu sync.Mutex
	var all sync.WaitGroup
	sum := 0
	for i := range n {
		task.WaitGroupGo(&all, at(7), func() {
			task.Current().SetName(fmt.Sprintf("worker %d", i+1))
			for {
				v, ok := task.Recv2(queue, at(9))
				if !ok {
					return
				}
				task.Sleep(time.Duration(v%5)*100*time.Microsecond, at(10))
				task.Lock(&mu, at(11))
				for k := range 100_000 {
					sum += k ^ v
				}
				task.Unlock(&mu)
			}
		})
	}
	for i := range jobs {
		task.To(queue, at(17)).Send(i)
	}
	task.Print("all jobs are out\n")
	task.Close(queue, at(20))
	task.WaitGroupWait(&all, at(21))
}

// recorded returns the trace of a run of f.
func recorded(f func()) *task.Trace {
	r := task.NewRun(3, nowhere{})
	rec := r.Record(0)
	r.Do(f)
	defer rec.Stop()
	return rec.Trace()
}

// TestRecorded draws a trace that a run has left.
func TestRecorded(t *testing.T) {
	tr := recorded(func() { pool(4, 30) })
	chart := timeline.NewChart(tr, timeline.Options{})
	values := 0
	for _, a := range tr.Arrows {
		if a.Kind == task.ArrowValue && a.From == tr.Tasks[0].ID {
			values++
		}
	}
	if len(chart.Lanes) != 5 || values+tr.Unmatched < 30 || len(chart.Arrows) < len(tr.Arrows) {
		t.Errorf("%d lanes, %d values and %d unmatched, %d of %d arrows", len(chart.Lanes), values, tr.Unmatched, len(chart.Arrows), len(tr.Arrows))
	}
	signs := 0
	for i, l := range chart.Lanes {
		if i > 0 && (l.Depth != 1 || l.Parent != 1 || !strings.HasPrefix(l.Name, "worker ") || l.Where != "line 7" || l.Mark != timeline.FinalEnd) {
			t.Errorf("lane %d: %q %q, depth %d below %d, end %d", i, l.Name, l.Where, l.Depth, l.Parent, l.Mark)
		}
		at := l.Start
		for _, s := range l.Spans {
			if s.From != at || s.To < s.From {
				t.Fatalf("lane %d: a span from %v to %v after %v", i, s.From, s.To, at)
			}
			at = s.To
		}
		if at != l.End {
			t.Errorf("lane %d ends at %v, its spans at %v", i, l.End, at)
		}
		signs += len(l.Signs)
	}
	if signs != 1 {
		t.Errorf("%d signs for one line", signs)
	}
	svgtest.WellFormed(t, chart.SVG())
	text := timeline.Text(tr, timeline.Options{})
	for _, want := range []string{"5 tasks in ", "- main: ", "  - worker 1 (line 7): ", "sleeping", "Between tasks: ", "1 line was printed."} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func Example() {
	r := task.NewRun(3, nowhere{})
	recording := r.Record(0)
	r.Do(func() {
		done := make(chan bool)
		task.Go(task.At(3, 4, 1), func() {
			task.Sleep(time.Millisecond, task.At(3, 5, 1))
			task.To(done, task.At(3, 6, 1)).Send(true)
		})
		task.Recv(done, task.At(3, 8, 1))
	})
	picture := timeline.SVG(recording.Trace(), timeline.Options{Title: "A cell"})
	fmt.Println(strings.HasPrefix(string(picture), "<svg"))
	// Output: true
}
