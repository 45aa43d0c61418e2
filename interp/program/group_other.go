//go:build !unix

package program

import (
	"os"
	"os/exec"
)

func ownGroup(cmd *exec.Cmd) (kill func()) { return func() { _ = cmd.Process.Kill() } }

func signalName(*os.ProcessState) string { return "" }
