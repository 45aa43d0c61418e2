//go:build unix

package magic

import (
	"os/exec"
	"syscall"
)

// ownGroup makes a command the leader of a process group, and has the end of its context kill the whole
// group. It returns what kills it.
func ownGroup(cmd *exec.Cmd) (kill func()) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return func() { _ = cmd.Cancel() }
}
