//go:build unix

package commands

import "syscall"

// ownGroup has a process started in a group of its own, which signals of the terminal do not reach.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
