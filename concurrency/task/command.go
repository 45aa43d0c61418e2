package task

import (
	"context"
	"os/exec"
	"runtime"
)

// Command is what exec.Command is lowered to. The process and its descendants are killed with the cell:
// they form a process group, unless the caller sets SysProcAttr, which then has the say.
func Command(name string, arg ...string) *exec.Cmd {
	refuse("exec.Command")
	t := here()
	if t == nil {
		return exec.Command(name, arg...)
	}
	return t.command(t.run.ctx, name, arg)
}

// CommandContext is what exec.CommandContext is lowered to. See [Command].
func CommandContext(ctx context.Context, name string, arg ...string) *exec.Cmd {
	refuse("exec.CommandContext")
	t := here()
	if t == nil {
		return exec.CommandContext(ctx, name, arg...)
	}
	if ctx == nil {
		panic("nil Context")
	}
	both, cancel := context.WithCancelCause(ctx)
	run := t.run.ctx
	stop := context.AfterFunc(run, func() { cancel(context.Cause(run)) })
	cmd := t.command(both, name, arg)
	// A command has no end that this package hears of, so the two contexts are untied when it is
	// collected.
	runtime.AddCleanup(cmd, func(stop func() bool) {
		stop()
		cancel(nil)
	}, stop)
	return cmd
}

// command returns a command that ends with ctx. When it is the run that ends, the whole group goes; the end
// of a user's context kills the process alone, as in Go.
func (t *Task) command(ctx context.Context, name string, arg []string) *exec.Cmd {
	run := t.run
	cmd := exec.CommandContext(ctx, name, arg...)
	ownGroup(cmd)
	cmd.Cancel = func() error {
		if run.killed.Load() {
			killGroup(cmd.Process)
		}
		return cmd.Process.Kill()
	}
	return cmd
}
