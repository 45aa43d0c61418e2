package loop

import (
	"context"
	"errors"
	"os"
	"os/exec"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A Process is a child process whose end and whose streams are awaited: asyncio's create_subprocess_exec. It is made by [Exec].
type Process struct {
	// Stdin, Stdout and Stderr are the other ends of the process's streams, where the command had none of its own.
	Stdin, Stdout, Stderr *Stream

	cmd   *exec.Cmd
	ended Event
	err   error
}

// Exec starts a command. A stream that the command does not set is one of the Process; to have it discarded set os.DevNull's file. It does
// not await, but starting a process takes about a millisecond. The process is killed when the loop ends before it. It panics with a
// *[task.Refused] in a run with virtual time.
func Exec(ctx context.Context, cmd *exec.Cmd) (*Process, error) {
	l := must(ctx, "Exec")
	task.Refuse("loop.Exec")
	p := &Process{cmd: cmd}
	var theirs, ours []*os.File
	fail := func(err error) (*Process, error) {
		for _, f := range append(theirs, ours...) {
			_ = f.Close()
		}
		return nil, err
	}
	pipe := func(in bool) (*os.File, *os.File, error) {
		r, w, err := os.Pipe()
		if in {
			r, w = w, r
		}
		if err == nil {
			ours, theirs = append(ours, r), append(theirs, w)
		}
		return r, w, err
	}
	streams := []**Stream{}
	if cmd.Stdin == nil {
		_, their, err := pipe(true)
		if err != nil {
			return fail(err)
		}
		cmd.Stdin = their
		streams = append(streams, &p.Stdin)
	}
	if cmd.Stdout == nil {
		_, their, err := pipe(false)
		if err != nil {
			return fail(err)
		}
		cmd.Stdout = their
		streams = append(streams, &p.Stdout)
	}
	if cmd.Stderr == nil {
		_, their, err := pipe(false)
		if err != nil {
			return fail(err)
		}
		cmd.Stderr = their
		streams = append(streams, &p.Stderr)
	}
	if err := cmd.Start(); err != nil {
		return fail(err)
	}
	for _, f := range theirs {
		_ = f.Close()
	}
	for i, s := range streams {
		*s = newStream(l, ours[i])
	}
	l.opened(p)
	l.threads++
	l.spawn(func() {
		err := error(nil)
		defer l.post(func() {
			l.threads--
			delete(l.open, p)
			p.err = err
			p.ended.Set()
		})
		task.Blocking(0, func() { err = cmd.Wait() })
	})
	return p, nil
}

// PID returns the number of the process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Wait lets others run until the process has ended, and returns nil if its exit code was 0, else an *exec.ExitError. If the caller is
// cancelled, or ctx ends, it returns that, and the process goes on.
func (p *Process) Wait(ctx context.Context) error {
	if err := p.ended.Wait(ctx); err != nil {
		return err
	}
	return p.err
}

// Communicate writes input, reads what the process prints until its end, and waits for that. If the caller is cancelled, or ctx ends, the
// process is killed.
func (p *Process) Communicate(ctx context.Context, input []byte) (stdout, stderr []byte, err error) {
	err = Group(ctx, func(ctx context.Context, g *TaskGroup) error {
		if p.Stdin != nil {
			g.Go(func(ctx context.Context) error {
				defer p.Stdin.Close()
				if len(input) == 0 {
					return nil
				}
				if err := p.Stdin.Write(ctx, input); isCanceled(err) {
					return err
				}
				return nil // that it does not read is its affair
			})
		}
		read := func(s *Stream, to *[]byte) {
			if s != nil {
				g.Go(func(ctx context.Context) (err error) {
					*to, err = s.ReadAll(ctx)
					return err
				})
			}
		}
		read(p.Stdout, &stdout)
		read(p.Stderr, &stderr)
		return nil
	})
	if err != nil {
		_ = p.Kill()
		return stdout, stderr, err
	}
	return stdout, stderr, p.Wait(ctx)
}

// ExitCode returns the exit code, or -1 while the process runs, or if a signal has ended it.
func (p *Process) ExitCode() int {
	if !p.ended.set {
		return -1
	}
	return p.cmd.ProcessState.ExitCode()
}

// Signal sends a signal to the process.
func (p *Process) Signal(s os.Signal) error { return p.cmd.Process.Signal(s) }

// Kill ends the process by force.
func (p *Process) Kill() error { return p.cmd.Process.Kill() }

// Close is Kill for a process that may have ended.
func (p *Process) Close() error {
	if err := p.Kill(); !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}
