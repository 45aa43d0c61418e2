package timeline_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

const ms = time.Millisecond

// three is a trace of a producer, a consumer and the main task.
func three() *task.Trace {
	at := func(line int) task.Site { return task.At(3, line, 2) }
	return &task.Trace{
		Length: 12400 * time.Microsecond,
		Tasks: []task.TraceTask{
			{ID: 18, Start: 0, End: 12400 * time.Microsecond, Outcome: task.Returned, Spans: []task.Span{
				{From: 400 * time.Microsecond, To: 12300 * time.Microsecond, Kind: task.WaitGroup, Site: at(14), Object: 2},
			}},
			{ID: 19, Parent: 18, Name: "producer", Site: at(4), Start: 100 * time.Microsecond, End: 9 * ms, Outcome: task.Returned, Spans: []task.Span{
				{From: 200 * time.Microsecond, To: 3 * ms, Kind: task.WaitSleep, Site: at(5)},
				{From: 3100 * time.Microsecond, To: 5 * ms, Kind: task.WaitSend, Site: at(6), Object: 1},
				{From: 5100 * time.Microsecond, To: 8900 * time.Microsecond, Kind: task.WaitSleep, Site: at(5)},
			}},
			{ID: 20, Parent: 18, Name: "consumer", Site: at(10), Start: 200 * time.Microsecond, End: 12300 * time.Microsecond, Outcome: task.Panicked, Spans: []task.Span{
				{From: 1 * ms, To: 2 * ms, Kind: task.WaitLock, Site: at(11), Object: 3},
				{From: 5 * ms, To: 9 * ms, Kind: task.WaitReceive, Site: at(11), Object: 1},
				{From: 10 * ms, To: 11 * ms, Kind: task.WaitLibrary, Site: at(12)},
			}},
		},
		Arrows: []task.Arrow{
			{Kind: task.ArrowUnlock, From: 18, To: 20, Sent: 2 * ms, Got: 2 * ms, Site: at(3), Object: 3},
			{Kind: task.ArrowValue, From: 19, To: 20, Sent: 3100 * time.Microsecond, Got: 5 * ms, Site: at(6), Object: 1},
			{Kind: task.ArrowClose, From: 19, To: 20, Sent: 9 * ms, Got: 9 * ms, Site: at(8), Object: 1},
			{Kind: task.ArrowDone, From: 20, To: 18, Sent: 12300 * time.Microsecond, Got: 12300 * time.Microsecond, Object: 2},
		},
		Marks: []task.Mark{
			{Task: 20, At: 6 * ms, Stream: "stdout", Text: "got 1"},
			{Task: 20, At: 9500 * time.Microsecond, Stream: "stderr", Text: "no more & <done>"},
		},
		Objects: []task.TraceObject{{Type: "chan int", Site: at(2)}, {Type: "sync.WaitGroup", Site: at(3)}, {Type: "sync.Mutex", Site: at(3)}},
	}
}

// made is a trace of n tasks below the main task that do about this many things in all: they get jobs from the main task, share
// a lock, sleep, print and report. Equal arguments give equal traces.
func made(n, events int) *task.Trace {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	at := func(line int) task.Site { return task.At(3, line, 2) }
	tr := &task.Trace{
		Objects: []task.TraceObject{{Type: "chan int", Site: at(2)}, {Type: "sync.Mutex", Site: at(3)}, {Type: "sync.WaitGroup", Site: at(4)}},
		Tasks:   make([]task.TraceTask, 1, n+1),
	}
	kinds := []task.Kind{task.WaitReceive, task.WaitReceive, task.WaitLock, task.WaitSleep, task.WaitOutput, task.WaitSend}
	sites := []int{8, 8, 11, 12, 13, 15}
	objects := []int{1, 1, 2, 0, 0, 1}
	each := max(events/max(n, 1)/2, 1)
	for i := range n {
		id := int64(20 + i)
		t := task.TraceTask{ID: id, Parent: 18, Name: fmt.Sprintf("worker %d", i+1), Site: at(7), Start: time.Duration(i+1) * 50 * ms / time.Duration(n)}
		now := t.Start
		for range each {
			now += time.Duration(r.ExpFloat64() * float64(4*ms))
			k := r.IntN(len(kinds))
			s := task.Span{From: now, Kind: kinds[k], Site: at(sites[k]), Object: objects[k]}
			now += time.Duration(r.ExpFloat64() * float64(8*ms))
			s.To = now
			t.Spans = append(t.Spans, s)
			other := int64(20 + r.IntN(n))
			switch {
			case other == id:
			case s.Kind == task.WaitReceive:
				tr.Arrows = append(tr.Arrows, task.Arrow{Kind: task.ArrowValue, From: 18, To: id, Sent: now, Got: now, Site: at(20), Object: 1})
			case s.Kind == task.WaitLock:
				tr.Arrows = append(tr.Arrows, task.Arrow{Kind: task.ArrowUnlock, From: other, To: id, Sent: now, Got: now, Site: at(14), Object: 2})
			case s.Kind == task.WaitSend:
				tr.Arrows = append(tr.Arrows, task.Arrow{Kind: task.ArrowValue, From: id, To: other, Sent: s.From, Got: now, Site: at(15), Object: 1})
			case s.Kind == task.WaitOutput:
				tr.Marks = append(tr.Marks, task.Mark{Task: id, At: now, Stream: "stdout", Text: fmt.Sprintf("worker %d did <%d> & more", i+1, r.IntN(100))})
			}
		}
		t.End = now + ms
		t.Outcome = task.Returned
		if i%17 == 16 {
			t.Outcome = task.Killed
		}
		tr.Tasks = append(tr.Tasks, t)
		tr.Length = max(tr.Length, t.End)
	}
	tr.Length += ms
	tr.Tasks[0] = task.TraceTask{ID: 18, End: tr.Length, Outcome: task.Returned, Spans: []task.Span{
		{From: 60 * ms, To: tr.Length - ms, Kind: task.WaitGroup, Site: at(25), Object: 3},
	}}
	slices.SortStableFunc(tr.Arrows, func(a, b task.Arrow) int { return cmp.Compare(a.Got, b.Got) })
	slices.SortStableFunc(tr.Marks, func(a, b task.Mark) int { return cmp.Compare(a.At, b.At) })
	return tr
}
