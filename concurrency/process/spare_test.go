package process_test

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"syscall"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
)

// keepSpare has a spare worker kept until the test ends, and returns the number of its process.
func keepSpare(t *testing.T) int {
	t.Helper()
	process.KeepSpare()
	t.Cleanup(func() {
		left := process.Spare()
		process.DropSpare()
		if left != 0 && alive(left) {
			t.Errorf("the spare worker %d is alive", left)
		}
		if n := process.Spare(); n != 0 {
			t.Errorf("there is a spare worker %d after DropSpare", n)
		}
	})
	return spare(t)
}

// spare waits for a spare worker.
func spare(t *testing.T) (pid int) {
	t.Helper()
	until(t, "there is a spare worker", func() bool { pid = process.Spare(); return pid != 0 })
	return pid
}

func workerOf(t *testing.T, p *process.Pool) int {
	t.Helper()
	n, err := concurrency.Submit(background, p, pid).Result(background)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The pool that wants a worker next takes the spare one, and there is another one then.
func TestSpare(t *testing.T) {
	first := keepSpare(t)
	process.KeepSpare() // once is enough
	if n := spare(t); n != first {
		t.Errorf("spare worker %d, then %d", first, n)
	}
	if n := workerOf(t, newPool(t, 1)); n != first {
		t.Errorf("worker %d, want the spare one, %d", n, first)
	}
	second := spare(t)
	if second == first || !alive(first) || !alive(second) {
		t.Errorf("spare workers %d and %d", first, second)
	}
	if n := workerOf(t, newPool(t, 1)); n != second {
		t.Errorf("worker %d, want the spare one, %d", n, second)
	}
}

// A spare worker works as others do: it says what it is, prints where it is to, and its death is its function's.
func TestSpareIsAWorker(t *testing.T) {
	first := keepSpare(t)
	p := newPool(t, 1)
	run, out := newRun(t, 1)
	end := run.Do(func() {
		if n, err := concurrency.SubmitWith(background, p, say, "hello").Result(background); n != first || err != nil {
			t.Errorf("worker %d, %v, want %d", n, err, first)
		}
	})
	if got := out.String(); end.Panic != nil || got != "stdout:hello\nstderr:warning\n" && got != "stderr:warning\nstdout:hello\n" {
		t.Errorf("%+v, %q", end.Panic, got)
	}
	if _, err := concurrency.SubmitWith(background, p, exit, 9).Result(background); !is[*process.DeathError](err) {
		t.Error(err)
	}
	if n := workerOf(t, p); n == first {
		t.Error("the worker has survived os.Exit")
	}
}

// A process of its own is the spare one, too.
func TestSpareProcess(t *testing.T) {
	first := keepSpare(t)
	p := process.New(job, "")
	if err := p.Start(background); err != nil {
		t.Fatal(err)
	}
	if err := p.Join(background); err != nil || p.Pid() != first {
		t.Errorf("process %d, %v, want %d", p.Pid(), err, first)
	}
}

func variable(_ context.Context, name string) (string, error) {
	dir, err := os.Getwd()
	return os.Getenv(name) + " in " + dir, err
}

// A worker has the environment and the folder that the program has when the worker is wanted; a spare one that has others is ended.
func TestSpareIsOutOfDate(t *testing.T) {
	for name, change := range map[string]func(t *testing.T){
		"environment": func(t *testing.T) { t.Setenv("PROCESS_TEST_SPARE", "new") },
		"folder":      func(t *testing.T) { t.Chdir(t.TempDir()) },
	} {
		t.Run(name, func(t *testing.T) {
			old := keepSpare(t)
			change(t)
			want, err := variable(background, "PROCESS_TEST_SPARE")
			if err != nil {
				t.Fatal(err)
			}
			got, err := concurrency.SubmitWith(background, newPool(t, 1), variable, "PROCESS_TEST_SPARE").Result(background)
			if got != want || err != nil {
				t.Errorf("%q, %v, want %q", got, err, want)
			}
			if alive(old) {
				t.Errorf("the spare worker %d is alive, and nobody has it", old)
			}
		})
	}
}

// A spare worker that somebody has killed is nobody's trouble.
func TestSpareKilled(t *testing.T) {
	first := keepSpare(t)
	if err := syscall.Kill(first, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	p := newPool(t, 1)
	if n := workerOf(t, p); n == first {
		t.Errorf("the dead worker %d has answered", n)
	}
	if s := p.Stats(); s.Died != 0 || s.Done != 1 {
		t.Errorf("%+v", s)
	}
}

// The pool of the next worker may be another one: what a spare worker has looked for ahead harms nobody.
func TestSpareLooksAhead(t *testing.T) {
	keepSpare(t)
	text := func(p *process.Pool) {
		of := &process.Text{Name: "main.count", Source: "count"}
		got, err := concurrency.Submit(background, concurrency.Executor(byText{Pool: p, of: of}), never).Result(background)
		if err != nil || got != 1 {
			t.Errorf("%d, %v: the text was interpreted as often", got, err)
		}
	}
	for range 3 {
		text(newPool(t, 1))
		spare(t)
	}
	workerOf(t, newPool(t, 1))
	spare(t)
	broken := &process.Text{Name: "main.broken", Source: "no such text"}
	for range 2 {
		_, err := concurrency.Submit(background, concurrency.Executor(byText{Pool: newPool(t, 1), of: broken}), never).Result(background)
		if err == nil || err.Error() != `what is "no such text"?` {
			t.Error(err)
		}
		spare(t)
	}
}

// Spare workers are one at a time, whatever uses them, and none is left.
func TestSpareCount(t *testing.T) {
	mark := fmt.Sprintf("PROCESS_TEST_MARK=spare%d", os.Getpid())
	t.Setenv("PROCESS_TEST_MARK", mark[len("PROCESS_TEST_MARK="):])
	keepSpare(t)
	p := process.NewPool().WithWorkers(1).WithTasks(1)
	for range 5 {
		workerOf(t, p)
	}
	shutDown(t, p)
	kept := spare(t)
	until(t, "the spare worker is the only process", func() bool { left := marked(t, mark); return reflect.DeepEqual(left, []int{kept}) })
	process.DropSpare()
	if left := marked(t, mark); len(left) > 0 {
		t.Errorf("processes are left: %v", left)
	}
	process.DropSpare() // nothing to do
}
