package process_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/process"
)

func TestShell(t *testing.T) {
	s := process.NewShell().Quiet().WithEnv("GREETING=hello").WithDir("/")
	out, err := s.Run(background, "echo $GREETING from $(pwd); echo oops >&2")
	if err != nil || out.Stdout != "hello from /\n" || out.Stderr != "oops\n" || out.Status != 0 {
		t.Errorf("%+v, %v", out, err)
	}
	out, err = s.Run(background, "echo no such thing >&2; exit 3")
	var failed *process.CommandError
	if !errors.As(err, &failed) || out.Status != 3 || !strings.Contains(err.Error(), "exit status 3: no such thing") {
		t.Errorf("%+v, %v", out, err)
	}
	if out, err = s.Run(background, "kill -9 $$"); err == nil || out.Signal != 9 || out.Status != -1 {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestShellOutputGoesToItsOwner(t *testing.T) {
	run, out := newRun(t, 1)
	end := run.Do(func() {
		if _, err := process.NewShell().Run(background, "echo one; echo two >&2"); err != nil {
			t.Error(err)
		}
	})
	if text := out.String(); end.Panic != nil || !strings.Contains(text, "stdout:one\n") || !strings.Contains(text, "stderr:two\n") {
		t.Errorf("%q, %+v", text, end)
	}
}

func TestShellTimeout(t *testing.T) {
	out, err := process.NewShell().Quiet().WithTimeout(100*time.Millisecond).Run(background, "sleep 3600 & echo $!; wait")
	if !errors.Is(err, process.ErrTimeout) {
		t.Errorf("error = %v", err)
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(out.Stdout))
	until(t, "what the command started has ended", func() bool { return pid > 0 && !alive(pid) })

	ctx, cancel := context.WithCancelCause(background)
	cancel(io.EOF)
	if _, err := process.NewShell().Run(ctx, "true"); !errors.Is(err, io.EOF) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestRunAll(t *testing.T) {
	dir := t.TempDir()
	var commands []string
	for i := range 6 {
		// How many run at a time is the number of files at once.
		commands = append(commands, fmt.Sprintf("touch %s/%d; ls %s | wc -l; sleep .05; rm %s/%d; test %d != 4", dir, i, dir, dir, i, i))
	}
	outs, err := process.NewShell().Quiet().WithLimit(2).RunAll(background, commands...)
	if err == nil || strings.Count(err.Error(), "exit status 1") != 1 {
		t.Errorf("error = %v", err)
	}
	for i, o := range outs {
		n, _ := strconv.Atoi(strings.TrimSpace(o.Stdout))
		if o.Command != commands[i] || n < 1 || n > 2 {
			t.Errorf("%+v", o)
		}
	}
}

func TestShellInterrupt(t *testing.T) {
	run, out := newRun(t, 1)
	cause := errors.New("interrupted")
	go func() {
		until(t, "the command runs", func() bool { return strings.Contains(out.String(), "\n") })
		run.Kill(cause)
	}()
	end := run.Do(func() {
		_, _ = process.NewShell().Run(background, "sleep 3600 & echo $!; wait")
		t.Error("went on after the interrupt")
	})
	if !end.Killed {
		t.Errorf("end = %+v", end)
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(out.String(), "stdout:")))
	until(t, "the command has ended", func() bool { return pid > 0 && !alive(pid) })
}

func ExampleShell() {
	out, err := process.NewShell().Quiet().Run(context.Background(), "echo hello")
	fmt.Printf("%q %v\n", out.Stdout, err)
	// Output:
	// "hello\n" <nil>
}
