package process_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
)

// What processes share: queues, pipes and memory, between several, some of which die.

// A parcel is a value that says who has sent it, with so much text that it shows when it is not whole.
type sending struct {
	From, Number int
	Text         string
}

func textOf(from, number int) string {
	return strings.Repeat(fmt.Sprint(from, ".", number, " "), 1+(from*7+number*13)%40)
}

type line struct {
	Queue *process.Queue[sending]
	From  int
	Count int
}

// send puts values into a queue.
func send(ctx context.Context, l line) (int, error) {
	for i := range l.Count {
		if err := l.Queue.Put(ctx, sending{l.From, i, textOf(l.From, i)}); err != nil {
			return i, err
		}
	}
	return l.Count, nil
}

// receive takes values out until the queue is closed, and returns how many of each sender; what it gets is whole and in its sender's order.
func receive(ctx context.Context, q *process.Queue[sending]) (map[int]int, error) {
	counts, last := map[int]int{}, map[int]int{}
	for {
		v, err := q.Get(ctx)
		if errors.Is(err, process.ErrClosed) {
			return counts, nil
		}
		if err != nil {
			return counts, err
		}
		if v.Text != textOf(v.From, v.Number) {
			return counts, fmt.Errorf("value %d of %d is not whole: %q", v.Number, v.From, v.Text)
		}
		if before, ok := last[v.From]; ok && v.Number <= before {
			return counts, fmt.Errorf("value %d of %d comes after %d", v.Number, v.From, before)
		}
		last[v.From] = v.Number
		counts[v.From]++
	}
}

// Three processes put values of many sizes into a queue with room for few, three others, and this one, take them out: each value once, each
// sender's in order.
func TestQueueBetweenMany(t *testing.T) {
	q, err := process.NewQueue[sending](2048)
	if err != nil {
		t.Fatal(err)
	}
	const count = 400
	p := newPool(t, 6)
	var senders []*concurrency.Future[int]
	var receivers []*concurrency.Future[map[int]int]
	for from := range 3 {
		receivers = append(receivers, concurrency.SubmitWith(background, p, receive, q))
		senders = append(senders, concurrency.SubmitWith(background, p, send, line{q, from, count}))
	}
	receivers = append(receivers, concurrency.Start(background, func(ctx context.Context) (map[int]int, error) { return receive(ctx, q) }))
	for _, fu := range senders {
		if n, err := fu.Result(background); n != count || err != nil {
			t.Error(n, err)
		}
	}
	q.Close()
	total := map[int]int{}
	for _, fu := range receivers {
		counts, err := fu.Result(background)
		if err != nil {
			t.Error(err)
		}
		for from, n := range counts {
			total[from] += n
		}
	}
	for from := range 3 {
		if total[from] != count {
			t.Errorf("%d values of %d have arrived, want %d", total[from], from, count)
		}
	}
}

// dieAfter takes some values out of a queue and dies, without a word.
func dieAfter(ctx context.Context, l line) (int, error) {
	for range l.Count {
		if _, err := l.Queue.Get(ctx); err != nil {
			return 0, err
		}
	}
	os.Exit(3)
	return 0, nil
}

// A process that dies takes with it what it had taken out, and nothing else.
func TestQueueOutlivesItsUsers(t *testing.T) {
	q, err := process.NewQueue[sending](1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	const count = 300
	if _, err := send(background, line{q, 1, count}); err != nil {
		t.Fatal(err)
	}
	p := newPool(t, 3)
	for _, n := range []int{10, 1, 50} {
		if _, err := concurrency.SubmitWith(background, p, dieAfter, line{Queue: q, Count: n}).Result(background); !is[*process.DeathError](err) {
			t.Error(err)
		}
	}
	q.Close()
	counts, err := receive(background, q)
	if err != nil || counts[1] != count-61 {
		t.Errorf("%v, %v, want %d", counts, err, count-61)
	}
}

// Close wakes those that wait, in all processes.
func TestQueueCloseWakes(t *testing.T) {
	for name, full := range map[string]bool{"empty": false, "full": true} {
		t.Run(name, func(t *testing.T) {
			q, err := process.NewQueue[sending](512)
			if err != nil {
				t.Fatal(err)
			}
			p := newPool(t, 2)
			file := t.TempDir() + "/waits"
			wait := waiting{q, file, full}
			if full {
				if err := q.Put(background, sending{Text: strings.Repeat("x", 300)}); err != nil {
					t.Fatal(err)
				}
			}
			fu := concurrency.SubmitWith(background, p, blocked, wait)
			running(t, file)
			q.Close()
			if got, err := fu.Result(background); got != process.ErrClosed.Error() || err != nil {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

type waiting struct {
	Queue *process.Queue[sending]
	File  string
	Full  bool
}

// blocked waits for a queue, and returns the error.
func blocked(ctx context.Context, w waiting) (string, error) {
	if err := os.WriteFile(w.File, fmt.Append(nil, os.Getpid()), 0o600); err != nil {
		return "", err
	}
	var err error
	if w.Full {
		err = w.Queue.Put(ctx, sending{Text: strings.Repeat("x", 300)})
	} else {
		_, err = w.Queue.Get(ctx)
	}
	if err == nil {
		return "", nil
	}
	return err.Error(), nil
}

// A value as large as the queue goes through it, one byte more does not; the ring turns at every place.
func TestQueueEdges(t *testing.T) {
	q, err := process.NewQueue[[]byte](256)
	if err != nil {
		t.Fatal(err)
	}
	const most = 256 - 4 - 4 // a length of the value, and of its prefix
	if err := q.Put(background, make([]byte, most+1)); err == nil {
		t.Error("it took what does not fit")
	}
	for n := range most + 1 {
		b := filled(n, byte(n))
		if err := q.Put(background, b); err != nil {
			t.Fatal(n, err)
		}
		if got, err := q.Get(background); !bytes.Equal(got, b) || err != nil || q.Len() != 0 {
			t.Fatal(n, got, err)
		}
	}
}

// Goroutines of one process share a queue, too.
func TestQueueBetweenGoroutines(t *testing.T) {
	q, err := process.NewQueue[sending](512)
	if err != nil {
		t.Fatal(err)
	}
	var senders, receivers sync.WaitGroup
	var mu sync.Mutex
	total := map[int]int{}
	for from := range 4 {
		senders.Go(func() {
			if n, err := send(background, line{q, from, 200}); n != 200 || err != nil {
				t.Error(n, err)
			}
		})
		receivers.Go(func() {
			counts, err := receive(background, q)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			for from, n := range counts {
				total[from] += n
			}
		})
	}
	senders.Wait()
	q.Close()
	receivers.Wait()
	for from := range 4 {
		if total[from] != 200 {
			t.Errorf("%d of %d", total[from], from)
		}
	}
}

// dial is a pipe's end with how many questions are asked through it.
type dial struct {
	Pipe  *process.Pipe[string]
	Count int
}

// ask asks through a pipe, and returns how many answers were right.
func ask(ctx context.Context, d dial) (int, error) {
	right := 0
	for i := range d.Count {
		if err := d.Pipe.Send(ctx, fmt.Sprint("question ", i)); err != nil {
			return right, err
		}
		got, err := d.Pipe.Recv(ctx)
		if err != nil {
			return right, err
		}
		if got == fmt.Sprint("answer to question ", i) {
			right++
		}
	}
	d.Pipe.Close()
	return right, nil
}

// answer answers until the pipe is closed.
func answer(ctx context.Context, p *process.Pipe[string]) (int, error) {
	for n := 0; ; n++ {
		s, err := p.Recv(ctx)
		if errors.Is(err, process.ErrClosed) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		if err := p.Send(ctx, "answer to "+s); err != nil {
			return n, err
		}
	}
}

// A pipe joins two processes, neither of which has made it.
func TestPipeBetweenWorkers(t *testing.T) {
	one, other, err := process.NewPipe[string](128)
	if err != nil {
		t.Fatal(err)
	}
	p := newPool(t, 2)
	asked := concurrency.SubmitWith(background, p, ask, dial{one, 200})
	answered := concurrency.SubmitWith(background, p, answer, other)
	if n, err := asked.Result(background); n != 200 || err != nil {
		t.Errorf("%d right answers, %v", n, err)
	}
	if n, err := answered.Result(background); n != 200 || err != nil {
		t.Errorf("%d questions, %v", n, err)
	}
}
