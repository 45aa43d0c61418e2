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

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
)

// raise sends the worker a signal, and waits for what it does.
func raise(_ context.Context, s syscall.Signal) (int, error) {
	if err := syscall.Kill(os.Getpid(), s); err != nil {
		return 0, err
	}
	select {}
}

// Each signal that ends a Go process is named in the error, and the next function has another worker.
func TestSignals(t *testing.T) {
	p := newPool(t, 1)
	for _, s := range []syscall.Signal{
		syscall.SIGKILL, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP,
	} {
		before := workerOf(t, p)
		_, err := concurrency.SubmitWith(background, p, raise, s).Result(background)
		var death *process.DeathError
		if !errors.As(err, &death) || death.Signal != s || death.Status != -1 || death.Pid != before || death.Cause != nil {
			t.Errorf("%v: %v", s, err)
			continue
		}
		if want := fmt.Sprintf("signal %d (%s)", int(s), s); !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not have %q", err, want)
		}
		if memory := strings.Contains(err.Error(), "memory runs out"); memory != (s == syscall.SIGKILL) {
			t.Errorf("%q", err)
		}
		if alive(before) || workerOf(t, p) == before {
			t.Errorf("%v: worker %d is alive", s, before)
		}
	}
}

// Signals with which the Go runtime dies come with what it says, and are not printed.
func TestRuntimeSignals(t *testing.T) {
	p := newPool(t, 1)
	run, out := newRun(t, 1)
	end := run.Do(func() {
		for _, s := range []syscall.Signal{syscall.SIGQUIT, syscall.SIGABRT, syscall.SIGSEGV} {
			_, err := concurrency.SubmitWith(background, p, raise, s).Result(background)
			var death *process.DeathError
			if !errors.As(err, &death) || death.Status != 2 && death.Signal == 0 || !strings.Contains(death.Last, "goroutine") {
				t.Errorf("%v: %v", s, err)
			}
		}
	})
	if end.Panic != nil || out.String() != "" {
		t.Errorf("%v, printed %q", end.Panic, out)
	}
}

// Signals that end nothing end nothing.
func TestHarmlessSignals(t *testing.T) {
	p := newPool(t, 1)
	first := workerOf(t, p)
	for _, s := range []syscall.Signal{syscall.SIGUSR1, syscall.SIGALRM, syscall.SIGCHLD, syscall.SIGWINCH, syscall.SIGURG, syscall.SIGCONT, syscall.SIGPIPE} {
		if err := syscall.Kill(first, s); err != nil {
			t.Fatal(err)
		}
	}
	if n := workerOf(t, p); n != first {
		t.Errorf("worker %d, then %d", first, n)
	}
}

// A worker that is stopped can be killed.
func TestStopped(t *testing.T) {
	p := process.NewPool().WithWorkers(1)
	fu := concurrency.SubmitWith(background, p, raise, syscall.SIGSTOP)
	until(t, "the worker is stopped", func() bool {
		for _, w := range p.Stats().Workers {
			stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", w.Pid))
			_, rest, _ := strings.Cut(string(stat), ") ")
			return strings.HasPrefix(rest, "T")
		}
		return false
	})
	if err := p.Kill(background); err != nil {
		t.Fatal(err)
	}
	if _, err := fu.Result(background); !errors.Is(err, concurrency.ErrCanceled) {
		t.Error(err)
	}
}

// Exit statuses are told as they are, 0 too: a function that ends its process has not returned.
func TestExitStatuses(t *testing.T) {
	p := newPool(t, 1)
	for _, status := range []int{0, 1, 2, 3, 127, 255} {
		_, err := concurrency.SubmitWith(background, p, exit, status).Result(background)
		var death *process.DeathError
		if !errors.As(err, &death) || death.Status != status || death.Signal != 0 || !strings.HasSuffix(err.Error(), fmt.Sprintf("exit status %d", status)) {
			t.Errorf("%d: %v", status, err)
		}
	}
	if s := p.Stats(); s.Died != 6 || s.Failed != 0 || s.Done != 0 || s.Retried != 0 {
		t.Errorf("%+v", s)
	}
}

// The same of a process of its own, whose exit code is what Python's multiprocessing has.
func TestExitCodes(t *testing.T) {
	for arg, want := range map[syscall.Signal]int{syscall.SIGTERM: -15, syscall.SIGKILL: -9, syscall.SIGINT: -2} {
		p := process.New(func(ctx context.Context, s syscall.Signal) error { _, err := raise(ctx, s); return err }, arg)
		if err := p.Start(background); err != nil {
			t.Fatal(err)
		}
		err := p.Join(background)
		if code, ended := p.ExitCode(); code != want || !ended || !is[*process.DeathError](err) {
			t.Errorf("%v: %d, %v, %v, want %d", arg, code, ended, err, want)
		}
	}
}

// family starts a process that would outlive the worker, says its number, and dies as it is told.
func family(_ context.Context, how string) (int, error) {
	file, how, _ := strings.Cut(how, " ")
	cmd := exec.Command("sleep", "1000")
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	if err := os.WriteFile(file, fmt.Append(nil, cmd.Process.Pid), 0o600); err != nil {
		return 0, err
	}
	switch how {
	case "exit":
		os.Exit(1)
	case "kill":
		_, _ = raise(background, syscall.SIGKILL)
	case "terminate":
		_, _ = raise(background, syscall.SIGTERM)
	case "panic":
		go panic("oh")
		select {}
	case "wait":
		select {}
	}
	return 0, nil
}

// What a worker has started ends with it, however it ends.
func TestFamily(t *testing.T) {
	for _, how := range []string{"exit", "kill", "terminate", "panic", "return"} {
		t.Run(how, func(t *testing.T) {
			p := process.NewPool().WithWorkers(1)
			file := filepath.Join(t.TempDir(), "child")
			_, err := concurrency.SubmitWith(background, p, family, file+" "+how).Result(background)
			if (err == nil) != (how == "return") {
				t.Error(err)
			}
			child := running(t, file)
			shutDown(t, p)
			until(t, "the process that the worker has started ends", func() bool { return !alive(child) })
		})
	}
}

// Something else that writes to the worker's connection ends the worker, not the pool.
func TestGarbage(t *testing.T) {
	p := newPool(t, 1)
	_, err := concurrency.Submit(background, p, func(context.Context) (int, error) {
		_, err := syscall.Write(3, make([]byte, 100))
		if err == nil {
			select {}
		}
		return 0, err
	}).Result(background)
	if !is[*process.DeathError](err) {
		t.Error(err)
	}
	_, err = concurrency.Submit(background, p, func(context.Context) (int, error) {
		_ = syscall.Close(3)
		_ = syscall.Close(4)
		select {}
	}).Result(background)
	if !is[*process.DeathError](err) {
		t.Error(err)
	}
	workerOf(t, p)
}
