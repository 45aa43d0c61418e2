package process_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/task"
)

// A record is an output of a run.
type record struct {
	mu   sync.Mutex
	text strings.Builder
}

func (r *record) Write(stream string, p []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fmt.Fprintf(&r.text, "%s:%s", stream, p)
}

func (r *record) Input(context.Context, string, bool) (string, error) {
	return "", errors.New("no input")
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

func newRun(t testing.TB, cell int) (*task.Run, *record) {
	out := &record{}
	run := task.NewRun(cell, out)
	t.Cleanup(func() {
		if err := run.Close(background); err != nil {
			t.Error(err)
		}
	})
	return run, out
}

func say(_ context.Context, what string) (int, error) {
	fmt.Println(what)
	fmt.Fprintln(os.Stderr, "warning")
	return os.Getpid(), nil
}

func TestOutputGoesToItsOwner(t *testing.T) {
	p := newPool(t, 2)
	var want [2]string
	var outs [2]*record
	for i := range 2 {
		run, out := newRun(t, i+1)
		outs[i] = out
		end := run.Do(func() {
			for k := range 20 {
				if _, err := concurrency.SubmitWith(background, p, say, fmt.Sprintf("run %d line %d", i, k)).Result(background); err != nil {
					t.Error(err)
				}
				want[i] += fmt.Sprintf("stdout:run %d line %d\n", i, k)
				// It is there before the result.
				if got := strings.ReplaceAll(out.String(), "stderr:warning\n", ""); got != want[i] {
					t.Fatalf("after line %d: %q", k, got)
				}
			}
		})
		if end.Panic != nil {
			t.Fatal(end.Panic)
		}
	}
	for i, out := range outs {
		if n := strings.Count(out.String(), "stderr:warning\n"); n != 20 {
			t.Errorf("run %d: %d lines of standard error", i, n)
		}
	}
}

// An interrupt of a cell kills the workers that do its work, drops what waits, and touches nothing of another cell.
func TestInterrupt(t *testing.T) {
	p := newPool(t, 2)
	a, _ := newRun(t, 1)
	b, _ := newRun(t, 2)
	dir := t.TempDir()
	var mine, other *concurrency.Future[int]
	b.Do(func() { other = concurrency.SubmitWith(background, p, wait, dir+"/other") })
	theirs := running(t, dir+"/other")
	cause := errors.New("interrupted")
	ended := make(chan int)
	go func() {
		pid := running(t, dir+"/mine")
		a.Kill(cause)
		ended <- pid
	}()
	var waiting *concurrency.Future[int]
	end := tasktest.Do(t, a, func() {
		mine = concurrency.SubmitWith(background, p, wait, dir+"/mine")
		waiting = concurrency.SubmitWith(background, p, square, 3)
		_, _ = mine.Result(background)
		t.Error("went on after the interrupt")
	})
	if !end.Killed {
		t.Errorf("end: %+v", end)
	}
	pid := <-ended
	until(t, "the worker has ended", func() bool { return !alive(pid) })
	if _, err := mine.Result(background); !errors.Is(err, cause) {
		t.Errorf("what ran: %v", err)
	}
	if _, err := waiting.Result(background); !errors.Is(err, cause) {
		t.Errorf("what waited: %v", err)
	}
	if !alive(theirs) || !other.Running() {
		t.Error("the work of another cell was touched")
	}
	other.Cancel()
	if _, err := other.Result(background); err == nil {
		t.Error("the other function did not end")
	}
}

// A task that waits for a worker is in no deadlock, and a pool without work hides none.
func TestDeadlock(t *testing.T) {
	p := newPool(t, 1)
	run, _ := newRun(t, 1)
	var deadlock bool
	end := run.Do(func() {
		if _, err := concurrency.Submit(background, p, slow).Result(background); err != nil {
			t.Error(err)
		}
		deadlock = true
		task.Recv(make(chan int), 0)
	})
	if !deadlock || end.Deadlock == nil {
		t.Errorf("end = %+v", end)
	}
}

// slow takes longer than it takes to find a deadlock.
func slow(ctx context.Context) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, 600e6)
	defer cancel()
	<-ctx.Done()
	return 0, nil
}

func TestControlledRun(t *testing.T) {
	p := newPool(t, 1)
	run, _ := newRun(t, 1)
	run.Control(task.InOrder())
	end := run.Do(func() { concurrency.Submit(background, p, pid) })
	var refused *task.Refused
	if end.Panic == nil || !errors.As(end.Panic, &refused) {
		t.Errorf("end = %+v", end)
	}
}

func TestPanicOfAWorkerIsTheCells(t *testing.T) {
	p := newPool(t, 1)
	run, _ := newRun(t, 1)
	end := run.Do(func() {
		_, _ = concurrency.Submit(background, p, func(context.Context) (int, error) { panic("oh\nno") }).Result(background)
	})
	if end.Panic == nil || end.Panic.Text() != "panic: oh\n\tno" {
		t.Errorf("end = %+v", end)
	}
}
