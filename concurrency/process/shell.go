package process

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// A Shell runs shell commands, a limited number at a time. What they print goes where the calling task prints, as it comes, and is kept as
// well. A command, with all that it has started, is killed when its context ends, its time is over, or its cell is interrupted. The
// methods may be called from several goroutines. A Shell is made by [NewShell].
type Shell struct {
	mu      sync.Mutex
	limit   int
	timeout time.Duration
	dir     string
	env     []string
	quiet   bool
	used    bool
	places  *concurrency.Semaphore
}

// NewShell returns a shell that runs as many commands at a time as there are processors, without a limit of time.
func NewShell() *Shell { return &Shell{limit: CPUCount()} }

// WithLimit sets how many commands run at a time, and returns the shell. It panics if n is less than 1, or after the first command.
func (s *Shell) WithLimit(n int) *Shell {
	if n < 1 {
		panic(fmt.Sprintf("process: Shell: limit %d", n))
	}
	return s.configure("WithLimit", func() { s.limit = n })
}

// WithTimeout sets how long a command may run, and returns the shell. It panics if d is not positive, or after the first command.
func (s *Shell) WithTimeout(d time.Duration) *Shell {
	if d <= 0 {
		panic(fmt.Sprintf("process: Shell: timeout %v", d))
	}
	return s.configure("WithTimeout", func() { s.timeout = d })
}

// WithDir sets the folder in which commands run, and returns the shell. It panics after the first command.
func (s *Shell) WithDir(dir string) *Shell { return s.configure("WithDir", func() { s.dir = dir }) }

// WithEnv adds to the environment of commands, and returns the shell: each is NAME=value. It panics after the first command.
func (s *Shell) WithEnv(env ...string) *Shell {
	return s.configure("WithEnv", func() { s.env = append(s.env, env...) })
}

// Quiet has nothing printed of what commands print, and returns the shell. It panics after the first command.
func (s *Shell) Quiet() *Shell { return s.configure("Quiet", func() { s.quiet = true }) }

func (s *Shell) configure(option string, set func()) *Shell {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.used {
		panic("process: Shell: " + option + " after the first command")
	}
	set()
	return s
}

// An Output is what a command has left.
type Output struct {
	Command        string
	Stdout, Stderr string
	Status         int            // -1 if a signal ended it, or it did not begin
	Signal         syscall.Signal // that ended it, or 0
	Took           time.Duration
}

// String says what has become of the command, in a line, without what it printed.
func (o Output) String() string {
	end := fmt.Sprintf("exit status %d", o.Status)
	if o.Signal != 0 {
		end = "ended by " + signalName(o.Signal)
	}
	return fmt.Sprintf("%q: %s after %v", o.Command, end, o.Took.Round(time.Millisecond))
}

// A CommandError is the error of a command that did not end with status 0.
type CommandError struct {
	Output Output
	Cause  error // why it was killed, or did not begin, nil otherwise
}

// Error names the command and says how it ended, with the last line that it wrote to its standard error.
func (e *CommandError) Error() string {
	text := fmt.Sprintf("process: %q: ", e.Output.Command)
	switch {
	case e.Cause != nil:
		return text + e.Cause.Error()
	case e.Output.Signal != 0:
		text += "ended by " + signalName(e.Output.Signal)
	default:
		text += fmt.Sprintf("exit status %d", e.Output.Status)
	}
	lines := strings.Split(strings.TrimSpace(e.Output.Stderr), "\n")
	if last := lines[len(lines)-1]; last != "" {
		text += ": " + last
	}
	return text
}

// Unwrap returns the cause.
func (e *CommandError) Unwrap() error { return e.Cause }

// ErrTimeout is the cause of the end of a command that has run too long.
var ErrTimeout = errors.New("process: the command has run too long")

// Run runs a command with sh -c, and blocks until it has ended. It waits for a place before, or until ctx ends. The error is nil or a *[CommandError].
func (s *Shell) Run(ctx context.Context, command string) (Output, error) {
	places := s.begin()
	out := Output{Command: command, Status: -1}
	if err := places.Acquire(ctx, 1); err != nil {
		return out, &CommandError{out, err}
	}
	defer places.Release(1)
	if s.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = task.ContextWithTimeoutCause(ctx, s.timeout, ErrTimeout)
		defer cancel()
	}
	err := s.run(ctx, &out)
	if err == nil {
		return out, nil
	}
	failed := &CommandError{Output: out, Cause: err}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		failed.Cause = nil
	}
	if ctx.Err() != nil {
		failed.Cause = context.Cause(ctx)
	}
	return out, failed
}

// RunAll runs commands, as many at a time as the limit lets it, and blocks until all have ended. The outputs are in the order of the commands; the error
// joins those of the commands that failed. The tasks that run them are named after them.
func (s *Shell) RunAll(ctx context.Context, commands ...string) ([]Output, error) {
	futures := make([]*concurrency.Future[Output], len(commands))
	for i, c := range commands {
		futures[i] = concurrency.Start(ctx, func(ctx context.Context) (Output, error) {
			if t := task.Current(); t != nil {
				t.SetName(c)
			}
			return s.Run(ctx, c)
		})
	}
	outputs, errs := make([]Output, len(commands)), make([]error, len(commands))
	for i, fu := range futures {
		outputs[i], errs[i] = fu.Result(context.WithoutCancel(ctx)) // the commands heed ctx
		if outputs[i].Command == "" {
			outputs[i] = Output{Command: commands[i], Status: -1}
			var failed *CommandError
			if errors.As(errs[i], &failed) {
				outputs[i] = failed.Output
			}
		}
	}
	return outputs, errors.Join(errs...)
}

// begin fixes the configuration.
func (s *Shell) begin() *concurrency.Semaphore {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.places == nil {
		s.used, s.places = true, concurrency.NewSemaphore(s.limit)
	}
	return s.places
}

// afterwards is how long a process that has left its group may keep a command's output open.
const afterwards = time.Second

func (s *Shell) run(ctx context.Context, out *Output) error {
	cmd := task.CommandContext(ctx, "sh", "-c", out.Command)
	cmd.SysProcAttr = commandAttributes()
	cmd.Dir = s.dir
	if len(s.env) > 0 {
		cmd.Env = append(cmd.Environ(), s.env...)
	}
	cmd.Cancel = func() error { killGroup(cmd.Process.Pid); return nil }
	cmd.WaitDelay = afterwards
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = io.Writer(&stdout), io.Writer(&stderr)
	if !s.quiet {
		cmd.Stdout, cmd.Stderr = io.MultiWriter(&stdout, task.Stdout()), io.MultiWriter(&stderr, task.Stderr())
	}
	began := time.Now()
	var err error
	task.Blocking(task.Here(), func() { err = cmd.Run() })
	out.Took = time.Since(began)
	out.Stdout, out.Stderr = stdout.String(), stderr.String()
	if cmd.ProcessState != nil {
		out.Status, out.Signal = cmd.ProcessState.ExitCode(), signalOf(cmd.ProcessState)
	}
	return err
}
