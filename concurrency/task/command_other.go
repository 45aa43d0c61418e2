//go:build !unix

package task

import (
	"os"
	"os/exec"
)

func ownGroup(*exec.Cmd) {}

func killGroup(*os.Process) {}
