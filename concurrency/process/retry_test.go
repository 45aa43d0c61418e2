package process_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
)

// tries notes in a file that it runs, and dies so many times as it is told.
func tries(_ context.Context, a attempt) (int, error) {
	f, err := os.OpenFile(a.File, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return 0, err
	}
	if _, err := f.WriteString("x"); err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if int(info.Size()) <= a.Deaths {
		if a.How == "kill" {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
		os.Exit(1)
	}
	switch a.How {
	case "error":
		return 0, errors.New("no luck")
	case "panic":
		panic("no luck")
	}
	return int(info.Size()), nil
}

type attempt struct {
	File, How string
	Deaths    int
}

// A function is run again as often as it may be, when its worker has died, and only then.
func TestRetries(t *testing.T) {
	p := newPool(t, 2)
	for _, c := range []struct {
		pool   *process.Pool
		how    string
		deaths int
		runs   int // of the function
		ok     bool
	}{
		{p, "exit", 0, 1, true},
		{p, "exit", 1, 1, false},
		{p, "kill", 1, 1, false},
		{p.Idempotent(1), "exit", 1, 2, true},
		{p.Idempotent(1), "kill", 1, 2, true},
		{p.Idempotent(1), "exit", 2, 2, false},
		{p.Idempotent(3), "kill", 3, 4, true},
		{p.Idempotent(3), "exit", 9, 4, false},
		{p.Idempotent(3), "error", 0, 1, false},
		{p.Idempotent(3), "error", 1, 2, false},
		{p.Idempotent(3), "panic", 0, 1, false},
	} {
		name := fmt.Sprintf("%d deaths by %s", c.deaths, c.how)
		file := fmt.Sprint(t.TempDir(), "/runs")
		fu := concurrency.SubmitWith(background, c.pool, tries, attempt{file, c.how, c.deaths})
		<-fu.Done()
		if (fu.Err() == nil) != c.ok {
			t.Errorf("%s: %v", name, fu.Err())
		}
		if b, err := os.ReadFile(file); len(b) != c.runs || err != nil {
			t.Errorf("%s: it has run %d times, want %d", name, len(b), c.runs)
		}
	}
	if s := p.Stats(); s.Retried != 1+1+1+3+3+1 || s.Died != 4 || s.Done != 4 || s.Failed != 3 {
		t.Errorf("%+v", s)
	}
}

// What is killed on purpose is not run again.
func TestNoRetryOfTheKilled(t *testing.T) {
	p := process.NewPool().WithWorkers(1)
	file := t.TempDir() + "/runs"
	fu := concurrency.SubmitWith(background, p.Idempotent(5), wait, file)
	running(t, file)
	if err := p.Kill(background); err != nil {
		t.Error(err)
	}
	if _, err := fu.Result(background); !errors.Is(err, concurrency.ErrCanceled) {
		t.Error(err)
	}
	if s := p.Stats(); s.Retried != 0 {
		t.Errorf("%+v", s)
	}
}

// Many workers die, again and again, in the middle of many functions: each function that may be run again has its result, and each place is there
// in the end.
func TestManyDeaths(t *testing.T) {
	p := process.NewPool().WithWorkers(3).WithQueue(10)
	t.Cleanup(func() { shutDown(t, p) })
	dir := t.TempDir()
	var dying, living []*concurrency.Future[int]
	idempotent := p.Idempotent(2)
	for i := range 60 {
		dying = append(dying, concurrency.SubmitWith(background, idempotent, tries, attempt{fmt.Sprint(dir, "/", i), "kill", i % 3}))
		living = append(living, concurrency.SubmitWith(background, p, square, i))
	}
	for i := range dying {
		if n, err := dying[i].Result(background); n != i%3+1 || err != nil {
			t.Errorf("function %d: run %d times, %v", i, n, err)
		}
		if n, err := living[i].Result(background); n != i*i || err != nil {
			t.Errorf("square(%d): %d, %v", i, n, err)
		}
	}
	if s := p.Stats(); s.Retried != 60 || s.Died != 0 || s.Done != 120 || s.Waiting != 0 {
		t.Errorf("%+v", s)
	}
}

// A worker is replaced after so many functions, though many wait, and loses none of them; one that dies does not count as replaced.
func TestRecycledUnderLoad(t *testing.T) {
	p := process.NewPool().WithWorkers(2).WithTasks(7)
	t.Cleanup(func() { shutDown(t, p) })
	var futures []*concurrency.Future[int]
	const count = 200
	for range count {
		futures = append(futures, concurrency.Submit(background, p, pid))
	}
	by := map[int]int{}
	for _, fu := range futures {
		n, err := fu.Result(background)
		if err != nil {
			t.Fatal(err)
		}
		by[n]++
	}
	for worker, n := range by {
		if n > 7 {
			t.Errorf("worker %d has run %d functions", worker, n)
		}
	}
	if s := p.Stats(); s.Done != count || s.Died != 0 || s.Recycled < count/7-2 || int(s.Recycled) > len(by) {
		t.Errorf("%d workers; %+v", len(by), s)
	}
	if _, err := concurrency.SubmitWith(background, p, exit, 1).Result(background); !is[*process.DeathError](err) {
		t.Error(err)
	}
}

// A worker that grows while it always has work is replaced, too.
func TestRecycledWhileBusy(t *testing.T) {
	p := process.NewPool().WithWorkers(1).WithBytes(64 << 20)
	t.Cleanup(func() { shutDown(t, p) })
	var futures []*concurrency.Future[int]
	for range 400 {
		futures = append(futures, concurrency.SubmitWith(background, p, hoard, 1<<20))
	}
	by := map[int]int{}
	for _, fu := range futures {
		n, err := fu.Result(background)
		if err != nil {
			t.Fatal(err)
		}
		by[n]++
	}
	if s := p.Stats(); len(by) < 2 || s.Recycled == 0 || s.Died != 0 {
		t.Errorf("%d workers; %+v", len(by), s)
	}
}

var hoarded [][]byte

// hoard keeps memory, and returns the worker.
func hoard(_ context.Context, n int) (int, error) {
	hoarded = append(hoarded, []byte(strings.Repeat("x", n)))
	return os.Getpid(), nil
}
