package process_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
)

func exit(_ context.Context, n int) (int, error) {
	if n < 0 {
		return n, nil
	}
	os.Exit(n)
	return 0, nil
}

func TestDeaths(t *testing.T) {
	p := newPool(t, 1)
	for _, d := range []struct {
		name string
		f    func(context.Context) (int, error)
		want string
	}{
		{"exit", func(context.Context) (int, error) { os.Exit(3); return 0, nil }, "exit status 3"},
		{"signal", func(context.Context) (int, error) { return 0, syscall.Kill(os.Getpid(), syscall.SIGKILL) }, "signal 9"},
		{"goroutine", func(context.Context) (int, error) { go panic("apart"); select {} }, "panic: apart"},
		{"fatal", func(context.Context) (int, error) {
			var limit syscall.Rlimit
			limit.Cur, limit.Max = 1<<30, 1<<30
			if err := syscall.Setrlimit(syscall.RLIMIT_AS, &limit); err != nil {
				return 0, err
			}
			b := make([]byte, 8<<30)
			return len(b), nil
		}, "fatal error: "},
	} {
		t.Run(d.name, func(t *testing.T) {
			_, err := concurrency.Submit(background, p, d.f).Result(background)
			var death *process.DeathError
			if !errors.As(err, &death) || !strings.Contains(err.Error(), d.want) || !strings.Contains(err.Error(), "TestDeaths.func") {
				t.Fatalf("error = %v", err)
			}
			if alive(death.Pid) {
				t.Error("the worker is alive")
			}
			if v, err := concurrency.SubmitWith(background, p, square, 5).Result(background); v != 25 || err != nil {
				t.Errorf("after that: %d, %v", v, err)
			}
		})
	}
}

// Exactly the function whose worker dies fails, however many were given to the worker at a time, and whatever it had ready and had
// not sent.
func TestDeathFailsOneOnly(t *testing.T) {
	p := newPool(t, 2)
	const n, every = 20_000, 1000
	var futures []*concurrency.Future[int]
	for i := range n {
		arg := -i - 1
		if i%every == every-1 {
			arg = 4
		}
		futures = append(futures, concurrency.SubmitWith(background, p, exit, arg))
	}
	for i, fu := range futures {
		v, err := fu.Result(background)
		if i%every == every-1 {
			var death *process.DeathError
			if !errors.As(err, &death) || death.Status != 4 {
				t.Fatalf("%d: %d, %v", i, v, err)
			}
			continue
		}
		if v != -i-1 || err != nil {
			t.Fatalf("%d: %d, %v", i, v, err)
		}
	}
	if s := p.Stats(); s.Died != n/every || s.Done != n-n/every {
		t.Errorf("stats: %+v", s)
	}
}

func TestKilledFromOutside(t *testing.T) {
	p := newPool(t, 1)
	file := filepath.Join(t.TempDir(), "running")
	fu := concurrency.SubmitWith(background, p, wait, file)
	after := concurrency.SubmitWith(background, p, square, 3)
	if err := syscall.Kill(running(t, file), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if _, err := fu.Result(background); err == nil || !strings.Contains(err.Error(), "signal 9 (killed)") {
		t.Errorf("error = %v", err)
	}
	if v, err := after.Result(background); v != 9 || err != nil {
		t.Errorf("what waited: %d, %v", v, err)
	}
}

// once dies, unless a file is there, which it makes before.
func once(_ context.Context, file string) (string, error) {
	if _, err := os.Stat(file); err == nil {
		return "second time", nil
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		return "", err
	}
	os.Exit(1)
	return "", nil
}

func TestIdempotent(t *testing.T) {
	p := newPool(t, 1)
	dir := t.TempDir()
	if _, err := concurrency.SubmitWith(background, p, once, filepath.Join(dir, "a")).Result(background); err == nil {
		t.Error("it was run again though it is not idempotent")
	}
	if s, err := concurrency.SubmitWith(background, p.Idempotent(1), once, filepath.Join(dir, "b")).Result(background); s != "second time" || err != nil {
		t.Errorf("%q, %v", s, err)
	}
	if _, err := concurrency.SubmitWith(background, p.Idempotent(2), exit, 5).Result(background); err == nil {
		t.Error("it was run again for ever")
	}
	if s := p.Stats(); s.Retried != 3 || s.Died != 2 {
		t.Errorf("stats: %+v", s)
	}
}

func TestRecycled(t *testing.T) {
	p := process.NewPool().WithWorkers(1).WithTasks(3)
	t.Cleanup(func() { shutDown(t, p) })
	pids := map[int]int{}
	for range 9 {
		n, err := concurrency.Submit(background, p, pid).Result(background)
		if err != nil {
			t.Fatal(err)
		}
		pids[n]++
	}
	if len(pids) != 3 {
		t.Errorf("tasks by worker: %v", pids)
	}

	q := process.NewPool().WithWorkers(1).WithBytes(100 << 20)
	t.Cleanup(func() { shutDown(t, q) })
	first, _ := concurrency.SubmitWith(background, q, grow, 1<<20).Result(background)
	same, _ := concurrency.SubmitWith(background, q, grow, 200<<20).Result(background)
	other, err := concurrency.SubmitWith(background, q, grow, 1<<20).Result(background)
	if first != same || other == first || err != nil {
		t.Errorf("workers %d, %d, %d; %v", first, same, other, err)
	}
}

var kept []byte

// grow makes the worker larger, and returns its number.
func grow(_ context.Context, n int) (int, error) {
	kept = make([]byte, n)
	for i := 0; i < n; i += 4096 {
		kept[i] = 1
	}
	return os.Getpid(), nil
}

// child leaves a process behind, and returns its number.
func child(context.Context) (int, error) {
	cmd := exec.Command("sleep", "3600")
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	return cmd.Process.Pid, nil
}

func TestChildrenEndWithTheWorker(t *testing.T) {
	p := process.NewPool().WithWorkers(1)
	n, err := concurrency.Submit(background, p, child).Result(background)
	if err != nil || !alive(n) {
		t.Fatal(n, err)
	}
	shutDown(t, p)
	until(t, "the child has ended", func() bool { return !alive(n) })
}

// killedProgram is a program with workers and children of these that a test kills.
func killedProgram() {
	process.KeepSpare()
	p := process.NewPool().WithWorkers(3)
	for range 3 {
		if _, err := concurrency.Submit(background, p, child).Result(background); err != nil {
			panic(err)
		}
		concurrency.Submit(background, p, func(context.Context) (int, error) { select {} })
	}
	for len(p.Stats().Workers) < 3 || process.Spare() == 0 {
		time.Sleep(time.Millisecond)
	}
	fmt.Println("ready")
	select {}
}

// A program that is killed, even so that it can do nothing about it, leaves no process behind.
func TestProgramKilled(t *testing.T) {
	mark := fmt.Sprintf("PROCESS_TEST_MARK=%d", os.Getpid())
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PROCESS_TEST_PROGRAM=killed", mark)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fscanln(out, new(string)); err != nil {
		t.Error(err)
	}
	if n := len(marked(t, mark)); n < 6 {
		t.Errorf("%d processes before, want at least 6: the program, its workers, a spare one, their children", n)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	until(t, "all processes have ended", func() bool { return len(marked(t, mark)) == 0 })
}

// A program that does not call Main is told so, and is not started again.
func TestMainForgotten(t *testing.T) {
	mark := fmt.Sprintf("PROCESS_TEST_MARK=forgot%d", os.Getpid())
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PROCESS_TEST_PROGRAM=forgot", mark)
	out, err := cmd.CombinedOutput()
	if err != nil || string(out) != process.ErrNoMain.Error() {
		t.Errorf("%q, %v", out, err)
	}
	if left := marked(t, mark); len(left) > 0 {
		t.Errorf("processes are left: %v", left)
	}
}
