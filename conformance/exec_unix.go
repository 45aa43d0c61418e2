//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// ownGroup has the end of a command's context kill all processes the command has started.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
