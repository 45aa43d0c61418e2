//go:build unix

package task_test

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/task"
)

// pids waits for n process ids on the output of a run, and returns them.
func pids(t *testing.T, out *record, n int) []int {
	t.Helper()
	until(t, "process ids", func() bool { return strings.Count(out.stdout(), "\n") >= n })
	var ids []int
	for _, f := range strings.Fields(out.stdout()) {
		id, err := strconv.Atoi(f)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil && !zombie(pid) }

func TestKillEndsProcessGroup(t *testing.T) {
	for _, form := range []struct {
		name string
		make func(string, ...string) *exec.Cmd
	}{
		{"Command", task.Command},
		{"CommandContext", func(name string, arg ...string) *exec.Cmd {
			return task.CommandContext(context.Background(), name, arg...)
		}},
	} {
		t.Run(form.name, func(t *testing.T) {
			r, out := newRun(t, 1)
			var ids []int
			go func() {
				ids = pids(t, out, 2)
				r.Kill(errStop)
			}()
			end := tasktest.Do(t, r, func() {
				cmd := form.make("sh", "-c", "echo $$; sleep 3600 & echo $!; wait")
				cmd.Stdout = task.Stdout()
				err := cmd.Run()
				task.Safepoint()
				t.Errorf("went on: %v", err)
			})
			if !end.Killed {
				t.Errorf("end = %+v", end)
			}
			for _, id := range ids {
				until(t, "the process is gone", func() bool { return !alive(id) })
			}
		})
	}
}

func TestKillSparesProcessesOfOtherRuns(t *testing.T) {
	a, _ := newRun(t, 1)
	b, out := newRun(t, 2)
	b.Do(func() {
		task.Go(0, func() {
			cmd := task.Command("sh", "-c", "echo $$; exec sleep 3600")
			cmd.Stdout = task.Stdout()
			_ = cmd.Run()
		})
	})
	id := pids(t, out, 1)[0]
	a.Do(func() { a.Kill(nil); task.Safepoint() })
	if !alive(id) {
		t.Error("the process of another run is gone")
	}
	b.Kill(nil)
	until(t, "it is gone", func() bool { return !alive(id) })
}

func TestCommandIsPlainOtherwise(t *testing.T) {
	r, _ := newRun(t, 1)
	r.Do(func() {
		var stdout bytes.Buffer
		cmd := task.Command("cat")
		cmd.Stdin = strings.NewReader("through cat")
		cmd.Stdout = &stdout
		if err := cmd.Run(); err != nil || stdout.String() != "through cat" {
			t.Errorf("cat: %q, %v", &stdout, err)
		}
		var exit *exec.ExitError
		if err := task.Command("sh", "-c", "exit 3").Run(); !errors.As(err, &exit) || exit.ExitCode() != 3 {
			t.Errorf("exit 3: %v", err)
		}
		if err := task.Command("no-such-program-anywhere").Run(); !errors.Is(err, exec.ErrNotFound) {
			t.Errorf("missing program: %v", err)
		}
	})
}

func TestCommandContextEnds(t *testing.T) {
	r, _ := newRun(t, 1)
	r.Do(func() {
		ctx, cancel := context.WithCancelCause(context.Background())
		defer cancel(nil)
		cmd := task.CommandContext(ctx, "sleep", "3600")
		if err := cmd.Start(); err != nil {
			t.Error(err)
			return
		}
		cancel(errStop)
		if err := cmd.Wait(); err == nil {
			t.Error("no error")
		}
	})
}

func TestCommandContextNeedsContext(t *testing.T) {
	r, _ := newRun(t, 1)
	end := r.Do(func() {
		var none context.Context
		task.CommandContext(none, "true")
	})
	if end.Panic == nil || end.Panic.Text() != "panic: nil Context" {
		t.Errorf("end = %+v", end)
	}
}

func TestCommandOutsideTasks(t *testing.T) {
	if err := task.Command("true").Run(); err != nil {
		t.Error(err)
	}
	if err := task.CommandContext(context.Background(), "true").Run(); err != nil {
		t.Error(err)
	}
}
